"""Parties played by real systems: instruct them, record their calls through a proxy, and match each call to its step."""
