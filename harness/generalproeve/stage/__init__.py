"""A running server with its control API, and what stands around its services."""
