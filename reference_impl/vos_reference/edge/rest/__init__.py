"""The REST edge: formats only."""
