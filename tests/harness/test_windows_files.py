"""Files as Windows writes them are read: a byte order mark, UTF-16 from PowerShell 5.1, CRLF, a Danish Excel's semicolons."""

from __future__ import annotations

import codecs
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generalproeve.base.exit_codes import CannotRun
from generalproeve.report import expected, reading
from generalproeve.settings import configuration
from generalproeve.stage.latency import model
from vos_contracts.base.text_files import NotText, decode
from vos_contracts.contract import load
from vos_contracts.tables.table import TableError
from vos_load.load_profile import load_profile

WRITERS: dict[str, Callable[[str], bytes]] = {
    "Notepad": lambda text: codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode(),
    "PowerShell 5.1": lambda text: text.replace("\n", "\r\n").encode("utf-16"),
    "UTF-16 big endian": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "an old Macintosh": lambda text: text.replace("\n", "\r").encode(),
    "Linux": str.encode,
}
TEXT = "Åse læser øer\n"


@pytest.mark.parametrize("writer", WRITERS)
def test_a_text_is_decoded(writer: str) -> None:
    assert decode(WRITERS[writer](TEXT)) == TEXT


@pytest.mark.parametrize("content", [TEXT.encode("cp1252"), TEXT.encode("cp850"), TEXT.encode("utf-16")[:-1]])
def test_another_encoding_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(NotText, match="save the file as UTF-8"):
        decode(content)


@pytest.mark.parametrize("writer", WRITERS)
def test_every_file_that_a_person_writes_is_read(writer: str, tmp_path: Path) -> None:
    file = tmp_path / "file.toml"

    def written(text: str) -> Path:
        file.write_bytes(WRITERS[writer](text))
        return file

    assert configuration.read(written('[stage]\nrelease = "2025-1"\n')).stage.release == "2025-1"
    entry = '[[difference]]\nfeature = "f"\nscenario = "s"\nreason = "På øen"\nverdict = "failed"\n'
    assert [difference.reason for difference in expected.read(written(entry))] == ["På øen"]
    latency = (Path(model.__file__).parent / "epic.toml").read_text("utf-8")
    assert model.load(written(latency)).name.startswith("file")
    profile = (Path(load_profile.__code__.co_filename).parent / "profiles" / "peak.toml").read_text("utf-8")
    assert load_profile(str(written(profile))) == load_profile("peak")


@pytest.mark.parametrize("writer", WRITERS)
def test_a_journal_is_read(writer: str, tmp_path: Path) -> None:
    verdict = {"kind": "verdict", "feature": "f", "scenario": "a\u2028b", "verdict": "passed"}
    entries = [{"kind": "begun"}, {**verdict, "explanation": "", "milliseconds": 1}, {"kind": "ended"}]
    text = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
    (tmp_path / "journal.ndjson").write_bytes(WRITERS[writer](text))
    assert list(reading.read(tmp_path).scenarios) == [("f", "a\u2028b", 0)]


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file.toml"
    file.write_bytes('[stage]\nrelease = "Å"\n'.encode("cp1252"))
    with pytest.raises(CannotRun, match=r"file\.toml: is not UTF-8 \(byte 19\); save the file as UTF-8"):
        configuration.read(file)


EXCEL = {
    "semicolons": "code;name\n3;Øvrige\n",
    "trailing empty columns": "code;name;;\n3;Øvrige;;\n",
    "trailing empty rows": "code;name\n3;Øvrige\n;\n;\n",
    "quotes": 'code;name\n3;"Øvrige"\n',
    "commas and empty columns": "code,name,,\n3,Øvrige,,\n",
    "no line break at the end": "code,name\n3,Øvrige",
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("kind", EXCEL)
def test_an_overlay_of_a_danish_excel_is_read(kind: str, writer: str, tmp_path: Path) -> None:
    (tmp_path / "kontaktgruppe.csv").write_bytes(WRITERS[writer](EXCEL[kind]))
    assert load(tmp_path).kontaktgrupper[3].name == "Øvrige"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("code;name\n3;a;b\n", r"kontaktgruppe\.csv:2: the row must have 2 cells"),
        ("code,,name\n3,,a\n", r"kontaktgruppe\.csv:1: column 2 has no name"),
        ("code,name,\n3,a,b\n", r"kontaktgruppe\.csv:2: the row must have 2 cells"),
        ("code\tname\n3\ta\n", "column 'code' is missing"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "kontaktgruppe.csv").write_text(text, "utf-8")
    with pytest.raises(TableError, match=says):
        load(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("writer", ["Notepad", "PowerShell 5.1"])
def test_a_partys_own_feature_may_begin_with_a_byte_order_mark(writer: str, tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "docs" / "example"
    shutil.copytree(example, tmp_path / "example")
    for feature in (tmp_path / "example").rglob("*.feature"):
        feature.write_bytes(WRITERS[writer](feature.read_text("utf-8")))
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q"], cwd=tmp_path / "example", capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout
    assert "passed" in result.stdout
