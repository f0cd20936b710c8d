"""What may happen to a person category, and how it follows the contact group (epic AC 1005.17.28.2 and .18).

The invariant of this room: an open category is one that the open group allows, and a group that needs one has one. Every
decision ends with `foelg_gruppen`, which restores it ("default visitering ved KG skift").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from vos_contracts.koder.fejl import Fejl
from vos_contracts.koder.kontaktgruppe import Grupperegler
from vos_contracts.model.registration import Art, Opdater, Opret, Slet
from vos_reference.domain import decision
from vos_reference.domain.decision import (
    Aendret,
    Beslutning,
    Haendelse,
    Oprettet,
    Slettet,
    Udfoert,
    Vilkaar,
    aabning,
    afvist,
    udfoert,
)
from vos_reference.domain.person import Person
from vos_reference.domain.tid import dansk_dag

ART = Art.PERSONKATEGORI


def opret(person: Person, kommando: Opret, id: str, vilkaar: Vilkaar) -> Beslutning:
    """Register a person category; the open one gives way to it."""
    fejl = [*_oprettelsesfejl(person, kommando, vilkaar)]
    if fejl:
        return afvist(*fejl)
    ny = decision.first_row(kommando, id, vilkaar)
    return udfoert(id, person, aabning(ny, person.aaben(ART, vilkaar.now), vilkaar))


def opdater(person: Person, kommando: Opdater, vilkaar: Vilkaar) -> Beslutning:
    """End a person category; the group's default follows where the group needs one."""
    gammel = person.find(kommando.art, kommando.id)
    if gammel is None:
        return afvist(Fejl(4589), *decision.end_errors(kommando.slut))
    fejl = [*decision.end_errors(kommando.slut, gammel.start)]
    if not gammel.aaben(vilkaar.now):
        fejl.append(Fejl(8096, "personkategorien er afsluttet"))
    if fejl or kommando.slut is None:
        return afvist(*fejl)
    lukket = gammel.afsluttet(kommando.slut, vilkaar.kalder.identitet, vilkaar.now)
    return udfoert(gammel.id, person, (Aendret(lukket),))


def slet(person: Person, kommando: Slet, vilkaar: Vilkaar) -> Beslutning:
    """Delete an erroneous person category; its rows stay in the history."""
    gammel = person.find(kommando.art, kommando.id)
    if gammel is None:
        return afvist(Fejl(4589))
    if not gammel.may_be_deleted_by(vilkaar.kalder.identitet):
        return afvist(Fejl(4575, "kun den myndighed, der har registreret, og STAR kan slette"))
    identitet = vilkaar.kalder.identitet
    slettet = replace(gammel, er_slettet=True, registrant=identitet, registreret=vilkaar.now)
    return udfoert(gammel.id, person, (Slettet(slettet),))


def foelg_gruppen(udfoert_: Udfoert, vilkaar: Vilkaar) -> Udfoert:
    """Restore the invariant after a change: end a category that does not fit, open the default that the group needs.

    Registrant is the caller whose call caused it. The default of a new group begins with it, also where that lies back, but
    no earlier than the category before it ended.
    """
    person, now = udfoert_.person, vilkaar.now
    gruppe, kategori = person.aaben(Art.KONTAKTGRUPPE, now), person.aaben(ART, now)
    regler = None if gruppe is None else vilkaar.kontrakt.grupperegler.get(gruppe.type)
    afledte: list[Haendelse] = []
    skiftet_ved = next((raekke.slut for raekke in udfoert_.raekker if raekke.slut), None) or now
    standard = regler.standardkategori if regler else None
    if kategori and (regler is None or not _passer(kategori.type, regler, tilmeldt=person.tilmelding is not None)):
        lukket = kategori.afsluttet(skiftet_ved, vilkaar.kalder.identitet, now)
        afledte.append(Aendret(lukket))
        kategori = None
    if kategori is None and standard is not None and gruppe is not None:
        if any(isinstance(en, Oprettet) and en.registrering is gruppe for en in udfoert_.haendelser):
            skiftet_ved = max(_sluttede(person, vilkaar), default=gruppe.start)
        start = max(gruppe.start, min(skiftet_ved, now))
        afledte.append(Oprettet(decision.first_row(Opret(ART, standard, start), vilkaar.nye.personkategori, vilkaar)))
    return udfoert_.med(afledte)


def _sluttede(person: Person, vilkaar: Vilkaar) -> Iterator[datetime]:
    for raekke in person.registreringer.values():
        if raekke.art is ART and raekke.slut is not None and not (raekke.er_slettet or raekke.aaben(vilkaar.now)):
            yield raekke.slut


def _passer(kategori: int, regler: Grupperegler, *, tilmeldt: bool) -> bool:
    """Say whether the group allows the category, and the enrolment does too (Matchregler, pageId 95879347)."""
    imod = regler.kategori_kraever_ikke_tilmeldt if tilmeldt else regler.kategori_kraever_tilmeldt
    return kategori in regler.kategorier and kategori not in imod


def _oprettelsesfejl(person: Person, kommando: Opret, vilkaar: Vilkaar) -> Iterator[Fejl]:
    yield from decision.start_errors(kommando, vilkaar)
    kode = vilkaar.kontrakt.personkategorier.get(kommando.type)
    if kode is None:
        yield Fejl(2002, f"personkategori {kommando.type}")
        return
    if not kode.gyldig(dansk_dag(vilkaar.now)):
        yield Fejl(2003, f"personkategori {kommando.type}")
    gruppe = person.aaben(Art.KONTAKTGRUPPE, vilkaar.now)
    if gruppe is None:
        yield Fejl(4731, "borgeren har ingen åben kontaktgruppe")
        return
    regler = vilkaar.kontrakt.grupperegler[gruppe.type]
    if kommando.type not in regler.kategorier:
        yield Fejl(4731)
    tilmeldt = person.tilmelding is not None
    if tilmeldt and kommando.type in regler.kategori_kraever_ikke_tilmeldt:
        yield Fejl(4655)
    if not tilmeldt and kommando.type in regler.kategori_kraever_tilmeldt:
        yield Fejl(4656)
    for fravaer in person.fravaer:
        konflikt = vilkaar.kontrakt.fravaerskonflikter.get((fravaer.type, gruppe.type))
        if not konflikt or not fravaer.gaelder(dansk_dag(vilkaar.now)) or not konflikt.tilladte_kategorier:
            continue
        if kommando.type not in konflikt.tilladte_kategorier:
            yield Fejl(konflikt.fejlkode)
