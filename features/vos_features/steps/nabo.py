"""Når: a neighbour service tells DFDG, over the internal interface; for scenes about what follows, not about the service."""

from __future__ import annotations

from datetime import date

from vos_contracts import nabo
from vos_contracts.idkilde import ny_uuid
from vos_features.spil import Spil
from vos_features.steps.ordforraad import givet, naar

_KSD, _KOMPOSIT, _TILMELDING = (
    "IllnessRecoveryInformationService",
    "IllnessCompositeService",
    "UnemploymentEnrollmentService",
)
_KILDE = {"ledighed": nabo.Sygekilde.LEDIGHED, "beskæftigelse": nabo.Sygekilde.BESKAEFTIGELSE}
AARSAG = 1


@givet(r"DFDG har besked fra {rolle} om sygdom fra (?P<kilde>ledighed|beskæftigelse) til og med {dag}")
def sygdom_til(spil: Spil, rolle: str, kilde: str, dag: str) -> None:
    """Let KSD have reported sickness from today, for a closed period."""
    _sygdom(spil, rolle, kilde, spil.dag(dag).date())


@givet(r"DFDG har besked fra {rolle} om sygdom fra (?P<kilde>ledighed|beskæftigelse)")
def sygdom(spil: Spil, rolle: str, kilde: str) -> None:
    """Let KSD have reported sickness from today."""
    _sygdom(spil, rolle, kilde, None)


@naar("DFDG får besked fra {rolle} om sygdom fra ledighed, der begynder {dag}")
def sygdom_begynder(spil: Spil, rolle: str, dag: str) -> None:
    """Let KSD report sickness that begins later."""
    _sygdom(spil, rolle, "ledighed", None, spil.dag(dag).date())


@naar("DFDG får besked fra {rolle} om raskmelding {dag}(?: med skift til kontaktgruppe (?P<gruppe>.+))?")
def raskmelding(spil: Spil, rolle: str, dag: str, gruppe: str | None) -> None:
    """Let the municipality (as KSD) or a caseworker report recovery, and what else is registered in the same call."""
    tjeneste = _KSD if rolle == "kommunen" else _KOMPOSIT
    skift = None if gruppe is None else nabo.Gruppeskift(type=int(gruppe))
    assert spil.sygdom_id is not None, "borgeren er ikke sygemeldt"
    kommando = nabo.Raskmeld(id=spil.sygdom_id, dato=spil.dag(dag).date(), gruppe=skift)
    _udfoer(spil, f"{tjeneste}.CreateRecovery", rolle, kommando)


@naar("DFDG får besked fra {rolle} om afmelding {dag}")
def afmelding(spil: Spil, rolle: str, dag: str) -> None:
    """Let the enrolment be ended on that day."""
    kommando = nabo.Afmeld(dato=spil.dag(dag).date(), aarsag=AARSAG)
    _udfoer(spil, f"{_TILMELDING}.CancelUnemploymentEnrollment", rolle, kommando)


def _sygdom(spil: Spil, rolle: str, kilde: str, til: date | None, fra: date | None = None) -> None:
    kommando = nabo.Sygemeld(id=ny_uuid(), kilde=_KILDE[kilde], fra=fra or spil.dag("i dag").date(), til=til)
    spil.sygdom_id = _udfoer(spil, f"{_KSD}.CreateIllness", rolle, kommando)


def _udfoer(spil: Spil, tjeneste: str, rolle: str, kommando: nabo.Nabokommando) -> str:
    return spil.ensemble.nabo.udfoer(tjeneste, spil.cpr, spil.rolle(rolle).identitet, kommando)
