"""The suite convicts each misbehaving reference of exactly what it does wrong, and never the correct one.

For every misbehaving reference judgements.toml lists the scenarios that must fail: these and no others. `make test` convicts
one reference for each requirement, by a few of its scenarios. `make test-all` convicts all of them of exactly what they do:
the run on the correct reference tells which scenarios call none of the replaced functions and so cannot fail; of the others
that must pass, one in eight is played, a different eighth for each reference. `python tests/support/convict.py` plays all.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

import pytest

from support.convict import Judgement, can_reveal, failed, judge, read
from support.misbehaving import MISBEHAVING
from vos_contracts import requirements

JUDGEMENTS = read()
SAMPLE = 8
FEW, QUICK_SAMPLE = 4, 64
"""The quick test plays that many of the scenarios that must fail, and `shown_by`; of those that must pass, one in that many."""


PYTHON = re.compile(r"[A-Z]\w+\(\w+=|datetime\.|<\w+\.\w+: |frozenset\(|\b(True|False|None)\b|\{'|\['|\('|^\w*Error: ")
"""What an explanation shows when a Python value was printed as it is."""


def _by_criterion() -> dict[str, list[str]]:
    """Return one reference per requirement, that of the fewest scenarios, by acceptance criterion.

    The criterion is the first word of the requirement's key: `ac02`, `tilsagn`, `adgang` and so on.
    """
    by_rule: dict[str, str] = {}
    for name in sorted(JUDGEMENTS, key=lambda name: (len(JUDGEMENTS[name]["scenarios"]), name)):
        by_rule.setdefault(str(JUDGEMENTS[name]["rule"]), name)
    by_criterion: dict[str, list[str]] = {}
    for rule, name in sorted(by_rule.items()):
        by_criterion.setdefault(rule.split("_")[0], []).append(name)
    return by_criterion


BY_CRITERION = _by_criterion()


def _sampled(name: str, scenario: str, one_in: int) -> bool:
    return zlib.crc32(f"{name} {scenario}".encode()) % one_in == 0


def _some_that_must_pass(name: str) -> list[str]:
    known = {scenario for judgement in JUDGEMENTS.values() for scenario in judgement["scenarios"]}
    return sorted(
        item for item in known.difference(JUDGEMENTS[name]["scenarios"]) if _sampled(name, item, QUICK_SAMPLE)
    )


def _assert_convicted(name: str, judged: list[Judgement], must_fail: Iterable[str]) -> None:
    """Exactly those scenarios fail, each says why, and one of the reference's requirement says what it must."""
    assert sorted(item.scenario for item in judged) == sorted(must_fail), name
    assert "failed" in {item.verdict for item in judged}
    for item in judged:
        assert item.explanation, f"{item.scenario}: nothing is said of why it failed"
        assert not PYTHON.search(item.explanation), f"{item.scenario}: Python in a text for testers: {item.explanation}"
        assert item.requirements, f"{item.scenario}: no requirement is named"
    rule, says = JUDGEMENTS[name]["rule"], str(JUDGEMENTS[name]["says"])
    explained = [item.explanation for item in judged if rule in item.requirements]
    assert any(says in item for item in explained), f"no scenario about {rule} says {says!r}: {explained}"


@pytest.fixture(scope="session")
def innocent() -> list[Judgement]:
    """The suite played against the correct reference."""
    return judge(("", None))[0]


def test_every_misbehaving_reference_has_a_judgement() -> None:
    assert set(JUDGEMENTS) == set(MISBEHAVING)
    assert len(MISBEHAVING) >= 89


def test_every_judgement_names_a_requirement_and_what_is_said() -> None:
    known = requirements.load()
    incomplete = [
        name
        for name, item in JUDGEMENTS.items()
        if item["rule"] not in known or not item["says"] or not item["scenarios"]
    ]
    assert incomplete == []


@pytest.mark.parametrize("criterion", BY_CRITERION)
def test_a_reference_is_convicted_for_each_requirement(criterion: str) -> None:
    names = BY_CRITERION[criterion]
    must_fail = {name: {JUDGEMENTS[name]["shown_by"], *JUDGEMENTS[name]["scenarios"][:FEW]} for name in names}
    played = {name: [*must_fail[name], *_some_that_must_pass(name)] for name in names}
    for name, judged in zip(names, judge(*played.items()), strict=True):
        assert len(judged) == len(played[name])
        _assert_convicted(name, failed(judged), must_fail[name])


@pytest.mark.slow
def test_the_correct_reference_passes(innocent: list[Judgement]) -> None:
    assert len(innocent) > 500
    assert failed(innocent) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(MISBEHAVING))
def test_a_misbehaving_reference_is_convicted_of_exactly_what_it_does(name: str, innocent: list[Judgement]) -> None:
    must_fail = set(JUDGEMENTS[name]["scenarios"])
    played = [
        item.scenario
        for item in can_reveal(innocent, name)
        if item.scenario in must_fail or _sampled(name, item.scenario, SAMPLE)
    ]
    _assert_convicted(name, failed(judge((name, played))[0]), must_fail)
