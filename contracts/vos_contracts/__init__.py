"""What two systems must agree on: code lists, errors, access, releases, requirements, schemas and pure codecs.

No I/O but reading the package's own data, no opinions, no clock.
"""
