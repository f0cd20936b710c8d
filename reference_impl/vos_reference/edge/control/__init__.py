"""The control API and the interface of the neighbour services: formats only."""
