"""Fuzz a stage through a proxy that drops connections, stops, demands a password or changes responses."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.faulty_proxy import ProxiedRequest, ProxyBehaviour, faulty_proxy
from support.fuzz_command import fuzz
from support.processes import StageProcess, stage_process

pytestmark = [  # the proxy's request threads end with exceptions when a test drops their connections
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]
CLOCK_TIME = ("--clock", "2024-11-18T09:00:00+01:00")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[StageProcess]:
    with stage_process("--control-port", "0", *CLOCK_TIME, folder=tmp_path) as process:
        yield process


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
def test_a_stage_that_stops_is_no_finding(hunt: str, after: int, stage: StageProcess, tmp_path: Path) -> None:
    with faulty_proxy(stage.services, ProxyBehaviour(dies_after=after)) as address:
        flags = (address, "--control", stage.control, hunt, "--seed", "1", "--max-calls", "300", "--json")
        result = fuzz(*flags, folder=tmp_path, code=3)
    assert json.loads(result.stdout)["findings"] == []
    assert "Traceback" not in result.stderr
    assert result.stderr.splitlines()[-1].startswith(f"generalproeve: target {address}: ")


@pytest.mark.slow
@pytest.mark.parametrize("hunt", ["--soap", "--rest"])
def test_a_control_api_that_stops_ends_the_run(hunt: str, stage: StageProcess, tmp_path: Path) -> None:
    with faulty_proxy(stage.control, ProxyBehaviour(dies_after=60)) as control:
        flags = (stage.services, "--control", control, hunt, "--seed", "1", "--max-calls", "300", "--json")
        result = fuzz(*flags, folder=tmp_path, code=3)
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_an_unanswered_call_of_the_judge_is_a_finding(stage: StageProcess, tmp_path: Path) -> None:
    """The stage drops the connection at the second call with a request id; the finding is saved and replayed."""
    calls_of: Counter[str] = Counter()

    def repeats_a_request_id(request: ProxiedRequest) -> bool:
        request_id = request[2].get("x-requestid", "")
        calls_of[request_id] += bool(request_id)
        return calls_of[request_id] > 1

    with faulty_proxy(stage.services, ProxyBehaviour(drops=repeats_a_request_id)) as address:
        target = (address, "--control", stage.control)
        flags = ("--rest", "--seed", "1", "--max-calls", "300", "--json")
        findings = json.loads(fuzz(*target, *flags, folder=tmp_path, code=1).stdout)["findings"]
        file = next(finding["file"] for finding in findings if "contract_rules: ubesvaret" in finding["what"])
        fuzz(*target, "--replay", file, folder=tmp_path, code=1)
    fuzz(stage.services, "--control", stage.control, "--replay", file, folder=tmp_path, code=0)


def test_an_unanswered_call_of_the_set_up_is_a_finding(stage: StageProcess, tmp_path: Path) -> None:
    """The parity hunt calls the subscription service before a history begins."""
    drops_subscriptions = ProxyBehaviour(drops=lambda request: "abonnement" in request[1].lower())
    with faulty_proxy(stage.services, drops_subscriptions) as address:
        flags = (address, "--control", stage.control, "--parity", "--seed", "1", "--max-calls", "60", "--json")
        findings = json.loads(fuzz(*flags, folder=tmp_path, code=1).stdout)["findings"]
    assert any("ubesvaret" in finding["what"] for finding in findings)


@pytest.mark.slow
@pytest.mark.parametrize("hunt", ["--soap", "--rest"])
def test_an_address_may_have_a_login_and_a_path(hunt: str, stage: StageProcess, tmp_path: Path) -> None:
    """The proxy alone causes no finding, and its password does not appear in any output."""
    behaviour = ProxyBehaviour(path_prefix="/ahead", login="u:secret")
    with faulty_proxy(stage.services, behaviour) as address:
        flags = (address, "--control", stage.control, hunt, "--seed", "1", "--max-calls", "300")
        result = fuzz(*flags, folder=tmp_path, code=0)
    assert "0 fund" in result.stdout
    assert "secret" not in result.stdout + result.stderr
    assert {path.split("/")[1] for _, path, _ in behaviour.requests} == {"ahead"}


@pytest.mark.slow
def test_a_connection_closed_after_each_answer_is_no_finding(stage: StageProcess, tmp_path: Path) -> None:
    with faulty_proxy(stage.services, ProxyBehaviour(closes_after_response=True)) as address:
        for hunt in ("--soap", "--variants"):
            flags = (address, "--control", stage.control, hunt, "--seed", "1", "--max-calls", "200")
            fuzz(*flags, folder=tmp_path, code=0)


@pytest.mark.slow
def test_a_served_document_does_not_decide_where_calls_go(stage: StageProcess, tmp_path: Path) -> None:
    """The `servers` of a served OpenAPI document may name another environment than the target of the run."""

    def name_another_server(path: str, body: bytes) -> bytes:
        return body.replace(b'"url":"/"', b'"url":"http://127.0.0.1:9/production"') if "openapi" in path else body

    behaviour = ProxyBehaviour(rewrite=name_another_server)
    with faulty_proxy(stage.services, behaviour) as address:
        flags = (address, "--control", stage.control, "--rest", "--seed", "1", "--max-calls", "100")
        fuzz(*flags, folder=tmp_path, code=0)
    paths = [path for _, path, _ in behaviour.requests]
    assert sum(path.startswith("/v1/PersonVisitering") for path in paths) > 50
    assert not any(path.startswith("/production") for path in paths)


def test_a_control_address_that_is_no_control_api_is_refused(stage: StageProcess, tmp_path: Path) -> None:
    result = fuzz(stage.services, "--control", stage.services, "--rest", folder=tmp_path, code=2)
    assert "is not the control API of a stage" in result.stderr
