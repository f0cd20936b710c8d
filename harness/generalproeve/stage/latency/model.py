"""A described environment: its rules as TOML or JSON writes them, read and checked; docs/latency.md is for who writes one.

Not here: which calls a rule is about (`lookup`), how its time is drawn (`distribution`), who keeps to it (`layer`). Errors of
all: KanIkkeKoere naming file, rule, key and what is wrong.
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

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.settings.values import LATENSER, key_first
from generalproeve.stage.latency.distribution import Fordeling, Jaevn, Lognormal

Andel = Annotated[float, msgspec.Meta(ge=0, le=1)]
Millisekunder = Annotated[float, msgspec.Meta(ge=0, le=3_600_000)]
MEDIAN_MINDST = 0.001
"""Milliseconds: a log-normal distribution has no median of 0."""


class Fejlpost(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """`faults` of a rule: the shares of the calls that go wrong, and how."""

    error_share: Andel = 0.0
    reset_share: Andel = 0.0
    reset_after: bool = False
    timeout_share: Andel = 0.0
    timeout_s: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 30.0
    timeout_after: bool = False


class Regelpost(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """One of `rule`: the calls it is about, how long they take, and how many of them go wrong."""

    channel: Literal["rest", "soap"] | None = None
    service: str | tuple[str, ...] | None = None
    operation: str | tuple[str, ...] | None = None
    backend: Literal["converter", "classic"] | None = None
    median_ms: Annotated[float, msgspec.Meta(ge=MEDIAN_MINDST, le=3_600_000)] | None = None
    p95_ms: Millisekunder | None = None
    sigma: Annotated[float, msgspec.Meta(ge=0, le=5)] | None = None
    fixed_ms: Millisekunder | None = None
    uniform_ms: tuple[Millisekunder, Millisekunder] | None = None
    faults: Fejlpost | None = None
    source: str = ""


class Modelpost(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """The whole: `rule` in order, the first that is about a call decides; `seed` of the lots."""

    rule: Annotated[tuple[Regelpost, ...], msgspec.Meta(min_length=1)]
    seed: int = 1005


@dataclass(frozen=True, slots=True)
class Model:
    """A model that holds: what reports call it, where it stands, what was written, and the distribution of each rule."""

    navn: str
    hvor: str
    post: Modelpost
    fordelinger: tuple[Fordeling, ...]


def indlaes(valg: str | Path) -> Model:
    """Load a model that ships with the stage by its name, or one from a file."""
    if isinstance(valg, str):
        tabel = tomllib.loads(files("generalproeve.stage.latency").joinpath(f"{valg}.toml").read_text("utf-8"))
        return laes(f"latency {valg}", tabel, valg)
    try:
        tabel = tomllib.loads(valg.read_text("utf-8"))
    except FileNotFoundError:
        raise KanIkkeKoere(
            f"latency {valg}: there is no such file; the models with a name are {', '.join(LATENSER)}"
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as brud:
        raise KanIkkeKoere(f"{valg}: {brud}") from brud
    return laes(str(valg), tabel, valg.name, maerket=True)


def laes(hvor: str, tabel: Mapping[str, Any], navn: str, *, maerket: bool = False) -> Model:
    """Read a model's tables; `maerket` puts a mark of what it says behind its name."""
    try:
        post = msgspec.convert(tabel, Modelpost)
    except msgspec.ValidationError as brud:
        raise KanIkkeKoere(f"{hvor}: {key_first(str(brud))}") from None
    for nummer, en in enumerate(post.rule):
        if en.faults is not None:
            _kraev_fejl(f"{hvor}: rule[{nummer}].faults", en.faults)
    fordelinger = tuple(_fordeling(f"{hvor}: rule[{nummer}]", en) for nummer, en in enumerate(post.rule))
    maerke = hashlib.sha256(msgspec.json.encode(post)).hexdigest()[:8]
    return Model(f"{navn} ({maerke})" if maerket else navn, hvor, post, fordelinger)


def _fordeling(hvor: str, post: Regelpost) -> Fordeling:
    former = [navn for navn in ("median_ms", "fixed_ms", "uniform_ms") if getattr(post, navn) is not None]
    if len(former) > 1:
        raise KanIkkeKoere(f"{hvor}: {' and '.join(former)} are two distributions; a rule has one")
    if post.median_ms is None:
        for navn in ("p95_ms", "sigma"):
            if getattr(post, navn) is not None:
                raise KanIkkeKoere(f"{hvor}.{navn}: needs median_ms")
    else:
        return _lognormal(hvor, post.median_ms, post)
    if post.uniform_ms is not None:
        lav, hoej = post.uniform_ms
        if lav > hoej:
            raise KanIkkeKoere(f"{hvor}.uniform_ms: must be [low, high], not {[lav, hoej]}")
        return Jaevn(lav / 1000, hoej / 1000)
    if post.fixed_ms is None and post.faults is None:
        raise KanIkkeKoere(f"{hvor}: says neither a time (median_ms, fixed_ms, uniform_ms) nor faults")
    fast = (post.fixed_ms or 0.0) / 1000
    return Jaevn(fast, fast)


def _lognormal(hvor: str, median: float, post: Regelpost) -> Lognormal:
    if (post.p95_ms is None) == (post.sigma is None):
        raise KanIkkeKoere(f"{hvor}.median_ms: needs either p95_ms or sigma, and not both")
    if post.sigma is not None:
        return Lognormal(median / 1000, post.sigma)
    assert post.p95_ms is not None, "one of the two is there"
    if post.p95_ms < median:
        raise KanIkkeKoere(f"{hvor}.p95_ms: must be at least median_ms, not {post.p95_ms:g}")
    return Lognormal.med_p95(median / 1000, post.p95_ms / 1000)


def _kraev_fejl(hvor: str, fejl: Fejlpost) -> None:
    samlet = fejl.error_share + fejl.reset_share + fejl.timeout_share
    if not 0 < samlet <= 1:
        raise KanIkkeKoere(f"{hvor}: the shares must be more than 0 and at most 1 together, not {samlet:g}")
    for navn, andel in (("reset_after", fejl.reset_share), ("timeout_after", fejl.timeout_share)):
        if getattr(fejl, navn) and not andel:
            raise KanIkkeKoere(f"{hvor}.{navn}: needs {navn.replace('after', 'share')}")
