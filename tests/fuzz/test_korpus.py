"""Findings of before, as files: none breaks any more, each breaks on the reference that it was found on, and none is removed.

A file is added when a finding was mended: the real ones by what was wrong, the planted ones by their reference's name.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from fuzzkommando import fuzz

from generalproeve.fuzz import findings as fund
from generalproeve.fuzz import loeb
from generalproeve.fuzz.lines import Linjer, aabnet
from generalproeve.opstilling import opstil
from generalproeve.settings.options import Given
from generalproeve.settings.target import resolve

KORPUS = sorted((Path(__file__).parent / "korpus").glob("*.json"))
PLANTEDE = (
    "andet_nummer_paa_soap",
    "gaar_ned_paa_en_gruppe",
    "tager_imod_en_header_to_gange",
    "siger_igen_hvad_der_blev_sagt",
)


@pytest.fixture(scope="module")
def scener() -> Iterator[Callable[[str, str], Linjer]]:
    """Open lines to an embedded stage of a release and a back end, one for all that were found there."""
    with ExitStack() as stak:

        @cache
        def paa(udgave: str, bagende: str) -> Linjer:
            resolved = resolve(f"embedded:release={udgave},backend={bagende}", Given())
            stage = stak.enter_context(opstil(resolved.target, resolved.settings))
            return stak.enter_context(aabnet(stage, 1))

        yield paa


@pytest.mark.parametrize("fil", KORPUS, ids=[fil.stem for fil in KORPUS])
def test_intet_af_det_bryder_mere(scener: Callable[[str, str], Linjer], fil: Path) -> None:
    en = fund.laes(fil)
    assert loeb.afspil(scener(en.udgave, en.bagende), en, fil.name) is None
    assert fil.exists()


@pytest.mark.parametrize("navn", PLANTEDE)
def test_det_bryder_hvor_det_blev_fundet(navn: str, tmp_path: Path) -> None:
    fil = shutil.copy(Path(__file__).parent / "korpus" / f"{navn}.json", tmp_path)
    assert "fund: " in fuzz("--replay", fil, mappe=tmp_path, kode=1, bygger=f"plantede:{navn}").stdout
    assert Path(fil).exists()
