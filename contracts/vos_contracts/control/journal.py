"""The journal entry: one element of the stream of everything that happens on a stage.

Reports, the page and the console are listeners to that stream."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec


class EntryType(StrEnum):
    """The kinds of entry."""

    CALL = "call"
    MESSAGE_QUEUED = "message_queued"
    SEQUENCE = "sequence"
    WSB_QUEUED = "wsb_queued"
    WSB_ATTEMPT = "wsb_attempt"
    WSB_SUBSCRIPTION = "wsb_subscription"
    BROKER = "broker"
    CLOCK = "clock"
    RELEASE = "release"
    RESET = "reset"
    RUN = "run"
    CPR_CHANGE = "cpr_change"
    LATENCY = "latency"
    OVERLOAD = "overload"
    STEP = "step"
    VERDICT = "verdict"


class JournalEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry: what happened, when by the stage clock, and about which citizen; `data` holds the details of its kind."""

    kind: EntryType
    instant: datetime
    cpr: str = ""
    data: Mapping[str, str | int] = {}
