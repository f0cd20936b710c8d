"""Set the stage: put synthetic citizens and what they already have into the store, all of them or none.

The business domains hear of what a citizen already has, as of an initial load. Refuses a CPR number that could be a human
being's unless the stage was started with an explicit switch (DESIGN rule 8).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from vos_contracts.control.operations import OPSAETTER
from vos_contracts.control.stage import PersonDto, PersonerDto, RegistreringDto, TilknytningDto
from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.model.cpr import foedselsdato, kan_tilhoere_nogen, maskeret
from vos_contracts.model.identity import Bruger, Identitet, Organisation
from vos_contracts.model.registration import Art
from vos_contracts.wire.rest import UUID
from vos_contracts.wire.tid import FOERSTE_AAR, SIDSTE_AAR, i_kalenderen
from vos_reference.application.drift import Drift
from vos_reference.application.ports import StoreOptaget
from vos_reference.application.registration import raise_events
from vos_reference.domain.batchjob import forfald
from vos_reference.domain.decision import Afvist, Oprettet, afvist
from vos_reference.domain.person import Forloeb, Fravaer, Person, Registrering, Tilknytning, Tilmelding
from vos_reference.domain.tid import dansk_dag


@dataclass(frozen=True, slots=True)
class Opsat:
    """The citizens are on the stage; per citizen the ids of the registrations, contact groups first."""

    registreringer: tuple[tuple[str, ...], ...]


def opsaet(drift: Drift, oenske: PersonerDto, *, tillad_rigtige_cpr: bool) -> Opsat | Afvist:
    """Store the citizens and the known numbers, or say everything that is wrong with them."""
    fejl = [fejl for person in oenske.personer for fejl in _personfejl(drift, person)]
    for cpr in (*(en.cpr for en in oenske.personer), *oenske.kendte_cpr):
        fejl += cprfejl(cpr, tillad_rigtige_cpr=tillad_rigtige_cpr)
    ider = [en.id for person in oenske.personer for en in (*person.kontaktgrupper, *person.personkategorier) if en.id]
    fejl += [Fejl(4977, f"id {id_} står to gange") for id_, antal in Counter(ider).items() if antal > 1]
    if fejl:
        return afvist(*fejl)
    personer = [_person(drift, en) for en in oenske.personer]
    try:
        with drift.store.transaktion() as t:
            for id_ in ider:
                if t.registrering_findes(id_):
                    return afvist(Fejl(4977, f"id {id_}"))
            for person in personer:
                t.opret_person(person, forfald(person, drift.kontrakt, drift.ur.now()))
                raise_events(drift, t, person, map(Oprettet, person.historik), drift.ur.now())
            for cpr in oenske.kendte_cpr:
                t.kend_cpr(cpr)
    except StoreOptaget as optaget:
        return afvist(Fejl(4977, str(optaget)))
    drift.haendelser_rejst()
    return Opsat(tuple(tuple(raekke.id for raekke in person.historik) for person in personer))


def opsaetter(now: datetime) -> Identitet:
    """Return who stands as registrant of what was seeded: STAR, as the system that set the stage."""
    return Identitet(OPSAETTER, Bruger("Generalprøve opsætning", 3, "generalproeve"), OPSAETTER, now)


def cprfejl(cpr: str, *, felt: str = "cpr", tillad_rigtige_cpr: bool) -> Iterator[Fejl]:
    """Establish what is wrong with a number, naming the field: not a number, or one that could be a human being's."""
    if foedselsdato(cpr) is None:
        yield Fejl(1001, f"{felt} {maskeret(cpr)}: skal være ti cifre, der begynder med en dato")
    elif kan_tilhoere_nogen(cpr) and not tillad_rigtige_cpr:
        yield Fejl(
            VALIDERER_IKKE,
            f"{felt} {maskeret(cpr)}: kan tilhøre et menneske; brug et nummer, der ikke opfylder modulus 11 og ikke er født "
            "1. januar, eller start med --allow-real-cpr",
        )


