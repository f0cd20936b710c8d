"""JSON of the control API and of the neighbour services' internal interface: ours, not STAR's."""
