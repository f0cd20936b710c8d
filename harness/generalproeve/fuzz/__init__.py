"""Fuzzing: generate calls, judge every answer, shrink what breaks, and keep it as a file that can be replayed.

Needs the extra `fuzz`. Not here: the command (`cli.fuzz`).
"""
