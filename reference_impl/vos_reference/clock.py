"""The one place that asks what time it is: the machine's clock, or the stage's own that can be frozen and moved.

A stage clock never goes backwards within a performance; a reset of the stage begins a new one, where the stage was started.
Times are aware, in Danish time (Europe/Copenhagen); they are compared as instants, since the wall
clock is changed twice a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from vos_contracts.control.stage import Urtilstand
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


@dataclass(frozen=True, slots=True)
class Urstand:
    """How a stage clock stands: frozen at an instant, else at that distance to the clock that it follows."""

    frosset: datetime | None = None
    forskydning: timedelta = timedelta(0)


class StageClock:
    """A clock that follows another, at a distance or not, until it is frozen; it can be set forward."""

    def __init__(self, kilde: Clock, frosset: datetime | None = None) -> None:
        self._kilde = kilde
        self._start = Urstand(None if frosset is None else frosset.astimezone(DANSK_TID))
        self.nulstil()

    def nulstil(self) -> None:
        """Stand as when the stage was started: at its instant, or with the machine's clock."""
        self._staa(self._start)

    def _staa(self, stand: Urstand) -> None:
        self._stand = stand
        self._seneste: datetime | None = None

    def now(self) -> datetime:
        """Return the stage's time."""
        stand = self._stand
        if stand.frosset is not None:
            return stand.frosset
        nu = self._maskinens() + stand.forskydning
        if self._seneste is not None and nu < self._seneste:  # the machine's clock was set back
            nu = self._seneste
        self._seneste = nu
        return nu.astimezone(DANSK_TID)

    @property
    def frosset(self) -> bool:
        """Say whether the clock stands still."""
        return self._stand.frosset is not None

    @property
    def tilstand(self) -> Urtilstand:
        """Say how the clock goes."""
        if self._stand.frosset is not None:
            return Urtilstand.FROSSET
        return Urtilstand.FORSKUDT if self._stand.forskydning else Urtilstand.REEL

    def frys(self) -> datetime:
        """Freeze the clock where it stands, and return where that is."""
        nu = self.now()
        self._staa(Urstand(nu))
        return nu

    def ikke_foer(self, tidspunkt: datetime) -> None:
        """Stand at that instant, and go on as before, if the clock is behind it: what happened then is stored."""
        tid = tidspunkt.astimezone(UTC)
        if tid <= self.now().astimezone(UTC):
            return
        if self._stand.frosset is not None:
            self._staa(Urstand(tid.astimezone(DANSK_TID)))
        else:
            self._staa(Urstand(None, tid - self._maskinens()))

    def kun_fremad(self, tidspunkt: datetime) -> None:
        """Errors: TidenGaarKunFremad if that instant lies before now."""
        nu = self.now()
        if tidspunkt.astimezone(UTC) < nu.astimezone(UTC):
            raise TidenGaarKunFremad(
                f"uret står på {nu.isoformat()} og kan ikke stilles tilbage til {tidspunkt.isoformat()}"
            )

    def saet(self, tidspunkt: datetime) -> None:
        """Freeze the clock at that instant; errors: TidenGaarKunFremad if it lies before now."""
        self.kun_fremad(tidspunkt)
        self._staa(Urstand(tidspunkt.astimezone(DANSK_TID)))

    def gaa(self) -> None:
        """Let the clock go from where it stands, at its distance to the machine's."""
        self._staa(Urstand(None, self.now().astimezone(UTC) - self._maskinens()))

    def foelg_maskinen(self) -> None:
        """Let the clock go with the machine's; errors: TidenGaarKunFremad if that would be back in time."""
        self.kun_fremad(self._maskinens())
        self._staa(Urstand())

    def maskinens(self) -> datetime:
        """Return the time of the clock that this one follows."""
        return self._maskinens().astimezone(DANSK_TID)

    def _maskinens(self) -> datetime:
        return self._kilde.now().astimezone(UTC)
