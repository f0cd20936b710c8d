"""Når: a neighbour service tells DFDG, over the internal interface; for scenes about what follows, not about the service."""

from __future__ import annotations

from datetime import date

from vos_contracts import nabo
from vos_contracts.idkilde import ny_uuid
from vos_contracts.koder.fejl import Fejl
from vos_contracts.wire.rest import Afslag
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


_TIL = r"(?: til (?P<til>[^,]+?))?"
_FRAVAER = "FravaerService"
_FLEKSJOB = "FlexjobService"


@naar(rf"DFDG får besked fra {{rolle}} om fravær af type {{tal}} fra {{dag}}{_TIL}")
def fravaer(spil: Spil, rolle: str, tal: int, dag: str, til: str | None) -> None:
    """Let an absence be reported; it may be refused."""
    spil.nabo_id = ny_uuid()
    kommando = nabo.RegistrerFravaer(id=spil.nabo_id, type=tal, fra=spil.dag(dag).date(), til=_dato(spil, til))
    _fortael(spil, f"{_FRAVAER}.CreateFravaer", rolle, kommando)


@naar("DFDG får igen besked fra {rolle} om det samme fravær, nu af type {tal}")
def samme_fravaer(spil: Spil, rolle: str, tal: int) -> None:
    """Let another absence be reported under the id of the first."""
    kommando = nabo.RegistrerFravaer(id=_sidste(spil), type=tal, fra=spil.dag("i dag").date())
    _fortael(spil, f"{_FRAVAER}.CreateFravaer", rolle, kommando)


@naar(r"DFDG får besked fra {rolle} om, at (?P<hvad>fraværet|et ukendt fravær) slutter {dag}")
def fravaer_slutter(spil: Spil, rolle: str, hvad: str, dag: str) -> None:
    """Let the end of an absence be reported: the first day without it."""
    id_ = _sidste(spil) if hvad == "fraværet" else ny_uuid()
    _fortael(spil, f"{_FRAVAER}.UpdateFravaer", rolle, nabo.AfslutFravaer(id=id_, til=spil.dag(dag).date()))


@naar(rf"DFDG får besked fra {{rolle}} om et fleksjob fra {{dag}}{_TIL}")
def fleksjob(spil: Spil, rolle: str, dag: str, til: str | None) -> None:
    """Let an activity of the citizen's plan be reported; `til` is the first day without it."""
    spil.nabo_id = ny_uuid()
    kommando = nabo.RegistrerFleksjob(id=spil.nabo_id, fra=spil.dag(dag).date(), til=_dato(spil, til))
    _fortael(spil, f"{_FLEKSJOB}.CreateFlexjob", rolle, kommando)


@naar("DFDG får igen besked fra {rolle} om det samme fleksjob")
def samme_fleksjob(spil: Spil, rolle: str) -> None:
    """Let another activity be reported under the id of the first."""
    kommando = nabo.RegistrerFleksjob(id=_sidste(spil), fra=spil.dag("i dag").date())
    _fortael(spil, f"{_FLEKSJOB}.CreateFlexjob", rolle, kommando)


@naar(r"DFDG får besked fra {rolle} om, at (?P<hvad>fleksjobbet|et ukendt fleksjob) slutter {dag}")
def fleksjob_slutter(spil: Spil, rolle: str, hvad: str, dag: str) -> None:
    """Let the end of an activity be reported: the first day without it."""
    id_ = _sidste(spil) if hvad == "fleksjobbet" else ny_uuid()
    _fortael(spil, f"{_FLEKSJOB}.UpdateFlexjob", rolle, nabo.AfslutFleksjob(id=id_, til=spil.dag(dag).date()))


@naar("DFDG får besked fra {rolle} om aktivitetstillæg fra {dag}")
def tillaeg(spil: Spil, rolle: str, dag: str) -> None:
    """Let the allowance be granted; it may be refused."""
    kommando = nabo.RegistrerTillaeg(id=ny_uuid(), fra=spil.dag(dag).date())
    _fortael(spil, "AktivitetstillaegService.CreateAktivitetstillaeg", rolle, kommando)


def _fortael(spil: Spil, tjeneste: str, rolle: str, kommando: nabo.Nabokommando) -> None:
    cpr = spil.cpr
    svar = spil.ensemble.nabo.fortael(tjeneste, cpr, spil.rolle(rolle).identitet, kommando)
    spil.svar = svar.id
    if svar.fejl:
        spil.svar = Afslag(400, tuple(Fejl(en.kode, en.beskrivelse) for en in svar.fejl))


def _dato(spil: Spil, dag: str | None) -> date | None:
    return None if dag is None else spil.dag(dag).date()


def _sidste(spil: Spil) -> str:
    assert spil.nabo_id is not None, "ingen nabotjeneste har fortalt noget endnu"
    return spil.nabo_id


def _sygdom(spil: Spil, rolle: str, kilde: str, til: date | None, fra: date | None = None) -> None:
    kommando = nabo.Sygemeld(id=ny_uuid(), kilde=_KILDE[kilde], fra=fra or spil.dag("i dag").date(), til=til)
    spil.sygdom_id = _udfoer(spil, f"{_KSD}.CreateIllness", rolle, kommando)


def _udfoer(spil: Spil, tjeneste: str, rolle: str, kommando: nabo.Nabokommando) -> str:
    return spil.ensemble.nabo.udfoer(tjeneste, spil.cpr, spil.rolle(rolle).identitet, kommando)
