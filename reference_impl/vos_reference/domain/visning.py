"""What a reader sees: the current registrations, one, or the history - and what an a-kasse does not see.

Epic AC 1005.17.28.8: twelve contact groups, four years back, never a person category; the filter is in the data, not in
the access check.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from vos_contracts.koder.aktoerer import Organisationstype
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Art, Visning
from vos_reference.domain.person import Person, Registrering
from vos_reference.domain.tid import dansk_dag

AKASSE_AAR = 4


@dataclass(frozen=True, slots=True)
class Vist:
    """One registration or one row of its history, as a reader sees it."""

    registrering: Registrering
    er_aktuel: bool

    def visning(self) -> Visning:
        """Return it as the contract's value."""
        en = self.registrering
        return Visning(
            en.art,
            en.id,
            en.type,
            en.haendelse,
            en.start,
            en.slut,
            en.er_slettet,
            self.er_aktuel,
            en.registrant.aktiv,
            en.registreret,
        )


def aktuelle(person: Person, art: Art, laeser: Identitet, now: datetime, kontrakt: Kontrakt) -> tuple[Vist, ...]:
    """List the registrations that are open now."""
    aabne = (raekke for raekke in person.registreringer.values() if raekke.art is art and raekke.aaben(now))
    return tuple(Vist(raekke, True) for raekke in _synlige(person, aabne, laeser, now, kontrakt))


def en(person: Person, art: Art, id: str, laeser: Identitet, now: datetime, kontrakt: Kontrakt) -> Vist | None:
    """Return one registration as it stands, open or ended; None if unknown, deleted or hidden from the reader."""
    raekke = person.registreringer.get(id)
    if raekke is None or raekke.art is not art or raekke.er_slettet:
        return None
    return next((Vist(en_, True) for en_ in _synlige(person, (raekke,), laeser, now, kontrakt)), None)


def historik(person: Person, art: Art, laeser: Identitet, now: datetime, kontrakt: Kontrakt) -> tuple[Vist, ...]:
    """List one row for every registration and change, newest first; the latest row of each that stands is current."""
    raekker = (raekke for raekke in reversed(person.historik) if raekke.art is art)
    return tuple(
        Vist(raekke, raekke is person.registreringer[raekke.id] and not raekke.er_slettet)
        for raekke in _synlige(person, raekker, laeser, now, kontrakt)
    )


def _synlige(
    person: Person, raekker: Iterable[Registrering], laeser: Identitet, now: datetime, kontrakt: Kontrakt
) -> Iterable[Registrering]:
    """Leave out what an a-kasse does not see; how long ago is by how the registration stands now, not by the row."""
    if laeser.aktiv.type != Organisationstype.AKASSE:
        return raekker
    graense = _aar_tilbage(dansk_dag(now), AKASSE_AAR)
    return (
        raekke
        for raekke in raekker
        if raekke.art is Art.KONTAKTGRUPPE
        and kontrakt.grupperegler[raekke.type].akasse_ser
        and _sluttede_tidligst(person.registreringer[raekke.id], graense)
    )


def _sluttede_tidligst(staar: Registrering, graense: date) -> bool:
    return staar.slut is None or dansk_dag(staar.slut) >= graense


def _aar_tilbage(dag: date, aar: int) -> date:
    try:
        return dag.replace(year=dag.year - aar)
    except ValueError:  # 29 February in a year that has none
        return dag.replace(year=dag.year - aar, day=28)
