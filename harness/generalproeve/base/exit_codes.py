"""Exit codes: ours, stable, never reused (DECISIONS section 6)."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended."""

    OK = 0
    CONTRACT_BROKEN = 1
    COULD_NOT_RUN = 2
    UNREACHABLE = 3
    WRONG_USE = 4
    NOTHING_CHOSEN = 5


class CannotRun(Exception):
    """A configuration, a contract or a port keeps us from running; the message names the key and the file."""


class Unreachable(Exception):
    """Nobody answers at the address that was given; the message names it."""
