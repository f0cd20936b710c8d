"""The suite convicts each misbehaving reference of exactly what it does wrong, and never the correct one.

For every misbehaving reference judgements.toml lists the scenarios that must fail: these and no others. The run on the correct
reference tells which scenarios call none of the replaced functions and so cannot fail. Of the others that must pass, one in
eight is played, a different eighth for each reference. `python tests/support/convict.py` plays all of them.
"""

from __future__ import annotations

import zlib

import pytest

from support.convict import Judgement, can_reveal, failed, judge, read
from support.misbehaving import MISBEHAVING
from vos_contracts import requirements

JUDGEMENTS = read()
SAMPLE = 8


def _one_per_criterion() -> set[str]:
    """One misbehaving reference per acceptance criterion: `make test` plays these, `make test-all` the others too.

    The criterion is the first word of the requirement's key: `ac02`, `tilsagn`, `adgang` and so on.
    """
    by_criterion: dict[str, str] = {}
    for name in sorted(JUDGEMENTS):
        by_criterion.setdefault(str(JUDGEMENTS[name]["rule"]).split("_")[0], name)
    return set(by_criterion.values())


def _sampled(name: str, scenario: str) -> bool:
    return zlib.crc32(f"{name} {scenario}".encode()) % SAMPLE == 0


@pytest.fixture(scope="session")
def innocent() -> list[Judgement]:
    """The suite played against the correct reference."""
    return judge("")


def test_every_misbehaving_reference_has_a_judgement() -> None:
    assert set(JUDGEMENTS) == set(MISBEHAVING)
    assert len(MISBEHAVING) >= 87


def test_every_judgement_names_a_requirement_and_what_is_said() -> None:
    known = requirements.load()
    incomplete = [
        name
        for name, item in JUDGEMENTS.items()
        if item["rule"] not in known or not item["says"] or not item["scenarios"]
    ]
    assert incomplete == []


def test_the_correct_reference_passes(innocent: list[Judgement]) -> None:
    assert len(innocent) > 500
    assert failed(innocent) == []


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[] if name in _one_per_criterion() else [pytest.mark.slow])
        for name in sorted(MISBEHAVING)
    ],
)
def test_a_misbehaving_reference_is_convicted_of_exactly_what_it_does(name: str, innocent: list[Judgement]) -> None:
    must_fail = set(JUDGEMENTS[name]["scenarios"])
    played = [
        item.number
        for item in can_reveal(innocent, name)
        if item.scenario in must_fail or _sampled(name, item.scenario)
    ]
    judged = failed(judge(name, played))
    assert sorted(item.scenario for item in judged) == JUDGEMENTS[name]["scenarios"]
    assert "failed" in {item.verdict for item in judged}
    for item in judged:
        assert item.explanation, f"{item.scenario}: nothing is said of why it failed"
        assert item.requirements, f"{item.scenario}: no requirement is named"
    rule, says = JUDGEMENTS[name]["rule"], str(JUDGEMENTS[name]["says"])
    explained = [item.explanation for item in judged if rule in item.requirements]
    assert any(says in item for item in explained), f"no scenario about {rule} says {says!r}: {explained}"
