"""One entry of the stream of everything that happens; reports, page and console are listeners (DESIGN rule 6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec


class Posttype(StrEnum):
    """The kinds of entry."""

    KALD = "kald"
    BESKED_LAGT = "besked_lagt"
    SEKVENS = "sekvens"
    WSB_LAGT = "wsb_lagt"
    WSB_FORSOEG = "wsb_forsoeg"
    WSB_ABONNEMENT = "wsb_abonnement"
    MAEGLER = "maegler"
    UR = "ur"
    UDGAVE = "udgave"
    NULSTILLET = "nulstillet"
    KOERSEL = "koersel"
    CPRSKIFT = "cprskift"
    LATENS = "latens"
    TRIN = "trin"
    UDFALD = "udfald"


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """One entry: what happened, when by the stage clock, about whom, and the rest as text."""

    art: Posttype
    tidspunkt: datetime
    cpr: str = ""
    data: Mapping[str, str | int] = {}
