"""Everyone around the services: callers, receivers, and the synthetic people they talk about."""
