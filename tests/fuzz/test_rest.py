"""Calls made up from the OpenAPI: planted defects are found by the rule that they break, and the reference has none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fuzzkommando import fuzz

PLANTEDE = {
    "plantede:gemmer_hvad_der_afvises": "efterlod 1 rækker",
    "plantede:tager_imod_et_kald_uden_navn": "uden x-userfullname blev der læst videre",
    "plantede:gaar_ned_paa_en_gruppe": "500",
    "plantede:laegger_paa_midt_i_svaret": "DELETE /v1/PersonVisitering/kontaktgruppe/{kontaktgruppeId}: ubesvaret",
    "misdaedere:udfoerer_gentagne_kald": "samme request-id igen gav",
    "misdaedere:svarer_med_forkert_status": "422",
}


@pytest.mark.parametrize("bygger", PLANTEDE)
def test_en_plantet_fejl_findes(bygger: str, tmp_path: Path) -> None:
    flag = ("--rest", "--seed", "1", "--max-calls", "800", "--json")
    svar = json.loads(fuzz(*flag, mappe=tmp_path, kode=1, bygger=bygger).stdout)
    fundne = [en["what"] for en in svar["findings"]]
    assert any(PLANTEDE[bygger] in en for en in fundne), fundne


def test_et_kald_uden_svar_afspilles(tmp_path: Path) -> None:
    flag, bygger = ("--rest", "--seed", "1", "--max-calls", "800", "--json"), "plantede:laegger_paa_midt_i_svaret"
    fundne = json.loads(fuzz(*flag, mappe=tmp_path, kode=1, bygger=bygger).stdout)["findings"]
    fil = next(str(en["file"]) for en in fundne if "ubesvaret" in en["what"])
    assert "fund: " in fuzz("--replay", fil, mappe=tmp_path, kode=1, bygger=bygger).stdout
    assert "bryder ikke mere og er slettet" in fuzz("--replay", fil, mappe=tmp_path, kode=0).stdout


def test_referencen_har_ingen_og_et_fund_afspilles(tmp_path: Path) -> None:
    """The file is of a call that a bent reference answers wrongly; on the right one it breaks nothing, and goes."""
    svar = fuzz("--rest", "--seed", "1", "--max-calls", "400", mappe=tmp_path, kode=0).stdout
    assert "0 fund, seed 1" in svar
    flag = ("--rest", "--seed", "1", "--max-calls", "800", "--json")
    bygger = "misdaedere:svarer_med_forkert_status"
    fil = str(json.loads(fuzz(*flag, mappe=tmp_path, kode=1, bygger=bygger).stdout)["findings"][0]["file"])
    assert "fund: " in fuzz("--replay", fil, mappe=tmp_path, kode=1, bygger=bygger).stdout
    assert "bryder ikke mere og er slettet" in fuzz("--replay", fil, mappe=tmp_path, kode=0).stdout
    assert not (tmp_path / fil).exists()
