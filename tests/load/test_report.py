from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from vos_load import summary
from vos_load.load_profile import Measure, Threshold
from vos_load.recording import NightlyRunRecord, Recorder
from vos_load.report import render_page
from vos_load.result import FILE, LoadResult, Workload, read_result
from vos_load.verdicts import judge


@pytest.fixture
def result() -> LoadResult:
    recorder = Recorder(120.0)
    for number in range(200):
        recorder.due(number / 2, 1.0, 100.0)
        recorder.call(number / 2, "read_status", "rest", 2.0 + number % 7, 3.0, "")
        recorder.call(number / 2, "read_history", "converter", 4.0 + number % 7, 5.0, "")
    recorder.call(3.0, "read_status", "rest", 1.0, None, "status 400 med <script>alert(1)</script>")
    for round_ in range(8):
        recorder.block(round_, "read_history", "rest", [2.0, 2.1])
        recorder.block(round_, "read_history", "converter", [6.0, 6.3])
    taken = recorder.take()
    measured = summary.measurements(taken)
    return judge(
        LoadResult(
            profile="p", title="En titel", about="Om den", source="Epic", workload=Workload.OPEN,
            stage={"target": "reference 2024-4", "release": "2024-4", "contract": "abc", "latency": "epic"},
            machine={"python": "3"}, seed=7, started="2026-01-01", seconds=100.0, calls=401, errors=1,
            error_reasons=taken.reasons, operations=measured, ratios=summary.channel_ratios(taken.blocks, 1),
            ratios_without_line=[], line_ms=None, converter_parts_ms={"parse": 0.1, "rest": 0.7},
            offer=summary.offered(taken), series=summary.series(taken),
            memory_mib=[(0, 90), (1, 91), (2, 92)], nightly=NightlyRunRecord(begun=1, ended=2, seen=10, changed=3),
            distributions=summary.distributions(taken), blocks=taken.blocks,
        ),
        [Threshold(what=Measure.ERRORS, max=0)],
    )  # fmt: skip


def test_the_page_needs_nothing_outside_itself(result: LoadResult) -> None:
    page = render_page(result)
    foreign = {link for link in re.findall(r"(?:src|href)=\"([^\"]+)\"", page) if not link.startswith("#")}
    assert foreign == set()
    assert "@import" not in page
    assert page.count("<svg") == 6


def test_the_page_answers_with_the_ratio_and_its_interval(result: LoadResult) -> None:
    page = render_page(result)
    assert "SOAP gennem konverteren er <b>3.00</b> gange så langsom som REST" in page
    assert "epikken forventer ca. 100" in page
    assert "svartidsmodel: epic" in page, "a model of latency is on every report"


def test_what_a_target_says_cannot_run_in_the_page(result: LoadResult) -> None:
    page = render_page(result)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_verdicts_are_on_the_page_in_danish(result: LoadResult) -> None:
    assert 'class="exceeded">overskredet' in render_page(result)


def test_the_result_can_be_read_again(result: LoadResult, tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_bytes(msgspec.json.encode(result))
    assert read_result(tmp_path) == result == read_result(file)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]"], ids=["empty", "no fields", "list"])
def test_a_file_that_is_no_result_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(ValueError, match=r"result\.json: is not the result of a load run"):
        read_result(tmp_path)
    with pytest.raises(ValueError, match="missing: is not"):
        read_result(tmp_path / "missing")
