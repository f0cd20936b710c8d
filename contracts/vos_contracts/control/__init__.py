"""JSON of the control API and of the neighbour services' internal interface. Both are this project's, not STAR's."""
