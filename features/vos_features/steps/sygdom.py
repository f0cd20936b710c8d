"""Når: a party reports illness or recovery: an absence, or a case of sickness benefit."""

from __future__ import annotations

from vos_contracts.idkilde import ny_uuid
from vos_contracts.nabo import Gentilmelding, Gruppeskift, Raskmeld, Sygekilde, Sygemeld
from vos_features.spil import Spil
from vos_features.steps.ordforraad import naar

FRAVAER, SAG = "IllnessCompositeService", "IllnessRecoveryInformationService"
_KILDE = {"beskæftigelse": Sygekilde.BESKAEFTIGELSE, "ledighed": Sygekilde.LEDIGHED}


@naar("{rolle} sygemelder borgeren fra {dag}(?: til og med (?P<til>.+))?")
def sygemelder(spil: Spil, rolle: str, dag: str, til: str | None) -> None:
    """Report an absence because of illness to IllnessCompositeService, for a closed period if its last day is said."""
    _sygemeld(spil, rolle, FRAVAER, Sygekilde.FRAVAER, dag, til)


@naar("{rolle} sygemelder borgeren igen med det samme id")
def sygemelder_igen(spil: Spil, rolle: str) -> None:
    """Report another absence under the id of the first, on the same day."""
    spil.ensemble.kraev_tjeneste(FRAVAER)
    assert spil.sygdom is not None, "scenen har ingen sygdom endnu"
    id_, fra = spil.sygdom
    spil.svar = spil.rolle(rolle).naboer.sygemeld(spil.cpr, Sygemeld(id=id_, kilde=Sygekilde.FRAVAER, fra=fra))


@naar(r"{rolle} indberetter sygdom fra (?P<fra>beskæftigelse|ledighed) pr. {dag}")
def indberetter(spil: Spil, rolle: str, fra: str, dag: str) -> None:
    """Report a case of sickness benefit to IllnessRecoveryInformationService."""
    _sygemeld(spil, rolle, SAG, _KILDE[fra], dag)


@naar("{rolle} raskmelder sagen pr. {dag}")
def raskmelder_sagen(spil: Spil, rolle: str, dag: str) -> None:
    """Report recovery to IllnessRecoveryInformationService."""
    spil.ensemble.kraev_tjeneste(SAG)
    assert spil.sygdom is not None, "scenen har ingen sygdom endnu"
    spil.svar = spil.rolle(rolle).naboer.raskmeld_sag(spil.cpr, Raskmeld(id=spil.sygdom[0], dato=spil.dag(dag).date()))


@naar(
    r"{rolle} raskmelder borgeren pr. {dag}(?: med tilmelding i kategori (?P<kategori>\d+))?"
    r"(?:(?: med| og) kontaktgruppe (?P<gruppe>\d+))?(?P<lukker> og lukker kontaktgruppen)?"
)
def raskmelder(spil: Spil, rolle: str, dag: str, kategori: str | None, gruppe: str | None, lukker: str | None) -> None:
    """Report recovery to IllnessCompositeService, with what is registered in the same call."""
    spil.ensemble.kraev_tjeneste(FRAVAER)
    assert spil.sygdom is not None, "scenen har ingen sygdom endnu"
    id_, fra = spil.sygdom
    skift = Gruppeskift(type=None) if lukker else Gruppeskift(type=int(gruppe)) if gruppe else None
    tilmelding = Gentilmelding(kategori=int(kategori), ledighedsgrad=1) if kategori else None
    kommando = Raskmeld(id=id_, dato=spil.dag(dag).date(), tilmelding=tilmelding, gruppe=skift)
    spil.svar = spil.rolle(rolle).naboer.raskmeld(spil.cpr, kommando, fra)


@naar("{rolle} raskmelder borgeren af en sygdom, som ingen kender")
def raskmelder_ukendt(spil: Spil, rolle: str) -> None:
    """Report recovery of an absence that nobody has registered."""
    spil.ensemble.kraev_tjeneste(FRAVAER)
    i_dag = spil.dag("i dag").date()
    spil.svar = spil.rolle(rolle).naboer.raskmeld(spil.cpr, Raskmeld(id=ny_uuid(), dato=i_dag), i_dag)


def _sygemeld(spil: Spil, rolle: str, tjeneste: str, kilde: Sygekilde, dag: str, til: str | None = None) -> None:
    spil.ensemble.kraev_tjeneste(tjeneste)
    slut = None if til is None else spil.dag(til).date()
    kommando = Sygemeld(id=ny_uuid(), kilde=kilde, fra=spil.dag(dag).date(), til=slut)
    spil.svar = spil.rolle(rolle).naboer.sygemeld(spil.cpr, kommando)
    if isinstance(spil.svar, str):
        spil.sygdom = spil.svar, kommando.fra
