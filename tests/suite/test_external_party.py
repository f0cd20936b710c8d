"""A stand-in party plays its roles: through every scene, on a remote stage, beside another, and carelessly."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from pathlib import Path

import pytest
from support.processes import stage_i_proces
from support.remote_stage import pool, remote_stage
from support.stand_in_run import PART, begun, finished, scenario

from vos_features import SCENARIOS
from vos_simulators.people import People

KSS, AKASSE = "kss=external:0", "akasse=external:0"
SOAP_STAGE = "A-kassen får besked om et medlem, der overgår til kontaktgruppe 13 via PRS"


def test_standinen_kender_intet_til_os() -> None:
    tree = ast.parse(PART.read_text("utf-8"))
    modules = {
        name.partition(".")[0]
        for item in ast.walk(tree)
        if isinstance(item, ast.Import | ast.ImportFrom)
        for name in ([item.module or ""] if isinstance(item, ast.ImportFrom) else [part_.name for part_ in item.names])
    }
    assert modules - set(sys.stdlib_module_names) == {"httpx", "lxml", "zeep"}


def test_standinen_spiller_hver_scene_som_kss_og_akasse(tmp_path: Path) -> None:
    played = scenario(tmp_path, "embedded:", [KSS, AKASSE])
    assert played.verdict() == {}
    assert played.code == 0
    count = Counter(task["part"] for task in played.tasks if task["kind"] == "task")
    assert count["kss"] >= 300
    assert count["akasse"] >= 30
    done = [task["nr"] for task in played.tasks if task["kind"] == "done"]
    assert done == [task["nr"] for task in played.tasks if task["kind"] == "task"]


def test_standinen_spiller_paa_en_fjern_scene(tmp_path: Path) -> None:
    with remote_stage(tmp_path, pool(People(4721), count=2)):
        played = scenario(tmp_path, "remote", ["kss=external:0,system=1001", "akasse=external:0,system=2001"])
    assert played.verdict() == {}
    assert Counter(item["verdict"] for item in played.scenarios)["passed"] >= 150
    assert sum(task["kind"] == "done" for task in played.tasks) >= 100


@pytest.mark.parametrize(
    ("errors", "said"),
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
def test_den_skoedesloese_faar_forskellen_at_vide(errors: str, said: str, tmp_path: Path) -> None:
    played = scenario(tmp_path, "embedded:", [KSS], "-k", SOAP_STAGE, errors=errors, deadline=2)
    own = [item for item in played.scenarios if item["registrant"] == "jobcentret"]
    assert [item["verdict"] for item in own] == ["failed"]
    assert own[0]["reason"].startswith(f"kss kaldte anderledes end ventet: {said}")
    assert played.code == 1
    (failed_to_appear,) = [task for task in played.tasks if task["kind"] == "failed_to_appear"]
    assert failed_to_appear["differences"]


def test_den_der_tier_kan_ikke_bedoemmes(tmp_path: Path) -> None:
    played = scenario(tmp_path, "embedded:", [KSS], "-k", SOAP_STAGE, errors="deaf", deadline=1)
    own = [item for item in played.scenarios if item["registrant"] == "jobcentret"]
    assert [item["verdict"] for item in own] == ["errored"]
    assert "kss kaldte ikke inden for 1 s" in own[0]["reason"]
    assert played.code == 3


def test_to_parter_paa_en_scene_tager_ikke_hinandens_kald(tmp_path: Path) -> None:
    """Two runs at once, each with its own stand-in, on one stage that neither empties."""
    property = (SCENARIOS / "registration" / "kontaktgruppe.feature").read_text("utf-8")
    assert "der går" not in property, "a scene that moves the clock moves the other party's too"
    folders = [tmp_path / name for name in ("en", "to")]
    for folder in folders:
        folder.mkdir()
    with stage_i_proces("--clock", "2024-11-18T09:00:00+01:00", folder=tmp_path) as proces:
        choice = ("--control", proces.control, "-k", "Registrering og læsning af kontaktgruppe")
        with (
            begun(folders[0], proces.services, ["kss=external:0,system=1101"], *choice) as item,
            begun(folders[1], proces.services, ["kss=external:0,system=1201"], *choice) as to,
        ):
            played_ones = [finished(folders[0], item), finished(folders[1], to)]
    for played in played_ones:
        assert played.verdict() == {}
        assert sum(en_["kind"] == "done" for en_ in played.tasks) >= 10
    citizens = [{en_["citizen"] for en_ in played.tasks if en_["kind"] == "task"} for played in played_ones]
    assert citizens[0].isdisjoint(citizens[1])
