"""Who is told by WSB, and what becomes of a message after an attempt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from byggeklodser import AKASSE, I_DAG, JOBCENTER, KOMMUNE, NU, borger, kategori, kontrakt, raekke
from vos_contracts.control.webhooks import Wsbtilstand
from vos_contracts.koder.haendelse import Aendringstype
from vos_contracts.model.registration import Art
from vos_reference.domain.haendelser import Aendret, Haendelse, Oprettet, Slettet
from vos_reference.domain.retry import (
    Brast,
    Forsoegssvar,
    Leveret,
    Opgivet,
    Svarede,
    Udskudt,
    afgoer,
    maa_abonnere,
    ventetid_efter,
    wsbudkast,
)

OPRETTET, AENDRET, SLETTET = Aendringstype.OPRETTET, Aendringstype.AENDRET, Aendringstype.SLETTET


def modtagere(haendelse: Haendelse) -> list[tuple[object, Aendringstype]]:
    udkast = wsbudkast([haendelse], borger(), NU.date(), kontrakt().wsb_modtagere)
    return [(en.modtager, en.aendringstype) for en in udkast]


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
def test_hvem_der_fortaelles(haendelse: Haendelse, ventet: list[tuple[object, Aendringstype]]) -> None:
    assert modtagere(haendelse) == ventet


def test_kun_den_der_nogensinde_fortaelles_maa_abonnere() -> None:
    maa = {
        (organisation, art): maa_abonnere(organisation.type, art, kontrakt().wsb_modtagere)
        for organisation in (JOBCENTER, AKASSE, KOMMUNE)
        for art in Art
    }
    assert [noegle for noegle, svar in maa.items() if svar] == [
        (JOBCENTER, Art.KONTAKTGRUPPE),
        (JOBCENTER, Art.PERSONKATEGORI),
        (AKASSE, Art.KONTAKTGRUPPE),
    ]


def test_ventetiden_vokser_til_tre_timer() -> None:
    sekunder = [ventetid_efter(forsoeg).total_seconds() for forsoeg in range(1, 16)]
    assert sekunder == [1, 3, 7, 15, 31, 63, 127, 255, 511, 1023, 2047, 4095, 8191, 10800, 10800]
    assert ventetid_efter(1_000_000) == timedelta(hours=3)


@pytest.mark.parametrize(
    ("svar", "designet", "observeret"),
    [
        (Svarede(200), Leveret(), Leveret()),
        (Svarede(204), Leveret(), Leveret()),
        (Svarede(500), Udskudt(timedelta(seconds=3), "status 500"), Udskudt(timedelta(seconds=3), "status 500")),
        (Svarede(503), Udskudt(timedelta(seconds=3), "status 503"), Udskudt(timedelta(seconds=3), "status 503")),
        (Svarede(404), Opgivet("status 404"), Udskudt(timedelta(seconds=3), "status 404")),
        (Svarede(403), Opgivet("status 403"), Udskudt(timedelta(seconds=3), "status 403")),
        (Svarede(307), Opgivet("status 307"), Udskudt(timedelta(seconds=3), "status 307")),
        (Svarede(199), Opgivet("status 199"), Udskudt(timedelta(seconds=3), "status 199")),
        (Brast("nulstillet"), Opgivet("nulstillet"), Udskudt(timedelta(seconds=3), "nulstillet")),
    ],
)
def test_hvad_der_bliver_af_beskeden(svar: Forsoegssvar, designet: object, observeret: object) -> None:
    assert afgoer(svar, 2, Wsbtilstand.DESIGNET) == designet
    assert afgoer(svar, 2, Wsbtilstand.OBSERVERET) == observeret


@pytest.mark.parametrize(
    ("oensket", "ventetid"),
    [(timedelta(seconds=1), 3), (timedelta(minutes=2), 120), (timedelta(days=9), 10_800)],
)
def test_retry_after_kan_kun_forlaenge_og_hoejst_til_tre_timer(oensket: timedelta, ventetid: int) -> None:
    udfald = afgoer(Svarede(503, oensket), 2, Wsbtilstand.DESIGNET)
    assert udfald == Udskudt(timedelta(seconds=ventetid), "status 503")
    assert afgoer(Svarede(404, oensket), 2, Wsbtilstand.DESIGNET) == Opgivet("status 404")
