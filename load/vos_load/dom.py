"""What a profile's thresholds say of a run; the verdict decides the exit code.

A ratio is exceeded when its whole interval lies above the threshold, and open while the interval has it within: chance must
not decide. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vos_load.profil import Graense, Maal
from vos_load.resultat import ALLE, NAEVNER, Graensedom, Resultat

BESTAAET, OVERSKREDET, UAFGJORT, OVERHOLDT = "bestået", "overskredet", "uafgjort", "overholdt"
IKKE_BEDOEMT = "ikke bedømt"


def doem(resultat: Resultat, graenser: Sequence[Graense]) -> Resultat:
    """Fill in the thresholds and the verdict; a run that could not offer its load is not judged."""
    resultat.thresholds = [dom for graense in graenser for dom in _domme(resultat, graense)]
    if not resultat.calls or (resultat.offer is not None and not resultat.offer.offered):
        resultat.verdict = IKKE_BEDOEMT
    else:
        overskredet = any(en.verdict == OVERSKREDET for en in resultat.thresholds)
        resultat.verdict = OVERSKREDET if overskredet else BESTAAET
    return resultat


def _domme(resultat: Resultat, graense: Graense) -> Iterator[Graensedom]:
    match graense.what:
        case Maal.FEJL:
            andel = resultat.errors / resultat.calls if resultat.calls else 0.0
            yield _dom("andel af kald der fejlede", andel, graense)
        case Maal.SVARTID:
            for en in resultat.operations:
                if _passer(graense, en.operation, en.channel):
                    percentil = f"{graense.percentile:g}"
                    tider = en.from_due_ms or en.latency_ms
                    if percentil in tider:
                        yield _dom(
                            f"{en.operation} {en.channel}, {percentil}-percentil i ms", tider[percentil], graense
                        )
        case Maal.FORHOLD:
            for tal in resultat.ratios:
                if tal.against == NAEVNER and _passer(graense, tal.operation, tal.channel):
                    dom = OVERSKREDET if tal.low > graense.max else OVERHOLDT if tal.high <= graense.max else UAFGJORT
                    hvad = f"{tal.operation} {tal.channel} mod {tal.against}"
                    yield Graensedom(what=hvad, value=tal.ratio, max=graense.max, verdict=dom)
        case Maal.HUKOMMELSE:
            if resultat.memory_mib:
                yield _dom("målets hukommelse, vækst i MiB", vaekst(resultat.memory_mib), graense)


def vaekst(hukommelse: Sequence[tuple[float, float]]) -> float:
    """Return how much larger the last tenth of the readings is than those after the first tenth, in MiB."""
    tal = [mib for _, mib in hukommelse]
    del_ = max(len(tal) // 10, 1)
    return max(tal[-del_:]) - max(tal[: 2 * del_])


def _passer(graense: Graense, handling: str, kanal: str) -> bool:
    if graense.operation is not None and graense.operation != handling:
        return False
    if graense.operation is None and handling == ALLE:
        return False
    return graense.channel is None or graense.channel == kanal


def _dom(hvad: str, vaerdi: float, graense: Graense) -> Graensedom:
    dom = OVERSKREDET if vaerdi > graense.max else OVERHOLDT
    return Graensedom(what=hvad, value=vaerdi, max=graense.max, verdict=dom)
