"""The business domains JobSearch, Kontaktforloeb and Virksomhedsindsats: each keeps its own view from the events it hears.

The latest word about a registration counts, whatever came before it. Not here: whether the view is right
(`vos_simulators.divergence`), nor how the events travel (the control API reads the outbox they will travel from).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from vos_contracts.control.operations import Borgerstand, LagtHaendelse, Stand
from vos_contracts.koder.recipients import EventRule
from vos_contracts.model.registration import Aendringstype, Art
from vos_contracts.wire.haendelser import Domaenehaendelse
from vos_simulators.habits import EventHabit, takes_everything
from vos_simulators.stage_reader import Driftslaeser

_DANSK_TID = ZoneInfo("Europe/Copenhagen")


@dataclass
class _Borger:
    fortalt: list[LagtHaendelse] = field(default_factory=list)
    husket: dict[str, Domaenehaendelse] = field(default_factory=dict)


class Domaene:
    """One business domain: what it was sent, and what it has made of it."""

    def __init__(self, navn: str, arter: Iterable[Art], laeser: Driftslaeser) -> None:
        self.navn = navn
        self.arter = frozenset(arter)
        self.habit: EventHabit[LagtHaendelse] = takes_everything()
        self._laeser = laeser
        self._hoert = 0
        self._forude: list[LagtHaendelse] = []
        self._borgere: dict[str, _Borger] = {}

    def lyt(self, til: int | None = None) -> tuple[LagtHaendelse, ...]:
        """Hear what is new, as far as event number `til` if one is given; return what arrived."""
        if til is None or til > self._hoert:
            nye = [*self._forude, *self._laeser.haendelser(self.navn, self._hoert)]
        else:
            nye = self._forude
        if nye:
            self._hoert = nye[-1].nr
        ankommet = tuple(en for en in nye if til is None or en.nr <= til)
        self._forude = nye[len(ankommet) :]
        for en in ankommet:
            self._borger(en).fortalt.append(en)
        for en in self.habit(ankommet):
            self._borger(en).husket.pop(en.haendelse.id, None)
            if en.haendelse.aendringstype is not Aendringstype.SLETTET:
                self._borger(en).husket[en.haendelse.id] = en.haendelse
        return ankommet

    def om(self, borger: Borgerstand, now: datetime) -> Borgerstand:
        """Return what the domain believes is open for the citizen now, what it heard of last coming last."""
        husket = self._borgere[borger.borger_id].husket.values() if borger.borger_id in self._borgere else ()

        def stande(art: Art) -> tuple[Stand, ...]:
            aabne = (en for en in husket if en.entitet is art and _aaben(en.slut, now))
            return tuple(Stand(type=en.type, id=en.id, start=en.start, slut=en.slut) for en in aabne)

        return Borgerstand(
            borger_id=borger.borger_id,
            cpr=borger.cpr,
            kontaktgrupper=stande(Art.KONTAKTGRUPPE),
            personkategorier=stande(Art.PERSONKATEGORI),
        )

    def andre(self, sete: frozenset[str], now: datetime) -> Iterator[Borgerstand]:
        """List what the domain believes about citizens that are not among those seen."""
        for borger_id, en in self._borgere.items():
            if borger_id not in sete:
                yield self.om(Borgerstand(borger_id=borger_id, cpr=en.fortalt[-1].haendelse.cpr), now)

    def fortalt(self, borger_id: str) -> tuple[LagtHaendelse, ...]:
        """Return every event about the citizen that was sent to the domain, taken in or not."""
        return tuple(self._borgere[borger_id].fortalt) if borger_id in self._borgere else ()

    def _borger(self, en: LagtHaendelse) -> _Borger:
        return self._borgere.setdefault(en.haendelse.borger_id, _Borger())


def domaener(rules: Iterable[EventRule], laeser: Driftslaeser) -> tuple[Domaene, ...]:
    """Make the domains of the recipients' table, none of which has heard anything yet."""
    kinds: dict[str, list[Art]] = {}
    for rule in rules:
        kinds.setdefault(rule.recipient, []).append(rule.subject)
    return tuple(Domaene(navn, arter, laeser) for navn, arter in kinds.items())


def _aaben(slut: datetime | None, now: datetime) -> bool:
    """Say whether it is in force or still to come: one that ends today is ended, by the Danish calendar."""
    return slut is None or slut.astimezone(_DANSK_TID).date() > now.astimezone(_DANSK_TID).date()
