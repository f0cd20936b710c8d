"""Simulated response times and faults: the model that a stage is given, and the ASGI layer that applies it.

The layer wraps the services, which know nothing of it; without a model there is no layer.
"""
