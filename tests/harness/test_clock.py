"""The commands `clock` and `batch` against a running stage: output and exit codes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from support.builders import NOW
from support.processes import StageProcess, stage_process
from vos_contracts.control.stage import PeriodDto, RegistrationDto
from vos_simulators.control import Control
from vos_simulators.people import People, on_stage
from vos_simulators.transport import HttpTransport


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StageProcess]:
    folder = tmp_path_factory.mktemp("stage")
    with stage_process("--people", "0", "--clock", NOW.isoformat(), folder=folder) as process:
        yield process


@pytest.fixture
def control(process: StageProcess) -> Iterator[Control]:
    with HttpTransport(process.control) as line:
        control = Control(line)
        control.reset()
        yield control


def command(process: StageProcess | str, *words: str, code: int = 0) -> tuple[str, str]:
    address = process if isinstance(process, str) else process.control
    result = subprocess.run(
        [sys.executable, "-m", "generalproeve", *words, "--control", address],
        cwd=Path(__file__).parents[1], capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    return result.stdout, result.stderr


def test_show_set_advance_freeze_and_run(process: StageProcess, control: Control) -> None:
    assert command(process, "clock", "show")[0] == "18-11-2024 09:00:00 (står stille)\n"
    out, _ = command(process, "clock", "set", "2024-11-20T09:00:00+01:00")
    assert out == "20-11-2024 09:00:00 (står stille)\nundervejs: 2 natkørsler\n"
    out, _ = command(process, "clock", "advance", "P1D")
    assert out == "21-11-2024 09:00:00 (står stille)\nundervejs: 1 natkørsel\n"
    assert command(process, "clock", "advance", "90")[0].startswith("21-11-2024 09:01:30")
    out, _ = command(process, "clock", "run")
    assert re.fullmatch(r"21-11-2024 09:01:3\d \(går, forskudt fra maskinens ur\)\n", out)
    assert "står stille" in command(process, "clock", "freeze")[0]
    out, _ = command(process, "clock", "set", "2024-11-22T09:00:00+01:00", "--run", "--json")
    assert json.loads(out)["state"] == "offset"
    out, _ = command(process, "clock", "run", "--real", "--json")
    assert json.loads(out)["state"] == "real"


def test_json_is_one_object(process: StageProcess, control: Control) -> None:
    out, _ = command(process, "clock", "advance", "P2D", "--json")
    assert json.loads(out) == {
        "clock": "2024-11-20T09:00:00+01:00", "state": "frozen", "fell_due": {"nightly_run": 2},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (
            ["clock", "set", "2024-01-01T09:00:00+01:00"],
            2,
            "uret står på 2024-11-18T09:00:00+01:00 og kan ikke stilles",
        ),
        (["clock", "set", "2024-11-19T09:00:00"], 2, "INSTANT: must have an offset"),
        (["clock", "advance", "soon"], 2, "skal være et antal sekunder eller en ISO 8601-varighed"),
        (["clock", "advance", "nan"], 2, "angiv "),
        (["clock", "wind"], 4, "No such command"),
        (["batch", "--half"], 4, "No such option"),
    ],
)
def test_an_error_names_the_rule(
    process: StageProcess, control: Control, words: list[str], code: int, text: str
) -> None:
    assert text in " ".join(command(process, *words, code=code)[1].split())
    assert control.status().clock == NOW


@pytest.mark.parametrize("words", [["clock", "show"], ["batch"]])
def test_no_stage_at_the_address(words: list[str]) -> None:
    assert "no stage answers at http://127.0.0.1:1" in command("http://127.0.0.1:1", *words, code=3)[1]
    assert "must be an address such as" in command("8481", *words, code=2)[1]


def test_batch_prints_a_report(process: StageProcess, control: Control) -> None:
    dto = on_stage(People(seed=3).new(40, NOW.date()))
    dto.kontaktgrupper, dto.fleksjob = (RegistrationDto(type=7),), (PeriodDto(since=NOW.date()),)
    control.set_up(dto)
    out, _ = command(process, "batch")
    assert re.search(r"Start og slut på fleksjob +1 +1\n", out)
    assert re.search(r"dagens borgere 18-11-2024: 1 set på, 1 ændring på \d+\.\d\d s\n", out)
    report = json.loads(command(process, "batch", "--full", "--json")[0])
    assert (report["kind"], report["seen"], report["changed"], report["finished"]) == ("full", 1, 0, True)


def test_the_running_time_is_judged_against_an_earlier_run(
    process: StageProcess, control: Control, tmp_path: Path
) -> None:
    dto = on_stage(People(seed=3).new(40, NOW.date()))
    control.set_up(dto)
    report = json.loads(command(process, "batch", "--full", "--json")[0])
    baseline = tmp_path / "baseline.json"

    def judged(seconds: float, code: int, *flags: str) -> str:
        baseline.write_text(json.dumps({**report, "seconds": seconds}), "utf-8")
        return command(process, "batch", "--full", "--baseline", str(baseline), *flags, code=code)[1]

    assert re.search(r"bestået: \d+\.\d{3} ms pr\. borger er 0\.00 gange udgangspunktet", judged(3600, 0))
    assert re.search(r"brud: .* gange udgangspunktet \(0\.000 ms\), højst 2\n", judged(1e-9, 1, "--at-most", "2"))
    assert "højst 1e+20" in judged(1e-9, 0, "--at-most", "1e20")
    delta = command(process, "batch", "--baseline", str(baseline), code=2)[1]
    assert "is of a full run, this one is delta" in delta
    baseline.write_text("{", "utf-8")
    assert "is not the report of a run" in command(process, "batch", "--baseline", str(baseline), code=2)[1]
    assert "needs --baseline" in command(process, "batch", "--at-most", "2", code=4)[1]
    control.reset()
    baseline.write_text(json.dumps(report), "utf-8")
    assert "the run saw no citizen" in command(process, "batch", "--full", "--baseline", str(baseline), code=2)[1]


def test_a_terminal_shows_a_progress_bar(process: StageProcess, control: Control) -> None:
    import os
    import pty

    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "generalproeve", "batch", "--full", "--control", process.control],
        stdout=follower, stderr=follower, env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},  # noqa: TID251 - a child's
    ) as popen:  # fmt: skip
        os.close(follower)
        output = b""
        while True:
            try:
                chunk = os.read(leader, 4096)
            except OSError:  # the terminal has closed
                break
            if not chunk:
                break
            output += chunk
        assert popen.wait(timeout=60) == 0
    os.close(leader)
    assert "borgere" in output.decode("utf-8", "replace")
    assert "18-11-2024: 0 set på, 0 ændringer" in output.decode("utf-8", "replace")


@pytest.mark.slow
def test_the_clock_does_not_go_back_at_a_kill_and_restart(tmp_path: Path) -> None:
    flag = ("--db", str(tmp_path / "stage.db"), "--people", "0", "--clock", "2024-11-18T09:00:00+01:00")
    with stage_process(*flag, folder=tmp_path) as process:
        response = httpx.put(f"{process.control}/control/clock", json={"forward": "PT4H"}, trust_env=False).json()
        process.kill()
    with stage_process(*flag, folder=tmp_path) as process:
        assert httpx.get(f"{process.control}/control/clock", trust_env=False).json()["clock"] == response["clock"]
        httpx.post(f"{process.control}/control/reset", trust_env=False)
    with stage_process(*flag, folder=tmp_path) as process:
        status = httpx.get(f"{process.control}/control/clock", trust_env=False).json()
        assert status["clock"] == "2024-11-18T09:00:00+01:00", (
            "a reset returns to the instant that the stage was started with"
        )
