"""The clocks: the machine's, and the stage clock, which can be frozen and moved forward.

The only module that reads the machine's time. The stage clock never goes backwards, except when the stage is reset: it then
stands as when the stage was started. Times are aware, in Danish time (Europe/Copenhagen), and compared in UTC: aware times
of one zone compare by wall clock, which repeats an hour in October.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from vos_contracts.control.stage import ClockMode
from vos_reference.domain.danish_time import DANISH_TIME


class Clock(Protocol):
    """A source of the present instant."""

    def now(self) -> datetime:
        """Return the present instant, aware."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time, in Danish time."""
        return datetime.now(DANISH_TIME)  # noqa: TID251 - every other module takes the time from a Clock


class TimeGoesOnlyForward(ValueError):
    """The stage clock was to be set back."""


@dataclass(frozen=True, slots=True)
class ClockState:
    """The state of a stage clock: frozen at an instant, else running at a distance (`shift`) to its source."""

    frozen: datetime | None = None
    shift: timedelta = timedelta(0)


class StageClock:
    """The clock of a stage: follows its source at a distance, or is frozen; it can be moved forward."""

    def __init__(self, source: Clock, frozen: datetime | None = None) -> None:
        self._source = source
        self._start = ClockState(None if frozen is None else frozen.astimezone(DANISH_TIME))
        self.reset()

    def reset(self) -> None:
        """Go back to the state at the start of the stage: frozen at the configured instant, or following the source."""
        self._stand(self._start)

    def _stand(self, standing: ClockState) -> None:
        self._standing = standing
        self._latest: datetime | None = None

    def now(self) -> datetime:
        """Return the stage's time, in Danish time; never before an earlier answer."""
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
        """Whether the clock is frozen."""
        return self._standing.frozen is not None

    @property
    def state(self) -> ClockMode:
        """The mode: frozen, running at an offset, or running with the machine."""
        if self._standing.frozen is not None:
            return ClockMode.FROZEN
        return ClockMode.OFFSET if self._standing.shift else ClockMode.REAL

    def freeze(self) -> datetime:
        """Freeze the clock at its present instant and return that instant."""
        now = self.now()
        self._stand(ClockState(now))
        return now

    def not_before(self, instant: datetime) -> None:
        """Move the clock to the instant if it is behind it, in the same mode; used where the store has later data."""
        time = instant.astimezone(UTC)
        if time <= self.now().astimezone(UTC):
            return
        if self._standing.frozen is not None:
            self._stand(ClockState(time.astimezone(DANISH_TIME)))
        else:
            self._stand(ClockState(None, time - self._machine()))

    def only_forward(self, instant: datetime) -> None:
        """Check that the instant is not before now.

        Raises:
            TimeGoesOnlyForward: it is.
        """
        now = self.now()
        if instant.astimezone(UTC) < now.astimezone(UTC):
            raise TimeGoesOnlyForward(
                f"uret står på {now.isoformat()} og kan ikke stilles tilbage til {instant.isoformat()}"
            )

    def assign(self, instant: datetime) -> None:
        """Freeze the clock at the instant.

        Raises:
            TimeGoesOnlyForward: the instant is before now.
        """
        self.only_forward(instant)
        self._stand(ClockState(instant.astimezone(DANISH_TIME)))

    def go(self) -> None:
        """Let the clock run from its present instant, at the resulting offset to its source."""
        self._stand(ClockState(None, self.now().astimezone(UTC) - self._machine()))

    def follow_machine(self) -> None:
        """Let the clock run with its source, without an offset.

        Raises:
            TimeGoesOnlyForward: the source is behind this clock.
        """
        self.only_forward(self._machine())
        self._stand(ClockState())

    def machine(self) -> datetime:
        """Return the time of the source."""
        return self._machine().astimezone(DANISH_TIME)

    def _machine(self) -> datetime:
        return self._source.now().astimezone(UTC)
