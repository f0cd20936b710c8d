"""Which business domain is told what: an event and the recipients' table give one draft per domain (epic AC 1005.17.28.11).

The same for a caller's change, a derived one and a nightly job's: what has happened is all that counts. Beside `modtagere`,
which tells authorities over WSRM.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from vos_contracts.koder.haendelse import Aendringstype, Haendelsesmodtagere
from vos_reference.domain.haendelser import Aendret, Haendelse, Oprettet, Slettet
from vos_reference.domain.person import Registrering


@dataclass(frozen=True, slots=True)
class Haendelsesudkast:
    """One event to be raised, and the domains that hear of it."""

    aendringstype: Aendringstype
    registrering: Registrering
    domaener: tuple[str, ...]


def haendelsesudkast(haendelser: Iterable[Haendelse], modtagere: Haendelsesmodtagere) -> Iterator[Haendelsesudkast]:
    """Draft the events in the order they happened; none for a kind that no domain hears of."""
    for haendelse in haendelser:
        art = haendelse.registrering.art
        domaener = tuple(domaene for domaene, arter in modtagere.items() if art in arter)
        if domaener:
            yield Haendelsesudkast(aendringstype(haendelse), haendelse.registrering, domaener)


def aendringstype(haendelse: Haendelse) -> Aendringstype:
    """Return the event as the change type that messages carry."""
    match haendelse:
        case Oprettet():
            return Aendringstype.OPRETTET
        case Aendret():
            return Aendringstype.AENDRET
        case Slettet():
            return Aendringstype.SLETTET
        case _:
            assert_never(haendelse)
