"""The recorded calls of the real systems, in order; each is taken by at most one step."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.calls import ReadCall

MAX_KEPT = 10_000
"""Calls that are kept; the oldest are dropped first."""


@dataclass(slots=True)
class ObservedCall:
    """One call of a real system, as parsed and as sent, with its response; `taken` once a step has used it."""

    party: str
    read: ReadCall
    call: Call
    response: Response
    seconds: float
    taken: bool = False


class Observations:
    """The recorded calls; written by the proxies' threads, awaited by the thread of the run."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._all: deque[ObservedCall] = deque(maxlen=MAX_KEPT)

    def add(self, observed: ObservedCall) -> None:
        """Record a call, and wake the waiting thread."""
        with self._changed:
            self._all.append(observed)
            self._changed.notify_all()

    def take(self, fits: Callable[[ObservedCall], bool], seconds: float) -> ObservedCall | None:
        """Wait at most `seconds` for an untaken call that fits, and take it."""
        with self._changed:
            found = self._find(fits)
            if found is None:
                self._changed.wait(seconds)
                found = self._find(fits)
            if found is not None:
                found.taken = True
            return found

    def untaken(self) -> list[ObservedCall]:
        """Return the calls that no step has taken, oldest first."""
        with self._changed:
            return [observed for observed in self._all if not observed.taken]

    def _find(self, fits: Callable[[ObservedCall], bool]) -> ObservedCall | None:
        return next((observed for observed in self._all if not observed.taken and fits(observed)), None)
