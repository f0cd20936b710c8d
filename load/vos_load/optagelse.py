"""What was measured: counts and distributions per slot of time, operation and channel, and the comparison's single times.

Parts from several processes can be added up. Times in milliseconds, slots in seconds. Not here: what it means (`resultat`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import msgspec

from vos_load.fordeling import Fordeling

PLADSER = 120
"""Slots that a run is divided into, so that plots have as many points whatever its length."""
GRUNDE = 20
"""Different reasons for failed calls that are kept."""

LINJEN = "linjen"
"""The blocks of a comparison in which nothing was asked for but an answer."""

Noegle = tuple[int, str, str]
"""Slot, operation, channel."""


class Celle(msgspec.Struct, kw_only=True):
    """One operation on one channel in one slot: from the call to its answer, and from when the call was due."""

    plads: int
    handling: str
    kanal: str
    fejl: int = 0
    svartid: dict[int, int] = {}
    fra_forfald: dict[int, int] = {}


class Blok(msgspec.Struct, frozen=True, kw_only=True):
    """The times of one operation on one channel in one round of a comparison."""

    runde: int
    handling: str
    kanal: str
    ms: tuple[float, ...]


class Optaget(msgspec.Struct, kw_only=True):
    """Everything that a run measured, as it is handed from process to process and kept.

    `forfaldne` counts the calls that were due per slot, `begyndte` those that were begun in time.
    """

    bredde: float
    celler: list[Celle] = []
    forfaldne: dict[int, int] = {}
    begyndte: dict[int, int] = {}
    forsinkelse: dict[int, int] = {}
    grunde: dict[str, int] = {}
    blokke: list[Blok] = []
    dele: list[dict[str, float]] = []
    """What the target said of where a converted call's time went (Server-Timing), in milliseconds by part."""
    sekunder: float = 0.0
    afbrudt: bool = False


class Optagelse:
    """Takes notes while calls go; `tag` hands over what has come since the last time."""

    def __init__(self, sekunder: float) -> None:
        self.bredde = max(sekunder / PLADSER, 0.25)
        self._svartid: dict[Noegle, Fordeling] = defaultdict(Fordeling)
        self._fra_forfald: dict[Noegle, Fordeling] = defaultdict(Fordeling)
        self._fejl: Counter[Noegle] = Counter()
        self._forfaldne: Counter[int] = Counter()
        self._begyndte: Counter[int] = Counter()
        self._forsinkelse = Fordeling()
        self._grunde: Counter[str] = Counter()
        self._blokke: list[Blok] = []
        self._dele: list[dict[str, float]] = []
        self.kald = 0
        self.fejlede = 0

    def plads(self, t: float) -> int:
        """Return the slot of an instant, in seconds from the beginning."""
        return max(int(t / self.bredde), 0)

    def forfalden(self, t: float, forsinkelse_ms: float, hoejst_ms: float) -> None:
        """Note that a call was due then, and how late it was begun."""
        self._forfaldne[self.plads(t)] += 1
        self._begyndte[self.plads(t)] += forsinkelse_ms <= hoejst_ms
        self._forsinkelse.noter(forsinkelse_ms)

    def kaldt(self, t: float, handling: str, kanal: str, ms: float, fra_forfald_ms: float | None, fejl: str) -> None:
        """Note an answer, or what came in its place; a failed call's time is not counted as a latency."""
        noegle = (self.plads(t), handling, kanal)
        self.kald += 1
        if fejl:
            self.fejlede += 1
            self._fejl[noegle] += 1
            if fejl in self._grunde or len(self._grunde) < GRUNDE:
                self._grunde[fejl] += 1
            return
        self._svartid[noegle].noter(ms)
        if fra_forfald_ms is not None:
            self._fra_forfald[noegle].noter(fra_forfald_ms)

    def blok(self, runde: int, handling: str, kanal: str, ms: list[float]) -> None:
        """Note one block of a comparison."""
        self._blokke.append(Blok(runde=runde, handling=handling, kanal=kanal, ms=tuple(ms)))

    def del_(self, dele: Mapping[str, float]) -> None:
        """Note what the target said of where one call's time went."""
        self._dele.append(dict(dele))

    def tag(self) -> Optaget:
        """Hand over what has come, and begin again."""
        celler = [
            Celle(
                plads=noegle[0], handling=noegle[1], kanal=noegle[2], fejl=self._fejl[noegle],
                svartid=dict(self._svartid[noegle].spande), fra_forfald=dict(self._fra_forfald[noegle].spande),
            )
            for noegle in sorted({*self._svartid, *self._fejl})
        ]  # fmt: skip
        taget = Optaget(
            bredde=self.bredde, celler=celler, forfaldne=dict(self._forfaldne), begyndte=dict(self._begyndte),
            forsinkelse=dict(self._forsinkelse.spande), grunde=dict(self._grunde), blokke=self._blokke, dele=self._dele,
        )  # fmt: skip
        for en in (self._svartid, self._fra_forfald, self._fejl, self._forfaldne, self._begyndte, self._grunde):
            en.clear()
        self._forsinkelse, self._blokke, self._dele = Fordeling(), [], []
        return taget


def samlet(bredde: float, dele: list[Optaget]) -> Optaget:
    """Add up parts."""
    celler: dict[Noegle, Celle] = {}
    hel = Optaget(bredde=bredde)
    forfaldne, begyndte, forsinkelse = Counter[int](), Counter[int](), Counter[int]()
    grunde: Counter[str] = Counter()
    for en in dele:
        hel.afbrudt |= en.afbrudt
        for celle in en.celler:
            noegle = (celle.plads, celle.handling, celle.kanal)
            if noegle in celler:
                den = celler[noegle]
                den.fejl += celle.fejl
                den.svartid = dict(Counter(den.svartid) + Counter(celle.svartid))
                den.fra_forfald = dict(Counter(den.fra_forfald) + Counter(celle.fra_forfald))
            else:
                celler[noegle] = celle
        forfaldne.update(en.forfaldne)
        begyndte.update(en.begyndte)
        forsinkelse.update(en.forsinkelse)
        grunde.update(en.grunde)
        hel.blokke.extend(en.blokke)
        hel.dele.extend(en.dele)
        hel.sekunder = max(hel.sekunder, en.sekunder)
    hel.celler = [celler[noegle] for noegle in sorted(celler)]
    hel.forfaldne, hel.begyndte, hel.forsinkelse = dict(forfaldne), dict(begyndte), dict(forsinkelse)
    hel.grunde = dict(grunde)
    return hel


def pak(optaget: Optaget) -> dict[str, Any]:
    """Turn it into plain values that any process can be sent."""
    indhold: dict[str, Any] = msgspec.to_builtins(optaget, str_keys=True)
    return indhold


def pak_ud(indhold: object) -> Optaget:
    """Read what `pak` made."""
    return msgspec.convert(indhold, Optaget, strict=False)
