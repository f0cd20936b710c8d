"""Calls that nobody wrote a scenario for: generated, judged, shrunk, and kept as files that can be played again.

Needs the extra `fuzz`. Not here: the verb (`cli.fuzz`).
"""
