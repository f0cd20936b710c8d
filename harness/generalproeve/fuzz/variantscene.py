"""The stage that variants are played on: emptied, with citizens and a subscriber; and playing one finding again on it.

Not here: the hunt (`varianter`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from generalproeve.fuzz import sekvensproeve
from generalproeve.fuzz.borgere import borgere
from generalproeve.fuzz.budget import Budget
from generalproeve.fuzz.findings import Kaldsfund, Sendt
from generalproeve.fuzz.froe import SYSTEM
from generalproeve.fuzz.krymp import krympet
from generalproeve.fuzz.lines import Linjer
from generalproeve.fuzz.rest_judges import GENTAGET, Efterladt, efterlod, gentaget
from generalproeve.fuzz.slump import Slump
from generalproeve.fuzz.tjenester import UbesvaretError
from generalproeve.fuzz.variantdommer import Variantdommer
from vos_contracts.wire.base import Kald
from vos_simulators.control import Styring
from vos_simulators.parties import JOBCENTER

REGEL, SEKVENSER = "variant", "WSRM-sekvens"
_TAL = re.compile(r"\d+")
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
    return fund if [*_brud(linjer, fund.kald.kald())] else None


def krymp(linjer: Linjer, fund: Kaldsfund, budget: Budget) -> Kaldsfund:
    """Return it with the smallest call that breaks in the same way on a new stage; as it is, if that does not."""

    def bryder(kald: Kald) -> bool:
        ryd(linjer)
        return (fund.operation, _slags(fund.brud)) in {(hvad, _slags(brud)) for hvad, brud in _brud(linjer, kald)}

    kald = fund.kald.kald()
    if fund.operation == SEKVENSER or not bryder(kald):
        return fund
    return replace(fund, kald=Sendt.af(krympet(kald, bryder, budget)))


def _slags(brud: str) -> str:
    """Return what two breaches of the same kind have in common: what is said, numbers and details aside."""
    return _TAL.sub("#", brud.partition(":")[0])


def _brud(linjer: Linjer, kald: Kald) -> Iterator[tuple[str, str]]:
    """Make a call, and again if it can be; give the operation and each breach in words."""
    efterladt, dommer = Efterladt(linjer), Variantdommer(linjer.kontrakt)
    try:
        svar = linjer.tjenester.send(kald)
        dom = dommer.doem(kald, svar)
        yield from ((dom.operation, brud) for brud in dom.brud)
        raekker, beskeder = efterladt.nyt()
        if (raekker or beskeder) and not dom.udfoert:
            yield dom.operation, efterlod(svar.status, raekker, beskeder)
        igen = linjer.tjenester.send(kald).status if dom.gentages else GENTAGET
        if igen != GENTAGET:
            yield dom.operation, gentaget(igen)
    except UbesvaretError as ubesvaret:
        dom = dommer.ubesvaret(ubesvaret)
        yield from ((dom.operation, brud) for brud in dom.brud)


def ryd(linjer: Linjer) -> list[str]:
    """Empty the stage, put citizens and a system that may subscribe on it, and return the citizens' numbers."""
    assert linjer.styring is not None, "see hvorfor_ikke"
    cpr = borgere(linjer)
    Styring(linjer.styring).subscribersystem(SYSTEM, "http://127.0.0.1:9", JOBCENTER)
    return cpr
