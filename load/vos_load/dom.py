"""What a profile's thresholds say of a run; the verdict decides the exit code.

What was not measured is not passed. A ratio is exceeded when its whole interval lies above the threshold, and open while the
interval has it within: chance must not decide. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vos_load.profil import Graense, Maal
from vos_load.resultat import ALLE, NAEVNER, Graensedom, Resultat

BESTAAET, OVERSKREDET, UAFGJORT, OVERHOLDT = "bestået", "overskredet", "uafgjort", "overholdt"
IKKE_BEDOEMT, IKKE_MAALT = "ikke bedømt", "ikke målt"


def doem(resultat: Resultat, graenser: Sequence[Graense], *, nat_ventet: bool = False) -> Resultat:
    """Fill in the thresholds and the verdict; a threshold that was exceeded is, whatever else could not be measured."""
    resultat.thresholds = [dom for graense in graenser for dom in _domme(resultat, graense)]
    resultat.not_judged = _uden_grundlag(resultat, nat_ventet=nat_ventet)
    if resultat.not_judged:
        resultat.verdict = IKKE_BEDOEMT
    else:
        overskredet = any(en.verdict == OVERSKREDET for en in resultat.thresholds)
        resultat.verdict = OVERSKREDET if overskredet else BESTAAET
    return resultat


def _uden_grundlag(resultat: Resultat, *, nat_ventet: bool) -> str:
    """Say in Danish why the run cannot be judged; "" when it can."""
    if resultat.interrupted:
        return "kørslen blev afbrudt"
    if not resultat.calls:
        return "der blev ikke kaldt"
    if resultat.offer is not None and not resultat.offer.offered:
        return "kørslen kunne ikke tilbyde sin belastning; brug --processes eller en maskine mere"
    if nat_ventet and resultat.nightly is None:
        return "natkørslerne blev ikke færdige"
    if any(en.verdict == OVERSKREDET for en in resultat.thresholds):
        return ""
    umaalt = [en.what for en in resultat.thresholds if en.verdict == IKKE_MAALT]
    return f"ikke målt: {', '.join(umaalt)}" if umaalt else ""


def _domme(resultat: Resultat, graense: Graense) -> Iterator[Graensedom]:
    domme = list(_maalte(resultat, graense))
    yield from domme or [Graensedom(what=_navn(graense), value=0.0, max=graense.max, verdict=IKKE_MAALT)]


def _maalte(resultat: Resultat, graense: Graense) -> Iterator[Graensedom]:
    match graense.what:
        case Maal.FEJL:
            andel = resultat.errors / resultat.calls if resultat.calls else 0.0
            yield _dom("andel af kald der fejlede", andel, graense)
        case Maal.SVARTID:
            percentil = f"{graense.percentile:g}"
            for en in resultat.operations:
                if en.calls > en.errors and _passer(graense, en.operation, en.channel):
                    tider = en.from_due_ms or en.latency_ms
                    yield _dom(f"{en.operation} {en.channel}, {percentil}-percentil i ms", tider[percentil], graense)
        case Maal.FORHOLD:
            for tal in resultat.ratios:
                if tal.against == NAEVNER and _passer(graense, tal.operation, tal.channel):
                    dom = OVERSKREDET if tal.low > graense.max else OVERHOLDT if tal.high <= graense.max else UAFGJORT
                    hvad = f"{tal.operation} {tal.channel} mod {tal.against}"
                    yield Graensedom(what=hvad, value=tal.ratio, max=graense.max, verdict=dom)
        case Maal.HUKOMMELSE:
            if len(resultat.memory_mib) >= MINDST_AFLAESNINGER:
                yield _dom("målets hukommelse, vækst i MiB", vaekst(resultat.memory_mib), graense)


MINDST_AFLAESNINGER = 10


def vaekst(hukommelse: Sequence[tuple[float, float]]) -> float:
    """Return how much larger the largest reading of the last tenth is than that of the first two tenths, in MiB.

    Caches fill in the first tenth; what grows after that goes on growing.
    """
    tal = [mib for _, mib in hukommelse]
    del_ = max(len(tal) // 10, 1)
    return max(tal[-del_:]) - max(tal[: 2 * del_])


def _passer(graense: Graense, handling: str, kanal: str) -> bool:
    if graense.operation is not None and graense.operation != handling:
        return False
    if graense.operation is None and handling == ALLE:
        return False
    return graense.channel is None or graense.channel == kanal


def _navn(graense: Graense) -> str:
    return " ".join(filter(None, (graense.what, graense.operation, graense.channel)))


def _dom(hvad: str, vaerdi: float, graense: Graense) -> Graensedom:
    dom = OVERSKREDET if vaerdi > graense.max else OVERHOLDT
    return Graensedom(what=hvad, value=vaerdi, max=graense.max, verdict=dom)
