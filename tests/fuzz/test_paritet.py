"""The two channels as each other's oracle: planted defects are found, shrunk, kept, replayed, and the reference has none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fuzzkommando import fuzz


def fund(maal: str, bygger: str, mappe: Path, seed: int) -> tuple[dict[str, Any], Path]:
    """Hunt on a reference with a planted defect; return its one finding, and the file."""
    flag = ("--parity", "--seed", str(seed), "--max-calls", "500", "--json")
    svar = json.loads(fuzz(maal, *flag, mappe=mappe, kode=1, bygger=f"plantede:{bygger}").stdout)
    (et,) = svar["findings"]
    fil = mappe / et["file"]
    indhold: dict[str, Any] = json.loads(fil.read_text("utf-8"))
    return indhold, fil


def test_et_andet_nummer_paa_soap(tmp_path: Path) -> None:
    fundet, _ = fund("embedded:", "andet_nummer_paa_soap", tmp_path, 2)
    assert fundet["forskel"]["hvad"] == ["svar"]
    sidste = fundet["forskel"]["skridt"][-1]
    assert (sidste["prs"]["svar"], sidste["pvs"]["svar"]) == ([4645], [4644])
    assert [en["trin"] for en in fundet["historie"]["trin"]] == ["registrer", "registrer"], "the shortest history"


def test_et_felt_som_kun_rest_kontrollerer(tmp_path: Path) -> None:
    fundet, _ = fund("embedded:backend=classic", "glemmer_kalenderen_paa_soap", tmp_path, 1)
    skridt = fundet["forskel"]["skridt"][-1]
    assert "år" in skridt["trin"]
    assert skridt["prs"]["svar"] != skridt["pvs"]["svar"] == [1014]


def test_et_afslag_der_aendrer_noget_og_filen_der_afspilles(tmp_path: Path) -> None:
    fundet, fil = fund("embedded:", "gemmer_hvad_der_afvises", tmp_path, 1)
    assert fundet["forskel"]["hvad"] == ["rækker", "beskeder", "hændelser"]
    trin = len(fundet["historie"]["trin"])
    assert trin <= 2
    igen = fuzz("--replay", str(fil), mappe=tmp_path, kode=1, bygger="plantede:gemmer_hvad_der_afvises").stdout
    assert f"fund: PRS og PVS skilles efter {trin} trin: rækker, beskeder, hændelser" in igen
    assert "PRS (SOAP)" in igen
    assert "rækker må" in igen
    assert "gemt i" in igen
    assert fil.exists()
    assert "bryder ikke mere og er slettet" in fuzz("--replay", str(fil), mappe=tmp_path, kode=0).stdout
    assert not fil.exists()


def test_en_webservicebesked_der_siger_noget_andet(tmp_path: Path) -> None:
    """As many come, to the same authorities; only whoever receives them can see it."""
    fundet, _ = fund("embedded:", "melder_alt_paa_soap_som_nyt", tmp_path, 1)
    assert fundet["forskel"]["hvad"] == ["beskeder"]
    sidste = fundet["forskel"]["skridt"][-1]
    prs, pvs = ([en for en in sidste[kanal]["beskeder"] if en not in sidste[anden]["beskeder"]]
                for kanal, anden in (("prs", "pvs"), ("pvs", "prs")))  # fmt: skip
    assert {en[0] for en in (*prs, *pvs)} <= {"webhook /kontaktgruppe", "webhook /personkategori"}
    assert {en[1]["aendringstype"] for en in prs} == {1} != {en[1]["aendringstype"] for en in pvs}


@pytest.mark.parametrize("udgave", ["2024-3", "2024-4", "2025-1"])
def test_referencen_er_ens_paa_begge_kanaler(udgave: str, tmp_path: Path) -> None:
    """In 2024-3 the table says that 100028 and 100029 are REST's alone, or for some."""
    flag = ("--parity", "--seed", "6", "--max-calls", "80")
    svar = fuzz(f"embedded:release={udgave}", *flag, mappe=tmp_path, kode=0).stdout
    assert "0 fund, seed 6" in svar
    assert not (tmp_path / "fuzz").exists()


def test_samme_seed_er_samme_kald(tmp_path: Path) -> None:
    flag = ("--parity", "--seed", "11", "--max-calls", "30", "--json")
    foerst, igen = (json.loads(fuzz(*flag, mappe=tmp_path, kode=0).stdout) for _ in range(2))
    assert foerst["calls"] == igen["calls"] != {"paritet": 0}


def test_hvor_prs_er_udgaaet_er_der_intet_at_spille(tmp_path: Path) -> None:
    svar = fuzz("embedded:release=2025-2", "--parity", mappe=tmp_path, kode=5).stdout
    assert "udeladt: paritet - i 2025-2 findes PersonRegistrationService ikke mere" in svar


def test_hvad_der_ikke_kan_spilles(tmp_path: Path) -> None:
    assert "--allow-remote" in fuzz("https://proeve.example.dk", "--parity", mappe=tmp_path, kode=2).stderr
    fuzz("http://127.0.0.1:9", "--parity", mappe=tmp_path, kode=3)
    fuzz("--max-time", "0", mappe=tmp_path, kode=4)
    assert "no such file" in fuzz("--replay", "x.json", mappe=tmp_path, kode=2).stderr
    (tmp_path / "y.json").write_text("{}")
    assert "is not a finding" in fuzz("--replay", "y.json", mappe=tmp_path, kode=2).stderr


def test_en_besked_der_ikke_kan_laeses_er_et_fund(tmp_path: Path) -> None:
    """The classic back end takes a time that no message can carry; both twins have it, and it is found all the same."""
    trin = {"trin": "registrer", "art": "kontaktgruppe", "type": 2, "haendelse": {"aar": 1900}}
    fil = tmp_path / "f.json"
    tomt = {"hvad": [], "skridt": []}
    fil.write_text(json.dumps({"art": "paritet", "seed": 1, "udgave": "2024-4", "bagende": "classic",
                               "historie": {"trin": [trin]}, "forskel": tomt}))  # fmt: skip
    flag = ("embedded:backend=classic", "--replay", str(fil))
    svar = fuzz(*flag, mappe=tmp_path, kode=1, bygger="plantede:glemmer_kalenderen_paa_soap").stdout
    assert "beskeder" in svar
    assert "læses" in svar
