"""Durations and new identifiers: needed by several packages, and not part of the contract itself."""
