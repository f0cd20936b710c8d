"""Landssupporten: registers contact groups on every citizen by the new REST service, and no category (epic AC .13)."""

from __future__ import annotations

from datetime import datetime

from vos_contracts.identitet import Bruger, Identitet
from vos_contracts.koder.aktoerer import Klientsystem
from vos_simulators.aktoerer.star import STAR


def identitet(now: datetime) -> Identitet:
    """Say who a supporter is, calling from LSS."""
    return Identitet(STAR, Bruger("Lis Landssupport", 4, "lis"), STAR, now, Klientsystem.LSS)
