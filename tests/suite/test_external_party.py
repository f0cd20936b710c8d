"""A stand-in for a real system plays its roles: in every scenario, on a remote stage, beside another run, and with mistakes."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from pathlib import Path

import pytest

from support.processes import stage_process
from support.remote_stage import pool, remote_stage
from support.stand_in_run import STAND_IN, finished, play, started
from vos_features import SCENARIOS
from vos_simulators.people import People

KSS, AKASSE = "kss=external:0", "akasse=external:0"
SOAP_SCENARIO = "A-kassen får besked om et medlem, der overgår til kontaktgruppe 13 via PRS"


def test_the_stand_in_imports_none_of_our_packages() -> None:
    tree = ast.parse(STAND_IN.read_text("utf-8"))
    modules = {
        name.partition(".")[0]
        for item in ast.walk(tree)
        if isinstance(item, ast.Import | ast.ImportFrom)
        for name in ([item.module or ""] if isinstance(item, ast.ImportFrom) else [alias.name for alias in item.names])
    }
    assert modules - set(sys.stdlib_module_names) == {"httpx", "lxml", "zeep"}


@pytest.mark.slow
def test_the_stand_in_plays_every_scenario_as_kss_and_akasse(tmp_path: Path) -> None:
    played = play(tmp_path, "embedded:", [KSS, AKASSE])
    assert played.verdict() == {}
    assert played.code == 0
    count = Counter(task["party"] for task in played.tasks if task["kind"] == "task")
    assert count["kss"] >= 300
    assert count["akasse"] >= 30
    done = [task["nr"] for task in played.tasks if task["kind"] == "done"]
    assert done == [task["nr"] for task in played.tasks if task["kind"] == "task"]


@pytest.mark.slow
def test_the_stand_in_plays_on_a_remote_stage(tmp_path: Path) -> None:
    with remote_stage(tmp_path, pool(People(4721), count=2)):
        played = play(tmp_path, "remote", ["kss=external:0,system=1001", "akasse=external:0,system=2001"])
    assert played.verdict() == {}
    assert Counter(item["verdict"] for item in played.scenarios)["passed"] >= 150
    assert sum(task["kind"] == "done" for task in played.tasks) >= 100


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ("wrong-organisation", "organisation: ventet 8/10100, kom 8/99999"),
        ("wrong-date", "ContactGroup/ContactGroupStartTime: ventet 2024-11-18, kom 2024-11-15"),
        (
            "rest-for-soap",
            "kanal: ventet SOAP, kom REST; service: ventet PersonRegistrationService, kom PersonV",
        ),
        ("wrong-type", "ContactGroup/ContactGroupTypeIdentifier/CodeListItemIdentifier: ventet 13, kom 7"),
    ],
)
def test_a_careless_party_is_told_the_difference(mistake: str, said: str, tmp_path: Path) -> None:
    played = play(tmp_path, "embedded:", [KSS], "-k", SOAP_SCENARIO, mistake=mistake, deadline=2)
    own = [item for item in played.scenarios if item["registrant"] == "jobcentret"]
    assert [item["verdict"] for item in own] == ["failed"]
    assert own[0]["reason"].startswith(f"kss kaldte anderledes end ventet: {said}")
    assert played.code == 1
    (expired,) = [task for task in played.tasks if task["kind"] == "call_missing"]
    assert expired["differences"]


@pytest.mark.slow
def test_a_silent_party_cannot_be_judged(tmp_path: Path) -> None:
    played = play(tmp_path, "embedded:", [KSS], "-k", SOAP_SCENARIO, mistake="deaf", deadline=1)
    own = [item for item in played.scenarios if item["registrant"] == "jobcentret"]
    assert [item["verdict"] for item in own] == ["errored"]
    assert "kss kaldte ikke inden for 1 s" in own[0]["reason"]
    assert played.code == 3


@pytest.mark.slow
def test_two_parties_on_one_stage_do_not_take_each_others_calls(tmp_path: Path) -> None:
    """Two runs at once, each with its own stand-in, on one stage that neither empties."""
    feature = (SCENARIOS / "registrering" / "kontaktgruppe.feature").read_text("utf-8")
    assert "der går" not in feature, "a scenario that moves the clock would move it for the other run too"
    folders = [tmp_path / name for name in ("first", "second")]
    for folder in folders:
        folder.mkdir()
    with stage_process("--clock", "2024-11-18T09:00:00+01:00", folder=tmp_path) as process:
        choice = ("--control", process.control, "-k", "Registrering og læsning af kontaktgruppe")
        with (
            started(folders[0], process.services, ["kss=external:0,system=1101"], *choice) as first,
            started(folders[1], process.services, ["kss=external:0,system=1201"], *choice) as second,
        ):
            runs = [finished(folders[0], first), finished(folders[1], second)]
    for played in runs:
        assert played.verdict() == {}
        assert sum(task["kind"] == "done" for task in played.tasks) >= 10
    citizens = [{task["citizen"] for task in played.tasks if task["kind"] == "task"} for played in runs]
    assert citizens[0].isdisjoint(citizens[1])
