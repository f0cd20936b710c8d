"""How long a hunt may go on: by time and by calls, whichever ends first."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from vos_contracts.base import stopwatch


def _ingen(brugt: int) -> None:
    """Tell nobody."""


@dataclass
class Budget:
    """Seconds and calls of one hunt; None is without end. `vis` is told how many calls were made."""

    sekunder: float | None = None
    kald: int | None = None
    vis: Callable[[int], None] = _ingen
    brugt: int = 0
    _begyndt: float = field(default_factory=stopwatch.seconds)

    def brug(self, kald: int = 1) -> None:
        """Count calls."""
        self.brugt += kald
        self.vis(self.brugt if self.kald is None else min(self.brugt, self.kald))

    @property
    def kald_tilbage(self) -> int:
        """Return the calls that are left; more than anybody makes where they have no end."""
        return sys.maxsize if self.kald is None else max(self.kald - self.brugt, 0)

    @property
    def gaaet(self) -> float:
        """Return the seconds that have gone."""
        return stopwatch.seconds() - self._begyndt

    @property
    def opbrugt(self) -> bool:
        """Say whether the hunt must end."""
        return (self.kald is not None and self.brugt >= self.kald) or self.rest() <= 0

    def rest(self) -> float:
        """Return the seconds that are left."""
        return float("inf") if self.sekunder is None else self.sekunder - self.gaaet
