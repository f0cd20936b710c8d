"""How slowly a stage answers when it is told to answer as another environment does: the model, and the layer that keeps to it.

At the edge only: the services know nothing of it, and while it is off it is not in the way of a call. Not here: how the
stage is told (`konfiguration`, the control API through `latens.styring`).
"""
