"""`generalproeve contracts`: what is listed can be shown, what is exported can be laid over, and bad overlays are refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support.commands import run_command


def contracts(*arguments: str, folder: Path, code: int = 0) -> str:
    finished = run_command("contracts", *arguments, folder=folder, code=code)
    return finished.stdout + finished.stderr


def test_every_listed_name_can_be_shown(tmp_path: Path) -> None:
    entries = {entry["name"]: entry for entry in json.loads(contracts("list", "--json", folder=tmp_path))}
    assert entries["wsrm_recipient"]["epic"] == 9
    golden = [name for name in entries if name.startswith("examples/")]
    for name in entries.keys() - {*golden[1:]}:  # one golden message stands for all of them
        assert contracts("show", name, "--json", folder=tmp_path)
    printed = {line.split()[0] for line in contracts("list", folder=tmp_path).splitlines() if line.strip()}
    assert entries.keys() <= printed


def test_show_prints_rows_with_source_and_certainty_and_documents_whole(tmp_path: Path) -> None:
    rows = json.loads(contracts("show", "errors", "--json", folder=tmp_path))
    assert next(row for row in rows if row["code"] == "100028") == {
        "code": "100028", "danish": "Slutdato kan ikke være fremtidig", "english": "", "http_status": "400",
        "description": "new in 2024-4", "source": "epic, service table", "certainty": "epic",
    }  # fmt: skip
    assert "<wsdl:definitions" in contracts("show", "soap/PersonRegistrationService.v9.wsdl", folder=tmp_path)


def test_an_export_can_be_used_as_an_overlay(tmp_path: Path) -> None:
    contracts("export", "out", folder=tmp_path)
    assert (tmp_path / "out" / "openapi" / "PersonVisiteringService.v1.json").is_file()
    names = tmp_path / "out" / "tables" / "names.csv"
    overlay = tmp_path / "corrections"
    overlay.mkdir()
    (overlay / "names.csv").write_text(names.read_text("utf-8").replace("x-userFullName", "x-navn"), "utf-8")
    response = contracts("check", "--contract", "corrections", folder=tmp_path)
    assert "overlay corrections: 1 changes" in response
    assert "names/header.userName.value: 'x-userFullName' -> 'x-navn'" in response
    assert "0 breaches" in response


def test_a_table_that_is_not_shown_on_a_terminal_has_one_line_per_row(tmp_path: Path) -> None:
    heading, *rows = contracts("show", "errors", folder=tmp_path).splitlines()
    assert heading.split() == ["code", "danish", "english", "http_status", "description", "source", "certainty"]
    assert len(rows) == len(json.loads(contracts("show", "errors", "--json", folder=tmp_path)))
    assert any(row.startswith("100028") and "Slutdato kan ikke være fremtidig" in row for row in rows)


def test_a_table_that_the_overlay_has_emptied_keeps_its_columns(tmp_path: Path) -> None:
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "unemployment_degree.csv").write_text("code,action\n1,remove\n2,remove\n3,remove\n", "utf-8")
    assert contracts("show", "unemployment_degree", "--contract", "o", folder=tmp_path).split()[0] == "code"
    contracts("export", "out", "--contract", "o", folder=tmp_path)
    emptied = (tmp_path / "out" / "tables" / "unemployment_degree.csv").read_text("utf-8")
    assert emptied.splitlines() == ["code,name,source,certainty"]


@pytest.mark.parametrize(
    ("file_name", "content", "text"),
    [
        (
            "errors.csv",
            "code,danish\n100028,Noget andet\n",
            "danish is epic (epic, service table); an overlay may change",
        ),
        ("errors.csv", "code,http_status\n4644,fire\n", "errors/4644.http_status: 'fire' must be a number 400-599"),
        ("unknown.csv", "a\n", "not a contract table"),
        ("release.csv", "release,rule,value\n2025-2,prs_soap,maaske\n", "'maaske' is not a valid PrsSoap"),
    ],
)
def test_an_invalid_overlay_is_refused(tmp_path: Path, file_name: str, content: str, text: str) -> None:
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / file_name).write_text(content, "utf-8")
    assert text in contracts("check", "--contract", "o", folder=tmp_path, code=2)


def test_the_installed_command_prints_errors_to_stderr_and_exits_with_their_code(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "generalproeve", "contracts", "show", "nothing"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("generalproeve: contracts show nothing: no such name")
