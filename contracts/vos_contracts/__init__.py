"""What two systems must agree on: code lists, errors, access, releases, requirements, schemas and pure codecs.

The package reads its own data files and does no other I/O. It has no clock.
"""
