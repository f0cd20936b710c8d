"""Når: a party transfers from its WSRM queue, call by call. Så: what the transfer holds, and who may fetch from it."""

from __future__ import annotations

from vos_contracts.wire.wsrm import Besked
from vos_features.forventning import afvist_med, lig
from vos_features.spil import Spil
from vos_features.steps.ordforraad import naar, saa
from vos_simulators.indbakker.wsrm_poller import WsrmAfvist


@naar("{rolle} åbner en overførsel")
def aabner(spil: Spil, rolle: str) -> None:
    """CreateSequence: a new transfer, or the one that is open."""
    spil.ensemble.kraev_wsrm()
    assert spil.cpr
    inventar = spil.rolle(rolle).indbakke.opret()
    spil.overfoersler.append(inventar)


@naar("{rolle} giver overførslen tilbage")
def giver_tilbage(spil: Spil, rolle: str) -> None:
    """CloseSequence: nothing was received."""
    spil.rolle(rolle).indbakke.luk(spil.overfoersler[-1].id)


@naar("{rolle} afslutter overførslen")
def afslutter(spil: Spil, rolle: str) -> None:
    """TerminateSequence: everything was received."""
    spil.rolle(rolle).indbakke.afslut(spil.overfoersler[-1].id)


@saa("er der {tal} beskeder om borgeren i {rolle}s overførsel")
def antal(spil: Spil, tal: int, rolle: str) -> None:
    """Fetching every line of the inventory gives so many about the citizen."""
    fundet = [en for en in _hent(spil, rolle) if en.cpr == spil.cpr]
    lig(f"antallet af beskeder i {rolle}s overførsel er", len(fundet), tal)


@saa("er det den samme overførsel som før")
def samme(spil: Spil) -> None:
    """The open transfer was returned again."""
    foer, nu = spil.overfoersler[-2:]
    lig("overførslen er", nu, foer)


@saa("kan {rolle} ikke hente i den overførsel: fejlkode {kode}")
def kan_ikke(spil: Spil, rolle: str, kode: int) -> None:
    """The queue refuses with that number."""
    try:
        fundet = _hent(spil, rolle)
    except WsrmAfvist as afvist:
        afvist_med(afvist.fault.fejl, kode)
        return
    raise AssertionError(f"{rolle} hentede {len(fundet)} beskeder og skulle have været afvist med {kode}")


def _hent(spil: Spil, rolle: str) -> list[Besked]:
    sidste, indbakke = spil.overfoersler[-1], spil.rolle(rolle).indbakke
    return [en for beskedtype, _ in sidste.poster for en in indbakke.hent(sidste.id, beskedtype)]
