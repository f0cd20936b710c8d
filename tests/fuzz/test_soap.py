"""Messages made up from the schemas: planted defects are found, the reference has none, and what is made up is what it says."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from fuzzkommando import fuzz
from hypothesis import HealthCheck, given, settings

from byggeklodser import kontrakt
from generalproeve.fuzz.schema_strategy import Skemastrategi
from vos_contracts.wire.soap_skema import tjenester
from vos_contracts.wire.tid import DANSK_TID

PLANTEDE = {
    "misdaedere:oversaetter_fejlkoder_paa_soap": "intern fejl",
    "plantede:tager_imod_en_header_to_gange": "et kald, der skal afvises, blev udført (en header to gange)",
    "plantede:laegger_paa_midt_i_svaret": "ubesvaret: ",
    "plantede:svarer_uden_for_kontrakten": "[4322] er ikke blandt operationens egne",
}
MIDNAT = datetime(2024, 11, 18, tzinfo=DANSK_TID)
OPERATIONER = [
    (tjeneste.navn, operation.navn)
    for tjeneste in tjenester(kontrakt()).values()
    for operation in tjeneste.operationer.values()
]


@pytest.mark.parametrize("bygger", PLANTEDE)
def test_en_plantet_fejl_findes_og_afspilles(bygger: str, tmp_path: Path) -> None:
    flag = ("--soap", "--seed", "1", "--max-calls", "800", "--json")
    (en,) = json.loads(fuzz(*flag, mappe=tmp_path, kode=1, bygger=bygger).stdout)["findings"]
    assert PLANTEDE[bygger] in en["what"]
    assert "fund: " in fuzz("--replay", en["file"], mappe=tmp_path, kode=1, bygger=bygger).stdout
    assert "bryder ikke mere og er slettet" in fuzz("--replay", en["file"], mappe=tmp_path, kode=0).stdout


def test_referencen_har_ingen(tmp_path: Path) -> None:
    svar = fuzz("--soap", "--seed", "1", "--max-calls", "300", mappe=tmp_path, kode=0).stdout
    assert "0 fund, seed 1" in svar


@pytest.mark.parametrize(("tjeneste", "operation"), OPERATIONER)
def test_hvad_der_laves_af_skemaet_er_som_regel_gyldigt(tjeneste: str, operation: str) -> None:
    """Odd times and texts may break a facet; but most of an operation's messages must get past the schema."""
    en, gyldige = tjenester(kontrakt())[tjeneste], []

    @settings(max_examples=30, database=None, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(Skemastrategi(en, ["0203840000"], MIDNAT).element(en.operationer[operation].request))
    def lav(element: object) -> None:
        gyldige.append(not en.brud(element))

    lav()
    assert sum(gyldige) > len(gyldige) // 2
