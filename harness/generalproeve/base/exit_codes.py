"""The exit codes of the command line: stable, never given a new meaning (DECISIONS.md), and the errors behind two of them."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The exit code of a command."""

    OK = 0
    CONTRACT_BROKEN = 1
    COULD_NOT_RUN = 2
    UNREACHABLE = 3
    WRONG_USE = 4
    NOTHING_CHOSEN = 5


INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it: 128 and the number of the signal."""


class CannotRun(Exception):
    """A configuration, contract or port does not allow the command to run; the message names the key and the file."""


class Unreachable(Exception):
    """No server answers at a given address; the message names it."""
