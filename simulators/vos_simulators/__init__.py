"""Simulators of the parties around the services: callers, receivers, neighbour services, and synthetic citizens."""
