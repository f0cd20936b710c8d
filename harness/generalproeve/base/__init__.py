"""Helpers without a domain: exit codes, masking, sockets, the machine clock, progress, optional extras."""
