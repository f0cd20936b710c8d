"""The fuzzer: it generates calls, judges the answers, shrinks what fails, and saves findings as replayable files.

Needs the extra `fuzz`. The command `generalproeve fuzz` is in `cli.fuzz`.
"""
