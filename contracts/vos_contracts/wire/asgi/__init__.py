"""Serving the wire formats over ASGI: endpoints, request bodies, the transport within one process."""
