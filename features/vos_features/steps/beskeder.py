"""Så: what a party finds in its WSRM queue - and what it must not find."""

from __future__ import annotations

from vos_contracts.koder.aktoerer import Klientsystem
from vos_contracts.wire.soap import Fault
from vos_contracts.wire.wsrm import Besked, WsrmBesked
from vos_features.forventning import lig, sagt
from vos_features.spil import Spil
from vos_features.steps.ordforraad import givet, naar, saa
from vos_simulators.aktoerer.star import STAR
from vos_simulators.indbakker.wsrm_poller import WsrmAfvist

SYSTEMBRUGER, DFDG = 3, Klientsystem.DFDG


@saa("har {rolle} præcis disse beskeder:")
def praecis(spil: Spil, rolle: str, datatable: list[list[str]]) -> None:
    """The queue held exactly these, in this order, each with the registrant's whole identity."""
    hoved, *forventet = datatable
    fundet = [_raekke(spil, besked, hoved) for besked in _om_borgeren(spil, rolle)]
    lig(f"{rolle} har", fundet, forventet, "have")


@saa("har {rolle} ingen beskeder")
def ingen(spil: Spil, rolle: str) -> None:
    """The queue held nothing about the citizen."""
    fundet = [f"{en.beskedtype} om {en.emne}" for en in _om_borgeren(spil, rolle)]
    assert not fundet, f"{rolle} har {sagt(fundet)} og skulle intet have"


@saa("kan {rolle} ikke tømme sin kø: fejlkode {kode}, og fejlen nævner {udgave}")
def kan_ikke_toemme(spil: Spil, rolle: str, kode: int, udgave: str) -> None:
    """The queue is closed, and its fault says from which release."""
    fault = _koens_fejl(spil, rolle)
    assert fault is not None, f"{rolle} tømte sin kø, som skulle være lukket"
    fundet = [fejl.kode for fejl in fault.fejl]
    assert fundet == [kode], f"køen svarede {sagt(fundet)} og skulle have svaret {kode}"
    assert udgave in fault.tekst, f"fejlen siger {fault.tekst!r}"


def _koens_fejl(spil: Spil, rolle: str) -> Fault | None:
    try:
        spil.rolle(rolle).indbakke.toem()
    except WsrmAfvist as afvist:
        return afvist.fault
    return None


@saa("har {rolle} {tal} beskeder")
def antal(spil: Spil, rolle: str, tal: int) -> None:
    """The queue held so many about the citizen."""
    fundet = [f"{en.beskedtype} om {en.emne}" for en in _om_borgeren(spil, rolle)]
    assert len(fundet) == tal, f"{rolle} har {sagt(fundet)} og skulle have {tal}"


def _om_borgeren(spil: Spil, rolle: str) -> list[Besked]:
    spil.ensemble.kraev_wsrm()
    indbakke = spil.rolle(rolle).indbakke
    indbakke.toem()
    return [besked for besked in indbakke.beskeder if besked.cpr == spil.cpr]


@givet("alle har læst deres beskeder")
@naar("alle har læst deres beskeder")
def alle_har_laest(spil: Spil) -> None:
    """Let everybody empty their queue, so that what is said from now on stands alone."""
    assert spil.cpr
    spil.ensemble.toem_indbakker()


def _raekke(spil: Spil, besked: Besked, hoved: list[str]) -> list[str]:
    celler = {
        "besked": besked.beskedtype,
        "type": besked.emne,
        "slut": "ja" if isinstance(besked, WsrmBesked) and besked.slut is not None else "",
        "slettet": "ja" if isinstance(besked, WsrmBesked) and besked.er_slettet else "",
        "registreret af": _registrant(spil, besked),
    }
    return [celler[kolonne] for kolonne in hoved]


def _registrant(spil: Spil, besked: Besked) -> str:
    """Name the role whose whole identity - authority, user, own organisation, system - the message carries.

    DFDG itself, for STAR, is named by its system and job as the message gives them.
    """
    for rolle, aktoer in spil.ensemble.besaetning.roller.items():
        if besked.registrant in aktoer.identiteter:
            return rolle
    dfdg = besked.registrant
    if (dfdg.aktiv, dfdg.bruger_organisation, dfdg.bruger.type, dfdg.system) == (STAR, STAR, SYSTEMBRUGER, DFDG):
        return dfdg.bruger.navn
    return f"en anden: {besked.registrant}"
