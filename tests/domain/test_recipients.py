"""Who is told what, over WSRM, over WSB and as domain events."""

from __future__ import annotations

import pytest

from byggeklodser import AKASSE, I_DAG, JOBCENTER, KOMMUNE, NU, borger, kategori, kontrakt, raekke, vilkaar
from vos_contracts.koder.recipients import Beskedtype, RecipientRule
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Aendringstype, Art, Opret
from vos_reference.domain.batchjob import Job
from vos_reference.domain.beslut import beslut, beslut_job
from vos_reference.domain.decision import Aendret, Haendelse, Oprettet, Slettet, Udfoert
from vos_reference.domain.person import Person
from vos_reference.domain.recipients import event_drafts, may_subscribe, wsb_drafts, wsrm_drafts

OPRETTET, AENDRET, SLETTET = Aendringstype.OPRETTET, Aendringstype.AENDRET, Aendringstype.SLETTET
V5, V4, PC1 = Beskedtype.KONTAKTGRUPPE_V5, Beskedtype.KONTAKTGRUPPE_V4, Beskedtype.PERSONKATEGORI_V1


def fortalt(*haendelser: Haendelse, person: Person | None = None) -> list[tuple[Beskedtype, Organisation]]:
    return [
        (en.subject, en.recipient)
        for en in wsrm_drafts(haendelser, person or borger(), NU.date(), kontrakt().wsrm_recipients)
    ]


JOBCENTRETS = [(V5, JOBCENTER), (V4, JOBCENTER)]


def test_jobcentret_faar_alle_kontaktgrupper() -> None:
    for haendelse in (Oprettet(raekke(2)), Aendret(raekke(2, slut=I_DAG)), Slettet(raekke(2))):
        assert fortalt(haendelse) == JOBCENTRETS


def test_jobcentret_faar_alle_kategorier_og_akassen_ingen() -> None:
    for type_ in range(4, 16):
        assert fortalt(Oprettet(raekke(type_, art=Art.PERSONKATEGORI))) == [(PC1, JOBCENTER)]
        assert fortalt(Aendret(raekke(type_, art=Art.PERSONKATEGORI, slut=I_DAG))) == [(PC1, JOBCENTER)]


def test_akassens_fire_tilfaelde_og_ingen_andre() -> None:
    """Every event on every group; only the epic's four reach the fund, and only as version 5."""
    ny = raekke(4, "ny")
    fundet = set()
    for gruppe in kontrakt().kontaktgrupper:
        lukket = raekke(gruppe, slut=I_DAG)
        for navn, haendelse in (
            ("opret", Oprettet(raekke(gruppe))),
            ("luk", Aendret(lukket)),
            ("skift", Aendret(lukket, efterfoelger=ny)),
            ("slet", Slettet(raekke(gruppe))),
        ):
            til_akassen = [besked for besked, modtager in fortalt(haendelse) if modtager == AKASSE]
            assert til_akassen in ([], [V5])
            if til_akassen:
                fundet.add((gruppe, navn))
    assert fundet == {
        (13, "opret"),
        (23, "opret"),
        (25, "luk"),
        (25, "skift"),
    }


def test_uden_medlemskab_faar_ingen_akasse_besked() -> None:
    person = borger()
    uden = [en for en in person.tilknytninger if en.organisation != AKASSE]
    assert fortalt(Oprettet(raekke(13)), person=Person("p", person.cpr, person.foedt, tilknytninger=tuple(uden))) == (
        JOBCENTRETS
    )


def test_beskeder_kommer_i_haendelsernes_orden() -> None:
    gammel, ny = raekke(25, slut=I_DAG), raekke(13, "ny")
    par = [
        (en.subject, en.event.registrering.id, en.recipient)
        for en in wsrm_drafts((Aendret(gammel, ny), Oprettet(ny)), borger(), NU.date(), kontrakt().wsrm_recipients)
    ]
    assert par == [
        (V5, "gammel", JOBCENTER),
        (V4, "gammel", JOBCENTER),
        (V5, "gammel", AKASSE),
        (V5, "ny", JOBCENTER),
        (V4, "ny", JOBCENTER),
        (V5, "ny", AKASSE),
    ]


def wsb_modtagere(haendelse: Haendelse) -> list[tuple[object, Aendringstype]]:
    udkast = wsb_drafts([haendelse], borger(), NU.date(), kontrakt().wsb_recipients)
    return [(en.recipient, en.event.aendringstype) for en in udkast]


