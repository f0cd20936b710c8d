"""What was measured, summed up: latencies by percentile, ratios with intervals, the offered load, the course over time.

Pure: from a `Recording` to a `LoadResult`. Not here: how an interval is estimated (`ratios`), the verdict (`verdicts`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from vos_load import ratios
from vos_load.load_profile import MIN_ROUNDS, PERCENTILES, LoadProfile
from vos_load.ratios import Interval
from vos_load.recording import LINE, LatencyHistogram, RecordedBlock, Recording
from vos_load.result import ALL, BASE, LoadResult, Measurement, Offer, Point, Ratio, Workload

USABLE_ROUNDS = 0.9
"""The share of the rounds that must have time left without the line's for there to be a ratio."""
OFFERED_SHARE = 0.99
"""The share of the due calls that must have been begun in time for a run to have offered its load."""


def summarise(
    recording: Recording,
    profile: LoadProfile,
    *,
    name: str,
    seed: int,
    started: str,
    stage: Mapping[str, str],
    machine: Mapping[str, str],
    memory_mib: Sequence[tuple[float, float]] = (),
) -> LoadResult:
    """Sum a run up, without a verdict yet; `name` is the profile's and `started` an ISO 8601 instant."""
    measured = measurements(recording)
    whole = [measurement for measurement in measured if measurement.operation == ALL]
    return LoadResult(
        profile=name, title=profile.title, about=" ".join(profile.about.split()), source=profile.source,
        workload=workload(profile), stage={"latency": "off", **stage}, machine=dict(machine), seed=seed,
        started=started, seconds=round(recording.seconds, 3), calls=sum(channel.calls for channel in whole),
        errors=sum(channel.errors for channel in whole), error_reasons=recording.reasons, operations=measured,
        ratios=channel_ratios(recording.blocks, seed),
        ratios_without_line=channel_ratios(recording.blocks, seed, without_line=True),
        line_ms=line_time(recording.blocks), converter_parts_ms=converter_parts(recording), offer=offered(recording),
        series=series(recording), memory_mib=list(memory_mib), distributions=distributions(recording),
        blocks=recording.blocks, nightly=recording.nightly, interrupted=recording.interrupted,
    )  # fmt: skip


def workload(profile: LoadProfile) -> Workload:
    """Name the kind of workload."""
    if profile.pairs is not None:
        return Workload.PAIRED
    return Workload.CLOSED if profile.users is not None else Workload.OPEN


def measurements(recording: Recording) -> list[Measurement]:
    """Sum up every operation on every channel, and each channel as a whole."""
    latency: dict[tuple[str, str], LatencyHistogram] = defaultdict(LatencyHistogram)
    from_due: dict[tuple[str, str], LatencyHistogram] = defaultdict(LatencyHistogram)
    errors: dict[tuple[str, str], int] = defaultdict(int)
    for cell in recording.cells:
        for key in ((cell.operation, cell.channel), (ALL, cell.channel)):
            latency[key].add(LatencyHistogram(cell.latency))
            from_due[key].add(LatencyHistogram(cell.from_due))
            errors[key] += cell.errors
    return [
        Measurement(
            operation=key[0], channel=key[1], calls=histogram.total + errors[key], errors=errors[key],
            latency_ms=_percentiles(histogram), from_due_ms=_percentiles(from_due[key]) if from_due[key].total else None,
        )
        for key, histogram in sorted(latency.items(), key=lambda item: (item[0][0] == ALL, *item[0]))
    ]  # fmt: skip


