"""Implementations of the ports in `application.ports`; the tests of each inherit the port's contract test."""
