"""A stage behind somebody who asks for a password, hangs up, or dies: what is found, what is not, and how it ends."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.fuzz_command import fuzz
from support.middleman import Call, Habits, middleman
from support.processes import StageProcess, stage_process

pytestmark = [  # what the party in the middle leaves behind, when callers hang up on it, is not what is tested
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]
CLOCK_TIME = ("--clock", "2024-11-18T09:00:00+01:00")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[StageProcess]:
    with stage_process("--control-port", "0", *CLOCK_TIME, folder=tmp_path) as proces:
        yield proces


@pytest.mark.parametrize(
    ("hunt", "after"),
    [
        ("--soap", 45),
        pytest.param("--parity", 75, marks=pytest.mark.slow),
        pytest.param("--soap", 60, marks=pytest.mark.slow),
        pytest.param("--rest", 40, marks=pytest.mark.slow),
        pytest.param("--rest", 61, marks=pytest.mark.slow),
    ],
)
def test_a_stage_that_dies_is_no_finding(hunt: str, after: int, stage: StageProcess, tmp_path: Path) -> None:
    with middleman(stage.services, Habits(dies_after=after)) as address:
        flag = (address, "--control", stage.control, hunt, "--seed", "1", "--max-calls", "300", "--json")
        response = fuzz(*flag, folder=tmp_path, code=3)
    assert json.loads(response.stdout)["findings"] == []
    assert "Traceback" not in response.stderr
    assert response.stderr.splitlines()[-1].startswith(f"generalproeve: target {address}: ")


@pytest.mark.slow
@pytest.mark.parametrize("hunt", ["--soap", "--rest"])
def test_a_control_api_that_dies_ends_the_run(hunt: str, stage: StageProcess, tmp_path: Path) -> None:
    with middleman(stage.control, Habits(dies_after=60)) as control:
        flag = (stage.services, "--control", control, hunt, "--seed", "1", "--max-calls", "300", "--json")
        response = fuzz(*flag, folder=tmp_path, code=3)
    assert "Traceback" not in response.stderr


@pytest.mark.slow
def test_an_unanswered_call_of_the_judge_is_a_finding(stage: StageProcess, tmp_path: Path) -> None:
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
        file = next(finding["file"] for finding in findings if "contract_rules: ubesvaret" in finding["what"])
        fuzz(*flag, "--replay", file, folder=tmp_path, code=1)
    fuzz(stage.services, "--control", stage.control, "--replay", file, folder=tmp_path, code=0)


@pytest.mark.parametrize("hunt", ["--parity"])
def test_an_unanswered_call_of_the_set_up_is_a_finding(hunt: str, stage: StageProcess, tmp_path: Path) -> None:
    """The subscription call is made before a history begins."""
    with middleman(stage.services, Habits(put_on=lambda call: "abonnement" in call[1].lower())) as address:
        flag = (address, "--control", stage.control, hunt, "--seed", "1", "--max-calls", "60", "--json")
        findings = json.loads(fuzz(*flag, folder=tmp_path, code=1).stdout)["findings"]
    assert any("ubesvaret" in finding["what"] for finding in findings)


@pytest.mark.slow
@pytest.mark.parametrize("hunt", ["--soap", "--rest"])
def test_an_address_may_have_a_login_and_a_path(hunt: str, stage: StageProcess, tmp_path: Path) -> None:
    """Nothing is found that is not there, and the password is shown to nobody but the server that asks for it."""
    habits = Habits(prefixes="/ahead", login="u:secret")
    with middleman(stage.services, habits) as address:
        flag = (address, "--control", stage.control, hunt, "--seed", "1", "--max-calls", "300")
        response = fuzz(*flag, folder=tmp_path, code=0)
    assert "0 fund" in response.stdout
    assert "secret" not in response.stdout + response.stderr
    assert {path.split("/")[1] for _, path, _ in habits.call} == {"ahead"}


@pytest.mark.slow
def test_a_connection_closed_after_each_answer_is_no_finding(stage: StageProcess, tmp_path: Path) -> None:
    with middleman(stage.services, Habits(interrupt_after_response=True)) as address:
        for hunt in ("--soap", "--variants"):
            fuzz(
                address, "--control", stage.control, hunt, "--seed", "1", "--max-calls", "200", folder=tmp_path, code=0
            )


@pytest.mark.slow
def test_a_served_document_does_not_decide_where_calls_go(stage: StageProcess, tmp_path: Path) -> None:
    """A test environment's document may name another one, which nobody asked to have fuzzed."""

    def elsewhere(path: str, body: bytes) -> bytes:
        return body.replace(b'"url":"/"', b'"url":"http://127.0.0.1:9/production"') if "openapi" in path else body

    habits = Habits(rewrite=elsewhere)
    with middleman(stage.services, habits) as address:
        flag = (address, "--control", stage.control, "--rest", "--seed", "1", "--max-calls", "100")
        fuzz(*flag, folder=tmp_path, code=0)
    paths = [path for _, path, _ in habits.call]
    assert sum(path.startswith("/v1/PersonVisitering") for path in paths) > 50
    assert not any(path.startswith("/production") for path in paths)


def test_a_control_address_that_is_no_control_api_is_refused(stage: StageProcess, tmp_path: Path) -> None:
    response = fuzz(stage.services, "--control", stage.services, "--rest", folder=tmp_path, code=2)
    assert "is not the control API of a stage" in response.stderr
