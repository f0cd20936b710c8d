from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def command(*flag: str, folder: Path, code: int = 0) -> str:
    result = subprocess.run(
        [sys.executable, "-m", "generalproeve", "contracts", *flag],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert result.returncode == code, result.stdout + result.stderr
    return result.stdout + result.stderr


def test_list_og_show(tmp_path: Path) -> None:
    parts = {part_["name"]: part_ for part_ in json.loads(command("list", "--json", folder=tmp_path))}
    assert parts["wsrm_recipient"]["epic"] == 9
    rows = json.loads(command("show", "errors", "--json", folder=tmp_path))
    assert next(row for row in rows if row["code"] == "100028") == {
        "code": "100028", "danish": "Slutdato kan ikke være fremtidig", "english": "", "http_status": "400",
        "beskrivelse": "new in 2024-4", "source": "epic, service table", "certainty": "epic",
    }  # fmt: skip
    assert "<wsdl:definitions" in command("show", "soap/PersonRegistrationService.v9.wsdl", folder=tmp_path)
    golden = [name for name in parts if name.startswith("eksempler/")]  # one stands for all: a process each is minutes
    for name in parts.keys() - {*golden[1:]}:
        assert command("show", name, folder=tmp_path)


def test_export_kan_laegges_over_igen(tmp_path: Path) -> None:
    command("export", "out", folder=tmp_path)
    assert (tmp_path / "out" / "openapi" / "PersonVisiteringService.v1.json").is_file()
    names = tmp_path / "out" / "tables" / "names.csv"
    overlay = tmp_path / "rettelser"
    overlay.mkdir()
    (overlay / "names.csv").write_text(names.read_text("utf-8").replace("x-userFullName", "x-navn"), "utf-8")
    response = command("check", "--contract", "rettelser", folder=tmp_path)
    assert "overlay rettelser: 1 changes" in response
    assert "navne/header.userName.vaerdi: 'x-userFullName' -> 'x-navn'" in response
    assert "0 breaches" in response


def test_de_navne_list_viser_kan_vises(tmp_path: Path) -> None:
    shown = {line.split()[0] for line in command("list", folder=tmp_path).splitlines() if line.strip()}
    assert {part_["name"] for part_ in json.loads(command("list", "--json", folder=tmp_path))} <= shown


def test_en_tabel_der_ikke_vises_paa_en_terminal_har_en_linje_pr_raekke(tmp_path: Path) -> None:
    heading, *rows = command("show", "errors", folder=tmp_path).splitlines()
    assert heading.split() == ["code", "danish", "english", "http_status", "beskrivelse", "source", "certainty"]
    assert len(rows) == len(json.loads(command("show", "errors", "--json", folder=tmp_path)))
    assert any(row.startswith("100028") and "Slutdato kan ikke være fremtidig" in row for row in rows)


def test_en_tabel_som_overlayet_har_toemt(tmp_path: Path) -> None:
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "unemployment_degree.csv").write_text("code,action\n1,remove\n2,remove\n3,remove\n", "utf-8")
    assert command("show", "unemployment_degree", "--contract", "o", folder=tmp_path).split()[0] == "code"
    command("export", "out", "--contract", "o", folder=tmp_path)
    drained = (tmp_path / "out" / "tables" / "unemployment_degree.csv").read_text("utf-8")
    assert drained.splitlines() == ["kode,navn,kilde,sikkerhed"]


@pytest.mark.parametrize(
    ("file_name", "content", "text"),
    [
        (
            "errors.csv",
            "code,danish\n100028,Noget andet\n",
            "dansk is epic (epic, service table); an overlay may change",
        ),
        ("errors.csv", "code,http_status\n4644,fire\n", "fejl/4644.http_status: 'fire' must be a number 400-599"),
        ("unknown.csv", "a\n", "not a contract table"),
        ("release.csv", "release,rule,value\n2024-4,prs_soap,maaske\n", "'maaske' is not a valid PrsSoap"),
    ],
)
def test_et_overlay_der_ikke_kan_bruges(tmp_path: Path, file_name: str, content: str, text: str) -> None:
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / file_name).write_text(content, "utf-8")
    assert text in command("check", "--contract", "o", folder=tmp_path, code=2)
