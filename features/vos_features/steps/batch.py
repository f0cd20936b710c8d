"""Givet: what the nightly jobs will find. Når: they run. Så: what the report says."""

from __future__ import annotations

from datetime import date, timedelta

from vos_contracts.styring import ForloebDto, Koerselsart
from vos_features.evner import Evne
from vos_features.spil import Spil
from vos_features.steps.ordforraad import givet, naar, saa

_LOAD = {"delta": Koerselsart.DELTA, "fuldt load": Koerselsart.FULD}
_MEDLEM = r"(?P<medlem>, og som er medlem af a-kassen)?"


@givet(rf"en borger, som fylder 30 {{dag}}{_MEDLEM}")
def fylder_tredive(spil: Spil, dag: str, medlem: str | None) -> None:
    """Think up a citizen whose 30th birthday it is."""
    fylder = spil.dag(dag).date()
    spil.ny_borger_foedt(fylder.replace(year=fylder.year - 30), medlem=medlem is not None)


@givet(rf"en borger, som er født (?P<foedt>\d{{4}}-\d\d-\d\d){_MEDLEM}")
def foedt_den(spil: Spil, foedt: str, medlem: str | None) -> None:
    """Think up a citizen who is born on that day."""
    spil.ny_borger_foedt(date.fromisoformat(foedt), medlem=medlem is not None)


@givet("borgeren har et fleksjob, der begynder {dag}")
def fleksjob_begynder(spil: Spil, dag: str) -> None:
    """Let the citizen have an activity from that day."""
    spil.saet(fleksjob=(ForloebDto(fra=spil.dag(dag).date()),))


@givet("borgeren har et fleksjob, der slutter {dag}")
def fleksjob_slutter(spil: Spil, dag: str) -> None:
    """Let the citizen have had an activity for a month, that day being the first without it."""
    til = spil.dag(dag).date()
    spil.saet(fleksjob=(ForloebDto(fra=til - timedelta(days=30), til=til),))


@naar(r"batchjobbene køres med (?P<load>delta|fuldt load)")
def koeres(spil: Spil, load: str) -> None:
    """Run them now, on the stage's day."""
    assert spil.cpr, "borgeren er på scenen, før jobbene kører"
    spil.koersel = spil.ensemble.styring.batch(_LOAD[load])


@saa(r"siger rapporten (?P<load>delta|fuldt load): {tal} ændring(?:er)?")
def rapporten_siger(spil: Spil, load: str, tal: int) -> None:
    """The run has finished on the stage's day, says how long it took, and has changed that much."""
    spil.ensemble.kraev(Evne.RESET)  # a run is over everybody
    koersel = spil.koersel
    assert koersel is not None, "der er ingen kørsel endnu"
    assert koersel.faerdig, "kørslen er ikke færdig"
    assert (koersel.art, koersel.dag) == (_LOAD[load], spil.nu.date()), f"rapporten er {koersel.art} {koersel.dag}"
    assert koersel.sekunder > 0, "rapporten siger ikke, hvor længe kørslen varede"
    assert koersel.aendrede == tal, f"kørslen ændrede {koersel.aendrede} og skulle have ændret {tal}"


@saa('har jobbet "(?P<navn>[^"]+)" set på {tal} borger(?:e)?')
def jobbet_har_set(spil: Spil, navn: str, tal: int) -> None:
    """That job looked at so many."""
    spil.ensemble.kraev(Evne.RESET)
    assert spil.koersel is not None, "der er ingen kørsel endnu"
    fundet = {en.navn: en.sete for en in spil.koersel.job}
    assert navn in fundet, f"jobbet {navn!r} findes ikke; de er {', '.join(fundet)}"
    assert fundet[navn] == tal, f"{navn} så på {fundet[navn]} og skulle have set på {tal}"
