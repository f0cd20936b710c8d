"""The measurements of a latency rule: calls by outcome, and the distributions of drawn and actual response times."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection
from enum import StrEnum

import msgspec

KEPT_TIMES = 10_000
"""The times of the latest calls of a rule that are kept; about 160 kB."""
QUANTILES = (0.05, 0.5, 0.95, 0.99)


class CallOutcome(StrEnum):
    """The outcome of a call; SILENT: the connection is closed without a response after the timeout."""

    ANSWERED = "answered"
    ERROR = "error"
    RESET = "reset"
    SILENT = "silent"


class DistributionDto(msgspec.Struct, rename="camel", kw_only=True):
    """The 5th, 50th, 95th and 99th percentile in milliseconds."""

    p05: float
    median: float
    p95: float
    p99: float


class RuleDto(msgspec.Struct, rename="camel", kw_only=True):
    """The measurements of a rule; `exceeded` counts the calls whose own work took longer than the drawn time.

    `drawn` are the drawn times, `held` the times from the last byte of the request to the start of the response; both of
    the latest answered calls, null if there are none.
    """

    calls: int
    outcomes: dict[CallOutcome, int]
    exceeded: int
    drawn: DistributionDto | None
    held: DistributionDto | None


class RuleMeasurement:
    """Collects the measurements of one rule."""

    def __init__(self) -> None:
        self._outcomes: Counter[CallOutcome] = Counter()
        self._exceeded = 0
        self._drawn: deque[float] = deque(maxlen=KEPT_TIMES)
        self._held: deque[float] = deque(maxlen=KEPT_TIMES)

    def ended(self, outcome: CallOutcome) -> None:
        """Count a call by its drawn outcome."""
        self._outcomes[outcome] += 1

    def answered(self, drawn: float, work: float, held: float) -> None:
        """Record an answered call: the drawn time, the time of the work, and the whole time, in seconds."""
        self._exceeded += work > drawn
        self._drawn.append(drawn)
        self._held.append(held)

    def to_dto(self) -> RuleDto:
        """Return the measurements so far."""
        return RuleDto(
            calls=self._outcomes.total(),
            outcomes={outcome: self._outcomes[outcome] for outcome in CallOutcome},
            exceeded=self._exceeded,
            drawn=_percentiles(self._drawn),
            held=_percentiles(self._held),
        )


def _percentiles(seconds: Collection[float]) -> DistributionDto | None:
    if not seconds:
        return None
    ordered = sorted(seconds)
    p05, median, p95, p99 = (round(ordered[int(p * (len(ordered) - 1))] * 1000, 3) for p in QUANTILES)
    return DistributionDto(p05=p05, median=median, p95=p95, p99=p99)
