"""The control API and the internal interface of the neighbour services; formats only."""
