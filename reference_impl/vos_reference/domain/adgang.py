"""May this caller do this to that citizen? The matrix decides (epic, "Tilladte organisationer"; FYS/13926415)."""

from __future__ import annotations

from datetime import date

from vos_contracts.identitet import Identitet
from vos_contracts.koder.aktoerer import Adgangsmatrix, Niveau, Organisationstype
from vos_contracts.koder.fejl import Fejl
from vos_reference.domain.person import Person


def afvisning(
    tjeneste_metode: str, identitet: Identitet, person: Person, dag: date, matrix: Adgangsmatrix
) -> Fejl | None:
    """Return the error that keeps the caller out, or None.

    4575 where the method is closed to the organisation type, 6005 for a jobcentre and 4575 for another authority that the
    citizen does not belong to, 4511 for a private operator (anden aktør) the citizen does not belong to.
    """
    niveauer = matrix.get(tjeneste_metode, {}).get(identitet.aktiv.type, frozenset())
    if Niveau.ALLE in niveauer:
        return None
    if identitet.bruger_organisation.type == Organisationstype.ANDEN_AKTOER:
        if Niveau.AA_EGNE not in niveauer:
            return Fejl(4575)
        return _egen(person, identitet, dag, ellers=4511)
    if Niveau.EGNE not in niveauer:
        return Fejl(4575)
    ikke_egen = 6005 if identitet.aktiv.type == Organisationstype.JOBCENTER else 4575
    return None if person.har_tilknytning(identitet.aktiv, dag) else Fejl(ikke_egen)


def _egen(person: Person, identitet: Identitet, dag: date, ellers: int) -> Fejl | None:
    egen = person.har_tilknytning(identitet.bruger_organisation, dag)
    egen_jobcenters = person.har_tilknytning(identitet.aktiv, dag)
    return None if egen and egen_jobcenters else Fejl(ellers)
