"""A run's result as it is kept (`result.json`, a stable format): figures, ratios, offered load, verdict.

Not here: how the figures come about (`summary`), how thresholds decide (`verdicts`), how they are drawn (`report`).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import msgspec

from vos_load import ratios
from vos_load.load_profile import Measure
from vos_load.recording import NightlyRunRecord, RecordedBlock

FORM = 2
"""The version of the file's format."""
FILE = "result.json"
ALL = "all"
"""All operations together, where an operation's name stands."""
BASE = "rest"
"""The channel that the others are held against."""


class Workload(StrEnum):
    """How the calls were made: in pairs, by users who wait for their answer, or as they were due."""

    PAIRED = "paired"
    CLOSED = "closed"
    OPEN = "open"


class LoadVerdict(StrEnum):
    """What a run is judged to be."""

    PASSED = "passed"
    EXCEEDED = "exceeded"
    NOT_JUDGED = "not_judged"


class ThresholdVerdict(StrEnum):
    """What became of one threshold; undecided: a ratio whose interval holds the threshold."""

    KEPT = "kept"
    EXCEEDED = "exceeded"
    UNDECIDED = "undecided"
    NOT_MEASURED = "not_measured"


class NotJudged(StrEnum):
    """Why a run is not judged."""

    INTERRUPTED = "interrupted"
    NO_CALLS = "no_calls"
    NOT_OFFERED = "load_not_offered"
    NIGHTLY_UNFINISHED = "nightly_unfinished"
    NOT_MEASURED = "threshold_not_measured"


class Measurement(msgspec.Struct, kw_only=True):
    """One operation on one channel: latencies in milliseconds by percentile, and from when the call was due if it was."""

    operation: str
    channel: str
    calls: int
    errors: int
    latency_ms: dict[str, float]
    from_due_ms: dict[str, float] | None = None


class Ratio(msgspec.Struct, kw_only=True):
    """How many times slower a channel is than another, with its interval at `confidence`."""

    operation: str
    channel: str
    against: str
    ratio: float
    low: float
    high: float
    rounds: int
    confidence: float = ratios.CONFIDENCE


class Offer(msgspec.Struct, kw_only=True):
    """Open traffic: the calls that were due, and those of them that were begun in time."""

    due: int
    in_time: int
    late_ms_p99: float
    due_per_s: float
    answered_per_s: float
    """Of the due ones: emptying a queue is several calls, and counts as one here."""
    offered: bool


class Point(msgspec.Struct, kw_only=True):
    """One slot of time: calls a second due, begun in time and answered, and latencies by channel (median, 95th)."""

    t: float
    due: float
    in_time: float
    answered: float
    errors: int
    median_ms: dict[str, float]
    p95_ms: dict[str, float]


class ThresholdResult(msgspec.Struct, kw_only=True):
    """One threshold and what became of it."""

    measure: Measure
    value: float
    max: float
    verdict: ThresholdVerdict
    operation: str | None = None
    channel: str | None = None
    percentile: float | None = None


class LoadResult(msgspec.Struct, kw_only=True):
    """A whole run. `stage` is what is known of the target, and `machine` of where the calls came from."""

    form: int = FORM
    profile: str
    title: str
    about: str
    source: str
    workload: Workload
    stage: dict[str, str]
    machine: dict[str, str]
    seed: int
    started: str
    seconds: float
    calls: int
    errors: int
    error_reasons: dict[str, int]
    operations: list[Measurement]
    ratios: list[Ratio]
    ratios_without_line: list[Ratio]
    line_ms: float | None
    """The median time of a call that does no work; None where it was not measured."""
    converter_parts_ms: dict[str, float]
    offer: Offer | None
    series: list[Point]
    memory_mib: list[tuple[float, float]]
    nightly: NightlyRunRecord | None
    distributions: dict[str, list[tuple[float, int]]]
    blocks: list[RecordedBlock]
    thresholds: list[ThresholdResult] = []
    interrupted: bool = False
    verdict: LoadVerdict = LoadVerdict.NOT_JUDGED
    not_judged: NotJudged | None = None


def read_result(path: Path) -> LoadResult:
    """Read a result from its file or from the folder that it lies in.

    Raises:
        ValueError: it is none, or of another format; the message names the file.
    """
    file = path / FILE if path.is_dir() else path
    try:
        form = msgspec.json.decode(file.read_bytes(), type=_FormOnly).form
        if form == FORM:
            return msgspec.json.decode(file.read_bytes(), type=LoadResult, strict=False)
    except (OSError, msgspec.DecodeError) as error:
        raise ValueError(f"{file}: is not the result of a load run: {error}") from error
    raise ValueError(f"{file}: has form {form}, and this is {FORM}")


class _FormOnly(msgspec.Struct):
    form: int
