"""Straight-line glue between the edges, the domain and the store; branching belongs in the domain."""
