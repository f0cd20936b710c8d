"""What the real systems have called, as it passes by: kept in order, each call taken by one step at most."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from generalproeve.rolle.handling import Handling
from vos_contracts.wire.base import Kald, Svar

LOFT = 10_000
"""Calls that are remembered; the oldest are forgotten."""


@dataclass(slots=True)
class Iagttaget:
    """One call of a real system, what it asked for, and how it was answered."""

    rolle: str
    handling: Handling
    kald: Kald
    svar: Svar
    sekunder: float
    taget: bool = False


class Iagttagelser:
    """The journal of the calls that pass by; many threads write, one waits."""

    def __init__(self) -> None:
        self._nyt = threading.Condition()
        self._alle: deque[Iagttaget] = deque(maxlen=LOFT)

    def noter(self, en: Iagttaget) -> None:
        """Keep a call."""
        with self._nyt:
            self._alle.append(en)
            self._nyt.notify_all()

    def tag(self, passer: Callable[[Iagttaget], bool], sekunder: float) -> Iagttaget | None:
        """Wait at most so long for a call that fits and that no step has taken, and take it."""
        with self._nyt:
            fundet = self._find(passer)
            if fundet is None:
                self._nyt.wait(sekunder)
                fundet = self._find(passer)
            if fundet is not None:
                fundet.taget = True
            return fundet

    def ledige(self) -> list[Iagttaget]:
        """Return the calls that no step has taken."""
        with self._nyt:
            return [en for en in self._alle if not en.taget]

    def _find(self, passer: Callable[[Iagttaget], bool]) -> Iagttaget | None:
        return next((en for en in self._alle if not en.taget and passer(en)), None)
