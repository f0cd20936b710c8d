"""A load profile as a value: what is called, how often, for how long, and what decides the verdict.

Not here: how its file is read (`profilfil`), what no single key can tell (`profilregler`), how a call looks (`handlinger`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

import isodate
import msgspec

Positiv = Annotated[float, msgspec.Meta(gt=0, le=1e12)]
Andel = Annotated[float, msgspec.Meta(ge=0, le=1)]
Antal = Annotated[int, msgspec.Meta(ge=1)]
Time = Annotated[int, msgspec.Meta(ge=0, le=24)]


MINDST_RUNDER = 8
"""With fewer rounds an interval holds the truth more seldom than it says (coverage 0.88 at 5, 0.94 at 8)."""


class Kanal(StrEnum):
    """How a call goes: to the REST services, or to the SOAP services with whatever stands behind them."""

    REST = "rest"
    SOAP = "soap"


class Kolonne(StrEnum):
    """A column of a report: REST, SOAP as the stage has it, or SOAP with one back end forced."""

    REST = "rest"
    SOAP = "soap"
    CONVERTER = "converter"
    KLASSISK = "klassisk"


class Handling(StrEnum):
    """What a user wants done, whatever the channel."""

    OPRET_KONTAKTGRUPPE = "opret_kontaktgruppe"
    OPRET_PERSONKATEGORI = "opret_personkategori"
    AFSLUT_KONTAKTGRUPPE = "afslut_kontaktgruppe"
    AFSLUT_PERSONKATEGORI = "afslut_personkategori"
    LAES_KONTAKTGRUPPE = "laes_kontaktgruppe"
    LAES_HISTORIK = "laes_historik"
    LAES_STATUS = "laes_status"
    LAES_KODELISTE = "laes_kodeliste"
    TOEM_KOE = "toem_koe"


AFSLUTTER = {
    Handling.AFSLUT_KONTAKTGRUPPE: Handling.OPRET_KONTAKTGRUPPE,
    Handling.AFSLUT_PERSONKATEGORI: Handling.OPRET_PERSONKATEGORI,
}
"""What must have been made before it can be ended."""
PERCENTILER = (50.0, 90.0, 95.0, 99.0, 99.9)
"""Those that are measured."""
KUN_REST = frozenset({Handling.LAES_STATUS, Handling.LAES_KODELISTE})
KUN_SOAP = frozenset({Handling.TOEM_KOE})
PARVISE = tuple(en for en in Handling if en not in KUN_REST | KUN_SOAP)
"""Those that both channels can do, in the order that one citizen meets them."""


class Rate(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How many calls are due: a month's calls shared out to working days, and a day's to its hours.

    The hours from `from_hour` to `to_hour` pass in the run's duration, at the rates of the real day times `times`, one step
    after the other: there are fewer calls than in the real hours, never slower or quicker ones.
    """

    calls_per_month: Positiv
    working_days: Positiv
    hours: Annotated[tuple[Annotated[float, msgspec.Meta(ge=0)], ...], msgspec.Meta(min_length=24, max_length=24)]
    from_hour: Time = 0
    to_hour: Time = 24
    times: Annotated[tuple[Positiv, ...], msgspec.Meta(min_length=1)] = (1.0,)


class Brugere(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Closed users: each waits for the answer, thinks, and calls again."""

    count: Antal
    think_seconds: Annotated[float, msgspec.Meta(ge=0, le=86_400)] = 1.0


class Par(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The same operations on each channel in turn: `rounds` of `block` calls of each, one call at a time."""

    operations: Annotated[tuple[Handling, ...], msgspec.Meta(min_length=1)]
    block: Antal = 10
    rounds: Annotated[int, msgspec.Meta(ge=MINDST_RUNDER)] = 40


class Nat(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Run the nightly jobs over every citizen while the traffic goes, from `at` of the duration."""

    at: Andel = 0.3


class Maal(StrEnum):
    """What a threshold is on: a channel's latency against REST's, a latency in milliseconds, the share of calls that failed,
    or how much the stage's memory grew in MiB (`dom.vaekst`).
    """

    FORHOLD = "ratio"
    SVARTID = "latency_ms"
    FEJL = "errors"
    HUKOMMELSE = "memory_growth_mib"


class Graense(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """At most this much; `operation` and `channel` left out: of each."""

    what: Maal
    max: Annotated[float, msgspec.Meta(ge=-1e12, le=1e12)]
    percentile: float = 50.0
    operation: Handling | None = None
    channel: Kolonne | None = None


class Profil(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One profile: open traffic (`rate`), closed (`users`), or a comparison (`pairs`)."""

    title: str
    about: str
    duration: str
    source: str = ""
    people: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 2000
    rate: Rate | None = None
    users: Brugere | None = None
    pairs: Par | None = None
    mix: Mapping[Kanal, Mapping[Handling, Positiv]] = {}
    new_connection_share: Andel = 0.0
    nightly: Nat | None = None
    threshold: tuple[Graense, ...] = ()

    @property
    def sekunder(self) -> float:
        """How long it goes on, or at most goes on where the number of rounds decides."""
        return varighed(self.duration).total_seconds()


LAENGST = timedelta(days=30)


def varighed(tekst: str) -> timedelta:
    """Read an ISO 8601 duration of whole time units; errors: ValueError."""
    try:
        laest = isodate.parse_duration(tekst)
    except (isodate.ISO8601Error, OverflowError) as brud:
        raise ValueError(f"must be an ISO 8601 duration such as PT5M, not {tekst!r}") from brud
    if not isinstance(laest, timedelta) or not timedelta() < laest <= LAENGST:
        raise ValueError(
            f"must be an ISO 8601 duration of days and less, above zero and at most 30 days, such as PT5M, not {tekst!r}"
        )
    return laest
