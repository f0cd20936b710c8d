"""Who is told what: an event and the recipients' table give one draft per recipient (epic AC 1005.17.28.10).

Jobcentres get every registration and change; a fund gets version 5 in four cases only, and never a person category.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from vos_contracts.koder.aktoerer import Organisationstype
from vos_contracts.koder.wsb import Wsbregel
from vos_contracts.koder.wsrm import Beskedtype, Modtagerregel, Modtagerrolle, Naar
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Art
from vos_reference.domain.haendelser import Aendret, Haendelse, Oprettet
from vos_reference.domain.person import Person, Registrering

ORGANISATIONSTYPE = {
    Modtagerrolle.JOBCENTER: Organisationstype.JOBCENTER,
    Modtagerrolle.AKASSE: Organisationstype.AKASSE,
}
_ART = {
    Beskedtype.KONTAKTGRUPPE_V5: Art.KONTAKTGRUPPE,
    Beskedtype.KONTAKTGRUPPE_V4: Art.KONTAKTGRUPPE,
    Beskedtype.PERSONKATEGORI_V1: Art.PERSONKATEGORI,
}


@dataclass(frozen=True, slots=True)
class Udkast:
    """A message to be queued: type, recipient and the registration it tells of."""

    besked: Beskedtype
    modtager: Organisation
    registrering: Registrering


def udkast(
    haendelser: Iterable[Haendelse], person: Person, dag: date, regler: Iterable[Modtagerregel]
) -> Iterator[Udkast]:
    """Draft the messages of these events in the order they happened; the citizen's memberships that day decide who."""
    faste = tuple(regler)
    for haendelse in haendelser:
        for regel in faste:
            if _ART.get(regel.besked) is not haendelse.registrering.art or not passer(regel, haendelse):
                continue
            modtager = organisation(person, regel.rolle, dag)
            if modtager is not None:
                yield Udkast(regel.besked, modtager, haendelse.registrering)


def organisation(person: Person, rolle: Modtagerrolle, dag: date) -> Organisation | None:
    """Return the citizen's organisation in that role on that day, if any."""
    return person.tilknyttet(ORGANISATIONSTYPE[rolle], dag)


def passer(regel: Modtagerregel | Wsbregel, haendelse: Haendelse) -> bool:
    """Say whether this happening, to this contact group, is the rule's."""
    if regel.kontaktgruppe is not None and regel.kontaktgruppe != haendelse.registrering.type:
        return False
    match regel.naar:
        case Naar.ENHVER:
            return True
        case Naar.OVERGAAR_TIL:
            return isinstance(haendelse, Oprettet)
        case Naar.LUKKER_HELT:
            return isinstance(haendelse, Aendret) and haendelse.efterfoelger is None
        case Naar.SKIFTER_FRA:
            return isinstance(haendelse, Aendret) and haendelse.efterfoelger is not None
        case Naar.CPRSKIFT:  # tells of a number, never of a registration (`cprskift`)
            return False
