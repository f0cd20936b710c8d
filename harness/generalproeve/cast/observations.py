"""The calls of the real systems as they pass by, in order; each is taken by one step at most."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.calls import ReadCall

REMEMBERED = 10_000
"""Calls that are kept; the oldest are dropped."""


@dataclass(slots=True)
class ObservedCall:
    """One call of a real system, what it was read as, and how it was answered."""

    party: str
    read: ReadCall
    call: Call
    response: Response
    seconds: float
    taken: bool = False


class Observations:
    """The journal of the calls that pass by; many threads write, one waits."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._all: deque[ObservedCall] = deque(maxlen=REMEMBERED)

    def add(self, observed: ObservedCall) -> None:
        """Keep a call, and wake whoever waits."""
        with self._changed:
            self._all.append(observed)
            self._changed.notify_all()

    def take(self, fits: Callable[[ObservedCall], bool], seconds: float) -> ObservedCall | None:
        """Wait at most so long for a call that fits and that no step has taken, and take it."""
        with self._changed:
            found = self._find(fits)
            if found is None:
                self._changed.wait(seconds)
                found = self._find(fits)
            if found is not None:
                found.taken = True
            return found

    def untaken(self) -> list[ObservedCall]:
        """Return the calls that no step has taken."""
        with self._changed:
            return [observed for observed in self._all if not observed.taken]

    def _find(self, fits: Callable[[ObservedCall], bool]) -> ObservedCall | None:
        return next((observed for observed in self._all if not observed.taken and fits(observed)), None)
