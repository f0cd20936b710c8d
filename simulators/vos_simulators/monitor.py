"""STAR's monitoring: hold every business domain's view against the stage's own truth (epic AC 1005.17.28.14/.15).

Each page of the truth names the last event of its instant; a domain is heard to there before it is held against the page, so
that a stage in motion gives no false alarm. A view may come from a file instead: a real domain's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from vos_contracts.control.operations import Borgerstand, LagtHaendelse
from vos_contracts.model.registration import Art
from vos_simulators.divergence import Afvigelse, sammenlign
from vos_simulators.inboxes.domains import Domaene
from vos_simulators.stage_reader import Driftslaeser


class Syn(Protocol):
    """One domain's view, as monitoring reads it."""

    def om(self, borger: Borgerstand, now: datetime) -> Borgerstand:
        """Return what the domain believes about that citizen."""
        ...

    def andre(self, sete: frozenset[str], now: datetime) -> Iterator[Borgerstand]:
        """List what the domain believes about citizens whose ids and numbers are not among those seen."""
        ...


@dataclass
class Rapport:
    """What monitoring found: how many citizens, when, and every divergence by domain."""

    borgere: int = 0
    ur: datetime | None = None
    afvigelser: dict[str, list[Afvigelse]] = field(default_factory=dict)

    @property
    def antal(self) -> int:
        """Count the divergences."""
        return sum(map(len, self.afvigelser.values()))


class Filsyn:
    """The view of a real domain, as it delivered it: citizens by our id or by CPR number."""

    def __init__(self, borgere: Sequence[Borgerstand]) -> None:
        self._efter_noegle = {en.borger_id or en.cpr: en for en in borgere}

    def om(self, borger: Borgerstand, now: datetime) -> Borgerstand:
        """Find the citizen by id, else by number."""
        tom = Borgerstand(borger_id=borger.borger_id)
        return self._efter_noegle.get(borger.borger_id) or self._efter_noegle.get(borger.cpr) or tom

    def andre(self, sete: frozenset[str], now: datetime) -> Iterator[Borgerstand]:
        """List those that we do not know."""
        return (en for noegle, en in self._efter_noegle.items() if noegle not in sete)


def overvaag(laeser: Driftslaeser, domaener: Sequence[Domaene], filer: Mapping[str, Filsyn]) -> Rapport:
    """Compare every citizen with every domain; errors: as `Driftslaeser`."""
    rapport = Rapport(afvigelser={en.navn: [] for en in domaener})
    syn: dict[str, Syn] = {en.navn: filer.get(en.navn) or en for en in domaener}
    sete: set[str] = set()
    for side in laeser.tilstand():
        rapport.ur = side.ur
        rapport.borgere += len(side.borgere)
        sete |= {noegle for borger in side.borgere for noegle in (borger.borger_id, borger.cpr)}
        for domaene in domaener:
            domaene.lyt(side.haendelse_nr)
            for borger in side.borgere:
                deres = syn[domaene.navn].om(borger, side.ur)
                rapport.afvigelser[domaene.navn] += _sammenlign(domaene, borger, deres)
    assert rapport.ur is not None, "there is always a page"
    kendte = frozenset(sete)
    for domaene in domaener:
        for en in syn[domaene.navn].andre(kendte, rapport.ur):
            rapport.afvigelser[domaene.navn] += _sammenlign(
                domaene, Borgerstand(borger_id=en.borger_id, cpr=en.cpr), en
            )
    return rapport


def _sammenlign(domaene: Domaene, vores: Borgerstand, deres: Borgerstand) -> Iterator[Afvigelse]:
    fortalt: Sequence[LagtHaendelse] = domaene.fortalt(vores.borger_id)
    return sammenlign(domaene.navn, [art for art in Art if art in domaene.arter], vores, deres, fortalt)
