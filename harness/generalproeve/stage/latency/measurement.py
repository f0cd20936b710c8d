"""What came of a rule: how many calls it was about, how they ended, and how what was drawn and what was kept are spread."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection
from enum import StrEnum

import msgspec

REMEMBERED = 10_000
"""Calls of a rule whose times are remembered, the latest."""
QUANTILES = (0.05, 0.5, 0.95, 0.99)


class CallExit(StrEnum):
    """How a call came out at the edge."""

    ANSWERED = "answered"
    ERRORS = "fejl"
    RESET = "reset"
    SILENT = "silent"


class DistributionDto(msgspec.Struct, rename="camel", kw_only=True):
    """Milliseconds that 5, 50, 95 and 99 of a hundred calls did not exceed."""

    p05: float
    median: float
    p95: float
    p99: float


class RuleDto(msgspec.Struct, rename="camel", kw_only=True):
    """A rule's account: calls by how they ended, and how many had worked longer than their time when they were done.

    `drawn` are the times that were drawn, `held` those from the whole call's arrival until its answer was sent; both of
    the latest answered calls, and null where there is none.
    """

    call: int
    exits: dict[CallExit, int]
    exceeded: int
    drawn: DistributionDto | None
    held: DistributionDto | None


class Measurement:
    """The account of one rule as it goes."""

    def __init__(self) -> None:
        self._exits: Counter[CallExit] = Counter()
        self._exceeded = 0
        self._drawn: deque[float] = deque(maxlen=REMEMBERED)
        self._held: deque[float] = deque(maxlen=REMEMBERED)

    def ended(self, exit: CallExit) -> None:
        """Note how a call is to come out."""
        self._exits[exit] += 1

    def answered(self, drawn: float, work: float, held: float) -> None:
        """Note an answer: the time that was drawn, that the work took, and that it all took, in seconds."""
        self._exceeded += work > drawn
        self._drawn.append(drawn)
        self._held.append(held)

    def som_dto(self) -> RuleDto:
        """Return how it stands."""
        return RuleDto(
            call=self._exits.total(),
            exits={item: self._exits[item] for item in CallExit},
            exceeded=self._exceeded,
            drawn=_distributed(self._drawn),
            held=_distributed(self._held),
        )


def _distributed(seconds: Collection[float]) -> DistributionDto | None:
    if not seconds:
        return None
    order = sorted(seconds)
    p05, median, p95, p99 = (round(order[int(p * (len(order) - 1))] * 1000, 3) for p in QUANTILES)
    return DistributionDto(p05=p05, median=median, p95=p95, p99=p99)
