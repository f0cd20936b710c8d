"""The suite convicts the guilty, each of exactly what it has done, and never the innocent.

For every misbehaving reference `judgements.toml` holds the scenes that must fall: those and no others. Of a scene that calls
nothing of what is bent the innocent's run has shown that it cannot tell; of the rest that must stand, one in eight is played,
other ones for each. `domstol.py` plays all of them, and with `--every-scene` also those that cannot tell.
"""

from __future__ import annotations

import zlib

import pytest
from support.convict import Judgement, can_se, failed, judge, read
from support.misbehaving import MISBEHAVING

from vos_contracts import requirements

JUDGEMENTS = read()
SAMPLE = 8


def _tried(name: str, stage: str) -> bool:
    return zlib.crc32(f"{name} {stage}".encode()) % SAMPLE == 0


@pytest.fixture(scope="session")
def innocent() -> list[Judgement]:
    """The suite as the innocent plays it."""
    return judge("")


def test_hver_misdaeder_har_en_dom() -> None:
    assert set(JUDGEMENTS) == set(MISBEHAVING)
    assert len(MISBEHAVING) >= 40


@pytest.mark.parametrize("name", sorted(MISBEHAVING))
def test_hver_dom_naevner_et_krav_og_hvad_der_siges(name: str) -> None:
    assert JUDGEMENTS[name]["rule"] in requirements.load()
    assert JUDGEMENTS[name]["says"]
    assert JUDGEMENTS[name]["scenarios"]


def test_den_uskyldige_gaar_fri(innocent: list[Judgement]) -> None:
    assert len(innocent) > 400
    assert failed(innocent) == []


@pytest.mark.parametrize("name", sorted(MISBEHAVING))
def test_den_skyldige_doemmes_for_praecis_det_han_har_gjort(name: str, innocent: list[Judgement]) -> None:
    must_fall = set(JUDGEMENTS[name]["scenarios"])
    played = [item.number for item in can_se(innocent, name) if item.stage in must_fall or _tried(name, item.stage)]
    judged = failed(judge(name, played))
    assert sorted(item.stage for item in judged) == JUDGEMENTS[name]["scenarios"]
    assert "failed" in {item.verdict for item in judged}
    for item in judged:
        assert item.explanation, f"{item.stage}: nothing is said of why it fell"
        assert item.requirement, f"{item.stage}: no requirement is named"
    rule, says = JUDGEMENTS[name]["rule"], str(JUDGEMENTS[name]["says"])
    explained = [item.explanation for item in judged if rule in item.requirement]
    assert any(says in item for item in explained), f"no scene about {rule} says {says!r}: {explained}"
