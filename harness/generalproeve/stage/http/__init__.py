"""Serving HTTP: the connection protocol with its limits, the servers, the event loop."""
