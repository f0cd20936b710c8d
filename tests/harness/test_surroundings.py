"""The surroundings of a run do not steer its verdict: environment, console, reader, signals, another run in the same folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from generalproeve.settings.configuration import environment
from support.processes import accept_signals
from vos_contracts.base.csv_cells import defused
from vos_contracts.base.file_lock import FileLock

GROUP_23 = ("-k", "overgår til kontaktgruppe 23")
PROGRAM = [sys.executable, "-m", "generalproeve"]


def run(folder: Path, *arguments: str, code: int = 0, **variables: str) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(
        [*PROGRAM, *arguments], cwd=folder, env={**environment(), **variables}, capture_output=True, text=True,
        encoding="utf-8", errors="replace", timeout=300, check=False,
    )  # fmt: skip
    assert result.returncode == code, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    return result


def played(folder: Path, *arguments: str, **variables: str) -> list[str]:
    result = run(folder, "test", "embedded:", *GROUP_23, "--json", *arguments, **variables)
    return sorted(scenario["scenario"] for scenario in json.loads(result.stdout)["scenarios"])


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    names = played(tmp_path_factory.mktemp("undisturbed"))
    assert names
    return names


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTEST_ADDOPTS": "-k findes-ikke"},
        pytest.param({"PYTEST_ADDOPTS": "--setup-plan --cov -n 2 --maxfail=1"}, marks=pytest.mark.slow),
        pytest.param({"PYTEST_PLUGINS": "findes.ikke"}, marks=pytest.mark.slow),
        {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
        pytest.param(
            {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9", "ALL_PROXY": "http://127.0.0.1:9"},
            marks=pytest.mark.slow,
        ),
        pytest.param({"TZ": "Pacific/Kiritimati", "HOME": "/proc"}, marks=pytest.mark.slow),
        pytest.param({"COLUMNS": "20", "PYTHONDONTWRITEBYTECODE": "1"}, marks=pytest.mark.slow),
    ],
)
def test_the_environment_does_not_choose_scenarios(
    variables: dict[str, str], undisturbed: list[str], tmp_path: Path
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -k findes-ikke\n", "utf-8")
    (tmp_path / "conftest.py").write_text("raise ImportError('not of this run')\n", "utf-8")
    assert len(played(tmp_path, **variables)) == len(undisturbed)


@pytest.mark.parametrize(
    "variables", [{"PYTHONOPTIMIZE": "1"}, pytest.param({"PYTHONOPTIMIZE": "2"}, marks=pytest.mark.slow)]
)
def test_python_without_assertions_is_refused(variables: dict[str, str], tmp_path: Path) -> None:
    refused = run(tmp_path, "test", "embedded:", *GROUP_23, code=2, **variables)
    assert "PYTHONOPTIMIZE" in refused.stderr


@pytest.mark.parametrize(
    "encoding", ["ascii", *(pytest.param(name, marks=pytest.mark.slow) for name in ("cp850", "cp1252", "latin-1"))]
)
def test_what_the_console_cannot_show_is_replaced(encoding: str, tmp_path: Path) -> None:
    for arguments in (("contracts", "show", "requirement"), ("contracts", "show", "errors"), ("--help",)):
        assert run(tmp_path, *arguments, PYTHONIOENCODING=encoding).stdout


def test_a_fault_of_the_program_is_one_line_and_2(tmp_path: Path) -> None:
    program = "import sys, generalproeve.cli as c; c._SECTIONS = None; sys.exit(c.run(['--help']))"
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 2
    assert result.stderr.startswith("generalproeve: internal error: ")
    assert len(result.stderr.splitlines()) == 1


def test_a_name_is_found_in_whatever_form_its_letters_are_written(undisturbed: list[str], tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", GROUP_23[1])
    assert decomposed != GROUP_23[1]
    result = run(tmp_path, "test", "embedded:", "-k", decomposed, "--json")
    assert sorted(scenario["scenario"] for scenario in json.loads(result.stdout)["scenarios"]) == undisturbed


def test_a_reader_that_goes_away_ends_nothing(undisturbed: list[str], tmp_path: Path) -> None:
    with subprocess.Popen(
        [*PROGRAM, "test", "embedded:", *GROUP_23], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(120) == 0
    assert errors == b""
    cases = etree.parse(str(tmp_path / "rehearsal" / "junit.xml")).findall(".//testcase")
    assert len(cases) == len(undisturbed)


@pytest.mark.slow
@pytest.mark.parametrize("parallel", [(), ("-n", "2")], ids=["one process", "two processes"])
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_an_interrupted_run_says_what_it_did_not_play(name: str, parallel: tuple[str, ...], tmp_path: Path) -> None:
    """Every report is of this run and has all scenarios, no folder is left behind, and the exit code is that of the signal."""
    (tmp_path / "out").mkdir()
    for file in ("junit.xml", "report.html"):
        (tmp_path / "out" / file).write_text("of an earlier run", "utf-8")
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    with subprocess.Popen(
        [*PROGRAM, "test", "embedded:", "--out", "out", *parallel], cwd=tmp_path, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, encoding="utf-8", env={**environment(), "TMPDIR": str(temporary)},
        preexec_fn=accept_signals,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(5)]
        assert all(lines)
        process.send_signal(signal.Signals[name])
        out, errors = process.communicate(timeout=120)
    assert process.returncode == 128 + signal.Signals[name]
    assert "Traceback" not in errors
    cases = etree.parse(str(tmp_path / "out" / "junit.xml")).findall(".//testcase")
    unplayed = [case for case in cases if case.find("error") is not None]
    assert len(cases) > 500
    assert 0 < len(unplayed) < len(cases)
    assert all("afbrudt" in str(case.find("error").get("message")) for case in unplayed)
    assert "ikke spillet" in (tmp_path / "out" / "report.html").read_text("utf-8")
    last = json.loads((tmp_path / "out" / "journal.ndjson").read_text("utf-8").splitlines()[-1])
    assert (last["kind"], last["verdict"]) == ("ended", "not_played")
    assert "IKKE SPILLET" in out
    assert list(temporary.iterdir()) == []


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    lock = FileLock(out / ".lock", "run")
    refused = run(tmp_path, "test", "embedded:", *GROUP_23, "--out", "out", code=2)
    assert f"another run uses it (process {os.getpid()})" in refused.stderr
    lock.release()
    run(tmp_path, "test", "embedded:", *GROUP_23, "--out", "out")


@pytest.mark.slow
def test_every_scenario_has_a_name_of_its_own_in_junit(tmp_path: Path) -> None:
    run(tmp_path, "test", "embedded:")
    cases = etree.parse(str(tmp_path / "rehearsal" / "junit.xml")).findall(".//testcase")
    names = Counter((case.get("classname"), case.get("name")) for case in cases)
    assert len(cases) > 500
    assert [name for name, count in names.items() if count > 1] == []
    assert all(str(case.get("file")).endswith(".feature") for case in cases)


def test_an_address_behind_which_there_is_something_else_is_no_breach(tmp_path: Path) -> None:
    import http.server
    import threading

    class Nothing(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None: ...

        def do_POST(self) -> None:
            self.send_error(404)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Nothing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/v1"
        (tmp_path / "generalproeve.toml").write_text(
            f'[profile.forkert]\nservices = "{address}"\nrelease = "2024-4"\n', "utf-8"
        )
        refused = run(tmp_path, "test", "forkert", *GROUP_23, code=3)
        server.shutdown()
    assert "none of the services is there" in refused.stderr


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\tx", "\rx", "=cmd|'/C calc'!A0"])
def test_a_formula_in_a_cell_is_defused(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "x=1", "-1", "-1.5", "+45", "Åse Sagsbehandler", "1-2"])
def test_other_cells_are_left_as_they_are(text: str) -> None:
    assert defused(text) == text
