from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def kommando(*flag: str, mappe: Path, kode: int = 0) -> str:
    resultat = subprocess.run(
        [sys.executable, "-m", "generalproeve", "contracts", *flag],
        cwd=mappe, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert resultat.returncode == kode, resultat.stdout + resultat.stderr
    return resultat.stdout + resultat.stderr


def test_list_og_show(tmp_path: Path) -> None:
    dele = {del_["name"]: del_ for del_ in json.loads(kommando("list", "--json", mappe=tmp_path))}
    assert dele["wsrm_modtager"]["epic"] == 9
    raekker = json.loads(kommando("show", "fejl", "--json", mappe=tmp_path))
    assert next(en for en in raekker if en["kode"] == "100028") == {
        "kode": "100028", "dansk": "Slutdato kan ikke være fremtidig", "engelsk": "", "http_status": "400",
        "beskrivelse": "new in 2024-4", "kilde": "epic, service table", "sikkerhed": "epic",
    }  # fmt: skip
    assert "<wsdl:definitions" in kommando("show", "soap/PersonRegistrationService.v9.wsdl", mappe=tmp_path)
    golden = [navn for navn in dele if navn.startswith("eksempler/")]  # one stands for all: a process each is minutes
    for navn in dele.keys() - {*golden[1:]}:
        assert kommando("show", navn, mappe=tmp_path)


def test_export_kan_laegges_over_igen(tmp_path: Path) -> None:
    kommando("export", "ud", mappe=tmp_path)
    assert (tmp_path / "ud" / "openapi" / "PersonVisiteringService.v1.json").is_file()
    navne = tmp_path / "ud" / "koder" / "navne.csv"
    overlay = tmp_path / "rettelser"
    overlay.mkdir()
    (overlay / "navne.csv").write_text(navne.read_text("utf-8").replace("x-userFullName", "x-navn"), "utf-8")
    svar = kommando("check", "--contract", "rettelser", mappe=tmp_path)
    assert "overlay rettelser: 1 changes" in svar
    assert "navne/header.brugerNavn.vaerdi: 'x-userFullName' -> 'x-navn'" in svar
    assert "0 breaches" in svar


def test_de_navne_list_viser_kan_vises(tmp_path: Path) -> None:
    vist = {linje.split()[0] for linje in kommando("list", mappe=tmp_path).splitlines() if linje.strip()}
    assert {del_["name"] for del_ in json.loads(kommando("list", "--json", mappe=tmp_path))} <= vist


def test_en_tabel_der_ikke_vises_paa_en_terminal_har_en_linje_pr_raekke(tmp_path: Path) -> None:
    overskrift, *raekker = kommando("show", "fejl", mappe=tmp_path).splitlines()
    assert overskrift.split() == ["kode", "dansk", "engelsk", "http_status", "beskrivelse", "kilde", "sikkerhed"]
    assert len(raekker) == len(json.loads(kommando("show", "fejl", "--json", mappe=tmp_path)))
    assert any(en.startswith("100028") and "Slutdato kan ikke være fremtidig" in en for en in raekker)


def test_en_tabel_som_overlayet_har_toemt(tmp_path: Path) -> None:
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "ledighedsgrad.csv").write_text("kode,handling\n1,fjern\n2,fjern\n3,fjern\n", "utf-8")
    assert kommando("show", "ledighedsgrad", "--contract", "o", mappe=tmp_path).split()[0] == "kode"
    kommando("export", "ud", "--contract", "o", mappe=tmp_path)
    toemt = (tmp_path / "ud" / "koder" / "ledighedsgrad.csv").read_text("utf-8")
    assert toemt.splitlines() == ["kode,navn,kilde,sikkerhed"]


@pytest.mark.parametrize(
    ("filnavn", "indhold", "tekst"),
    [
        ("fejl.csv", "kode,dansk\n100028,Noget andet\n", "dansk is epic (epic, service table); an overlay may change"),
        ("fejl.csv", "kode,http_status\n4644,fire\n", "fejl/4644.http_status: 'fire' must be a number 400-599"),
        ("ukendt.csv", "a\n", "not a contract table"),
        ("udgave.csv", "udgave,regel,vaerdi\n2024-4,prs_soap,maaske\n", "'maaske' is not a valid PrsSoap"),
    ],
)
def test_et_overlay_der_ikke_kan_bruges(tmp_path: Path, filnavn: str, indhold: str, tekst: str) -> None:
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / filnavn).write_text(indhold, "utf-8")
    assert tekst in kommando("check", "--contract", "o", mappe=tmp_path, kode=2)
