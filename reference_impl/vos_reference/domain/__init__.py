"""Values in, values out: no I/O, no clock, no minted ids. Rules are read from `vos_contracts` tables."""
