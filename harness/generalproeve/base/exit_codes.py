"""Exit codes: ours, stable, never reused (DECISIONS section 6)."""

from __future__ import annotations

from enum import IntEnum


class Udgang(IntEnum):
    """How a command ended."""

    OK = 0
    KONTRAKT_BRUDT = 1
    KUNNE_IKKE_KOERE = 2
    UOPNAAELIG = 3
    FORKERT_BRUG = 4
    INTET_VALGT = 5


class KanIkkeKoere(Exception):
    """A configuration, a contract or a port keeps us from running; the message names the key and the file."""


class Uopnaaelig(Exception):
    """Nobody answers at the address that was given; the message names it."""
