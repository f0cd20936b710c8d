"""One run: which hunts, their shares of the budget, what they found and what was left out.

Not here: what a hunt is (a module each), or how the outcome is told (`cli.fuzz`).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.base.progress import fremgang
from generalproeve.fuzz import findings as fund
from generalproeve.fuzz import parity as paritet
from generalproeve.fuzz import rest, soap, varianter
from generalproeve.fuzz.budget import Budget
from generalproeve.fuzz.findings import Fund
from generalproeve.fuzz.lines import Linjer
from vos_contracts.wire.base import RemoteWireError, UnreachableError
from vos_simulators.control import StyringAfvist

JAGTER = {"paritet": paritet, "rest": rest, "soap": soap, "varianter": varianter}
"""Modules with `hvorfor_ikke` and `jag` each."""
KRYMP_S, ET_FUND_S = 20.0, 5.0
"""Seconds that shrinking what a run found may take beside its budget: in all, and of one."""


@dataclass
class Loebet:
    """How a run ended: calls by hunt, hunts left out with the reason, findings with the file where each lies."""

    kald: dict[str, int] = field(default_factory=dict)
    sekunder: float = 0.0
    udeladt: dict[str, str] = field(default_factory=dict)
    fund: list[tuple[Fund, Path]] = field(default_factory=list)
    brud: Exception | None = None
    """What ended it before its time."""


def jag(
    linjer: Linjer, hvilke: Sequence[str], sekunder: float | None, kald: int | None, mappe: Path, *, stille: bool
) -> Loebet:
    """Hunt, each with its share of seconds and calls; errors: OSError, and in `brud` what the stage broke it with."""
    loebet, ur = Loebet(), Budget()
    grunde = {hvad: JAGTER[hvad].hvorfor_ikke(linjer) for hvad in hvilke}
    loebet.udeladt = {hvad: grund for hvad, grund in grunde.items() if grund}
    mulige = [hvad for hvad in hvilke if not grunde[hvad]]
    for nummer, hvad in enumerate(mulige):
        tilbage = len(mulige) - nummer
        budget = Budget(
            None if sekunder is None else (sekunder - ur.gaaet) / tilbage,
            None if kald is None else max((kald - sum(loebet.kald.values())) // tilbage, 1),
        )
        with fremgang(f"kald ({hvad})", budget.kald, stille=stille) as budget.vis:
            try:
                for en in JAGTER[hvad].jag(linjer, budget):
                    skjult = fund.skjult(en, _egne(linjer))
                    loebet.fund.append((skjult, fund.gem(skjult, mappe)))
            except (KanIkkeKoere, UnreachableError, RemoteWireError, StyringAfvist) as brud:
                loebet.brud = brud  # what was found by then is told first
        loebet.kald[hvad] = budget.brugt
        if loebet.brud is not None:
            break
    loebet.sekunder = ur.gaaet
    if loebet.brud is not None:
        return loebet
    krymper = Budget(KRYMP_S)
    loebet.fund = [_krympet(linjer, en, fil, krymper) for en, fil in loebet.fund]
    return loebet


def _egne(linjer: Linjer) -> list[str]:
    return [en.cpr for en in linjer.scenen.pulje]


def _krympet(linjer: Linjer, en: Fund, fil: Path, budget: Budget) -> tuple[Fund, Path]:
    """Shrink what its hunt did not; only now, because it empties the stage."""
    if isinstance(en, fund.Kaldsfund) and en.regel == varianter.REGEL and not budget.opbrugt:
        with suppress(UnreachableError, StyringAfvist):  # what was found stands as it is
            en = varianter.krymp(linjer, en, Budget(min(budget.rest(), ET_FUND_S)))
            fund.gem(en, fil.parent)
    return en, fil


def afspil(linjer: Linjer, en: Fund, navn: str) -> Fund | None:
    """Play it again by the hunt that found it; errors: KanIkkeKoere, and as `jag`."""
    if isinstance(en, fund.Kaldsfund):
        if en.regel != varianter.REGEL:
            return soap.genspil(linjer, en) if en.regel in {soap.KUVERT, soap.SKEMA} else rest.genspil(linjer, en)
        jagt: ModuleType = varianter
    else:
        jagt = paritet
    grund = jagt.hvorfor_ikke(linjer)
    if grund:
        raise KanIkkeKoere(f"--replay {navn}: {grund}")
    igen: Fund | None = jagt.genspil(linjer, en)
    return igen


def genspil(linjer: Linjer, fil: Path) -> Fund | None:
    """Play a finding again, and remove its file when it no longer breaks; errors: KanIkkeKoere, and as `jag`."""
    en = fund.kendt(fund.laes(fil), _egne(linjer))
    if en.udgave != linjer.udgave:
        raise KanIkkeKoere(f"--replay {fil}: was found in release {en.udgave}, and the target is in {linjer.udgave}")
    igen = afspil(linjer, en, str(fil))
    if igen is None:
        fil.unlink()
        return None
    return fund.skjult(igen, _egne(linjer))
