"""The parameter types of step texts: the words that a `{name:Type}` matches, and the values they convert to.

Steps use `parsers.parse(..., extra_types=TYPES)`. A type lists its words, or is a pattern that cannot match beyond them, so
that no text matches two steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any, TypeVar

from parse import with_pattern

from vos_contracts.control.stage import RunKind
from vos_contracts.model.neighbours import IllnessSource
from vos_contracts.model.registration import Kind
from vos_contracts.tables.webhooks import WsbMode
from vos_contracts.wire.soap.schemas import SERVICE_VERSIONS
from vos_simulators.bi.delivery import DeliveryKind
from vos_simulators.habits import EVENT_HABITS, EVENT_HABITS_IN_DANISH, WEBHOOK_HABITS, WEBHOOK_HABITS_IN_DANISH
from vos_simulators.parties import ROLES
from vos_simulators.party import Channel

T = TypeVar("T")
Type = Callable[[str], Any]

DAYS = {"i går": -1, "i dag": 0, "i morgen": 1}
"""Days from the stage's day by their Danish words."""


def _one_of(values: Mapping[str, T]) -> Callable[[str], T]:
    """Make a type that matches these words and converts each to its value."""

    def convert(text: str) -> T:
        return values[text]

    words = "|".join(re.escape(word) for word in sorted(values, key=len, reverse=True))
    return _like(words, convert)


def _like(pattern: str, value: Callable[[str], T]) -> Callable[[str], T]:
    """Make a type from a pattern without groups; it is case sensitive, which `parse` alone is not."""

    def convert(text: str) -> T:
        return value(text)

    typed: Callable[[str], T] = with_pattern(f"(?-i:{pattern})")(convert)
    return typed


def _day(text: str) -> int:
    if text in DAYS:
        return DAYS[text]
    days = int(re.sub(r"\D", "", text))
    return days if text.startswith("om ") else -days


def day_in_danish(days: int) -> str:
    """Return the Danish phrase of a day, counted from the stage's day."""
    short = {number: word for word, number in DAYS.items()}
    return short.get(days) or (f"om {days} dage" if days > 0 else f"for {-days} dage siden")


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text))


_KINDS = {kind.value: kind for kind in Kind}

TYPES: Mapping[str, Type] = {
    "Party": _one_of({role: role for role in ROLES}),
    "Kind": _one_of(_KINDS),
    "TheKind": _one_of({"kontaktgruppen": Kind.KONTAKTGRUPPE, "personkategorien": Kind.PERSONKATEGORI}),
    "Kinds": _one_of(
        {
            **{word: (kind,) for word, kind in _KINDS.items()},
            "kontaktgruppe og personkategori": (Kind.KONTAKTGRUPPE, Kind.PERSONKATEGORI),
            "intet": (),
        }
    ),
    "Channel": _one_of({channel.value: channel for channel in Channel}),
    "Number": _like(r"\d+", int),
    "Numbers": _like(r"\d+(?:, ?\d+)*", _numbers),
    "TwoNumbers": _like(r"\d+ og \d+", _numbers),
    "Day": _like(r"i går|i dag|i morgen|for \d+ dage siden|om \d+ dage", _day),
    "Date": _like(r"\d{4}-\d\d-\d\d", date.fromisoformat),
    "Time": _like(r"\d\d\.\d\d", lambda text: time.fromisoformat(text.replace(".", ":"))),
    "TimeUnit": _one_of({"sekunder": "S", "minutter": "M", "timer": "H"}),
    "Release": _like(r"\d{4}-\d", str),
    "Releases": _like(r"\d{4}-\d(?:, \d{4}-\d)*", lambda text: tuple(text.split(", "))),
    "SoapService": _one_of({service: service for service in SERVICE_VERSIONS}),
    "Word": _like(r"\w+", str),
    "Quoted": _like(r'[^"]+', str),
    "Domain": _one_of({name: name for name in ("JobSearch", "Kontaktforloeb", "Virksomhedsindsats")}),
    "EventHabit": _one_of({danish: EVENT_HABITS[name] for danish, name in EVENT_HABITS_IN_DANISH.items()}),
    "WebhookHabit": _one_of({danish: WEBHOOK_HABITS[name] for danish, name in WEBHOOK_HABITS_IN_DANISH.items()}),
    "DeliveryMode": _one_of({"designet": WsbMode.DESIGNED, "observeret": WsbMode.OBSERVED}),
    "ReadService": _one_of({name: name for name in ("PSS", "PHS", "statusservicen")}),
    "Batch": _one_of({"delta": RunKind.DELTA, "fuldt load": RunKind.FULL}),
    "BiDelivery": _one_of({"fuld leverance": DeliveryKind.FULL, "deltaleverance": DeliveryKind.DELTA}),
    "BiKey": _one_of({name: name for name in ("nøglen", "en anden nøgle")}),
    "IllnessSource": _one_of({"ledighed": IllnessSource.UNEMPLOYMENT, "beskæftigelse": IllnessSource.EMPLOYMENT}),
    "CprNumber": _one_of({name: name for name in ("gamle", "nye")}),
}
"""The types by the name that step texts use."""
