"""A load profile: what is called, how often, for how long, and which thresholds decide the verdict; and its TOML file.

The profiles of the package lie in `profiles/`. Not here: how a call looks (`calls`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import isodate
import msgspec

from vos_contracts.base.text_files import NotText, read_text

Positive = Annotated[float, msgspec.Meta(gt=0, le=1e12)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Count = Annotated[int, msgspec.Meta(ge=1)]
Hour = Annotated[int, msgspec.Meta(ge=0, le=24)]

FOLDER = Path(__file__).parent / "profiles"
MIN_ROUNDS = 8
"""Fewer rounds give intervals that cover the truth too seldom (coverage 0.88 at 5 rounds, 0.94 at 8)."""
PERCENTILES = (50.0, 90.0, 95.0, 99.0, 99.9)
LONGEST = timedelta(days=30)
_MSGSPEC_NOISE = re.compile(r"key. in |\$\.|`|\[\.\.\.\]")
"""What msgspec writes around the key that is wrong."""


class LoadChannel(StrEnum):
    """The services that a call goes to."""

    REST = "rest"
    SOAP = "soap"


class Column(StrEnum):
    """A column of a comparison: REST, SOAP as the stage is set up, or SOAP with one backend forced."""

    REST = "rest"
    SOAP = "soap"
    CONVERTER = "converter"
    CLASSIC = "classic"


class LoadOperation(StrEnum):
    """What a user does, whatever the channel."""

    CREATE_KONTAKTGRUPPE = "create_kontaktgruppe"
    CREATE_PERSONKATEGORI = "create_personkategori"
    END_KONTAKTGRUPPE = "end_kontaktgruppe"
    END_PERSONKATEGORI = "end_personkategori"
    READ_KONTAKTGRUPPE = "read_kontaktgruppe"
    READ_HISTORY = "read_history"
    READ_STATUS = "read_status"
    READ_CODE_LIST = "read_code_list"
    EMPTY_QUEUE = "empty_queue"


ENDS = {
    LoadOperation.END_KONTAKTGRUPPE: LoadOperation.CREATE_KONTAKTGRUPPE,
    LoadOperation.END_PERSONKATEGORI: LoadOperation.CREATE_PERSONKATEGORI,
}
"""What must have been created before it can be ended."""
CREATES = frozenset(ENDS.values())
REST_ONLY = frozenset({LoadOperation.READ_STATUS, LoadOperation.READ_CODE_LIST})
SOAP_ONLY = frozenset({LoadOperation.EMPTY_QUEUE})


class ArrivalRate(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How many calls are due: a month's calls divided over working days, and a day's calls over its hours.

    The hours from `from_hour` to `to_hour` are compressed into the run's duration, at the real day's calls per second times
    `times`, one step after the other: a shorter run has fewer calls, never closer ones.
    """

    calls_per_month: Positive
    working_days: Positive
    hours: Annotated[tuple[Annotated[float, msgspec.Meta(ge=0)], ...], msgspec.Meta(min_length=24, max_length=24)]
    from_hour: Hour = 0
    to_hour: Hour = 24
    times: Annotated[tuple[Positive, ...], msgspec.Meta(min_length=1)] = (1.0,)


