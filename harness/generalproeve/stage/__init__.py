"""A running server with its control API: building, serving, latency, access control, and the poster of `up`."""
