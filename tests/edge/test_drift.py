"""The control API's pages for operations: what they refuse, and that a reader who goes on gets everything once."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import msgspec
import pytest

from generalproeve.scene import Scene
from vos_contracts.control.operations import Haendelsesside, Tilstandsside, Udtraeksside
from vos_contracts.control.stage import RegistreringDto
from vos_simulators.people import Borger
from vos_simulators.stage_reader import Driftslaeser
from vos_simulators.transport import HttpTransport


def hent(scene: Scene, sti: str) -> httpx.Response:
    return httpx.get(f"{scene.styring}/styring/{sti}", trust_env=False)


@pytest.mark.parametrize(
    ("sti", "siger"),
    [
        ("haendelser", "domaene: skal være en af JobSearch, Kontaktforloeb, Virksomhedsindsats"),
        ("haendelser?domaene=jobsearch", "domaene: skal være en af"),
        ("haendelser?domaene=JobSearch&efter=-1", "efter: skal være et helt tal, 0 eller større"),
        ("haendelser?domaene=JobSearch&efter=", "efter: skal være et helt tal"),
        ("haendelser?domaene=JobSearch&efter=1&efter=2", "et felt må kun stå én gang"),
        ("haendelser?domaene=JobSearch&fra=1", "fra: kendte felter er antal, domaene, efter"),
        ("udtraek?antal=0", "antal: skal være 1-5000"),
        ("udtraek?antal=5001", "antal: skal være 1-5000"),
        ("udtraek?efter=9999999999999999999999", "efter: skal være et helt tal"),
        ("udtraek/borgere?efter=x", "efter: skal være et helt tal"),
        ("tilstand?domaene=JobSearch", "domaene: kendte felter er antal, efter"),
    ],
)
def test_et_daarligt_spoergsmaal_faar_feltet_og_reglen(scene: Scene, sti: str, siger: str) -> None:
    svar = hent(scene, sti)
    assert svar.status_code == 400
    assert siger in svar.json()["fejl"][0]["fejltekst"]


def test_andre_metoder_afvises(scene: Scene) -> None:
    for sti in ("haendelser", "tilstand", "udtraek", "udtraek/borgere"):
        svar = httpx.post(f"{scene.styring}/styring/{sti}", trust_env=False)
        assert (svar.status_code, svar.headers["allow"]) == (405, "GET")


def test_en_tom_scene_har_tomme_sider(scene: Scene) -> None:
    side = msgspec.json.decode(hent(scene, "tilstand").content, type=Tilstandsside)
    assert (side.borgere, side.naeste) == ((), None)
    tomme = msgspec.json.decode(hent(scene, "haendelser?domaene=JobSearch&efter=7").content, type=Haendelsesside)
    assert tomme == Haendelsesside(naeste=7, haendelser=())
    udtraek = msgspec.json.decode(hent(scene, "udtraek?efter=7").content, type=Udtraeksside)
    assert (udtraek.naeste, udtraek.registreringer, udtraek.borgere) == (7, (), ())


@pytest.mark.parametrize("side", [1, 2, 3, 1000])
def test_i_sider_af_enhver_stoerrelse_kommer_alt_en_gang(
    scene: Scene, ny_borger: Callable[..., Borger], side: int
) -> None:
    borgere = [ny_borger(kontaktgrupper=(RegistreringDto(type=13),)) for _ in range(3)]
    with HttpTransport(scene.styring) as transport:
        laeser = Driftslaeser(transport, side)
        stande = [en for en_side in laeser.tilstand() for en in en_side.borgere]
        haendelser = list(laeser.haendelser("Virksomhedsindsats", 0))
        raekker = [en for en_side in laeser.registreringer(0) for en in en_side.registreringer]
        stamdata = [en for en_side in laeser.borgere(0) for en in en_side.borgere]
    numre = {en.cpr for en in borgere}
    assert len(stande) == len(haendelser) == len(raekker) == len(stamdata) == 3
    assert {en.cpr for en in stande} == {en.haendelse.cpr for en in haendelser} == {en.cpr for en in stamdata} == numre
    assert {en.kontaktgrupper[0].id for en in stande} == {en.id for en in raekker}
    assert {en.borger_id for en in raekker} == {en.borger_id for en in stamdata}
    assert [en.nr for en in haendelser] == sorted({en.nr for en in haendelser})


def test_siden_naevner_den_sidste_haendelse_som_den_forudsaetter(
    scene: Scene, ny_borger: Callable[..., Borger]
) -> None:
    ny_borger(kontaktgrupper=(RegistreringDto(type=13),))
    with HttpTransport(scene.styring) as transport:
        laeser = Driftslaeser(transport)
        (side,) = laeser.tilstand()
        sidste = max(en.nr for domaene in ("JobSearch", "Virksomhedsindsats") for en in laeser.haendelser(domaene, 0))
    assert side.haendelse_nr == sidste
