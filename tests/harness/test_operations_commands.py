"""`seed`, `monitor` and `extract` against a running stage, with reported output and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from generalproeve.base.progress import progress
from generalproeve.stage.stage import Stage
from support.commands import run_command
from vos_contracts.control.stage import RegistrationDto
from vos_simulators.control import Control
from vos_simulators.people import People, on_stage

CLOSED = "http://127.0.0.1:1"


def addresses_of(stage: Stage) -> list[str]:
    return ["--control", stage.control, "--services", stage.services]


def test_seed_registers_citizens_and_counts_them(stage: Stage, control: Control, tmp_path: Path) -> None:
    response = json.loads(
        run_command("seed", "--people", "200", "--json", *addresses_of(stage), folder=tmp_path).stdout
    )
    assert (response["people"], response["refusals"]) == (200, {})
    assert response["registrations"]["CreateKontaktgruppe"] == 200
    assert control.status().people == 200
    text = run_command("seed", "--people", "20", "--channel", "soap", *addresses_of(stage), folder=tmp_path)
    assert text.stdout.startswith("20 borgere på ")
    assert "20 CreateKontaktgruppe" in text.stdout
    assert "20 af 20 borgere" in text.stderr
    assert control.status().people == 220


def test_seed_shows_refusals_and_fails(stage: Stage, control: Control, tmp_path: Path) -> None:
    """Release 2025-2 has no registration by SOAP, so that every call is refused."""
    control.change_release("2025-2")
    text = run_command(
        "seed", "--people", "3", "--channel", "soap", *addresses_of(stage), folder=tmp_path, code=1
    ).stdout
    assert "ingen registreringer" in text
    assert "med 1014 " in text


@pytest.mark.parametrize(
    ("flags", "code", "says"),
    [
        (["seed", "--control", "http://eksempel.dk:8481"], 2, "is not on this machine; --allow-remote"),
        (["seed", "--services", "example"], 2, "must be an address such as"),
        (["seed", "--people", "0"], 4, "--people"),
        (["seed", "--control", CLOSED], 3, "127.0.0.1:1"),
        (["monitor", "--control", CLOSED], 3, "127.0.0.1:1"),
        (["monitor", "--view", "Jobsearch=x.json"], 2, "must be DOMAIN=FILE.json with one of JobSearch"),
        (["monitor", "--view", "JobSearch=x.json"], 2, "x.json"),
        (["extract", "out", "--control", CLOSED], 3, "127.0.0.1:1"),
        (["extract", "out", "--control", "http://eksempel.dk"], 2, "--allow-remote"),
        (["extract", "out", "--key-env", "NO_SUCH_KEY"], 2, "the environment has no NO_SUCH_KEY"),
        (["extract", "out", "--key-env", "KEY", "--with-cpr"], 4, "exclude one another"),
        (["extract", "out", "--pseudonymise", "findes-ikke"], 4, "findes-ikke"),
    ],
)
def test_what_cannot_run_is_refused(tmp_path: Path, flags: list[str], code: int, says: str) -> None:
    assert says in run_command(*flags, folder=tmp_path, code=code).stderr


def test_monitor_without_and_with_a_deviation(stage: Stage, control: Control, tmp_path: Path) -> None:
    citizen = People(3).new(40, control.status().clock.date())
    dto = on_stage(citizen)
    dto.kontaktgrupper = (RegistrationDto(type=13),)
    control.set_up(dto)
    agreed = run_command("monitor", "--control", stage.control, folder=tmp_path).stdout
    assert agreed.splitlines() == [
        "JobSearch: ingen afvigelser blandt 1 borgere",
        "Kontaktforloeb: ingen afvigelser blandt 1 borgere",
        "Virksomhedsindsats: ingen afvigelser blandt 1 borgere",
    ]
    file = tmp_path / "vi.json"
    file.write_text(json.dumps([{"cpr": citizen.cpr, "kontaktgrupper": [{"type": 7}]}]), "utf-8")
    view = ["--view", "Virksomhedsindsats=vi.json"]
    disagreeing = run_command("monitor", "--control", stage.control, *view, folder=tmp_path, code=1).stdout
    assert "Virksomhedsindsats: 1 afvigelse blandt 1 borgere" in disagreeing
    assert f"Virksomhedsindsats  anden  {citizen.cpr[:6]}xxxx  kontaktgruppe  13  7  " in disagreeing
    response = json.loads(
        run_command("monitor", "--control", stage.control, *view, "--json", folder=tmp_path, code=1).stdout
    )
    (deviation,) = response["domains"]["Virksomhedsindsats"]
    assert (response["people"], response["divergences"], response["domains"]["JobSearch"]) == (1, 1, [])
    assert (deviation["divergence"], deviation["recorded"], deviation["reported"], deviation["citizen"]) == (
        "different",
        13,
        7,
        f"{citizen.cpr[:6]}xxxx",
    )
    assert deviation["eventId"]
    assert citizen.cpr not in disagreeing


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[", "truncated"),
        ('[{"cpr": "0203840023", "kontaktgruppe": 7}]', "kontaktgruppe"),
        ('[{"cpr": "0203840023", "kontaktgrupper": [{"type": "7"}]}]', "$[0].kontaktgrupper[0].type"),
        ('[{"kontaktgrupper": []}]', "$[0]: a citizen needs cpr or borgerId"),
    ],
)
def test_a_bad_view_is_refused_with_file_and_place(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "b.json").write_text(content, "utf-8")
    errors = run_command("monitor", "--view", "JobSearch=b.json", folder=tmp_path, code=2).stderr
    assert "b.json" in errors
    assert says in errors


def test_extract_delivers_everything_then_a_delta_under_a_key(stage: Stage, tmp_path: Path) -> None:
    run_command("seed", "--people", "5", "--json", *addresses_of(stage), folder=tmp_path)
    (tmp_path / "key").write_text("a key of at least 16 bytes\n")
    check = ["--control", stage.control]
    first = run_command("extract", "out", "--pseudonymise", "key", *check, folder=tmp_path).stdout
    assert first.startswith(f"leverance 1 (fuld, pseudonymiseret) i {Path('out') / '0001-full'}")
    key = {"KEY": "a key of at least 16 bytes"}
    other = run_command("extract", "out", "--key-env", "KEY", "--json", *check, folder=tmp_path, **key)
    manifest = json.loads(other.stdout)
    assert (manifest["number"], manifest["kind"], [file["rows"] for file in manifest["files"]]) == (2, "delta", [0, 0])
    short = run_command("extract", "short", "--key-env", "KEY", *check, folder=tmp_path, code=2, KEY="kort").stderr
    assert "the key has 4 bytes and must have at least 16" in short
    empty = run_command("extract", "empty", "--delta", *check, folder=tmp_path, code=2).stderr
    assert "begin with --full" in empty


def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere() -> None:
    terminal = Console(force_terminal=True, width=80, record=True, force_interactive=True)
    with terminal.capture() as drawn, progress("borgere", 40, console=terminal) as show:
        show(20)
    assert "━" in drawn.get()
    plain = Console(force_terminal=False, width=80)
    with plain.capture() as written, progress("borgere", 40, console=plain) as show:
        for reached in range(1, 41):
            show(reached)
    assert written.get().splitlines() == [f"{reached} af 40 borgere" for reached in range(1, 41, 4)]
    with plain.capture() as quiet, progress("borgere", 40, quiet=True, console=plain) as show:
        show(40)
    assert quiet.get() == ""
