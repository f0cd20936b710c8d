"""A stage behind somebody who asks for a password, hangs up, or dies: what is found, what is not, and how it ends."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.fuzz_command import fuzz
from support.middleman import Call, Habits, middleman
from support.processes import Proces, stage_i_proces

pytestmark = [  # what the party in the middle leaves behind, when callers hang up on it, is not what is tested
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]
CLOCK_TIME = ("--clock", "2024-11-18T09:00:00+01:00")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Proces]:
    with stage_i_proces("--control-port", "0", *CLOCK_TIME, folder=tmp_path) as proces:
        yield proces


@pytest.mark.parametrize(
    ("hunt", "after"), [("--soap", 45), ("--soap", 60), ("--rest", 40), ("--rest", 61), ("--parity", 75)]
)
def test_en_scene_der_forsvinder_er_intet_fund(hunt: str, after: int, stage: Proces, tmp_path: Path) -> None:
    with middleman(stage.services, Habits(dies_after=after)) as address:
        flag = (address, "--control", stage.control, hunt, "--seed", "1", "--max-calls", "300", "--json")
        response = fuzz(*flag, folder=tmp_path, code=3)
    assert json.loads(response.stdout)["findings"] == []
    assert "Traceback" not in response.stderr
    assert response.stderr.splitlines()[-1].startswith(f"generalproeve: target {address}: ")


@pytest.mark.parametrize("hunt", ["--rest", "--soap"])
def test_et_kontrol_api_der_forsvinder_ender_koerslen(hunt: str, stage: Proces, tmp_path: Path) -> None:
    with middleman(stage.control, Habits(dies_after=60)) as control:
        flag = (stage.services, "--control", control, hunt, "--seed", "1", "--max-calls", "300", "--json")
        response = fuzz(*flag, folder=tmp_path, code=3)
    assert "Traceback" not in response.stderr


def test_dommerens_egne_kald_uden_svar_er_fund(stage: Proces, tmp_path: Path) -> None:
    """Whoever hangs up on the second call under one request id is found, and the finding can be replayed."""
    seen: Counter[str] = Counter()

    def again(call: Call) -> bool:
        number = call[2].get("x-requestid", "")
        seen[number] += bool(number)
        return seen[number] > 1

    with middleman(stage.services, Habits(put_on=again)) as address:
        flag = (address, "--control", stage.control)
        chosen = ("--rest", "--seed", "1", "--max-calls", "300", "--json")
        findings = json.loads(fuzz(*flag, *chosen, folder=tmp_path, code=1).stdout)["findings"]
        file = next(finding["file"] for finding in findings if "aftalen: ubesvaret" in finding["what"])
        fuzz(*flag, "--replay", file, folder=tmp_path, code=1)
    fuzz(stage.services, "--control", stage.control, "--replay", file, folder=tmp_path, code=0)


@pytest.mark.parametrize("hunt", ["--parity"])
def test_hvad_der_kaldes_ved_siden_af_er_ogsaa_fund(hunt: str, stage: Proces, tmp_path: Path) -> None:
    """The subscription call is made before a history begins."""
    with middleman(stage.services, Habits(put_on=lambda call: "subscription" in call[1].lower())) as address:
        flag = (address, "--control", stage.control, hunt, "--seed", "1", "--max-calls", "60", "--json")
        findings = json.loads(fuzz(*flag, folder=tmp_path, code=1).stdout)["findings"]
    assert any("unanswered" in finding["what"] for finding in findings)


@pytest.mark.parametrize("hunt", ["--rest", "--soap"])
def test_login_og_sti_i_adressen(hunt: str, stage: Proces, tmp_path: Path) -> None:
    """Nothing is found that is not there, and the password is shown to nobody but who asks for it."""
    habits = Habits(prefixes="/foran", login="u:hemmelig")
    with middleman(stage.services, habits) as address:
        flag = (address, "--control", stage.control, hunt, "--seed", "1", "--max-calls", "300")
        response = fuzz(*flag, folder=tmp_path, code=0)
    assert "0 fund" in response.stdout
    assert "secret" not in response.stdout + response.stderr
    assert {path.split("/")[1] for _, path, _ in habits.call} == {"ahead"}


def test_en_forbindelse_der_lukkes_efter_hvert_svar_er_intet_fund(stage: Proces, tmp_path: Path) -> None:
    with middleman(stage.services, Habits(interrupt_after_response=True)) as address:
        for hunt in ("--soap", "--variants"):
            fuzz(
                address, "--control", stage.control, hunt, "--seed", "1", "--max-calls", "200", folder=tmp_path, code=0
            )


def test_et_dokument_bestemmer_ikke_hvor_der_kaldes(stage: Proces, tmp_path: Path) -> None:
    """A test environment's document may name another one, which nobody asked to have fuzzed."""

    def andensteds(path: str, body: bytes) -> bytes:
        return body.replace(b'"url":"/"', b'"url":"http://127.0.0.1:9/drift"') if "openapi" in path else body

    habits = Habits(rewrite=andensteds)
    with middleman(stage.services, habits) as address:
        flag = (address, "--control", stage.control, "--rest", "--seed", "1", "--max-calls", "100")
        fuzz(*flag, folder=tmp_path, code=0)
    paths = [path for _, path, _ in habits.call]
    assert sum(path.startswith("/v1/PersonVisitering") for path in paths) > 50
    assert not any(path.startswith("/drift") for path in paths)


def test_en_forkert_control_siges(stage: Proces, tmp_path: Path) -> None:
    response = fuzz(stage.services, "--control", stage.services, "--rest", folder=tmp_path, code=2)
    assert "is no control API of ours" in response.stderr