@pytest.mark.parametrize(
    ("haendelse", "ventet"),
    [
        (Oprettet(raekke(13)), [(JOBCENTER, OPRETTET), (AKASSE, OPRETTET)]),
        (Oprettet(raekke(23)), [(JOBCENTER, OPRETTET), (AKASSE, OPRETTET)]),
        (Oprettet(raekke(12)), [(JOBCENTER, OPRETTET)]),
        (Oprettet(raekke(25)), [(JOBCENTER, OPRETTET)]),
        (Aendret(raekke(25, slut=I_DAG)), [(JOBCENTER, AENDRET), (AKASSE, AENDRET)]),
        (Aendret(raekke(25, slut=I_DAG), raekke(2)), [(JOBCENTER, AENDRET), (AKASSE, AENDRET)]),
        (Aendret(raekke(24, slut=I_DAG)), [(JOBCENTER, AENDRET)]),
        (Aendret(raekke(13, slut=I_DAG)), [(JOBCENTER, AENDRET)]),
        (Slettet(raekke(13)), [(JOBCENTER, SLETTET)]),
        (Slettet(raekke(25)), [(JOBCENTER, SLETTET)]),
        (Oprettet(kategori(5)), [(JOBCENTER, OPRETTET)]),
        (Aendret(kategori(5)), [(JOBCENTER, AENDRET)]),
    ],
)
def test_hvem_der_fortaelles_over_wsb(haendelse: Haendelse, ventet: list[tuple[object, Aendringstype]]) -> None:
    assert wsb_modtagere(haendelse) == ventet


def test_kun_den_der_nogensinde_fortaelles_may_subscribe() -> None:
    maa = {
        (organisation, art): may_subscribe(organisation.type, art, kontrakt().wsb_recipients)
        for organisation in (JOBCENTER, AKASSE, KOMMUNE)
        for art in Art
    }
    assert [noegle for noegle, svar in maa.items() if svar] == [
        (JOBCENTER, Art.KONTAKTGRUPPE),
        (JOBCENTER, Art.PERSONKATEGORI),
        (AKASSE, Art.KONTAKTGRUPPE),
    ]


ALLE = ("JobSearch", "Kontaktforloeb", "Virksomhedsindsats")
MED_KATEGORI = ("JobSearch", "Kontaktforloeb")


@pytest.mark.parametrize(
    ("haendelse", "aendringstype", "domaener"),
    [
        (Oprettet(raekke(13)), Aendringstype.OPRETTET, ALLE),
        (Aendret(raekke(13, slut=NU)), Aendringstype.AENDRET, ALLE),
        (Slettet(raekke(13)), Aendringstype.SLETTET, ALLE),
        (Oprettet(kategori(8)), Aendringstype.OPRETTET, MED_KATEGORI),
        (Aendret(kategori(8)), Aendringstype.AENDRET, MED_KATEGORI),
        (Slettet(kategori(8)), Aendringstype.SLETTET, MED_KATEGORI),
    ],
)
def test_hver_slags_haendelse_til_hvert_domaene(
    haendelse: Haendelse, aendringstype: Aendringstype, domaener: tuple[str, ...]
) -> None:
    fortalte = list(event_drafts([haendelse], kontrakt().event_recipients))
    assert tuple(en.recipient for en in fortalte) == domaener
    assert {(en.event, en.event.aendringstype) for en in fortalte} == {(haendelse, aendringstype)}


def test_ingen_domaener_ingen_haendelse() -> None:
    assert list(event_drafts([Oprettet(kategori(8))], [RecipientRule(Art.KONTAKTGRUPPE, "X")])) == []


def sagt(udfoert: object) -> list[tuple[str, int, str]]:
    assert isinstance(udfoert, Udfoert)
    til_jobsearch = (
        en.event for en in event_drafts(udfoert.haendelser, kontrakt().event_recipients) if en.recipient == ALLE[0]
    )
    return [(en.registrering.art.value, en.registrering.type, en.aendringstype.name) for en in til_jobsearch]


def test_et_skift_og_det_afledte_fortaelles_i_den_orden_det_skete() -> None:
    person = borger(raekke(2), kategori(5))
    assert sagt(beslut(person, Opret(Art.KONTAKTGRUPPE, 4, NU.replace(hour=0)), vilkaar())) == [
        ("kontaktgruppe", 2, "AENDRET"), ("kontaktgruppe", 4, "OPRETTET"), ("personkategori", 5, "AENDRET"),
    ]  # fmt: skip


def test_et_natligt_job_fortaelles_som_en_kalders() -> None:
    """On the 30th birthday 12 becomes 2, and a category that 2 does not have becomes its default."""
    person = borger(raekke(12), kategori(6), alder=30)
    assert sagt(beslut_job(person, Job.TREDIVE_AAR, vilkaar())) == [
        ("kontaktgruppe", 12, "AENDRET"), ("kontaktgruppe", 2, "OPRETTET"),
        ("personkategori", 6, "AENDRET"), ("personkategori", 8, "OPRETTET"),
    ]  # fmt: skip
