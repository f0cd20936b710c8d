"""The one place that asks what time it is: the machine's clock, or the stage's own that can be frozen and moved.

A stage clock never goes backwards within a performance; a reset of the stage begins a new one, where the stage was started.
Times are aware, in Danish time (Europe/Copenhagen); they are compared as instants, since the wall
clock is changed twice a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from vos_contracts.control.stage import ClockMode
from vos_reference.domain.danish_time import DANISH_TIME


class Clock(Protocol):
    """Tell the present instant, aware."""

    def now(self) -> datetime:
        """Return the present instant; never before an earlier answer."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time."""
        return datetime.now(DANISH_TIME)  # noqa: TID251 - the one place


class TimeGoesOnlyForward(ValueError):
    """Somebody tried to set the stage clock back."""


@dataclass(frozen=True, slots=True)
class ClockState:
    """How a stage clock stands: frozen at an instant, else at that distance to the clock that it follows."""

    frozen: datetime | None = None
    shift: timedelta = timedelta(0)


class StageClock:
    """A clock that follows another, at a distance or not, until it is frozen; it can be set forward."""

    def __init__(self, source: Clock, frozen: datetime | None = None) -> None:
        self._source = source
        self._start = ClockState(None if frozen is None else frozen.astimezone(DANISH_TIME))
        self.reset()

    def reset(self) -> None:
        """Stand as when the stage was started: at its instant, or with the machine's clock."""
        self._stand(self._start)

    def _stand(self, standing: ClockState) -> None:
        self._standing = standing
        self._latest: datetime | None = None

    def now(self) -> datetime:
        """Return the stage's time."""
        standing = self._standing
        if standing.frozen is not None:
            return standing.frozen
        now = self._machine() + standing.shift
        if self._latest is not None and now < self._latest:  # the machine's clock was set back
            now = self._latest
        self._latest = now
        return now.astimezone(DANISH_TIME)

    @property
    def frozen(self) -> bool:
        """Say whether the clock stands still."""
        return self._standing.frozen is not None

    @property
    def state(self) -> ClockMode:
        """Say how the clock goes."""
        if self._standing.frozen is not None:
            return ClockMode.FROZEN
        return ClockMode.OFFSET if self._standing.shift else ClockMode.REAL

    def freeze(self) -> datetime:
        """Freeze the clock where it stands, and return where that is."""
        now = self.now()
        self._stand(ClockState(now))
        return now

    def not_before(self, instant: datetime) -> None:
        """Stand at that instant, and go on as before, if the clock is behind it: what happened then is stored."""
        time = instant.astimezone(UTC)
        if time <= self.now().astimezone(UTC):
            return
        if self._standing.frozen is not None:
            self._stand(ClockState(time.astimezone(DANISH_TIME)))
        else:
            self._stand(ClockState(None, time - self._machine()))

    def only_forward(self, instant: datetime) -> None:
        """Errors: TimeGoesOnlyForward if that instant lies before now."""
        now = self.now()
        if instant.astimezone(UTC) < now.astimezone(UTC):
            raise TimeGoesOnlyForward(
                f"uret står på {now.isoformat()} og kan ikke stilles tilbage til {instant.isoformat()}"
            )

    def assign(self, instant: datetime) -> None:
        """Freeze the clock at that instant; errors: TimeGoesOnlyForward if it lies before now."""
        self.only_forward(instant)
        self._stand(ClockState(instant.astimezone(DANISH_TIME)))

    def go(self) -> None:
        """Let the clock go from where it stands, at its distance to the machine's."""
        self._stand(ClockState(None, self.now().astimezone(UTC) - self._machine()))

    def follow_machine(self) -> None:
        """Let the clock go with the machine's; errors: TimeGoesOnlyForward if that would be back in time."""
        self.only_forward(self._machine())
        self._stand(ClockState())

    def machine(self) -> datetime:
        """Return the time of the clock that this one follows."""
        return self._machine().astimezone(DANISH_TIME)

    def _machine(self) -> datetime:
        return self._source.now().astimezone(UTC)
