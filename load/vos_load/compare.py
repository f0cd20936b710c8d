"""Two runs compared: what has become slower or faster, beyond what chance and the machine can have done. Pure.

Times of two runs are not comparable on a machine that others use too. What is compared is each channel's time against REST's
in the same round. Where a run has no pairs, the slots of its traffic are compared, which is weaker.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from vos_load import ratios
from vos_load.load_profile import MIN_ROUNDS
from vos_load.ratios import Interval
from vos_load.recording import LINE
from vos_load.result import ALL, BASE, LoadResult, Workload

TOLERANCE = 0.10
"""A smaller change does not matter, however certain it is."""


class ChangeVerdict(StrEnum):
    """What became of one figure from one run to another."""

    SLOWER = "slower"
    FASTER = "faster"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class LoadChange:
    """One figure in two runs: how many times larger the second is. `against` is REST, or none for a latency in ms."""

    operation: str
    channel: str
    against: str | None
    before: float
    after: float
    interval: Interval
    verdict: ChangeVerdict


@dataclass(frozen=True, slots=True)
class _Figures:
    operation: str
    channel: str
    against: str | None
    before: Sequence[float]
    after: Sequence[float]


def compare_runs(
    a: LoadResult, b: LoadResult, tolerance: float = TOLERANCE, confidence: float = ratios.CONFIDENCE
) -> list[LoadChange]:
    """Compare the second run with the first.

    Raises:
        ValueError: the runs have nothing in common.
    """
    if a.workload != b.workload:
        raise ValueError(f"one run is {a.workload}, the other {b.workload}: they cannot be compared")
    if a.workload is not Workload.PAIRED and a.profile != b.profile:
        raise ValueError(f"one run is of {a.profile}, the other of {b.profile}: their traffic is not the same")
    pairs = list(_paired(a, b) if a.blocks else _traffic(a, b))
    if not pairs:
        raise ValueError(
            f"the runs have no operation on the same channels in common, or fewer than {MIN_ROUNDS} rounds of it"
        )
    corrected = 1 - (1 - confidence) / len(pairs)  # Bonferroni correction
    return [_judged(figures, tolerance, corrected) for figures in pairs]


def _paired(a: LoadResult, b: LoadResult) -> Iterator[_Figures]:
    channels = sorted({block.channel for block in a.blocks} & {block.channel for block in b.blocks} - {BASE, LINE})
    in_b = {block.operation for block in b.blocks} - {LINE}
    operations = [name for name in dict.fromkeys(block.operation for block in a.blocks) if name in in_b]
    for channel in channels:
        joint: tuple[list[dict[int, float]], list[dict[int, float]]] = ([], [])
        for operation in operations:
            for collected, run in zip(joint, (a, b), strict=True):
                above, below = (ratios.round_medians(run.blocks, operation, name) for name in (channel, BASE))
                collected.append(ratios.round_ratios(above, below))
            before, after = (list(collected[-1].values()) for collected in joint)
            if min(len(before), len(after)) >= MIN_ROUNDS:
                yield _Figures(operation, channel, BASE, before, after)
        before, after = (ratios.geometric_means(collected) for collected in joint)
        if min(len(before), len(after)) >= MIN_ROUNDS:
            yield _Figures(ALL, channel, BASE, before, after)


def _traffic(a: LoadResult, b: LoadResult) -> Iterator[_Figures]:
    """Compare the slots' medians without the first tenth, in which connections are opened and caches filled."""
    for channel in sorted({name for point in a.series for name in point.median_ms}):
        before, after = (
            [point.median_ms[channel] for point in run.series[len(run.series) // 10 :] if channel in point.median_ms]
            for run in (a, b)
        )
        if min(len(before), len(after)) >= MIN_ROUNDS:
            yield _Figures(ALL, channel, None, before, after)


def _judged(figures: _Figures, tolerance: float, confidence: float) -> LoadChange:
    interval = ratios.estimate_change(figures.before, figures.after, confidence=confidence)
    verdict = ChangeVerdict.SAME
    if interval.low > 1 and interval.estimate > 1 + tolerance:
        verdict = ChangeVerdict.SLOWER
    elif interval.high < 1 and interval.estimate < 1 / (1 + tolerance):
        verdict = ChangeVerdict.FASTER
    before, after = ratios.median(figures.before), ratios.median(figures.after)
    return LoadChange(figures.operation, figures.channel, figures.against, before, after, interval, verdict)
