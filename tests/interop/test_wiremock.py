"""The sender against a stranger: real WireMock with the shipped packs, and its own journal as the witness."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import httpx
import pytest
from wiremock.client import Mappings, Requests, Scenarios
from wiremock.constants import Config
from wiremockserver import wiremock, wiremock_i_container

from byggeklodser import I_DAG, JOBCENTER, identitet, kontrakt
from vos_contracts.base.ids import ny_uuid
from vos_contracts.model.registration import Art, Opret
from vos_contracts.wire.abonnement import Abonnementer, Abonnementsoenske, Synkroniseret
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.wsb import Wsb, WsbBesked
from vos_simulators import wiremock as pakker
from vos_simulators.control import Styring
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Borger
from vos_simulators.transport import HttpTransport


@pytest.fixture(scope="module", params=["jar", "container"])
def modtager(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    start = wiremock(tmp_path_factory.mktemp("wiremock")) if request.param == "jar" else wiremock_i_container()
    with start as adresse:
        Config.base_url = f"{adresse}/__admin"
        yield adresse


def indlaes(adresse: str, navn: str) -> None:
    Mappings.delete_all_mappings()
    httpx.delete(f"{adresse}/__admin/requests", trust_env=False).raise_for_status()  # the client knows version 2's way
    svar = httpx.post(f"{adresse}/__admin/mappings/import", content=pakker.pakke(navn), trust_env=False)
    assert svar.status_code == 200, svar.text
    Scenarios.reset_all_scenarios()


def ankomne() -> list[tuple[str, WsbBesked]]:
    """What WireMock says that it was sent, oldest first."""
    alle = [en.request for en in Requests.get_all_received_requests().requests]
    wsb = Wsb(kontrakt())
    return [(en.url, wsb.laes(en.body.encode())) for en in reversed(alle)]


GENTAGNE = {
    "accepts": 0,
    "fails-three-times": 3,
    "resets-once": 1,
    "answers-nothing-once": 1,
    "answers-garbage-once": 1,
    "slow": 0,
    "redirects-once": 1,
}


@pytest.mark.parametrize("navn", pakker.PAKKER)
def test_enhver_pakke_ender_med_at_alt_er_leveret_i_orden(
    modtager: str, styring: Styring, transport: HttpTransport, ny_borger: Callable[..., Borger], navn: str
) -> None:
    indlaes(modtager, navn)
    system = ny_uuid()
    styring.subscribersystem(system, f"{modtager}/base", JOBCENTER)
    wire = Abonnementer(kontrakt(), Rest(kontrakt()))
    oensker = [Abonnementsoenske(JOBCENTER, 100008, "/wsb", I_DAG.date())]
    svar = transport.send(wire.kald(system, oensker, identitet(), ny_uuid()))
    assert wire.forstaa(svar) == Synkroniseret(1, 0, 0)
    borger = ny_borger()
    kss = Aktoer(identitet(), kontrakt(), transport, ny_uuid)
    for gruppe in (13, 4, 2):
        assert isinstance(kss.registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, gruppe, I_DAG), Kanal.PVS), str)
        styring.flyt_ur(frem=3600)
    assert [(en.venter, en.doede) for en in styring.wsb().modtagere] == [(0, 0)]
    fundne = ankomne()
    assert {sti for sti, _ in fundne} == {"/base/wsb"}, "a redirect was followed"
    enkelte = list({besked.besked_id: besked for _, besked in fundne}.values())
    assert [en.aendringstype for en in enkelte] == [1, 2, 1, 2, 1]
    assert len(fundne) - len(enkelte) == GENTAGNE[navn]


def test_pakkerne_er_gyldige_og_alle_er_med() -> None:
    assert set(GENTAGNE) == {*pakker.PAKKER} == {*pakker.alle()}
    for navn, indhold in pakker.alle().items():
        assert json.loads(indhold)["mappings"], navn
