"""Latency models: the rules of a TOML file or a JSON body, read and checked; docs/latency.md describes the format.

Not here: which calls a rule matches (`lookup`), drawing a time (`distribution`), applying it (`layer`).
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from generalproeve.base.exit_codes import CannotRun
from generalproeve.settings.values import LATENCIES, key_first
from generalproeve.stage.latency.distribution import Distribution, Lognormal, UniformDistribution
from vos_contracts.base.text_files import NotText, read_text

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Milliseconds = Annotated[float, msgspec.Meta(ge=0, le=3_600_000)]
MEDIAN_AT_LEAST = 0.001
"""Milliseconds; the median of a log-normal distribution is above 0."""


class FaultEntry(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """`faults` of a rule: the shares of its calls that fail, by kind of fault."""

    error_share: Share = 0.0
    reset_share: Share = 0.0
    reset_after: bool = False
    timeout_share: Share = 0.0
    timeout_s: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 30.0
    timeout_after: bool = False


class RuleEntry(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """One entry of `rule`: the calls it matches, their response time, and their faults."""

    channel: Literal["rest", "soap"] | None = None
    service: str | tuple[str, ...] | None = None
    operation: str | tuple[str, ...] | None = None
    backend: Literal["converter", "classic"] | None = None
    median_ms: Annotated[float, msgspec.Meta(ge=MEDIAN_AT_LEAST, le=3_600_000)] | None = None
    p95_ms: Milliseconds | None = None
    sigma: Annotated[float, msgspec.Meta(ge=0, le=5)] | None = None
    fixed_ms: Milliseconds | None = None
    uniform_ms: tuple[Milliseconds, Milliseconds] | None = None
    faults: FaultEntry | None = None
    source: str = ""


class ModelEntry(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A whole model: the first rule that matches a call applies; `seed` is that of the random numbers."""

    rule: Annotated[tuple[RuleEntry, ...], msgspec.Meta(min_length=1)]
    seed: int = 1005


@dataclass(frozen=True, slots=True)
class Model:
    """A checked model: its name in reports, its place in error messages, its entries, and the distribution of each rule."""

    name: str
    where: str
    entry: ModelEntry
    distributions: tuple[Distribution, ...]


def load(choice: str | Path) -> Model:
    """Load a model that ships with the stage by its name, or one from a file.

    Raises:
        CannotRun: names file, rule, key and the mistake.
    """
    if isinstance(choice, str):
        table = tomllib.loads(files("generalproeve.stage.latency").joinpath(f"{choice}.toml").read_text("utf-8"))
        return read(f"latency {choice}", table, choice)
    try:
        table = tomllib.loads(read_text(choice))
    except FileNotFoundError:
        raise CannotRun(
            f"latency {choice}: there is no such file; the models with a name are {', '.join(LATENCIES)}"
        ) from None
    except (OSError, NotText, tomllib.TOMLDecodeError) as exc:
        raise CannotRun(f"{choice}: {exc}") from exc
    return read(str(choice), table, choice.name, marked=True)


def read(where: str, table: Mapping[str, Any], name: str, *, marked: bool = False) -> Model:
    """Read the tables of a model; `marked` appends a hash of the content to its name.

    Raises:
        CannotRun: names `where`, rule, key and the mistake.
    """
    try:
        entry = msgspec.convert(table, ModelEntry)
    except msgspec.ValidationError as exc:
        raise CannotRun(f"{where}: {key_first(str(exc))}") from None
    for number, rule in enumerate(entry.rule):
        if rule.faults is not None:
            _require_faults(f"{where}: rule[{number}].faults", rule.faults)
    distributions = tuple(_distribution(f"{where}: rule[{number}]", rule) for number, rule in enumerate(entry.rule))
    mark = hashlib.sha256(msgspec.json.encode(entry)).hexdigest()[:8]
    return Model(f"{name} ({mark})" if marked else name, where, entry, distributions)


def _distribution(where: str, entry: RuleEntry) -> Distribution:
    given = [name for name in ("median_ms", "fixed_ms", "uniform_ms") if getattr(entry, name) is not None]
    if len(given) > 1:
        raise CannotRun(f"{where}: {' and '.join(given)} are two distributions; a rule has one")
    if entry.median_ms is None:
        for name in ("p95_ms", "sigma"):
            if getattr(entry, name) is not None:
                raise CannotRun(f"{where}.{name}: needs median_ms")
    else:
        return _lognormal(where, entry.median_ms, entry)
    if entry.uniform_ms is not None:
        low, high = entry.uniform_ms
        if low > high:
            raise CannotRun(f"{where}.uniform_ms: must be [low, high], not {[low, high]}")
        return UniformDistribution(low / 1000, high / 1000)
    if entry.fixed_ms is None and entry.faults is None:
        raise CannotRun(f"{where}: has neither a time (median_ms, fixed_ms, uniform_ms) nor faults")
    fixed = (entry.fixed_ms or 0.0) / 1000
    return UniformDistribution(fixed, fixed)


def _lognormal(where: str, median: float, entry: RuleEntry) -> Lognormal:
    if (entry.p95_ms is None) == (entry.sigma is None):
        raise CannotRun(f"{where}.median_ms: needs either p95_ms or sigma, and not both")
    if entry.sigma is not None:
        return Lognormal(median / 1000, entry.sigma)
    assert entry.p95_ms is not None, "exactly one of the two is given"
    if entry.p95_ms < median:
        raise CannotRun(f"{where}.p95_ms: must be at least median_ms, not {entry.p95_ms:g}")
    return Lognormal.with_p95(median / 1000, entry.p95_ms / 1000)


def _require_faults(where: str, faults: FaultEntry) -> None:
    total = faults.error_share + faults.reset_share + faults.timeout_share
    if not 0 < total <= 1:
        raise CannotRun(f"{where}: the shares must be more than 0 and at most 1 together, not {total:g}")
    for name, share in (("reset_after", faults.reset_share), ("timeout_after", faults.timeout_share)):
        if getattr(faults, name) and not share:
            raise CannotRun(f"{where}.{name}: needs {name.replace('after', 'share')}")
