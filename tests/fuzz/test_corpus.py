"""Regression tests: saved findings do not fail on the reference, and fail on a reference with the planted fault.

When a fault is fixed, the file of its finding is added to `corpus`, named by what was wrong, or by the planted fault.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from generalproeve.fuzz import findings, runner
from generalproeve.fuzz.lines import FuzzLines, opened
from generalproeve.run.opening import open_target
from generalproeve.settings.stage import StageSettings
from generalproeve.settings.target import REHEARSAL_DAY, Embedded
from support.fuzz_command import FAULTS, fuzz
from vos_contracts.tables.releases import PrsSoap

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.json"))
PLANTED = ("other_code_by_soap", "crashes_on_a_group", "accepts_a_header_twice", "echoes_unescaped")


@pytest.fixture(scope="module")
def stages() -> Iterator[Callable[[str, str], FuzzLines]]:
    """Return a function that opens an embedded stage of a release and back end, once for all findings on it."""
    with ExitStack() as stack:

        @cache
        def open_stage(release: str, backend: str) -> FuzzLines:
            target = Embedded(release, PrsSoap(backend))
            settings = StageSettings(
                clock=REHEARSAL_DAY, release=release, backend=PrsSoap(backend), port=0, control_port=0
            )
            return stack.enter_context(opened(stack.enter_context(open_target(target, settings)), 1))

        yield open_stage


@pytest.mark.parametrize("file", CORPUS, ids=[file.stem for file in CORPUS])
def test_no_saved_finding_fails_on_the_reference(stages: Callable[[str, str], FuzzLines], file: Path) -> None:
    finding = findings.read(file)
    assert runner.replay(stages(finding.release, finding.backend), finding, file.name) is None
    assert file.exists()


@pytest.mark.parametrize("name", PLANTED)
def test_a_saved_finding_fails_with_its_planted_fault(name: str, tmp_path: Path) -> None:
    file = shutil.copy(Path(__file__).parent / "corpus" / f"{name}.json", tmp_path)
    assert "fund: " in fuzz("--replay", file, folder=tmp_path, code=1, builder=f"{FAULTS}:{name}").stdout
    assert Path(file).exists()
