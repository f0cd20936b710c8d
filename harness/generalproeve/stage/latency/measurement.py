"""What came of a rule: how many calls it was about, how they ended, and how what was drawn and what was kept are spread."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection
from enum import StrEnum

import msgspec

HUSKES = 10_000
"""Calls of a rule whose times are remembered, the latest."""
FRAKTILER = (0.05, 0.5, 0.95, 0.99)


class Kaldsudgang(StrEnum):
    """How a call came out at the edge."""

    BESVARET = "besvaret"
    FEJL = "fejl"
    NULSTILLET = "nulstillet"
    TAVS = "tavs"


class FordelingDto(msgspec.Struct, rename="camel", kw_only=True):
    """Milliseconds that 5, 50, 95 and 99 of a hundred calls did not exceed."""

    p05: float
    median: float
    p95: float
    p99: float


class RegelDto(msgspec.Struct, rename="camel", kw_only=True):
    """A rule's account: calls by how they ended, and how many had worked longer than their time when they were done.

    `trukket` are the times that were drawn, `holdt` those from the whole call's arrival until its answer was sent; both of
    the latest answered calls, and null where there is none.
    """

    kald: int
    udgange: dict[Kaldsudgang, int]
    overskredet: int
    trukket: FordelingDto | None
    holdt: FordelingDto | None


class Maaling:
    """The account of one rule as it goes."""

    def __init__(self) -> None:
        self._udgange: Counter[Kaldsudgang] = Counter()
        self._overskredet = 0
        self._trukket: deque[float] = deque(maxlen=HUSKES)
        self._holdt: deque[float] = deque(maxlen=HUSKES)

    def endte(self, udgang: Kaldsudgang) -> None:
        """Note how a call is to come out."""
        self._udgange[udgang] += 1

    def svarede(self, trukket: float, arbejdet: float, holdt: float) -> None:
        """Note an answer: the time that was drawn, that the work took, and that it all took, in seconds."""
        self._overskredet += arbejdet > trukket
        self._trukket.append(trukket)
        self._holdt.append(holdt)

    def som_dto(self) -> RegelDto:
        """Return how it stands."""
        return RegelDto(
            kald=self._udgange.total(),
            udgange={en: self._udgange[en] for en in Kaldsudgang},
            overskredet=self._overskredet,
            trukket=_fordelt(self._trukket),
            holdt=_fordelt(self._holdt),
        )


def _fordelt(sekunder: Collection[float]) -> FordelingDto | None:
    if not sekunder:
        return None
    orden = sorted(sekunder)
    p05, median, p95, p99 = (round(orden[int(p * (len(orden) - 1))] * 1000, 3) for p in FRAKTILER)
    return FordelingDto(p05=p05, median=median, p95=p95, p99=p99)
