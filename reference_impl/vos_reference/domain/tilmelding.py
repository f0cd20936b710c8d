"""What may happen to an enrolment as a job-seeker, and the contact group that follows from it (UES8; DECISIONS section 4).

The group of an enrolled citizen is changed by changing the enrolment, never by itself (100029, `kontaktgruppe`). Ending an
enrolment leaves the group open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from vos_contracts.koder.aktoerer import Klientsystem, Organisationstype
from vos_contracts.koder.fejl import Fejl
from vos_contracts.model.neighbours import Afmeld, Tilmeld
from vos_reference.domain import kontaktgruppe
from vos_reference.domain.decision import Beslutning, Udfoert, Vilkaar, afvist
from vos_reference.domain.person import Person, Tilmelding
from vos_reference.domain.tid import alder, midnat

TILBAGE = timedelta(days=10)
"""How far back an enrolment may be dated (4338)."""
FREM = timedelta(days=30)
"""How far ahead an enrolment may be ended (4322; 60 days in case of a less intensive effort, which is not known here)."""
IKKE_LEDIG = 3
"""4339: the degree of unemployment for those without benefit only; another degree that does not fit is 6014."""
PENSIONSALDER = 65
"""4763: from that age, Jobnet enrols without benefit only."""


def tilmeld(person: Person, kommando: Tilmeld, vilkaar: Vilkaar) -> Beslutning:
    """Enrol, or change the category of the enrolment; the contact group follows."""
    fejl = [*_datofejl(person, kommando, vilkaar), *tilmeldefejl(person, kommando, vilkaar)]
    if person.sygdom is not None or any(
        en.gaelder(vilkaar.dag) and en.type in vilkaar.kontrakt.fravaer_uden_tilmelding for en in person.fravaer
    ):
        fejl.append(Fejl(4750))
    if fejl:
        return afvist(*fejl)
    return indskriv(person, kommando.kategori, kommando.dato, vilkaar)


def tilmeldefejl(person: Person, kommando: Tilmeld, vilkaar: Vilkaar) -> Iterator[Fejl]:
    """Establish what keeps the citizen from being enrolled in that category, the day apart."""
    kategori = vilkaar.kontrakt.tilmeldekategorier.get(kommando.kategori)
    if kategori is None:
        yield Fejl(4313)
    if kommando.ledighedsgrad not in vilkaar.kontrakt.ledighedsgrader:
        yield Fejl(4314)
    if kategori is None:
        return
    if kommando.ledighedsgrad in vilkaar.kontrakt.ledighedsgrader and not kategori.tillader(kommando.ledighedsgrad):
        yield Fejl(4339 if kommando.ledighedsgrad == IKKE_LEDIG else 6014)
    if kategori.kraever_medlemskab and person.tilknyttet(Organisationstype.AKASSE, vilkaar.dag) is None:
        yield Fejl(4417)
    paa_jobnet = vilkaar.kalder.identitet.system == Klientsystem.JOBNET
    if paa_jobnet and alder(person.foedt, vilkaar.dag) >= PENSIONSALDER and not kategori.uden_ydelse:
        yield Fejl(4763)
    gruppe = kategori.gruppe(alder(person.foedt, vilkaar.dag))
    if kontaktgruppe.for_gammel(person, gruppe, vilkaar):
        yield Fejl(4641, "kategoriens kontaktgruppe er i uoverensstemmelse med borgers alder")
    yield from kontaktgruppe.fravaerskonflikt(person, gruppe, vilkaar)


def _datofejl(person: Person, kommando: Tilmeld, vilkaar: Vilkaar) -> Iterator[Fejl]:
    if not vilkaar.dag - TILBAGE <= kommando.dato <= vilkaar.dag:
        yield Fejl(4338)
    nu = person.tilmelding
    if nu is not None and (kommando.dato < nu.fra or kommando.kategori == nu.kategori):
        yield Fejl(4316, f"tilmeldt i kategori {nu.kategori} siden {nu.fra.isoformat()}")
    elif any(en.til is not None and kommando.dato < en.til for en in person.tidligere_tilmeldinger):
        yield Fejl(4316, "datoen ligger i eller før en tidligere tilmelding")


def indskriv(person: Person, kategori: int, dato: date, vilkaar: Vilkaar, gruppe: int | None = None) -> Udfoert:
    """Carry out an enrolment that nothing keeps back; the group is the category's unless another is given."""
    ny = Tilmelding(kategori, dato, None, vilkaar.kalder.identitet)
    tilmeldt = replace(slut(person, dato), tilmelding=ny)
    if gruppe is None:
        gruppe = vilkaar.kontrakt.tilmeldekategorier[kategori].gruppe(alder(person.foedt, vilkaar.dag))
    gruppe = kontaktgruppe.efter_alder(person, gruppe, vilkaar)
    return Udfoert(vilkaar.nye.kontaktgruppe, tilmeldt, ()).med(
        kontaktgruppe.skift(tilmeldt, gruppe, midnat(dato), vilkaar)
    )


def afmeld(person: Person, kommando: Afmeld, vilkaar: Vilkaar) -> Beslutning:
    """End the enrolment today, or on a day within thirty days, which the nightly job carries out."""
    fejl = []
    nu = person.tilmelding
    if nu is None:
        fejl.append(Fejl(4367))
    elif nu.til is not None:
        fejl.append(Fejl(4317, f"tilmeldingen er allerede afsluttet pr. {nu.til.isoformat()}"))
    if not vilkaar.dag <= kommando.dato <= vilkaar.dag + FREM:
        fejl.append(Fejl(4322))
    if kommando.aarsag not in vilkaar.kontrakt.afmeldingsaarsager:
        fejl.append(Fejl(4340))
    if fejl or nu is None:
        return afvist(*fejl)
    id_ = vilkaar.nye.kontaktgruppe
    if kommando.dato > vilkaar.dag:
        planlagt = replace(nu, til=kommando.dato, registrant=vilkaar.kalder.identitet)
        return Udfoert(id_, replace(person, tilmelding=planlagt), ())
    return Udfoert(id_, slut(person, kommando.dato), ())


def slut(person: Person, dag: date) -> Person:
    """Return the citizen with the enrolment ended on that day, never before it began; not enrolled is no change."""
    nu = person.tilmelding
    if nu is None:
        return person
    ophoert = replace(nu, til=max(dag, nu.fra))
    return replace(person, tilmelding=None, tidligere_tilmeldinger=(*person.tidligere_tilmeldinger, ophoert))
