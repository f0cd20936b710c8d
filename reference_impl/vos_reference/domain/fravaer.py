"""Absences, as far as the rules for contact group and category need them: register, end, and end with the group.

Closing the group altogether ends open absences (epic, "bl.a. afslutning af fraværsforhold").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from vos_contracts.koder.fejl import Fejl
from vos_contracts.model.neighbours import AfslutFravaer, RegistrerFravaer
from vos_contracts.model.registration import Art
from vos_reference.domain.decision import Aendret, Beslutning, Haendelse, Oprettet, Slettet, Udfoert, Vilkaar, afvist
from vos_reference.domain.person import Fravaer, Person, Sygdom
from vos_reference.domain.tid import dansk_dag


def registrer(person: Person, kommando: RegistrerFravaer, vilkaar: Vilkaar) -> Beslutning:
    """Register an absence; 4645 and 4654 where the open group or category does not allow it."""
    fejl = [*_registreringsfejl(person, kommando, vilkaar)]
    if fejl:
        return afvist(*fejl)
    nyt = Fravaer(kommando.type, kommando.fra, kommando.til, kommando.id)
    return Udfoert(kommando.id, replace(person, fravaer=(*person.fravaer, nyt)), ())


def _registreringsfejl(person: Person, kommando: RegistrerFravaer, vilkaar: Vilkaar) -> Iterator[Fejl]:
    if kommando.type not in vilkaar.kontrakt.fravaerstyper:
        yield Fejl(9131, f"fraværstype {kommando.type}")
        return
    if any(en.id == kommando.id for en in person.fravaer):
        yield Fejl(4977)
    if kommando.til is not None and kommando.til < kommando.fra:
        yield Fejl(4636)
    gruppe = person.aaben(Art.KONTAKTGRUPPE, vilkaar.now)
    konflikt = None if gruppe is None else vilkaar.kontrakt.fravaerskonflikter.get((kommando.type, gruppe.type))
    if konflikt is None:
        return
    kategori = person.aaben(Art.PERSONKATEGORI, vilkaar.now)
    if kategori is None or kategori.type not in konflikt.tilladte_kategorier:
        yield Fejl(konflikt.fejlkode)


def afslut(person: Person, kommando: AfslutFravaer) -> Beslutning:
    """End an open absence; 4632 for one that is not known or already ended."""
    fundet = next((en for en in person.fravaer if en.id == kommando.id and en.til is None), None)
    if fundet is None:
        return afvist(Fejl(4632))
    if kommando.til < fundet.fra:
        return afvist(Fejl(4636))
    return Udfoert(kommando.id, sluttet(person, kommando.til, kun=fundet.id), ())


def sluttet(person: Person, dag: date, kun: str | None = None) -> Person:
    """Return the citizen with the absences that are open then ended on that day, or only the one with that id."""
    return replace(
        person,
        fravaer=tuple(
            replace(en, til=max(dag, en.fra)) if en.gaelder(dag) and kun in (None, en.id) else en
            for en in person.fravaer
        ),
    )


def foelg_gruppen(udfoert: Udfoert, vilkaar: Vilkaar) -> Udfoert:
    """End open absences when the group closes altogether, on its last day also where that lies ahead.

    A sickness that is an absence is over when the absence is.
    """
    person = udfoert.person
    for haendelse in udfoert.haendelser:
        if haendelse.registrering.art is Art.KONTAKTGRUPPE and _lukker_helt(haendelse, person, vilkaar):
            slut = haendelse.registrering.slut or vilkaar.now
            person = sluttet(person, dansk_dag(slut))
    if person.sygdom is not None and _ophoert_fravaer(person, person.sygdom, vilkaar):
        person = replace(person, sygdom=None)
    return udfoert if person is udfoert.person else replace(udfoert, person=person)


def _lukker_helt(haendelse: Haendelse, person: Person, vilkaar: Vilkaar) -> bool:
    match haendelse:
        case Oprettet():
            return False
        case Aendret():
            return haendelse.efterfoelger is None
        case Slettet():
            return person.aaben(Art.KONTAKTGRUPPE, vilkaar.now) is None


def _ophoert_fravaer(person: Person, sygdom: Sygdom, vilkaar: Vilkaar) -> bool:
    if not sygdom.begyndt or sygdom.kontaktgruppe is not None:
        return False
    return not any(en.id == sygdom.fravaer_id and en.gaelder(vilkaar.dag) for en in person.fravaer)
