"""What was measured, summed up: latencies by percentile, ratios with intervals, what was offered, the course over time.

Pure: from `optagelse`'s parts to `resultat`'s figures. Not here: how an interval is estimated (`statistik`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from vos_load import statistik
from vos_load.fordeling import Fordeling
from vos_load.optagelse import LINJEN, Blok, Optaget
from vos_load.profil import MINDST_RUNDER, PERCENTILER, Profil
from vos_load.resultat import AABEN, ALLE, LUKKET, NAEVNER, PAR, Forholdstal, Maaling, Punkt, Tilbud
from vos_load.statistik import Interval

BRUGBARE_RUNDER = 0.9
"""The share of the rounds that must have something left without the line for there to be a figure."""
TILBUDT_MINDST = 0.99
"""The share of the calls that must have been begun in time for a run to have offered its load."""


def arbejdsform(profil: Profil) -> str:
    """Name the kind of workload: par, aaben or lukket."""
    if profil.pairs is not None:
        return PAR
    return LUKKET if profil.users is not None else AABEN


def maalinger(optaget: Optaget) -> list[Maaling]:
    """Sum up every operation on every channel, and each channel as a whole."""
    svartid: dict[tuple[str, str], Fordeling] = defaultdict(Fordeling)
    forfald: dict[tuple[str, str], Fordeling] = defaultdict(Fordeling)
    fejl: dict[tuple[str, str], int] = defaultdict(int)
    for celle in optaget.celler:
        for noegle in ((celle.handling, celle.kanal), (ALLE, celle.kanal)):
            svartid[noegle].laeg_til(Fordeling(celle.svartid))
            forfald[noegle].laeg_til(Fordeling(celle.fra_forfald))
            fejl[noegle] += celle.fejl
    return [
        Maaling(
            operation=handling, channel=kanal, calls=en.antal + fejl[handling, kanal], errors=fejl[handling, kanal],
            latency_ms=_percentiler(en),
            from_due_ms=_percentiler(forfald[handling, kanal]) if forfald[handling, kanal].antal else None,
        )
        for (handling, kanal), en in sorted(svartid.items(), key=lambda par: (par[0][0] == ALLE, *par[0]))
    ]  # fmt: skip


def forholdstal(
    blokke: Sequence[Blok], seed: int, sikkerhed: float = statistik.SIKKERHED, *, uden_linjen: bool = False
) -> list[Forholdstal]:
    """Hold every channel against REST, and the converter against classic, per operation and together.

    As a caller sees them; or of what is left without the line's own time, which dilutes the ratio of a target far away. Then
    there is no figure where a tenth of the rounds or more have nothing left.
    """
    kanaler = sorted({en.kanal for en in blokke} - {LINJEN})
    handlinger = list(dict.fromkeys(en.handling for en in blokke if en.handling != LINJEN))
    linjen = statistik.medianer(blokke, LINJEN, LINJEN)
    tal: list[Forholdstal] = []
    par = [(en, NAEVNER) for en in kanaler if en != NAEVNER and NAEVNER in kanaler]
    if {"converter", "klassisk"} <= set(kanaler):
        par.append(("converter", "klassisk"))
    for kanal, mod in par:
        enkelte: list[Mapping[int, float]] = []
        for handling in handlinger:
            oppe, nede = (statistik.medianer(blokke, handling, en) for en in (kanal, mod))
            if uden_linjen:
                runder = len(oppe)
                oppe, nede = (statistik.uden(en, linjen) for en in (oppe, nede))
                if len(oppe.keys() & nede.keys()) <= BRUGBARE_RUNDER * runder:
                    enkelte.append({})
                    continue
            enkelte.append(statistik.rundeforhold(oppe, nede))
            tal += _tal(
                handling, kanal, mod, statistik.forhold(oppe, nede, seed, sikkerhed), len(enkelte[-1]), sikkerhed
            )
        faelles = statistik.samlet(enkelte, seed, sikkerhed)
        tal += _tal(ALLE, kanal, mod, faelles, min(map(len, enkelte), default=0), sikkerhed)
    return tal


def tilbud(optaget: Optaget) -> Tilbud | None:
    """Say whether open traffic was offered as it was due; None where nothing was due."""
    forfaldne, begyndte = sum(optaget.forfaldne.values()), sum(optaget.begyndte.values())
    if not forfaldne:
        return None
    return Tilbud(
        due=forfaldne, in_time=begyndte, late_ms_p99=Fordeling(optaget.forsinkelse).percentil(99),
        due_per_s=forfaldne / optaget.sekunder if optaget.sekunder else 0.0,
        answered_per_s=_besvarede(optaget) / optaget.sekunder if optaget.sekunder else 0.0,
        offered=begyndte >= TILBUDT_MINDST * forfaldne,
    )  # fmt: skip


def serie(optaget: Optaget) -> list[Punkt]:
    """Lay the run out in time."""
    pladser: dict[int, dict[str, Fordeling]] = defaultdict(lambda: defaultdict(Fordeling))
    fejl: dict[int, int] = defaultdict(int)
    for celle in optaget.celler:
        pladser[celle.plads][celle.kanal].laeg_til(Fordeling(celle.svartid))
        fejl[celle.plads] += celle.fejl
    bredde = optaget.bredde
    return [
        Punkt(
            t=round(plads * bredde, 3), due=optaget.forfaldne.get(plads, 0) / bredde,
            in_time=optaget.begyndte.get(plads, 0) / bredde, errors=fejl[plads],
            answered=sum(en.antal for en in pladser[plads].values()) / bredde,
            median_ms={kanal: en.percentil(50) for kanal, en in sorted(pladser[plads].items()) if en.antal},
            p95_ms={kanal: en.percentil(95) for kanal, en in sorted(pladser[plads].items()) if en.antal},
        )
        for plads in range(max((*pladser, *optaget.forfaldne), default=-1) + 1)
    ]  # fmt: skip


def fordelinger(optaget: Optaget) -> dict[str, list[tuple[float, int]]]:
    """Return each channel's distribution, bucket by bucket."""
    kanaler: dict[str, Fordeling] = defaultdict(Fordeling)
    for celle in optaget.celler:
        kanaler[celle.kanal].laeg_til(Fordeling(celle.svartid))
    return {kanal: en.trin() for kanal, en in sorted(kanaler.items()) if en.antal}


def linjetid(blokke: Sequence[Blok]) -> float | None:
    """Return the line's own median time, in milliseconds."""
    tider = [ms for en in blokke if en.kanal == LINJEN for ms in en.ms]
    return statistik.median(tider) if tider else None


def dele(optaget: Optaget) -> dict[str, float]:
    """Return the median of each part of a converted call's time, as the target said; empty where it says nothing."""
    navne = dict.fromkeys(navn for en in optaget.dele for navn in en)
    return {navn: statistik.median([en[navn] for en in optaget.dele if navn in en]) for navn in navne}


def _besvarede(optaget: Optaget) -> int:
    return sum(Fordeling(celle.fra_forfald).antal for celle in optaget.celler)


def _percentiler(en: Fordeling) -> dict[str, float]:
    return {f"{p:g}": round(en.percentil(p), 4) for p in PERCENTILER}


def _tal(
    handling: str, kanal: str, mod: str, interval: Interval | None, runder: int, sikkerhed: float
) -> list[Forholdstal]:
    if interval is None or runder < MINDST_RUNDER:
        return []
    return [
        Forholdstal(
            operation=handling, channel=kanal, against=mod, ratio=interval.estimat, low=interval.nedre,
            high=interval.oevre, rounds=runder, confidence=sikkerhed,
        )
    ]  # fmt: skip
