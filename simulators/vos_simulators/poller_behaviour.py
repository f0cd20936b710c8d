"""How well whoever empties a WSRM queue behaves, as the stage's journal has it: how often it comes, and what it forgets.

Pure: from the journal's entries about sequences. Not here: how it is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median

from vos_contracts.control.journal import Post, Posttype
from vos_contracts.control.stage import JournalDto
from vos_contracts.wire.wsrm import AFSLUT, LUK, OPRET

LEVETID = timedelta(minutes=60)
"""A sequence left open for so long closes itself (DECISIONS section 5)."""


class Uskik(StrEnum):
    """What a poller does that loses messages, or makes it get them again."""

    GLEMTE_AT_AFSLUTTE = "glemte TerminateSequence"
    IGNOREREDE_EN_LINJE = "afsluttede uden at hente en linje i inventaret"
    HENTEDE_TO_GANGE = "hentede den samme linje to gange"
    HENTEDE_UDEN_FOR = "hentede en beskedtype, som inventaret ikke nævnte"
    BEGYNDTE_IGEN = "kaldte CreateSequence igen, før den åbne sekvens var slut"


FOELGE: Mapping[Uskik, str] = {
    Uskik.GLEMTE_AT_AFSLUTTE: "beskederne bliver udleveret igen",
    Uskik.IGNOREREDE_EN_LINJE: "de beskeder er væk",
    Uskik.HENTEDE_TO_GANGE: "ingen, men det koster tid",
    Uskik.HENTEDE_UDEN_FOR: "ingen, svaret er tomt",
    Uskik.BEGYNDTE_IGEN: "ingen, den åbne sekvens kommer igen",
}


@dataclass(frozen=True, slots=True)
class Fund:
    """One lapse: what, in which sequence, about which type if any, when."""

    uskik: Uskik
    sekvens: str
    tidspunkt: datetime
    beskedtype: str = ""


@dataclass(frozen=True, slots=True)
class Adfaerd:
    """One owner's behaviour: sequences opened and ended, messages taken, the median time between calls for one, and lapses."""

    ejer: str
    sekvenser: int
    afsluttede: int
    beskeder: int
    mellemrum: timedelta | None
    fund: tuple[Fund, ...]


@dataclass(slots=True)
class _Sekvens:
    id: str
    koe: str
    aabnet: datetime
    inventar: frozenset[str]
    hentede: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Ejer:
    kom: list[datetime] = field(default_factory=list)
    sekvenser: int = 0
    aabne: dict[str, _Sekvens] = field(default_factory=dict)
    afsluttede: int = 0
    beskeder: int = 0
    fund: list[Fund] = field(default_factory=list)


def adfaerd(poster: Iterable[Post], now: datetime) -> list[Adfaerd]:
    """Judge every owner that has opened a sequence since the stage was emptied; `now` is the stage's time."""
    ejere: dict[str, _Ejer] = {}
    for post in poster:
        if post.art is Posttype.SEKVENS:
            data = post.data
            _noter(ejere.setdefault(f"{data['ejer']} system {data['system']}", _Ejer()), post)
        elif post.art is Posttype.NULSTILLET:
            ejere.clear()
    for ejer in ejere.values():
        for sekvens in ejer.aabne.values():
            if sekvens.inventar and now - sekvens.aabnet > LEVETID:
                ejer.fund.append(Fund(Uskik.GLEMTE_AT_AFSLUTTE, sekvens.id, sekvens.aabnet))
    return [_samlet(navn, ejere[navn]) for navn in sorted(ejere)]


def mistet(journal: JournalDto) -> int:
    """Say how many entries the journal has lost of what `adfaerd` reads: what came before a reset is nobody's loss."""
    return 0 if any(post.art is Posttype.NULSTILLET for post in journal.poster) else journal.tabt


def _noter(ejer: _Ejer, post: Post) -> None:
    operation, id_ = str(post.data["operation"]), str(post.data["sekvens"])
    sekvens = ejer.aabne.get(id_)
    if operation == OPRET:
        ejer.kom.append(post.tidspunkt)
        inventar = frozenset(str(post.data["inventar"]).split())
        if sekvens is not None:
            if inventar and sekvens.inventar:
                ejer.fund.append(Fund(Uskik.BEGYNDTE_IGEN, id_, post.tidspunkt))
            sekvens.inventar |= inventar
            return
        koe = str(post.data["underkoe"])
        for forrige in [en for en in ejer.aabne.values() if en.koe == koe]:  # it was left until it closed itself
            if forrige.inventar:  # an empty one had nothing to come again
                ejer.fund.append(Fund(Uskik.GLEMTE_AT_AFSLUTTE, forrige.id, forrige.aabnet))
            del ejer.aabne[forrige.id]
        ejer.aabne[id_] = _Sekvens(id_, koe, post.tidspunkt, inventar)
        ejer.sekvenser += 1
    elif sekvens is None:
        return  # opened before the journal begins
    elif operation in (AFSLUT, LUK):
        del ejer.aabne[id_]
        if operation == AFSLUT:
            ejer.afsluttede += 1
            ejer.beskeder += int(post.data["antal"])
            for beskedtype in sorted(sekvens.inventar - sekvens.hentede.keys()):
                ejer.fund.append(Fund(Uskik.IGNOREREDE_EN_LINJE, id_, post.tidspunkt, beskedtype))
    else:
        sekvens.hentede[operation] += 1
        if operation not in sekvens.inventar:
            ejer.fund.append(Fund(Uskik.HENTEDE_UDEN_FOR, id_, post.tidspunkt, operation))
        elif sekvens.hentede[operation] > 1:
            ejer.fund.append(Fund(Uskik.HENTEDE_TO_GANGE, id_, post.tidspunkt, operation))


def _samlet(navn: str, ejer: _Ejer) -> Adfaerd:
    mellemrum = [(b - a).total_seconds() for a, b in pairwise(sorted(ejer.kom))]
    return Adfaerd(
        ejer=navn,
        sekvenser=ejer.sekvenser,
        afsluttede=ejer.afsluttede,
        beskeder=ejer.beskeder,
        mellemrum=timedelta(seconds=median(mellemrum)) if mellemrum else None,
        fund=tuple(ejer.fund),
    )
