"""Implementations of the application's ports; each inherits the port's contract test."""