def channel_ratios(
    blocks: Sequence[RecordedBlock], seed: int, confidence: float = ratios.CONFIDENCE, *, without_line: bool = False
) -> list[Ratio]:
    """Hold every channel against REST, and the converter against classic SOAP, per operation and for all together.

    As a caller sees them, or `without_line`: of what is left without the line's own time, which dilutes the ratio of a distant
    target. Then there is no ratio where a tenth of the rounds or more have nothing left.
    """
    channels = sorted({block.channel for block in blocks} - {LINE})
    operations = list(dict.fromkeys(block.operation for block in blocks if block.operation != LINE))
    line = ratios.round_medians(blocks, LINE, LINE)
    pairs = [(channel, BASE) for channel in channels if channel != BASE and BASE in channels]
    if {"converter", "classic"} <= set(channels):
        pairs.append(("converter", "classic"))
    found: list[Ratio] = []
    for channel, against in pairs:
        singles: list[Mapping[int, float]] = []
        for operation in operations:
            above, below = (ratios.round_medians(blocks, operation, name) for name in (channel, against))
            if without_line:
                rounds = len(above)
                above, below = (ratios.subtract_line(figures, line) for figures in (above, below))
                if len(above.keys() & below.keys()) <= USABLE_ROUNDS * rounds:
                    singles.append({})
                    continue
            singles.append(ratios.round_ratios(above, below))
            interval = ratios.estimate_ratio(above, below, seed, confidence)
            found += _ratio(operation, channel, against, interval, len(singles[-1]), confidence)
        joint = ratios.estimate_joint_ratio(singles, seed, confidence)
        found += _ratio(ALL, channel, against, joint, min(map(len, singles), default=0), confidence)
    return found


def offered(recording: Recording) -> Offer | None:
    """Return whether open traffic was offered as it was due; None where nothing was due."""
    due, in_time = sum(recording.due.values()), sum(recording.in_time.values())
    if not due:
        return None
    answered = sum(LatencyHistogram(cell.from_due).total for cell in recording.cells)
    return Offer(
        due=due, in_time=in_time, late_ms_p99=LatencyHistogram(recording.lateness).percentile(99),
        due_per_s=due / recording.seconds if recording.seconds else 0.0,
        answered_per_s=answered / recording.seconds if recording.seconds else 0.0, offered=in_time >= OFFERED_SHARE * due,
    )  # fmt: skip


def series(recording: Recording) -> list[Point]:
    """Lay the run out in time."""
    slots: dict[int, dict[str, LatencyHistogram]] = defaultdict(lambda: defaultdict(LatencyHistogram))
    errors: dict[int, int] = defaultdict(int)
    for cell in recording.cells:
        slots[cell.slot][cell.channel].add(LatencyHistogram(cell.latency))
        errors[cell.slot] += cell.errors
    width = recording.width
    points = []
    for slot in range(max((*slots, *recording.due), default=-1) + 1):
        answered = {channel: histogram for channel, histogram in sorted(slots[slot].items()) if histogram.total}
        points.append(
            Point(
                t=round(slot * width, 3), due=recording.due.get(slot, 0) / width,
                in_time=recording.in_time.get(slot, 0) / width, errors=errors[slot],
                answered=sum(histogram.total for histogram in answered.values()) / width,
                median_ms={channel: histogram.percentile(50) for channel, histogram in answered.items()},
                p95_ms={channel: histogram.percentile(95) for channel, histogram in answered.items()},
            )
        )  # fmt: skip
    return points


def distributions(recording: Recording) -> dict[str, list[tuple[float, int]]]:
    """Return each channel's histogram, bucket by bucket."""
    channels: dict[str, LatencyHistogram] = defaultdict(LatencyHistogram)
    for cell in recording.cells:
        channels[cell.channel].add(LatencyHistogram(cell.latency))
    return {channel: histogram.steps() for channel, histogram in sorted(channels.items()) if histogram.total}


def line_time(blocks: Sequence[RecordedBlock]) -> float | None:
    """Return the line's own median time, in milliseconds."""
    times = [ms for block in blocks if block.channel == LINE for ms in block.ms]
    return ratios.median(times) if times else None


def converter_parts(recording: Recording) -> dict[str, float]:
    """Return the median of each part of a converted call's time, as the target said; empty where it says nothing."""
    names = dict.fromkeys(name for timing in recording.server_timings for name in timing)
    return {
        name: ratios.median([timing[name] for timing in recording.server_timings if name in timing]) for name in names
    }


def _percentiles(histogram: LatencyHistogram) -> dict[str, float]:
    return {f"{p:g}": round(histogram.percentile(p), 4) for p in PERCENTILES}


def _ratio(
    operation: str, channel: str, against: str, interval: Interval | None, rounds: int, confidence: float
) -> list[Ratio]:
    if interval is None or rounds < MIN_ROUNDS:
        return []
    return [
        Ratio(
            operation=operation, channel=channel, against=against, ratio=interval.estimate, low=interval.low,
            high=interval.high, rounds=rounds, confidence=confidence,
        )
    ]  # fmt: skip
