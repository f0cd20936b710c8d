"""The parity hunt: planted faults are found, shrunk, saved and replayed, and the reference has no finding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.fuzz_command import FAULTS, findings, fuzz


def hunt(target: str, fault: str, folder: Path, seed: int) -> tuple[dict[str, Any], Path]:
    """Run the hunt on a reference with a planted fault; return the content and the file of its only finding."""
    flags = (target, "--parity", "--seed", str(seed), "--max-calls", "500")
    (found,) = findings(*flags, folder=folder, builder=f"{FAULTS}:{fault}")
    file = folder / found["file"]
    content: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return content, file


def test_finds_another_code_by_soap(tmp_path: Path) -> None:
    found, _ = hunt("embedded:", "other_code_by_soap", tmp_path, 2)
    assert found["difference"]["what"] == ["response"]
    last = found["difference"]["steps"][-1]
    assert (last["prs"]["response"], last["pvs"]["response"]) == ([4645], [4644])
    assert [step["step"] for step in found["history"]["steps"]] == ["register", "register"], "the shortest history"


@pytest.mark.slow
def test_finds_a_field_that_only_rest_checks(tmp_path: Path) -> None:
    found, _ = hunt("embedded:backend=classic", "forgets_the_calendar_by_soap", tmp_path, 1)
    step = found["difference"]["steps"][-1]
    assert "year" in step["step"]
    assert step["prs"]["response"] != step["pvs"]["response"] == [1014]


@pytest.mark.slow
def test_finds_a_refusal_that_changes_something_and_replays_it(tmp_path: Path) -> None:
    found, file = hunt("embedded:", "stores_what_is_refused", tmp_path, 1)
    assert found["difference"]["what"] == ["rows", "messages", "events"]
    steps = len(found["history"]["steps"])
    assert steps <= 2
    flags = ("--replay", str(file))
    again = fuzz(*flags, folder=tmp_path, code=1, builder=f"{FAULTS}:stores_what_is_refused").stdout
    assert f"fund: PRS og PVS skilles efter {steps} trin: rækker, beskeder, hændelser" in again
    assert "PRS (SOAP)" in again
    assert "rækker må" in again
    assert "gemt i" in again
    assert file.exists()
    assert "bryder ikke mere og er slettet" in fuzz(*flags, folder=tmp_path, code=0).stdout
    assert not file.exists()


def test_finds_a_webservice_message_with_wrong_content(tmp_path: Path) -> None:
    """The number and recipients of the messages are right; only their content shows the fault."""
    found, _ = hunt("embedded:", "reports_all_by_soap_as_new", tmp_path, 1)
    assert found["difference"]["what"] == ["messages"]
    last = found["difference"]["steps"][-1]
    prs, pvs = (
        [message for message in last[channel]["messages"] if message not in last[other]["messages"]]
        for channel, other in (("prs", "pvs"), ("pvs", "prs"))
    )
    assert {message[0] for message in (*prs, *pvs)} <= {"webhook /kontaktgruppe", "webhook /personkategori"}
    assert {message[1]["change_type"] for message in prs} == {1} != {message[1]["change_type"] for message in pvs}


@pytest.mark.parametrize(
    "release",
    ["2024-3", pytest.param("2024-4", marks=pytest.mark.slow), pytest.param("2025-1", marks=pytest.mark.slow)],
)
def test_the_reference_answers_alike_on_both_channels(release: str, tmp_path: Path) -> None:
    """In 2024-3 the release table gives the errors 100028 and 100029 by REST only, or by SOAP in some cases only."""
    flags = (f"embedded:release={release}", "--parity", "--seed", "6", "--max-calls", "80")
    assert "0 fund, seed 6" in fuzz(*flags, folder=tmp_path, code=0).stdout
    assert not (tmp_path / "fuzz").exists()


@pytest.mark.slow
def test_the_same_seed_gives_the_same_calls(tmp_path: Path) -> None:
    flags = ("--parity", "--seed", "11", "--max-calls", "30", "--json")
    first, again = (json.loads(fuzz(*flags, folder=tmp_path, code=0).stdout) for _ in range(2))
    assert first["calls"] == again["calls"] != {"parity": 0}


def test_the_hunt_is_left_out_of_a_release_without_prs(tmp_path: Path) -> None:
    output = fuzz("embedded:release=2025-2", "--parity", folder=tmp_path, code=5).stdout
    assert "udeladt: parity - i 2025-2 findes PersonRegistrationService ikke mere" in output


@pytest.mark.parametrize(
    ("flags", "code", "message"),
    [
        (("https://proeve.example.dk", "--parity"), 2, "--allow-remote"),
        (("http://127.0.0.1:9", "--parity"), 3, ""),
        (("--max-time", "0"), 4, ""),
        (("--replay", "x.json"), 2, "no such file"),
        (("--replay", "y.json"), 2, "is not a finding"),
    ],
)
def test_an_impossible_run_ends_with_a_message(flags: tuple[str, ...], code: int, message: str, tmp_path: Path) -> None:
    (tmp_path / "y.json").write_text("{}")
    assert message in fuzz(*flags, folder=tmp_path, code=code).stderr


def test_a_message_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    """The classic back end accepts a time that no message can hold; that is a finding although both twins have it."""
    step = {"step": "register", "kind": "kontaktgruppe", "type": 2, "event": {"year": 1900}}
    file, nothing = tmp_path / "f.json", {"what": [], "steps": []}
    file.write_text(json.dumps({"kind": "parity", "seed": 1, "release": "2024-4", "backend": "classic",
                                "history": {"steps": [step]}, "difference": nothing}))  # fmt: skip
    flags = ("embedded:backend=classic", "--replay", str(file))
    output = fuzz(*flags, folder=tmp_path, code=1, builder=f"{FAULTS}:forgets_the_calendar_by_soap").stdout
    assert "beskeder" in output
    assert "læses" in output
