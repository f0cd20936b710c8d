"""Simulated neighbour services of STAR, which report tilmelding and illness to the service under test.

Each is served at its documented path, and each can be omitted so that another implementation takes its place.
"""
