"""What a profile's thresholds say of a run; the verdict decides the exit code. Pure.

What was not measured is not passed. A ratio is exceeded when its whole interval lies above the threshold, and undecided while
the interval holds the threshold: chance must not decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vos_load.load_profile import Measure, Threshold
from vos_load.result import ALL, BASE, LoadResult, LoadVerdict, NotJudged, ThresholdResult, ThresholdVerdict

MIN_READINGS = 10
"""Readings of the memory that a growth can be told from."""
EXIT_CODES = {LoadVerdict.PASSED: 0, LoadVerdict.EXCEEDED: 1, LoadVerdict.NOT_JUDGED: 2}


def judge(result: LoadResult, thresholds: Sequence[Threshold], *, nightly_expected: bool = False) -> LoadResult:
    """Fill in the thresholds and the verdict; an exceeded threshold counts, whatever else could not be measured."""
    result.thresholds = [judged for threshold in thresholds for judged in _judged(result, threshold)]
    result.not_judged = _not_judged(result, nightly_expected=nightly_expected)
    if result.not_judged is not None:
        result.verdict = LoadVerdict.NOT_JUDGED
    else:
        exceeded = any(threshold.verdict is ThresholdVerdict.EXCEEDED for threshold in result.thresholds)
        result.verdict = LoadVerdict.EXCEEDED if exceeded else LoadVerdict.PASSED
    return result


def growth(memory: Sequence[tuple[float, float]]) -> float:
    """Return how much larger the largest reading of the last tenth is than that of the first two tenths, in MiB.

    Caches fill in the first tenth; what grows after that goes on growing.
    """
    readings = [mib for _, mib in memory]
    tenth = max(len(readings) // 10, 1)
    return max(readings[-tenth:]) - max(readings[: 2 * tenth])


def _not_judged(result: LoadResult, *, nightly_expected: bool) -> NotJudged | None:
    if result.interrupted:
        return NotJudged.INTERRUPTED
    if not result.calls:
        return NotJudged.NO_CALLS
    if result.offer is not None and not result.offer.offered:
        return NotJudged.NOT_OFFERED
    if nightly_expected and result.nightly is None:
        return NotJudged.NIGHTLY_UNFINISHED
    verdicts = {threshold.verdict for threshold in result.thresholds}
    if ThresholdVerdict.NOT_MEASURED in verdicts and ThresholdVerdict.EXCEEDED not in verdicts:
        return NotJudged.NOT_MEASURED
    return None


def _judged(result: LoadResult, threshold: Threshold) -> list[ThresholdResult]:
    return list(_measured(result, threshold)) or [
        ThresholdResult(
            measure=threshold.what, value=0.0, max=threshold.max, verdict=ThresholdVerdict.NOT_MEASURED,
            operation=threshold.operation, channel=threshold.channel,
        )
    ]  # fmt: skip


def _measured(result: LoadResult, threshold: Threshold) -> Iterator[ThresholdResult]:
    match threshold.what:
        case Measure.ERRORS:
            yield _compared(threshold, result.errors / result.calls if result.calls else 0.0)
        case Measure.LATENCY:
            for measured in result.operations:
                if measured.calls > measured.errors and _is_about(threshold, measured.operation, measured.channel):
                    times = measured.from_due_ms or measured.latency_ms
                    judged = _compared(threshold, times[f"{threshold.percentile:g}"])
                    judged.operation, judged.channel = measured.operation, measured.channel
                    judged.percentile = threshold.percentile
                    yield judged
        case Measure.RATIO:
            for ratio in result.ratios:
                if ratio.against == BASE and _is_about(threshold, ratio.operation, ratio.channel):
                    verdict = ThresholdVerdict.UNDECIDED
                    if ratio.low > threshold.max:
                        verdict = ThresholdVerdict.EXCEEDED
                    elif ratio.high <= threshold.max:
                        verdict = ThresholdVerdict.KEPT
                    yield ThresholdResult(
                        measure=threshold.what, value=ratio.ratio, max=threshold.max, verdict=verdict,
                        operation=ratio.operation, channel=ratio.channel,
                    )  # fmt: skip
        case Measure.MEMORY:
            if len(result.memory_mib) >= MIN_READINGS:
                yield _compared(threshold, growth(result.memory_mib))


def _is_about(threshold: Threshold, operation: str, channel: str) -> bool:
    about = operation != ALL if threshold.operation is None else threshold.operation == operation
    return about and threshold.channel in (None, channel)


def _compared(threshold: Threshold, value: float) -> ThresholdResult:
    verdict = ThresholdVerdict.EXCEEDED if value > threshold.max else ThresholdVerdict.KEPT
    return ThresholdResult(measure=threshold.what, value=value, max=threshold.max, verdict=verdict)
