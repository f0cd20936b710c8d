"""The wire formats over ASGI: endpoints, request bodies, and the in-process transport."""
