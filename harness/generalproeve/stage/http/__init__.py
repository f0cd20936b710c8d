"""Serving HTTP: the protocol's limits, TLS certificates, the server."""
