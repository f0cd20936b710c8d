"""The callers around the services: each says who it is, and does what that party may do."""
