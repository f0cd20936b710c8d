"""The one place that asks what time it is: the machine's clock, or the stage's own that can be frozen and moved.

A stage clock never goes backwards. Times are aware, in Danish time (Europe/Copenhagen).
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from vos_reference.domain.tid import DANSK_TID


class Clock(Protocol):
    """Tell the present instant, aware."""

    def now(self) -> datetime:
        """Return the present instant; never before an earlier answer."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time."""
        return datetime.now(DANSK_TID)  # noqa: TID251 - the one place


class TidenGaarKunFremad(ValueError):
    """Somebody tried to set the stage clock back."""


class StageClock:
    """A clock that follows another until it is frozen, and that can be set forward."""

    def __init__(self, kilde: Clock, frosset: datetime | None = None) -> None:
        self._kilde = kilde
        self._frosset = frosset

    def now(self) -> datetime:
        """Return the stage's time."""
        return self._frosset or self._kilde.now()

    @property
    def frosset(self) -> bool:
        """Say whether the clock stands still."""
        return self._frosset is not None

    def saet(self, tidspunkt: datetime) -> None:
        """Freeze the clock at that instant; errors: TidenGaarKunFremad if it lies before now."""
        if tidspunkt < self.now():
            raise TidenGaarKunFremad(
                f"uret står på {self.now().isoformat()} og kan ikke stilles tilbage til {tidspunkt.isoformat()}"
            )
        self._frosset = tidspunkt.astimezone(DANSK_TID)