class ClosedUsers(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Closed users: each waits for the answer, thinks, and calls again."""

    count: Count
    think_seconds: Annotated[float, msgspec.Meta(ge=0, le=86_400)] = 1.0


class Pairs(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The same operations on each channel in turn: `rounds` of `block` calls of each, one call at a time."""

    operations: Annotated[tuple[LoadOperation, ...], msgspec.Meta(min_length=1)]
    block: Count = 10
    rounds: Annotated[int, msgspec.Meta(ge=MIN_ROUNDS)] = 40


class Nightly(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Run the nightly jobs over every citizen beside the traffic, from `at` (a share of the duration)."""

    at: Share = 0.3


class Measure(StrEnum):
    """What a threshold is on: a channel's latency against REST's, a latency in milliseconds, the share of calls that failed,
    or how much the stage's memory grew in MiB (`verdicts.growth`).
    """

    RATIO = "ratio"
    LATENCY = "latency_ms"
    ERRORS = "errors"
    MEMORY = "memory_growth_mib"


class Threshold(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """At most `max`; without `operation` or `channel` it is on each of them."""

    what: Measure
    max: Annotated[float, msgspec.Meta(ge=-1e12, le=1e12)]
    percentile: float = 50.0
    operation: LoadOperation | None = None
    channel: Column | None = None


class LoadProfile(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One profile: open traffic (`rate`), closed traffic (`users`) or a comparison (`pairs`)."""

    title: str
    about: str
    duration: str
    source: str = ""
    people: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 2000
    rate: ArrivalRate | None = None
    users: ClosedUsers | None = None
    pairs: Pairs | None = None
    mix: Mapping[LoadChannel, Mapping[LoadOperation, Positive]] = {}
    new_connection_share: Share = 0.0
    nightly: Nightly | None = None
    threshold: tuple[Threshold, ...] = ()

    @property
    def seconds(self) -> float:
        """How long a run goes on; a comparison may end before, with its last round."""
        return parse_duration(self.duration).total_seconds()


class LoadProfileError(Exception):
    """A profile that cannot be played; the message names file, key and rule."""


def parse_duration(text: str) -> timedelta:
    """Read an ISO 8601 duration of days and smaller units.

    Raises:
        ValueError: it is none, not above zero, or above 30 days.
    """
    try:
        parsed = isodate.parse_duration(text)
    except (isodate.ISO8601Error, OverflowError) as error:
        raise ValueError(f"must be an ISO 8601 duration such as PT5M, not {text!r}") from error
    if not isinstance(parsed, timedelta) or not timedelta() < parsed <= LONGEST:
        raise ValueError(
            f"must be an ISO 8601 duration of days and less, above zero and at most 30 days, such as PT5M, not {text!r}"
        )
    return parsed


def profile_names() -> Sequence[str]:
    """Name the profiles of the package."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))


def load_profile(name: str) -> LoadProfile:
    """Read a profile of the package by its name, or one of your own by its file.

    Raises:
        LoadProfileError: it cannot be read or played.
    """
    file = Path(name)
    if file.suffix != ".toml":
        file = FOLDER / f"{name}.toml"
        if name not in profile_names():
            known = ", ".join(profile_names())
            raise LoadProfileError(f"profile {name!r}: unknown; known are {known}, or give a TOML file")
    try:
        text = read_text(file)
    except (OSError, NotText) as error:
        raise LoadProfileError(f"{file}: {error}") from error
    return parse_profile(text, str(file) if file.parent != FOLDER else name)


def parse_profile(text: str, where: str) -> LoadProfile:
    """Read a profile's text; `where` is what errors call it.

    Raises:
        LoadProfileError: it cannot be read or played.
    """
    try:
        profile = msgspec.convert(_tables(text, where), LoadProfile)
    except tomllib.TOMLDecodeError as error:
        raise LoadProfileError(f"{where}: {error}") from error
    except msgspec.ValidationError as error:
        rule, _, place = str(error).partition(" - at ")
        key = _MSGSPEC_NOISE.sub("", place)
        raise LoadProfileError(f"{where}: {f'{key}: ' if key else ''}{rule}") from None
    for key, rule in broken_rules(profile):
        raise LoadProfileError(f"{where}: {key}: {rule}")
    return profile


def _tables(text: str, where: str) -> dict[str, Any]:
    """Lay the keys over those of the profile named by `like`: a table key by key, any other value as a whole."""
    own = tomllib.loads(text)
    like = own.pop("like", None)
    if like is None:
        return own
    if like not in profile_names():
        raise LoadProfileError(f"{where}: like: must be one of {', '.join(profile_names())}, not {like!r}")
    merged = _tables((FOLDER / f"{like}.toml").read_text("utf-8"), like)
    for key, value in own.items():
        below = merged.get(key)
        merged[key] = {**below, **value} if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def broken_rules(profile: LoadProfile) -> Iterator[tuple[str, str]]:
    """Find, as key and rule, what no single key can tell."""
    try:
        parse_duration(profile.duration)
    except ValueError as error:
        yield "duration", str(error)
    if [profile.pairs, profile.rate, profile.users].count(None) != 2:
        yield "rate", "give one of pairs (a comparison), rate (calls that are due) and users (who wait)"
    if profile.pairs is not None and profile.mix:
        yield "mix", "a comparison has pairs.operations"
    if profile.pairs is not None and profile.nightly is not None:
        yield "nightly", "has no traffic beside it in a comparison"
    for number, threshold in enumerate(profile.threshold):
        for key, rule in _threshold_rules(profile, threshold):
            yield f"threshold[{number}].{key}", rule
    if profile.pairs is None and not any(profile.mix.values()):
        yield "mix", "says nothing of what is called"
    for channel, impossible in ((LoadChannel.REST, SOAP_ONLY), (LoadChannel.SOAP, REST_ONLY)):
        for operation in profile.mix.get(channel, {}):
            if operation in impossible:
                yield f"mix.{channel}.{operation}", "the channel cannot do it"
    if profile.pairs is not None:
        yield from _pair_rules(profile.pairs)
    if profile.rate is not None:
        if abs(sum(profile.rate.hours) - 1) > 0.001:
            yield "rate.hours", f"are shares of a day and must come to 1, not {sum(profile.rate.hours):.3f}"
        if profile.rate.from_hour >= profile.rate.to_hour:
            yield "rate.from_hour", f"must be before to_hour {profile.rate.to_hour}"


def _pair_rules(pairs: Pairs) -> Iterator[tuple[str, str]]:
    for number, operation in enumerate(pairs.operations):
        before = pairs.operations[:number]
        if operation in REST_ONLY | SOAP_ONLY:
            yield f"pairs.operations: {operation}", "only one of the channels can do it"
        if operation in before:
            yield f"pairs.operations: {operation}", "is there already"
        if operation in ENDS and ENDS[operation] not in before:
            yield f"pairs.operations: {operation}", f"needs {ENDS[operation]} before it"


def _threshold_rules(profile: LoadProfile, threshold: Threshold) -> Iterator[tuple[str, str]]:
    if threshold.what is Measure.RATIO and profile.pairs is None:
        yield "what", "only a comparison has ratios"
    if threshold.what is Measure.RATIO and threshold.channel is Column.REST:
        yield "channel", "a ratio is against REST"
    if threshold.what in (Measure.ERRORS, Measure.MEMORY) and (threshold.operation or threshold.channel):
        yield "operation", f"{threshold.what} is of the whole run"
    if threshold.what is Measure.LATENCY and threshold.percentile not in PERCENTILES:
        yield "percentile", f"must be one of {', '.join(f'{percentile:g}' for percentile in PERCENTILES)}"
