"""The REST hunt: planted faults are found by the rule that they break, and the reference has no finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.fuzz_command import FAULTS, findings, fuzz

PLANTED = {
    f"{FAULTS}:crashes_on_a_group": "500",
}
PLANTED_SLOW = {
    f"{FAULTS}:accepts_a_call_without_name": "uden x-userfullname blev der læst videre",
    "support.misbehaving:answers_with_wrong_status": "422",
    f"{FAULTS}:stores_what_is_refused": "efterlod 1 rækker",
    f"{FAULTS}:hangs_up_mid_answer": "DELETE /v1/PersonVisitering/kontaktgruppe/{kontaktgruppeId}: unanswered",
    "support.misbehaving:carries_out_repeated_calls": "samme request-id igen gav",
}
FLAGS = ("--rest", "--seed", "1", "--max-calls", "800")


@pytest.mark.parametrize(
    ("builder", "breach"),
    [*PLANTED.items(), *(pytest.param(*fault, marks=pytest.mark.slow) for fault in PLANTED_SLOW.items())],
)
def test_a_planted_fault_is_found(builder: str, breach: str, tmp_path: Path) -> None:
    found = [finding["what"] for finding in findings(*FLAGS, folder=tmp_path, builder=builder)]
    assert any(breach in what for what in found), found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("builder", "breach"),
    [(f"{FAULTS}:hangs_up_mid_answer", "unanswered"), ("support.misbehaving:answers_with_wrong_status", "")],
)
def test_a_finding_is_replayed_and_removed_when_it_is_fixed(builder: str, breach: str, tmp_path: Path) -> None:
    found = findings(*FLAGS, folder=tmp_path, builder=builder)
    file = next(str(finding["file"]) for finding in found if breach in finding["what"])
    assert "fund: " in fuzz("--replay", file, folder=tmp_path, code=1, builder=builder).stdout
    assert "bryder ikke mere og er slettet" in fuzz("--replay", file, folder=tmp_path, code=0).stdout
    assert not (tmp_path / file).exists()


def test_the_reference_has_no_finding(tmp_path: Path) -> None:
    output = fuzz("--rest", "--seed", "1", "--max-calls", "400", folder=tmp_path, code=0).stdout
    assert "0 fund, seed 1" in output