def _personfejl(drift: Drift, person: PersonDto) -> Iterator[Fejl]:
    kontrakt = drift.kontrakt
    tilmeldt = [] if person.tilmeldekategori is None else [person.tilmeldekategori]
    kodelister: tuple[tuple[str, Sequence[int], Container[int]], ...] = (
        ("kontaktgrupper.type", [en.type for en in person.kontaktgrupper], kontrakt.kontaktgrupper),
        ("personkategorier.type", [en.type for en in person.personkategorier], kontrakt.personkategorier),
        (
            "tilknytninger.organisationType",
            [en.organisation_type for en in person.tilknytninger],
            kontrakt.organisationstyper,
        ),
        ("gaester.organisationType", [en.organisation_type for en in person.gaester], kontrakt.organisationstyper),
        ("fravaer.type", [en.type for en in person.fravaer], kontrakt.fravaerstyper),
        ("tilmeldekategori", tilmeldt, kontrakt.tilmeldekategorier),
    )
    for felt, koder, liste in kodelister:
        yield from (Fejl(2002, f"{felt}: {kode} findes ikke") for kode in koder if kode not in liste)
    yield from _registreringsfejl(drift, person)


def _registreringsfejl(drift: Drift, person: PersonDto) -> Iterator[Fejl]:
    dag = dansk_dag(drift.ur.now())
    for felt, liste in (("kontaktgrupper", person.kontaktgrupper), ("personkategorier", person.personkategorier)):
        if sum(en.slut is None or dansk_dag(en.slut) > dag for en in liste if _i_kalenderen(en)) > 1:
            yield Fejl(4644, f"{felt}: kun én kan være åben")
        for en in liste:
            if en.id is not None and not UUID.fullmatch(en.id):
                yield Fejl(VALIDERER_IKKE, f"{felt}.id: skal være en uuid")
            if not _i_kalenderen(en):
                yield Fejl(
                    VALIDERER_IKKE,
                    f"{felt}: start og slut skal have offset og ligge i årene {FOERSTE_AAR}-{SIDSTE_AAR}",
                )
            elif en.start is not None and en.slut is not None and en.slut < en.start:
                yield Fejl(VALIDERER_IKKE, f"{felt}.slut: må ikke ligge før start")


def _i_kalenderen(en: RegistreringDto) -> bool:
    return all(tid is None or (tid.tzinfo is not None and i_kalenderen(tid)) for tid in (en.start, en.slut))


def _person(drift: Drift, dto: PersonDto) -> Person:
    foedt = foedselsdato(dto.cpr)
    assert foedt is not None, "checked before"
    historik = [
        _registrering(drift, art, en)
        for art, liste in ((Art.KONTAKTGRUPPE, dto.kontaktgrupper), (Art.PERSONKATEGORI, dto.personkategorier))
        for en in liste
    ]
    return Person(
        id=drift.ider(),
        cpr=dto.cpr,
        foedt=foedt,
        doed=dto.doed,
        tilknytninger=_tilknytninger(dto.tilknytninger),
        gaester=_tilknytninger(dto.gaester),
        tilmelding=None if dto.tilmeldekategori is None else Tilmelding(dto.tilmeldekategori),
        fravaer=tuple(Fravaer(en.type, en.fra, en.til, drift.ider()) for en in dto.fravaer),
        fleksjob=tuple(Forloeb(drift.ider(), en.fra, en.til) for en in dto.fleksjob),
        tillaeg=tuple(Forloeb(drift.ider(), en.fra, en.til) for en in dto.aktivitetstillaeg),
        historik=tuple(historik),
    )


def _tilknytninger(dtoer: Sequence[TilknytningDto]) -> tuple[Tilknytning, ...]:
    return tuple(Tilknytning(Organisation(en.organisation_type, en.organisation_kode), en.fra, en.til) for en in dtoer)


def _registrering(drift: Drift, art: Art, dto: RegistreringDto) -> Registrering:
    now = drift.ur.now()
    return Registrering(
        id=dto.id or drift.ider(),
        art=art,
        type=dto.type,
        haendelse=None,
        start=dto.start or now,
        slut=dto.slut,
        er_slettet=False,
        registrant=opsaetter(now),
        registreret=now,
    )
