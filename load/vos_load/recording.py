"""What a run measured: counts and histograms per time slot, operation and channel, and the comparison's single times.

Parts of several processes can be added up. Times in milliseconds, slots in seconds. Not here: what it means (`summary`).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

SLOTS = 120
"""Slots that a run is divided into, so that plots have as many points whatever its length."""
REASONS = 20
"""Different reasons of failed calls that are kept."""
LINE = "line"
"""Operation and channel of a comparison's calls that do no work (`GET /`): network and HTTP server alone."""
GROWTH, SMALLEST_MS = 1.01, 0.001
_LOG_GROWTH = math.log(GROWTH)

SlotKey = tuple[int, str, str]
"""Slot, operation, channel."""


class LatencyHistogram:
    """Counts in buckets that grow by one percent: percentiles are right to half a percent, and histograms can be added."""

    def __init__(self, buckets: Mapping[int, int] | Iterable[tuple[int, int]] = ()) -> None:
        self.buckets: Counter[int] = Counter(dict(buckets))

    def count(self, ms: float) -> None:
        """Count one latency."""
        self.buckets[math.ceil(math.log(max(ms, SMALLEST_MS) / SMALLEST_MS) / _LOG_GROWTH)] += 1

    def add(self, other: LatencyHistogram) -> None:
        """Add another's counts."""
        self.buckets.update(other.buckets)

    @property
    def total(self) -> int:
        """How many there are."""
        return self.buckets.total()

    def percentile(self, p: float) -> float:
        """Return the latency that `p` percent do not exceed (nearest rank); 0 when there is none."""
        rank, counted = (
            max(math.ceil(round(self.total * p / 100, 6)), 1),
            0,
        )  # 99.9 % of 20,000 is rank 19,980, not 19,981
        for bucket in sorted(self.buckets):
            counted += self.buckets[bucket]
            if counted >= rank:
                return _middle(bucket)
        return 0.0

    def steps(self) -> list[tuple[float, int]]:
        """List bucket middles with their counts, in order."""
        return [(_middle(bucket), self.buckets[bucket]) for bucket in sorted(self.buckets)]


def _middle(bucket: int) -> float:
    return float(SMALLEST_MS * GROWTH ** (bucket - 0.5))


class Cell(msgspec.Struct, kw_only=True):
    """One operation on one channel in one slot: latency from the call, and from when the call was due."""

    slot: int
    operation: str
    channel: str
    errors: int = 0
    latency: dict[int, int] = {}
    from_due: dict[int, int] = {}


class RecordedBlock(msgspec.Struct, frozen=True, kw_only=True):
    """The times of one operation on one channel in one round of a comparison."""

    round: int
    operation: str
    channel: str
    ms: tuple[float, ...]


class NightlyRunRecord(msgspec.Struct, kw_only=True):
    """When the nightly jobs ran, in seconds into the run, and what they did."""

    begun: float
    ended: float
    seen: int
    changed: int


class Recording(msgspec.Struct, kw_only=True):
    """Everything that a run measured. `due` counts the calls that were due per slot, `in_time` those begun in time."""

    width: float
    cells: list[Cell] = []
    due: dict[int, int] = {}
    in_time: dict[int, int] = {}
    lateness: dict[int, int] = {}
    reasons: dict[str, int] = {}
    blocks: list[RecordedBlock] = []
    server_timings: list[dict[str, float]] = []
    """Where the target says that a converted call's time went (Server-Timing), in milliseconds by part."""
    nightly: NightlyRunRecord | None = None
    seconds: float = 0.0
    interrupted: bool = False


