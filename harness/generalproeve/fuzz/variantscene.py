"""The stage that variants are played on: emptied, with citizens and a subscriber; and playing one finding again on it.

Not here: the hunt (`varianter`).
"""

from __future__ import annotations

from generalproeve.fuzz import sekvensproeve
from generalproeve.fuzz.borgere import borgere
from generalproeve.fuzz.froe import SYSTEM
from generalproeve.fuzz.fund import Kaldsfund
from generalproeve.fuzz.linjer import Linjer
from generalproeve.fuzz.restdommer import Efterladt
from generalproeve.fuzz.slump import Slump
from generalproeve.fuzz.tjenester import UbesvaretError
from generalproeve.fuzz.variantdommer import Variantdommer
from vos_contracts.wire.base import Kald
from vos_simulators.personer import JOBCENTER
from vos_simulators.styring import Styring

REGEL, SEKVENSER = "variant", "WSRM-sekvens"
GANGE = 50
"""Sequences that are tried before a finding about one no longer breaks."""


def genspil(linjer: Linjer, fund: Kaldsfund) -> Kaldsfund | None:
    """Make the call on a new stage, and again under the same request id; None if it is answered rightly now.

    One that needs what was on the stage when it was found is answered rightly where that is not.
    """
    cpr = ryd(linjer)
    if fund.operation == SEKVENSER:
        slump = Slump(fund.seed)
        slump.cpr = cpr
        igen = (brud for _ in range(GANGE) for brud in sekvensproeve.spil(linjer, linjer.tjenester, slump))
        return fund if any(igen) else None
    try:
        return fund if _brudt(linjer, fund.kald.kald()) else None
    except UbesvaretError:
        return fund


def _brudt(linjer: Linjer, kald: Kald) -> bool:
    efterladt, dommer = Efterladt(linjer), Variantdommer(linjer.kontrakt)
    dom = dommer.doem(kald, linjer.tjenester.send(kald))
    brudt = bool(dom.brud) or (any(efterladt.nyt()) and not dom.udfoert)
    return brudt or (dom.gentages and linjer.tjenester.send(kald).status != 412)


def ryd(linjer: Linjer) -> list[str]:
    """Empty the stage, put citizens and a system that may subscribe on it, and return the citizens' numbers."""
    assert linjer.styring is not None, "see hvorfor_ikke"
    cpr = borgere(linjer)
    Styring(linjer.styring).subscribersystem(SYSTEM, "http://127.0.0.1:9", JOBCENTER)
    return cpr
