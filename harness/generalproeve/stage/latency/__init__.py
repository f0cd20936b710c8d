"""Simulated response times and faults: the model a stage is given, and the ASGI layer that applies it.

Outermost around the services, which know nothing of it; while no model is chosen there is no layer.
"""
