"""Rows for BI in pages: every row of the history once, by number, and citizens as of now (epic AC 1005.17.28.4).

A reader who asks after the number where it stopped gets what came since. Not here: files and pseudonyms (the reader's own).
"""

from __future__ import annotations

from vos_contracts.control.operations import Borgerraekke, Registreringsraekke, Udtraeksside
from vos_reference.application.drift import Drift
from vos_reference.domain.person import Person, Registrering, Tilknytning


def registreringer(drift: Drift, efter: int, antal: int) -> Udtraeksside:
    """List the next rows of the history; errors: StoreUtilgaengelig."""
    with drift.store.laesning() as t:
        fundne = t.raekker_efter(efter, antal)
        generation = t.generation()
    return Udtraeksside(
        generation=generation,
        naeste=fundne[-1][0] if fundne else efter,
        registreringer=tuple(_registrering(*en) for en in fundne),
    )


def borgere(drift: Drift, efter: int, antal: int) -> Udtraeksside:
    """List the next new or changed citizens; errors: StoreUtilgaengelig."""
    with drift.store.laesning() as t:
        fundne = t.borgere_efter(efter, antal)
        generation = t.generation()
    return Udtraeksside(
        generation=generation,
        naeste=fundne[-1][0] if fundne else efter,
        borgere=tuple(_borger(nr, person) for nr, person in fundne),
    )


def _registrering(nr: int, person_id: str, raekke: Registrering) -> Registreringsraekke:
    registrant = raekke.registrant
    return Registreringsraekke(
        nr=nr,
        borger_id=person_id,
        id=raekke.id,
        art=raekke.art,
        type=raekke.type,
        haendelse=raekke.haendelse,
        start=raekke.start,
        slut=raekke.slut,
        er_slettet=raekke.er_slettet,
        registreret=raekke.registreret,
        organisation_type=registrant.aktiv.type,
        organisation_kode=registrant.aktiv.kode,
        system=registrant.system,
        bruger_type=registrant.bruger.type,
        bruger_id=registrant.bruger.id,
        bruger_navn=registrant.bruger.navn,
    )


def _borger(nr: int, person: Person) -> Borgerraekke:
    return Borgerraekke(
        nr=nr,
        borger_id=person.id,
        cpr=person.cpr,
        foedt=person.foedt,
        doed=person.doed,
        tilknytninger=tuple(sorted(_tilknytning(en) for en in person.tilknytninger)),
    )


def _tilknytning(en: Tilknytning) -> str:
    """Write a membership as type/code and its half-open period of days."""
    return f"{en.organisation} {en.fra.isoformat()}/{'' if en.til is None else en.til.isoformat()}"
