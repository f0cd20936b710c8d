"""The webservice message on the wire: written and read alike, every breach named, every name from the contract."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from byggeklodser import JOBCENTER, NU, kontrakt
from vos_contracts import asyncapi
from vos_contracts.kontrakt import indlaes
from vos_contracts.model.registration import Aendringstype, Art
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.wsb import Wsb, WsbBesked

BESKED = WsbBesked(
    "0193e6a0-0000-7000-8000-000000000001", 100008, "Kontaktgruppe", "0193e6a0-0000-7000-8000-000000000002",
    "0203840000", Aendringstype.SLETTET, JOBCENTER, NU,
)  # fmt: skip
WSB = Wsb(kontrakt())


def test_frem_og_tilbage() -> None:
    assert WSB.laes(WSB.skriv(BESKED)) == BESKED


def test_konvolutten_er_den_antagne() -> None:
    assert msgspec.json.decode(WSB.skriv(BESKED)) == {
        "metadata": {
            "beskedId": BESKED.besked_id,
            "entitetId": 100008,
            "entitetNavn": "Kontaktgruppe",
            "eksternIdentifier": BESKED.id,
            "versionIdentifier": None,
            "identifikationstypeId": 1,
            "identifikation": "0203840000",
            "aendringstype": 3,
            "organisationType": 8,
            "organisationKode": "10100",
            "registreringstidspunkt": "2024-11-18T09:00:00+01:00",
        },
        "body": None,
    }


def test_entiteterne_har_hver_sit_nummer() -> None:
    assert {art: (en.id, en.navn) for art, en in kontrakt().wsb_entiteter.items()} == {
        Art.KONTAKTGRUPPE: (100008, "Kontaktgruppe"),
        Art.PERSONKATEGORI: (100009, "Personkategori"),
    }


@pytest.mark.parametrize(
    ("krop", "siger"),
    [
        (b"", "beskeden kan ikke l"),
        (b"{}", "metadata"),
        (WSB.skriv(BESKED)[:-1], "beskeden kan ikke l"),
        (WSB.skriv(BESKED).replace(b'"body"', b'"\xff"'), "utf-8"),
        (WSB.skriv(replace(BESKED, besked_id="x")), "beskedId: skal være en uuid"),
        (WSB.skriv(replace(BESKED, id="x")), "eksternIdentifier: skal være en uuid"),
        (WSB.skriv(replace(BESKED, cpr="020384-0000")), "identifikation: skal være ti cifre"),
        (WSB.skriv(replace(BESKED, registreret=datetime(2024, 1, 1))), "registreringstidspunkt: skal have offset"),  # noqa: DTZ001 - the breach
        (WSB.skriv(BESKED).replace(b'"aendringstype":3', b'"aendringstype":4'), "aendringstype"),
        (WSB.skriv(BESKED).replace(b'"identifikationstypeId":1', b'"identifikationstypeId":2'), "skal være 1 (CPR)"),
    ],
)
def test_ethvert_brud_navngives(krop: bytes, siger: str) -> None:
    with pytest.raises(RemoteWireError) as fanget:
        WSB.laes(krop)
    assert {en.kode for en in fanget.value.fejl} == {1014}
    assert siger in str(fanget.value)


def test_et_overlay_omdoeber_konvolutten(tmp_path: Path) -> None:
    (tmp_path / "navne.csv").write_text("noegle,vaerdi\nwsb.beskedId,messageId\nwsb.metadata,header\n", "utf-8")
    (tmp_path / "wsb_entitet.csv").write_text("art,entitet_id,navn\npersonkategori,100010,PK\n", "utf-8")
    omdoebt = indlaes(tmp_path)
    wsb = Wsb(omdoebt)
    assert wsb.laes(wsb.skriv(BESKED)) == BESKED
    assert b'{"header":{"messageId":' in wsb.skriv(BESKED)
    assert omdoebt.wsb_entiteter[Art.PERSONKATEGORI].id == 100010
    with pytest.raises(RemoteWireError):
        WSB.laes(wsb.skriv(BESKED))


def test_den_gemte_asyncapi_er_den_der_laves() -> None:
    gemt = files("vos_contracts").joinpath("schemas", "wsb", "asyncapi.json").read_text("utf-8")
    assert gemt == asyncapi.kanonisk(kontrakt())


@pytest.mark.parametrize("art", Art)
@pytest.mark.parametrize("aendring", Aendringstype)
def test_skemaet_kender_hvad_der_skrives(art: Art, aendring: Aendringstype) -> None:
    entitet = kontrakt().wsb_entiteter[art]
    besked = replace(BESKED, entitet_id=entitet.id, entitet_navn=entitet.navn, aendringstype=aendring)
    skema = asyncapi.skema(kontrakt(), entitet)
    Draft202012Validator.check_schema(skema)
    validator = Draft202012Validator(skema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    skrevet = msgspec.json.decode(WSB.skriv(besked))
    assert list(validator.iter_errors(skrevet)) == []
    for navn, daarlig in {
        "beskedId": "x",
        "entitetId": 7,
        "identifikation": "020384-0000",
        "aendringstype": 4,
        "organisationKode": "",
        "identifikationstypeId": 2,
    }.items():
        assert not validator.is_valid({**skrevet, "metadata": {**skrevet["metadata"], navn: daarlig}}), navn
        uden = {felt: vaerdi for felt, vaerdi in skrevet["metadata"].items() if felt != navn}
        assert not validator.is_valid({**skrevet, "metadata": uden}), navn


def test_henvisningerne_i_asyncapi_findes() -> None:
    dokument = asyncapi.asyncapi(kontrakt())
    tekst = msgspec.json.encode(dokument).decode()
    for peger in re.findall(r'"\$ref":"#/([^"]+)"', tekst):
        sted: Any = dokument
        for del_ in peger.split("/"):
            sted = sted[del_]
        assert sted, peger
