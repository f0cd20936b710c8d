"""Distributions, ratios with intervals, thresholds, two runs held together; all on made-up times of known truth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from vos_load import danish, ratios, summary
from vos_load.compare import ChangeVerdict, LoadChange, compare_runs
from vos_load.load_profile import LoadOperation, Measure, Threshold
from vos_load.recording import LINE, LatencyHistogram, RecordedBlock, Recorder, add_up, pack, unpack
from vos_load.result import ALL, LoadResult, LoadVerdict, NotJudged, ThresholdVerdict, Workload
from vos_load.verdicts import judge

OPERATIONS = ("create_kontaktgruppe", "read_kontaktgruppe", "read_history")
MakeUp = Callable[..., LoadResult]


def make_blocks(
    seed: int, factors: dict[str, float], rounds: int = 40, per_block: int = 10, noise: float = 0.25
) -> list[RecordedBlock]:
    """Make up times: a machine that is now quick and now slow, the same for all channels within a round."""
    rng = np.random.default_rng(seed)
    out: list[RecordedBlock] = []
    for round_ in range(rounds):
        machine = np.exp(rng.normal(0, 0.5))
        for operation in OPERATIONS:
            for channel, factor in factors.items():
                ms = 2.0 * machine * factor * np.exp(rng.normal(0, noise, per_block))
                out.append(
                    RecordedBlock(round=round_, operation=operation, channel=channel, ms=tuple(float(t) for t in ms))
                )
        out.append(RecordedBlock(round=round_, operation=LINE, channel=LINE, ms=(float(0.2 * machine),)))
    return out


@pytest.fixture
def make_up() -> MakeUp:
    def make(blocks: list[RecordedBlock], **fields: object) -> LoadResult:
        base: dict[str, object] = {
            "profile": "p", "title": "t", "about": "", "source": "", "workload": Workload.PAIRED, "stage": {}, "machine": {},
            "seed": 1, "started": "", "seconds": 1.0, "calls": 10, "errors": 0, "error_reasons": {}, "operations": [],
            "ratios": summary.channel_ratios(blocks, 1), "ratios_without_line": [], "line_ms": None,
            "converter_parts_ms": {}, "offer": None, "series": [],
            "memory_mib": [], "nightly": None, "distributions": {}, "blocks": blocks,
        }  # fmt: skip
        return LoadResult(**{**base, **fields})  # type: ignore[arg-type] - whatever the test gives

    return make


def test_a_histograms_percentiles_are_right_to_half_a_percent() -> None:
    times = np.exp(np.random.default_rng(3).normal(1, 1.2, 20_000))
    histogram = LatencyHistogram()
    for ms in times:
        histogram.count(float(ms))
    for p, rank in ((1, 200), (50, 10_000), (90, 18_000), (99, 19_800), (99.9, 19_980)):
        assert histogram.percentile(p) == pytest.approx(float(np.sort(times)[rank - 1]), rel=0.0051)
    assert LatencyHistogram().percentile(50) == 0


def test_histograms_can_be_added() -> None:
    a, b, both = LatencyHistogram(), LatencyHistogram(), LatencyHistogram()
    for number in range(100):
        (a if number % 3 else b).count(number + 1.0)
        both.count(number + 1.0)
    a.add(b)
    assert a.buckets == both.buckets


@pytest.mark.parametrize("truth", [1.0, 1.3, 10.0, 100.0])
def test_the_interval_covers_the_true_ratio_as_often_as_it_says(truth: float) -> None:
    """Two hundred runs of known truth: a 95 % interval must hold it in nearly all, and not by being wide."""
    covered, widths = 0, []
    for seed in range(200):
        own = make_blocks(seed, {"rest": 1.0, "converter": truth}, rounds=30)
        ratio = ratios.estimate_ratio(
            *(ratios.round_medians(own, OPERATIONS[0], name) for name in ("converter", "rest")), seed=seed
        )
        assert ratio is not None
        covered += ratio.covers(truth)
        widths.append(ratio.high / ratio.low)
    assert covered >= 184, f"{covered} of 200"
    assert np.median(widths) < 1.15


def test_too_few_rounds_give_no_ratio() -> None:
    own = make_blocks(1, {"rest": 1.0, "converter": 2.0}, rounds=2)
    assert (
        ratios.estimate_ratio(*(ratios.round_medians(own, OPERATIONS[0], name) for name in ("converter", "rest")))
        is None
    )
    assert summary.channel_ratios(own, 1) == []


def changed(changes: list[LoadChange], verdict: ChangeVerdict) -> set[tuple[str, str, str | None]]:
    return {(one.operation, one.channel, one.against) for one in changes if one.verdict is verdict}


def test_a_planted_slowdown_of_20_percent_is_found_and_nothing_else(make_up: MakeUp) -> None:
    before = make_up(make_blocks(1, {"rest": 1.0, "converter": 1.4, "classic": 1.2}))
    after = make_up(make_blocks(2, {"rest": 1.0, "converter": 1.4 * 1.2, "classic": 1.2}))
    planted = {(operation, "converter", "rest") for operation in (*OPERATIONS, ALL)}
    assert changed(compare_runs(before, after), ChangeVerdict.SLOWER) == planted
    back = compare_runs(after, before)
    assert changed(back, ChangeVerdict.FASTER) == planted
    assert changed(back, ChangeVerdict.SLOWER) == set()


def test_ten_pairs_of_runs_of_the_same_code_show_no_difference(make_up: MakeUp) -> None:
    factors = {"rest": 1.0, "converter": 1.4, "classic": 1.2}
    for seed in range(10):
        a, b = (make_up(make_blocks(100 + 2 * seed + number, factors)) for number in (0, 1))
        assert {change.verdict for change in compare_runs(a, b)} == {ChangeVerdict.SAME}


def test_runs_with_nothing_in_common_cannot_be_compared(make_up: MakeUp) -> None:
    paired = make_up(make_blocks(1, {"rest": 1.0, "converter": 1.4}))
    with pytest.raises(ValueError, match="open"):
        compare_runs(paired, make_up([], workload=Workload.OPEN))
    with pytest.raises(ValueError, match="in common"):
        compare_runs(paired, make_up(make_blocks(1, {"rest": 1.0, "soap": 1.4})))


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(1.2, ThresholdVerdict.EXCEEDED), (2.0, ThresholdVerdict.KEPT), (1.5, ThresholdVerdict.UNDECIDED)],
)
def test_a_ratio_is_exceeded_only_when_its_whole_interval_lies_above(
    make_up: MakeUp, limit: float, expected: ThresholdVerdict
) -> None:
    run = make_up(make_blocks(4, {"rest": 1.0, "converter": 1.5}, rounds=8))
    judged = judge(run, [Threshold(what=Measure.RATIO, max=limit, operation=LoadOperation.READ_HISTORY)])
    (threshold,) = judged.thresholds
    assert threshold.verdict is expected
    exceeded = expected is ThresholdVerdict.EXCEEDED
    assert judged.verdict is (LoadVerdict.EXCEEDED if exceeded else LoadVerdict.PASSED)
    assert danish.threshold_name(threshold) == "læs historik SOAP gennem konverteren mod REST"


def test_errors_above_the_threshold_fail_the_run(make_up: MakeUp) -> None:
    threshold = Threshold(what=Measure.ERRORS, max=0.01)
    assert judge(make_up([], calls=1000, errors=10), [threshold]).verdict is LoadVerdict.PASSED
    assert judge(make_up([], calls=1000, errors=11), [threshold]).verdict is LoadVerdict.EXCEEDED
    assert judge(make_up([], calls=0), [threshold]).verdict is LoadVerdict.NOT_JUDGED


def test_what_was_not_measured_is_not_passed(make_up: MakeUp) -> None:
    """A target without SOAP to compare, too few rounds, no memory to read: the thresholds about them decide nothing."""
    short = judge(
        make_up(make_blocks(1, {"rest": 1.0, "converter": 2.0}, rounds=5)), [Threshold(what=Measure.RATIO, max=100)]
    )
    assert (short.verdict, short.not_judged) == (LoadVerdict.NOT_JUDGED, NotJudged.NOT_MEASURED)
    assert danish.reason_not_judged(short) == "ikke målt: forhold"
    long = make_up(make_blocks(1, {"rest": 1.0, "converter": 2.0}))
    thresholds = [Threshold(what=Measure.RATIO, max=1.5), Threshold(what=Measure.MEMORY, max=1)]
    assert judge(long, thresholds).verdict is LoadVerdict.EXCEEDED, "exceeded counts, whatever else was not measured"
    assert judge(long, thresholds[1:]).verdict is LoadVerdict.NOT_JUDGED


def test_an_interrupted_run_or_one_without_its_nightly_jobs_is_not_judged(make_up: MakeUp) -> None:
    threshold = Threshold(what=Measure.ERRORS, max=1)
    interrupted = judge(make_up([], interrupted=True), [threshold])
    assert interrupted.not_judged is NotJudged.INTERRUPTED
    assert danish.reason_not_judged(interrupted) == "kørslen blev afbrudt"
    unfinished = judge(make_up([]), [threshold], nightly_expected=True)
    assert unfinished.not_judged is NotJudged.NIGHTLY_UNFINISHED
    assert danish.reason_not_judged(unfinished) == "natkørslerne blev ikke færdige"
    assert judge(make_up([]), [threshold]).verdict is LoadVerdict.PASSED


def test_growing_memory_fails_the_run(make_up: MakeUp) -> None:
    threshold = Threshold(what=Measure.MEMORY, max=20)
    flat = [(float(t), 100.0 + (t < 5)) for t in range(100)]
    growing = [(float(t), 100.0 + t) for t in range(100)]
    assert judge(make_up([], memory_mib=flat), [threshold]).verdict is LoadVerdict.PASSED
    assert judge(make_up([], memory_mib=growing), [threshold]).verdict is LoadVerdict.EXCEEDED


def test_a_run_that_could_not_offer_its_load_is_not_judged(make_up: MakeUp) -> None:
    recorder = Recorder(120.0)
    for number in range(200):
        recorder.due(number / 2, 500.0 if number < 3 else 1.0, 100.0)
    offer = summary.offered(recorder.take())
    assert offer is not None
    assert (offer.due, offer.in_time, offer.offered) == (200, 197, False)
    judged = judge(make_up([], offer=offer), [Threshold(what=Measure.ERRORS, max=1)])
    assert judged.not_judged is NotJudged.NOT_OFFERED


def test_parts_of_several_processes_become_one_run() -> None:
    recorders = (Recorder(120.0), Recorder(120.0))
    for number, recorder in enumerate(recorders):
        recorder.call(1.5, "read_status", "rest", 4.0 + number, 5.0, "")
        recorder.call(1.5, "read_status", "rest", 9.0, None, "status 400 med 4404")
        recorder.due(1.5, 1.0, 100.0)
    whole = add_up(1.0, [unpack(pack(recorder.take())) for recorder in recorders])
    everything, status = (
        next(one for one in summary.measurements(whole) if one.operation == name) for name in (ALL, "read_status")
    )
    assert (status.calls, status.errors) == (everything.calls, everything.errors) == (4, 2)
    assert status.latency_ms["99.9"] == pytest.approx(5.0, rel=0.006), "a failed call's time is no latency"
    assert whole.reasons == {"status 400 med 4404": 2}
    assert whole.due == {1: 2}
    assert pack(recorders[0].take())["cells"] == [], "what was handed over is not handed over again"


def lines(rest: float, soap: float, line: float) -> list[RecordedBlock]:
    """Twelve rounds of the same times, in milliseconds."""
    return [
        RecordedBlock(
            round=round_, operation=LINE if channel == LINE else OPERATIONS[0], channel=channel, ms=(ms, ms * 1.001)
        )
        for round_ in range(12)
        for channel, ms in (("rest", rest), ("soap", soap), (LINE, line))
    ]


def test_the_lines_own_time_can_be_taken_out() -> None:
    """Far away: 20 ms on the line, 5 in the service, and SOAP a hundred times that; what a caller sees hides it."""
    far = lines(25.0, 520.0, 20.0)
    (seen,) = (ratio for ratio in summary.channel_ratios(far, 1) if ratio.operation == ALL)
    (without,) = (ratio for ratio in summary.channel_ratios(far, 1, without_line=True) if ratio.operation == ALL)
    assert seen.ratio == pytest.approx(20.8)
    assert without.ratio == pytest.approx(100, rel=0.01)
    assert summary.line_time(far) == pytest.approx(20, rel=0.001)
    unmeasured = [block for block in far if block.channel != LINE]
    assert summary.channel_ratios(unmeasured, 1, without_line=True) == []


def test_where_the_line_is_everything_there_is_no_ratio_without_it() -> None:
    assert summary.channel_ratios(lines(1.0, 1.0, 1.0), 1, without_line=True) == []
