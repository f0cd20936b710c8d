"""`seed`, `monitor` and `extract` as a user meets them: against a running stage, with exit codes that can be relied on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from generalproeve.base.progress import progress
from generalproeve.stage.stage import Stage
from vos_contracts.control.stage import RegistrationDto
from vos_simulators.control import Control
from vos_simulators.people import People, on_stage

CLOSED = "http://127.0.0.1:1"


def command(*flag: str, folder: Path, code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(
        [sys.executable, "-m", "generalproeve", *flag],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
        env={**os.environ, "COLUMNS": "200", **environment},  # noqa: TID251 - the child's terminal width and key
    )  # fmt: skip
    assert result.returncode == code, result.stdout + result.stderr
    return result


def on(stage: Stage) -> list[str]:
    return ["--control", stage.control, "--services", stage.services]


def test_seed_fylder_scenen_og_taeller(stage: Stage, control: Control, tmp_path: Path) -> None:
    response = json.loads(command("seed", "--people", "200", "--json", *on(stage), folder=tmp_path).stdout)
    assert (response["people"], response["refusals"]) == (200, {})
    assert response["registrations"]["CreateKontaktgruppe"] == 200
    assert control.status().people == 200
    text = command("seed", "--people", "20", "--channel", "soap", *on(stage), folder=tmp_path)
    assert text.stdout.startswith("20 borgere på ")
    assert "20 CreateKontaktgruppe" in text.stdout
    assert "20 af 20 borgere" in text.stderr
    assert control.status().people == 220


def test_seed_viser_afslag_og_fejler(stage: Stage, control: Control, tmp_path: Path) -> None:
    """In 2025-2 registration by SOAP is retired: everything is refused, counted by code and shown."""
    control.change_release("2025-2")
    text = command("seed", "--people", "3", "--channel", "soap", *on(stage), folder=tmp_path, code=1).stdout
    assert "ingen registreringer" in text
    assert "med 1014 " in text


@pytest.mark.parametrize(
    ("flag", "code", "says"),
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
        (["extract", "out", "--key-env", "FINDES_IKKE"], 2, "the environment has no FINDES_IKKE"),
        (["extract", "out", "--key-env", "NOEGLE", "--with-cpr"], 4, "exclude one another"),
        (["extract", "out", "--pseudonymise", "findes-ikke"], 4, "findes-ikke"),
    ],
)
def test_det_der_ikke_kan_lade_sig_goere(tmp_path: Path, flag: list[str], code: int, says: str) -> None:
    assert says in command(*flag, folder=tmp_path, code=code).stderr


def test_monitor_uden_og_med_afvigelse(stage: Stage, control: Control, tmp_path: Path) -> None:
    citizen = People(3).new(40, control.status().clock.date())
    dto = on_stage(citizen)
    dto.kontaktgrupper = (RegistrationDto(type=13),)
    control.set_up(dto)
    agreed = command("monitor", "--control", stage.control, folder=tmp_path).stdout
    assert agreed.splitlines() == [
        "JobSearch: ingen afvigelser blandt 1 borgere",
        "Kontaktforloeb: ingen afvigelser blandt 1 borgere",
        "Virksomhedsindsats: ingen afvigelser blandt 1 borgere",
    ]
    file = tmp_path / "vi.json"
    file.write_text(json.dumps([{"cpr": citizen.cpr, "kontaktgrupper": [{"type": 7}]}]), "utf-8")
    sight = ["--view", "Virksomhedsindsats=vi.json"]
    disagreeing = command("monitor", "--control", stage.control, *sight, folder=tmp_path, code=1).stdout
    assert "Virksomhedsindsats: 1 afvigelse blandt 1 borgere" in disagreeing
    assert f"Virksomhedsindsats  anden  {citizen.cpr[:6]}xxxx  kontaktgruppe  13  7  " in disagreeing
    response = json.loads(
        command("monitor", "--control", stage.control, *sight, "--json", folder=tmp_path, code=1).stdout
    )
    (item,) = response["domains"]["Virksomhedsindsats"]
    assert (response["people"], response["divergences"], response["domains"]["JobSearch"]) == (1, 1, [])
    assert (item["variant"], item["ours"], item["their"], item["citizen"]) == (
        "different",
        13,
        7,
        f"{citizen.cpr[:6]}xxxx",
    )
    assert item["eventId"]
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
def test_et_daarligt_billede_navngiver_filen_og_stedet(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "b.json").write_text(content, "utf-8")
    errors = command("monitor", "--view", "JobSearch=b.json", folder=tmp_path, code=2).stderr
    assert "b.json" in errors
    assert says in errors


def test_extract_fuld_saa_delta_med_noegle(stage: Stage, tmp_path: Path) -> None:
    command("seed", "--people", "5", "--json", *on(stage), folder=tmp_path)
    (tmp_path / "key").write_text("en noegle paa mindst 16 bytes\n")
    check = ["--control", stage.control]
    first = command("extract", "out", "--pseudonymise", "key", *check, folder=tmp_path).stdout
    assert first.startswith(f"leverance 1 (fuld, pseudonymiseret) i {Path('out') / '0001-full'}")
    key = {"NOEGLE": "en noegle paa mindst 16 bytes"}
    other = command("extract", "out", "--key-env", "NOEGLE", "--json", *check, folder=tmp_path, **key)
    manifest = json.loads(other.stdout)
    assert (manifest["number"], manifest["kind"], [item["rows"] for item in manifest["files"]]) == (2, "delta", [0, 0])
    short = command("extract", "kort", "--key-env", "NOEGLE", *check, folder=tmp_path, code=2, KEY="kort").stderr
    assert "the key has 4 bytes and must have at least 16" in short
    empty = command("extract", "empty", "--delta", *check, folder=tmp_path, code=2).stderr
    assert "begin with --full" in empty


def test_fremgang_paa_en_terminal_er_en_bjaelke_og_ellers_linjer() -> None:
    terminal = Console(force_terminal=True, width=80, record=True, force_interactive=True)
    with terminal.capture() as tegnet, progress("citizens", 40, console=terminal) as show:
        show(20)
    assert "━" in tegnet.get()
    linjer = Console(force_terminal=False, width=80)
    with linjer.capture() as written, progress("citizens", 40, console=linjer) as show:
        for reached in range(1, 41):
            show(reached)
    assert written.get().splitlines() == [f"{reached} af 40 borgere" for reached in range(1, 41, 4)]
    with linjer.capture() as quiet, progress("citizens", 40, quiet=True, console=linjer) as show:
        show(40)
    assert quiet.get() == ""
