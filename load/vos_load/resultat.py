"""A run's result as it is kept (`result.json`, ours and stable) and reported: figures per operation and channel, ratios,
what was offered, and the verdict.

Not here: how the figures come about (`opgoerelse`), how thresholds decide (`dom`), how anything is drawn (`rapport`).
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from vos_load import statistik
from vos_load.optagelse import Blok

UDGAVE = 1
"""The version of the file's form."""
FIL = "result.json"
ALLE = "alle"
"""All operations together, where a name of one stands."""
NAEVNER = "rest"
PAR, LUKKET, AABEN = "par", "lukket", "aaben"
"""The kinds of workload."""


class Maaling(msgspec.Struct, kw_only=True):
    """One operation on one channel: latencies in milliseconds by percentile, and from when the call was due if it was."""

    operation: str
    channel: str
    calls: int
    errors: int
    latency_ms: dict[str, float]
    from_due_ms: dict[str, float] | None = None


class Forholdstal(msgspec.Struct, kw_only=True):
    """How many times slower a channel is than another, with the interval that holds it at `confidence`."""

    operation: str
    channel: str
    against: str
    ratio: float
    low: float
    high: float
    rounds: int
    confidence: float = statistik.SIKKERHED


class Tilbud(msgspec.Struct, kw_only=True):
    """Open traffic: the calls that were due, and those of them that were begun in time."""

    due: int
    in_time: int
    late_ms_p99: float
    due_per_s: float
    answered_per_s: float
    """Of those that were due: emptying a queue is several calls, and one of these."""
    offered: bool


class Punkt(msgspec.Struct, kw_only=True):
    """One slot of time: calls a second due, begun in time and answered, and latencies by channel (median, 95th)."""

    t: float
    due: float
    in_time: float
    answered: float
    errors: int
    median_ms: dict[str, float]
    p95_ms: dict[str, float]


class Graensedom(msgspec.Struct, kw_only=True):
    """One threshold and what became of it; `verdict` is overholdt, overskredet or uafgjort."""

    what: str
    value: float
    max: float
    verdict: str


class Nattens(msgspec.Struct, kw_only=True):
    """When the nightly jobs ran, in seconds into the run, and what they did."""

    begun: float
    ended: float
    seen: int
    changed: int


class Resultat(msgspec.Struct, kw_only=True):
    """A whole run. `stage` is what is known of the target, and `machine` of where the calls came from."""

    form: int = UDGAVE
    profile: str
    title: str
    about: str
    source: str
    workload: str
    stage: dict[str, str]
    machine: dict[str, str]
    seed: int
    started: str
    seconds: float
    calls: int
    errors: int
    error_reasons: dict[str, int]
    operations: list[Maaling]
    ratios: list[Forholdstal]
    ratios_without_line: list[Forholdstal]
    line_ms: float | None
    """The median time of a call that nothing was done about; None where it was not measured."""
    converter_parts_ms: dict[str, float]
    offer: Tilbud | None
    series: list[Punkt]
    memory_mib: list[tuple[float, float]]
    nightly: Nattens | None
    distributions: dict[str, list[tuple[float, int]]]
    blocks: list[Blok]
    thresholds: list[Graensedom] = []
    interrupted: bool = False
    verdict: str = ""
    not_judged: str = ""
    """Why there is no verdict."""


def laes(sti: Path) -> Resultat:
    """Read a result from its file or the folder that it lies in; errors: ValueError naming the file."""
    fil = sti / FIL if sti.is_dir() else sti
    try:
        resultat = msgspec.json.decode(fil.read_bytes(), type=Resultat, strict=False)
    except (OSError, msgspec.DecodeError) as brud:
        raise ValueError(f"{fil}: is not the result of a load run: {brud}") from brud
    if resultat.form != UDGAVE:
        raise ValueError(f"{fil}: has form {resultat.form}, and this is {UDGAVE}")
    return resultat
