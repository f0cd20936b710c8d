"""The load's shape: how many users there are, and when the run is over.

Open traffic holds the pool of users that the peak of the profile's curve needs; the curve itself is in the arrivals that the
users carry out, because users in number of the curve would call less when answers are slow. Closed traffic holds the profile's
users, or Locust's `--users` reached at `--spawn-rate`. All end by themselves with the profile's duration or `--run-time`, and
calls under way then are waited for.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from locust import LoadTestShape

from vos_contracts.base import stopwatch

if TYPE_CHECKING:
    from vos_load.plugin import LoadTest

SETTLE_S = 0.5
"""The last calls that were due have been begun so long after the run's time is up."""


class Phase(Enum):
    """How far a run has come."""

    IDLE = auto()
    RUNNING = auto()
    DRAINING = auto()


class ProfileShape(LoadTestShape):
    """The shape of whatever profile the run has; `test` is set when Locust has read its options."""

    use_common_options = True
    test: LoadTest

    def __init__(self) -> None:
        super().__init__()
        self.phase = Phase.IDLE
        self._deadline = 0.0

    def tick(self) -> tuple[int, float] | None:
        """Return the number of users and the spawn rate, None when the run is over."""
        match self.phase:
            case Phase.IDLE:
                if not self.test.prepare():
                    return None
                self.phase = Phase.RUNNING
            case Phase.RUNNING if self.test.over(SETTLE_S):
                self.phase = Phase.DRAINING
                self._deadline = stopwatch.seconds() + self.test.run.timeout + 10
            case Phase.DRAINING if self.test.drained() or stopwatch.seconds() > self._deadline:
                self.phase = Phase.IDLE
                self.test.finish()
                return None
            case _:
                pass
        return (
            (0, self.test.user_count) if self.phase is Phase.DRAINING else (self.test.user_count, self.test.spawn_rate)
        )
