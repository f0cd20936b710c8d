"""Sickness and recovery, and how they move the contact group (epic, test rows 5-7; IRI8, ICS5; DECISIONS section 4).

A KSD case from work opens group 24, one from unemployment group 25, which remembers the group and enrolment it came from.
Recovery from 24 closes the group; recovery from 25 opens the remembered one and enrols again. An absence alone ends the
enrolment and leaves the group. What lies ahead is registered now and carried out by the nightly job of that day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from vos_contracts.koder.fejl import Fejl
from vos_contracts.model.neighbours import Raskmeld, Sygekilde, Sygemeld, Tilmeld
from vos_contracts.model.registration import Art
from vos_reference.domain import fleksjob, fravaer, kontaktgruppe, tilmelding
from vos_reference.domain.decision import Beslutning, Udfoert, Vilkaar, afvist
from vos_reference.domain.person import Fravaer, Person, Raskmelding, Sygdom
from vos_reference.domain.tid import alder, midnat

FRA_BESKAEFTIGELSE = 24
FRA_LEDIGHED = 25
SYGEMELDING = 11
"""The absence type of sickness."""
_GRUPPE = {
    Sygekilde.FRAVAER: None,
    Sygekilde.BESKAEFTIGELSE: FRA_BESKAEFTIGELSE,
    Sygekilde.LEDIGHED: FRA_LEDIGHED,
}


def sygemeld(person: Person, kommando: Sygemeld, vilkaar: Vilkaar) -> Beslutning:
    """Report sickness; one that begins later is kept until its day."""
    fejl = [*_sygefejl(person, kommando, vilkaar)]
    if fejl:
        return afvist(*fejl)
    ny = Sygdom(kommando.id, kommando.fra, _GRUPPE[kommando.kilde], vilkaar.kalder.identitet, False, kommando.til)
    if person.sygdom is not None:  # an absence becomes a KSD case: what it remembers is kept
        husket = person.sygdom
        ny = replace(
            ny,
            fravaer_id=husket.fravaer_id,
            husket_gruppe=husket.husket_gruppe,
            husket_tilmeldekategori=husket.husket_tilmeldekategori,
        )
    planlagt = Udfoert(kommando.id, replace(person, sygdom=ny), ())
    return planlagt if kommando.fra > vilkaar.dag else begynd(planlagt, vilkaar)


def _sygefejl(person: Person, kommando: Sygemeld, vilkaar: Vilkaar) -> Iterator[Fejl]:
    if kommando.til is not None and kommando.til < kommando.fra:
        yield Fejl(1003)
    nu = person.sygdom
    if kommando.id in {en.id for en in (*person.fravaer, *((nu,) if nu else ()))}:
        yield Fejl(4977)
    elif nu is not None and (nu.kontaktgruppe is not None or kommando.kilde is Sygekilde.FRAVAER):
        yield Fejl(4645, "borgeren er allerede sygemeldt")
    gruppe = person.aaben(Art.KONTAKTGRUPPE, vilkaar.now)
    if gruppe is None and kommando.kilde is not Sygekilde.BESKAEFTIGELSE:
        yield Fejl(4686)
    if nu is None and gruppe is not None and gruppe.type in (FRA_BESKAEFTIGELSE, FRA_LEDIGHED):
        yield Fejl(8096)
    maal = _GRUPPE[kommando.kilde]
    if maal is not None:
        yield from kontaktgruppe.fravaerskonflikt(person, maal, vilkaar)


def begynd(planlagt: Udfoert, vilkaar: Vilkaar) -> Udfoert:
    """Carry out a sickness whose first day has come: end the enrolment, note the absence, move the group."""
    person = planlagt.person
    sygdom = person.sygdom
    assert sygdom is not None, "planned before"
    gruppe = person.aaben(Art.KONTAKTGRUPPE, vilkaar.now)
    kommer_fra = None if gruppe is None else gruppe.type
    if sygdom.husket_gruppe != kommer_fra:  # not the group that an absence before it remembers
        sygdom = replace(sygdom, husket_gruppe=kommer_fra, husket_tilmeldekategori=None)
    if person.tilmelding is not None:
        sygdom = replace(sygdom, husket_tilmeldekategori=person.tilmelding.kategori)
    person = tilmelding.slut(person, sygdom.fra)
    if sygdom.kontaktgruppe is None:
        sygdom = replace(sygdom, fravaer_id=sygdom.id)
        slut = None if sygdom.til is None else _dagen_efter(sygdom.til)
        person = replace(person, fravaer=(*person.fravaer, Fravaer(SYGEMELDING, sygdom.fra, slut, sygdom.id)))
    person = replace(person, sygdom=replace(sygdom, begyndt=True))
    if sygdom.kontaktgruppe is None:
        return Udfoert(sygdom.id, person, planlagt.haendelser)
    skift = kontaktgruppe.skift(person, sygdom.kontaktgruppe, midnat(sygdom.fra), vilkaar)
    return Udfoert(sygdom.id, person, planlagt.haendelser).med(skift)


def raskmeld(person: Person, kommando: Raskmeld, vilkaar: Vilkaar) -> Beslutning:
    """Report recovery; a past or present one acts at once, a future one on its day."""
    sygdom = person.sygdom
    if sygdom is None or kommando.id not in (sygdom.id, sygdom.fravaer_id):
        return afvist(Fejl(4632))
    besked = Raskmelding(kommando.dato, vilkaar.kalder.identitet, kommando.tilmelding, kommando.gruppe)
    fejl = [*_raskfejl(person, sygdom, besked, vilkaar)]
    if fejl:
        return afvist(*fejl)
    planlagt = replace(person, sygdom=replace(sygdom, raskmelding=besked))
    if kommando.dato > vilkaar.dag:
        return Udfoert(sygdom.id, planlagt, ())
    return bliv_rask(planlagt, besked, vilkaar)


def _raskfejl(person: Person, sygdom: Sygdom, besked: Raskmelding, vilkaar: Vilkaar) -> Iterator[Fejl]:
    if besked.dato < sygdom.fra:
        yield Fejl(4636)
    if not sygdom.begyndt and besked.dato <= vilkaar.dag:
        yield Fejl(4632, "sygemeldingen er ikke begyndt")
    rask = fravaer.sluttet(person, besked.dato, kun=sygdom.fravaer_id or "-")
    oensket = besked.tilmelding
    if oensket is not None:
        tilmeld = Tilmeld(kategori=oensket.kategori, ledighedsgrad=oensket.ledighedsgrad, dato=besked.dato)
        yield from tilmelding.tilmeldefejl(rask, tilmeld, vilkaar)
    if besked.gruppe is None:
        return
    type_ = besked.gruppe.type
    if type_ is None:
        if oensket is not None:
            yield Fejl(100029, "en tilmelding holder kontaktgruppen åben")
        return
    if type_ not in vilkaar.kontrakt.kontaktgrupper:
        yield Fejl(4675)
        return
    if not vilkaar.kontrakt.grupperegler[type_].kan_aendres_af_kalder:
        yield Fejl(8096)
    if kontaktgruppe.for_gammel(person, type_, vilkaar):
        yield Fejl(6033)
    yield from kontaktgruppe.fravaerskonflikt(rask, type_, vilkaar)
    if oensket is not None and oensket.kategori in vilkaar.kontrakt.tilmeldekategorier:
        kategori = vilkaar.kontrakt.tilmeldekategorier[oensket.kategori]
        if type_ != kategori.gruppe(alder(person.foedt, vilkaar.dag)):
            yield Fejl(100029)


def bliv_rask(person: Person, besked: Raskmelding, vilkaar: Vilkaar) -> Udfoert:
    """Carry out a recovery: end the absence, then what the call asked for, else what the sickness remembers.

    Who has turned 30 since gets the group that takes the place of the one asked for or remembered. Everything carries the
    recovery's day, also when it lies back.
    """
    sygdom = person.sygdom
    assert sygdom is not None, "reported before"
    rask = fravaer.sluttet(replace(person, sygdom=None), besked.dato, kun=sygdom.fravaer_id or "-")
    udfoert = Udfoert(sygdom.id, rask, ())
    tid = midnat(besked.dato)
    kategori = besked.tilmelding.kategori if besked.tilmelding else None
    if besked.gruppe is not None and besked.gruppe.type is None:
        return udfoert.med(kontaktgruppe.luk(rask, tid, vilkaar))
    gruppe = None if besked.gruppe is None else besked.gruppe.type
    if gruppe is None and kategori is None and sygdom.kontaktgruppe is not None:
        if sygdom.kontaktgruppe == FRA_BESKAEFTIGELSE:
            return udfoert.med(kontaktgruppe.luk(rask, tid, vilkaar))
        gruppe, kategori = _rette_gruppe(person, sygdom, besked.dato, vilkaar), sygdom.husket_tilmeldekategori
        if gruppe is None and kategori is None:  # the group had closed before the sickness began
            return udfoert.med(kontaktgruppe.luk(rask, tid, vilkaar))
    if kategori is not None:
        return replace(tilmelding.indskriv(rask, kategori, besked.dato, vilkaar, gruppe), id=sygdom.id)
    if gruppe is not None:
        return udfoert.med(kontaktgruppe.skift(rask, kontaktgruppe.efter_alder(rask, gruppe, vilkaar), tid, vilkaar))
    return udfoert


def _rette_gruppe(person: Person, sygdom: Sygdom, dag: date, vilkaar: Vilkaar) -> int | None:
    """The remembered group, or the one that took its place for a citizen whose flexjob has ended meanwhile."""
    husket = sygdom.husket_gruppe
    if husket is None:
        return None
    ledig = vilkaar.kontrakt.grupperegler[husket].fleksjob_slut
    return ledig if ledig is not None and fleksjob.slutter_i(person, sygdom.fra, dag) else husket


def _dagen_efter(dag: date) -> date:
    return date.fromordinal(dag.toordinal() + 1)
