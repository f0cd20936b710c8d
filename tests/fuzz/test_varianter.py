"""Variants of recorded calls: planted defects are found, the reference has none, and what is said of a call is so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fuzzkommando import fuzz

PLANTEDE = {
    "plantede:gemmer_hvad_der_afvises": "efterlod 1 rækker og 3 beskeder",
    "plantede:skriver_navne_som_de_er": "kan ikke forstås",
    "plantede:laeser_hvor_meget_det_skal_vaere": "en krop ud over grænsen",
    "plantede:laeser_hvor_dybt_det_skal_vaere": "et kald, der skal afvises, blev udført",
    "plantede:giver_enhver_andres_sekvens": "af en fremmed ejer blev udført",
    "plantede:laegger_paa_midt_i_svaret": "ubesvaret: ",
    "misdaedere:udfoerer_gentagne_kald": "samme request-id igen gav",
}
KALD = ("--variants", "--seed", "1", "--max-calls", "2500")


@pytest.mark.parametrize("bygger", PLANTEDE)
def test_en_plantet_fejl_findes(bygger: str, tmp_path: Path) -> None:
    fundne = json.loads(fuzz(*KALD, "--json", mappe=tmp_path, kode=1, bygger=bygger).stdout)["findings"]
    assert any(PLANTEDE[bygger] in en["what"] for en in fundne), fundne


def test_et_fund_afspilles(tmp_path: Path) -> None:
    bygger = "plantede:siger_igen_hvad_der_blev_sagt"
    fundne = json.loads(fuzz(*KALD, "--json", mappe=tmp_path, kode=1, bygger=bygger).stdout)["findings"]
    fil = fundne[0]["file"]
    assert "fund: " in fuzz("--replay", fil, mappe=tmp_path, kode=1, bygger=bygger).stdout
    assert "bryder ikke mere og er slettet" in fuzz("--replay", fil, mappe=tmp_path, kode=0).stdout


def test_et_fund_er_krympet(tmp_path: Path) -> None:
    """Who is hung up on for the method alone need say nothing else."""
    bygger = "plantede:laegger_paa_midt_i_svaret"
    fundne = json.loads(fuzz(*KALD, "--json", mappe=tmp_path, kode=1, bygger=bygger).stdout)["findings"]
    filer = [json.loads((tmp_path / en["file"]).read_text("utf-8")) for en in fundne]
    slettet = next(en["kald"] for en in filer if en["operation"].startswith("DELETE"))
    assert slettet["metode"] == "DELETE"
    assert slettet.get("headers", {}) == {}
    assert slettet.get("krop", "") == ""


@pytest.mark.parametrize("bagende", ["converter", "classic"])
def test_referencen_har_ingen(bagende: str, tmp_path: Path) -> None:
    svar = fuzz(f"embedded:backend={bagende}", *KALD, mappe=tmp_path, kode=0).stdout
    assert "0 fund, seed 1" in svar