class Recorder:
    """Takes notes while calls go on; `take` hands over what has come since the last time."""

    def __init__(self, seconds: float) -> None:
        self.width = max(seconds / SLOTS, 0.25)
        self.calls = 0
        self.failed = 0
        self._latency: dict[SlotKey, LatencyHistogram] = defaultdict(LatencyHistogram)
        self._from_due: dict[SlotKey, LatencyHistogram] = defaultdict(LatencyHistogram)
        self._errors: Counter[SlotKey] = Counter()
        self._due: Counter[int] = Counter()
        self._in_time: Counter[int] = Counter()
        self._lateness = LatencyHistogram()
        self._reasons: Counter[str] = Counter()
        self._blocks: list[RecordedBlock] = []
        self._server_timings: list[dict[str, float]] = []

    def _slot(self, t: float) -> int:
        return max(int(t / self.width), 0)

    def due(self, t: float, late_ms: float, limit_ms: float) -> None:
        """Note that a call was due `t` seconds into the run, and how late it was begun."""
        self._due[self._slot(t)] += 1
        self._in_time[self._slot(t)] += late_ms <= limit_ms
        self._lateness.count(late_ms)

    def call(self, t: float, operation: str, channel: str, ms: float, from_due_ms: float | None, error: str) -> None:
        """Note an answer, or the error in its place; a failed call's time is not counted as a latency."""
        key = (self._slot(t), operation, channel)
        self.calls += 1
        if error:
            self.failed += 1
            self._errors[key] += 1
            if error in self._reasons or len(self._reasons) < REASONS:
                self._reasons[error] += 1
            return
        self._latency[key].count(ms)
        if from_due_ms is not None:
            self._from_due[key].count(from_due_ms)

    def block(self, round_: int, operation: str, channel: str, ms: list[float]) -> None:
        """Note one block of a comparison."""
        self._blocks.append(RecordedBlock(round=round_, operation=operation, channel=channel, ms=tuple(ms)))

    def server_timing(self, parts: Mapping[str, float]) -> None:
        """Note where the target says that one call's time went."""
        self._server_timings.append(dict(parts))

    def take(self) -> Recording:
        """Hand over what has come, and begin again."""
        cells = [
            Cell(
                slot=key[0], operation=key[1], channel=key[2], errors=self._errors[key],
                latency=dict(self._latency[key].buckets), from_due=dict(self._from_due[key].buckets),
            )
            for key in sorted({*self._latency, *self._errors})
        ]  # fmt: skip
        taken = Recording(
            width=self.width, cells=cells, due=dict(self._due), in_time=dict(self._in_time),
            lateness=dict(self._lateness.buckets), reasons=dict(self._reasons), blocks=self._blocks,
            server_timings=self._server_timings,
        )  # fmt: skip
        for counts in (self._latency, self._from_due, self._errors, self._due, self._in_time, self._reasons):
            counts.clear()
        self._lateness, self._blocks, self._server_timings = LatencyHistogram(), [], []
        return taken


def add_up(width: float, parts: Iterable[Recording]) -> Recording:
    """Add up the parts of one run."""
    cells: dict[SlotKey, Cell] = {}
    whole = Recording(width=width)
    due, in_time, lateness, reasons = Counter[int](), Counter[int](), Counter[int](), Counter[str]()
    for part in parts:
        whole.interrupted |= part.interrupted
        for cell in part.cells:
            key = (cell.slot, cell.operation, cell.channel)
            if key in cells:
                sum_ = cells[key]
                sum_.errors += cell.errors
                sum_.latency = dict(Counter(sum_.latency) + Counter(cell.latency))
                sum_.from_due = dict(Counter(sum_.from_due) + Counter(cell.from_due))
            else:
                cells[key] = cell
        due.update(part.due)
        in_time.update(part.in_time)
        lateness.update(part.lateness)
        reasons.update(part.reasons)
        whole.blocks.extend(part.blocks)
        whole.server_timings.extend(part.server_timings)
        whole.nightly = part.nightly or whole.nightly
        whole.seconds = max(whole.seconds, part.seconds)
    whole.cells = [cells[key] for key in sorted(cells)]
    whole.due, whole.in_time, whole.lateness, whole.reasons = dict(due), dict(in_time), dict(lateness), dict(reasons)
    return whole


def pack(recording: Recording) -> dict[str, Any]:
    """Turn a part into plain values, as Locust's messages between processes need them."""
    content: dict[str, Any] = msgspec.to_builtins(recording, str_keys=True)
    return content


def unpack(content: object) -> Recording:
    """Read what `pack` made."""
    return msgspec.convert(content, Recording, strict=False)
