"""What contact groups and person categories have in common: a new row, its times, finding one, who may delete it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from vos_contracts.koder.aktoerer import Organisationstype
from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Art, Opret
from vos_reference.domain.decision import Vilkaar
from vos_reference.domain.person import Person, Registrering
from vos_reference.domain.tid import dansk_dag


def ny(kommando: Opret, id: str, vilkaar: Vilkaar) -> Registrering:
    """Return the first row of a registration."""
    return Registrering(
        id=id,
        art=kommando.art,
        type=kommando.type,
        haendelse=kommando.haendelse,
        start=kommando.start,
        slut=kommando.slut,
        er_slettet=False,
        registrant=vilkaar.kalder.identitet,
        registreret=vilkaar.now,
    )


def find(person: Person, art: Art, id: str) -> Registrering | None:
    """Return the citizen's registration of that kind and id; None if there is none or it was deleted."""
    raekke = person.registreringer.get(id)
    return raekke if raekke is not None and raekke.art is art and not raekke.er_slettet else None


def tidsfejl(kommando: Opret, vilkaar: Vilkaar) -> Iterator[Fejl]:
    """4703: a registration starts today, by the Danish calendar; and it ends no earlier than it starts."""
    if dansk_dag(kommando.start) != dansk_dag(vilkaar.now):
        yield Fejl(4703)
    if kommando.slut is not None:
        yield from slutfejl(kommando.slut, kommando.start)


def slutfejl(slut: datetime | None, start: datetime | None = None) -> Iterator[Fejl]:
    """The end must be given on an update, and not lie before the start."""
    if slut is None:
        yield Fejl(VALIDERER_IKKE, "sluttidspunkt: skal angives")
    elif start is not None and slut < start:
        yield Fejl(VALIDERER_IKKE, "sluttidspunkt: må ikke ligge før starttidspunkt")


def maa_slettes_af(raekke: Registrering, identitet: Identitet) -> bool:
    """Deletion is for the authority that made the registration, and for STAR (DECISIONS section 1)."""
    return identitet.aktiv == raekke.registrant.aktiv or identitet.aktiv.type == Organisationstype.STAR
