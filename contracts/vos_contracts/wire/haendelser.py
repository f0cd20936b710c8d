"""The event that VisiteringOgStatus raises to the business domains for each registration and change (epic AC 1005.17.28.11).

Stored and carried as JSON. The body is assumed: what the domains get today is not public. `borgerId` is the epic's pegepind,
so that what a domain has heard still belongs to the citizen after a CPR change. So are
the names of exchange, queues and routing keys on the broker (`navne`, kinds `maegler` and `emne`).
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Aendringstype, Art
from vos_contracts.navne import Navne


class Domaenehaendelse(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One event: the registration as it stands now, and which authority's act it was."""

    haendelse_id: str
    entitet: Art
    aendringstype: Aendringstype
    borger_id: str
    cpr: str
    id: str
    type: int
    haendelse: datetime | None
    start: datetime
    slut: datetime | None
    myndighed: Organisation
    indtraffet: datetime


def emne(domaene: str, haendelse: Domaenehaendelse, navne: Navne) -> str:
    """Return the routing key that the event has on the broker on its way to that domain."""
    return f"{domaene}.{navne.emne(haendelse.entitet)}.{navne.emne(haendelse.aendringstype.name.lower())}"


def koe(domaene: str, navne: Navne) -> tuple[str, str]:
    """Return the domain's queue on the broker, and the pattern of routing keys that it is bound by."""
    return f"{navne.maegler('koe')}{domaene}", f"{domaene}.*.*"


kod_haendelse = msgspec.json.Encoder().encode
afkod_haendelse = msgspec.json.Decoder(Domaenehaendelse).decode
