"""One test per cell of the access matrix: method by organisation type, tried as everybody whom a level tells apart.

Through the front door, over REST and over SOAP behind both back ends; a neighbour service's over the internal interface.
What must be answered is worked out here from what the levels mean, not by the code that decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from direkte import Direkte
from support.stores import empty_store

from byggeklodser import I_DAG, NU, identitet, kontrakt
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.stage import TilknytningDto
from vos_contracts.koder.aktoerer import Niveau
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.laesninger import Laesetjeneste
from vos_contracts.model import neighbours
from vos_contracts.model.identity import Identitet, Organisation
from vos_contracts.model.registration import Art, Opdater, Opret, Slet
from vos_contracts.wire.rest import Afslag
from vos_reference.bootstrap import byg
from vos_reference.config import Konfiguration
from vos_simulators.control import Styring
from vos_simulators.neighbours.client import Nabo
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Folk, paa_scenen

OPERATOER = Organisation(4, "12345678")
FREMMED_OPERATOER = Organisation(4, "87654321")
PVS, PRS, ADGANGSKODER = "PersonVisiteringService", "PersonRegistrationService", {4575, 6005, 4511}
SOAP = (PrsSoap.CONVERTER.value, PrsSoap.KLASSISK.value)
UKENDT = "00000000-0000-0000-0000-0000000000ee"


@dataclass(frozen=True)
class Forhold:
    """Who the caller is to the citizen."""

    navn: str
    egen: bool = False
    tidligere: int | None = None
    gaest: bool = False
    operatoer: Organisation | None = None
    operatoerens: bool = False
    system: bool = False


FORHOLD = (
    Forhold("egen", egen=True),
    Forhold("fremmed"),
    Forhold("ophoert for 60 dage siden", tidligere=60),
    Forhold("ophoert for 200 dage siden", tidligere=200),
    Forhold("gaest", gaest=True),
    Forhold("operatør for egen", egen=True, operatoer=OPERATOER, operatoerens=True),
    Forhold("operatør for gæst", gaest=True, operatoer=OPERATOER, operatoerens=True),
    Forhold("operatør uden borgeren", egen=True, operatoer=FREMMED_OPERATOER),
    Forhold("operatør for en fremmed", operatoer=OPERATOER, operatoerens=True),
    Forhold("system", system=True),
)


def facit(metode: str, organisationstype: int, forhold: Forhold) -> int:
    """What a reader of "Tilladte organisationer" would say: 0, or the code."""
    niveauer = kontrakt().adgang.matrix.get(metode, {}).get(organisationstype, frozenset())
    if forhold.operatoer is not None:
        aktoerens = {Niveau.AA_EGNE, Niveau.AA_GAEST, Niveau.AA_ALLE} & niveauer
        if not aktoerens:
            return 4575
        egne = Niveau.AA_EGNE in niveauer and forhold.egen and forhold.operatoerens
        gaester = Niveau.AA_GAEST in niveauer and forhold.gaest and forhold.operatoerens
        return 0 if egne or gaester or Niveau.AA_ALLE in niveauer else 4511
    if Niveau.ALLE in niveauer:
        return 0
    if not {Niveau.EGNE, Niveau.TIDLIGERE_EGNE, Niveau.GAEST, Niveau.SYSTEM_ALLE} & niveauer:
        return 4575
    adgang = (
        (Niveau.EGNE in niveauer and forhold.egen)
        or (Niveau.GAEST in niveauer and forhold.gaest)
        or (Niveau.SYSTEM_ALLE in niveauer and forhold.system)
        or (Niveau.TIDLIGERE_EGNE in niveauer and (forhold.egen or forhold.tidligere == 60))
    )
    if adgang:
        return 0
    return 6005 if organisationstype == 8 else 4575


class Scenen:
    """A stage in this process, with citizens of every relation to one organisation."""

    def __init__(self, kontrakt_: Kontrakt | None = None) -> None:
        applikation = byg(Konfiguration(db=None, clock=NU), kontrakt_ or kontrakt(), empty_store())  # type: ignore[arg-type]  # no file
        self.transport = Direkte(applikation.tjenester)
        self.styring, self.nabo = Styring(Direkte(applikation.styring)), Nabo(Direkte(applikation.styring))
        self._folk = Folk(seed=5)

    def borger(self, organisation: Organisation, forhold: Forhold) -> str:
        borger = self._folk.ny(40, NU.date())
        dto = paa_scenen(borger, jobcenter=None, kommune=None)

        def hos(en: Organisation, til: int | None = None) -> TilknytningDto:
            slut = None if til is None else NU.date() - timedelta(days=til)
            return TilknytningDto(organisation_type=en.type, organisation_kode=en.kode, til=slut)

        medlemskaber = [hos(organisation)] if forhold.egen else []
        if forhold.tidligere is not None:
            medlemskaber.append(hos(organisation, forhold.tidligere))
        if forhold.operatoerens:
            medlemskaber.append(hos(OPERATOER))
        dto.tilknytninger = tuple(medlemskaber)
        dto.gaester = (hos(organisation),) if forhold.gaest else ()
        self.styring.opsaet(dto)
        return borger.cpr


@pytest.fixture(scope="module")
def scenen() -> Iterator[Scenen]:
    yield Scenen()


def kalder(organisation: Organisation, forhold: Forhold) -> Identitet:
    hvem = identitet(organisation, forhold.operatoer)
    return replace(hvem, bruger=replace(hvem.bruger, type=3)) if forhold.system else hvem


Kald = Callable[[Aktoer, str], object]


def registrer(kommando: Opret | Opdater | Slet, kanal: Kanal) -> Kald:
    return lambda aktoer, cpr: aktoer.registrer(cpr, kommando, kanal)


def kald_af(metode: str) -> dict[str, Kald]:
    """Every way to call a method; SOAP behind each back end."""
    tjeneste, _, navn = metode.partition(".")
    if tjeneste in set(Laesetjeneste):
        en = Laesetjeneste(tjeneste)
        return {
            "converter": lambda a, cpr: a.laeser.kollektioner(en, cpr),
            "classic": lambda a, cpr: a.laeser.kollektioner(en, cpr),
        }
    if tjeneste == PRS:
        art = Art.KONTAKTGRUPPE if navn.endswith("ContactGroup") else Art.PERSONKATEGORI
        prs = Opret(art, 13, I_DAG) if navn.startswith("Create") else Opdater(art, UKENDT, NU)
        return {"converter": registrer(prs, Kanal.PRS), "classic": registrer(prs, Kanal.PRS)}
    if tjeneste != PVS:
        return {"REST": lambda a, cpr: a.laeser.status(cpr)}
    art = Art.KONTAKTGRUPPE if "ontaktgruppe" in navn else Art.PERSONKATEGORI
    if navn.startswith("Get"):
        del_ = (
            "historik"
            if navn.endswith("Historik")
            else UKENDT
            if navn in ("GetKontaktgruppe", "GetPersonkategori")
            else ""
        )
        return {"REST": lambda a, cpr: a.laes(cpr, art, del_)}
    if navn.endswith("MedIdentifier"):
        return {"REST": lambda a, cpr: a.registrer(cpr, Opret(art, 13, I_DAG, id=ny_uuid()), Kanal.PVS)}
    if navn.startswith("Delete"):
        return {"REST": registrer(Slet(art, UKENDT), Kanal.PVS)}
    kommando = Opret(art, 13, I_DAG) if navn.startswith("Create") else Opdater(art, UKENDT, NU)
    return {
        "REST": registrer(kommando, Kanal.PVS),
        "converter": registrer(kommando, Kanal.PRS),
        "classic": registrer(kommando, Kanal.PRS),
    }


NABOER: Mapping[str, neighbours.Nabokommando] = {
    "FravaerService.CreateFravaer": neighbours.RegistrerFravaer(id=UKENDT, type=2, fra=NU.date()),
    "FravaerService.UpdateFravaer": neighbours.AfslutFravaer(id=UKENDT, til=NU.date()),
    "FlexjobService.CreateFlexjob": neighbours.RegistrerFleksjob(id=UKENDT, fra=NU.date()),
    "FlexjobService.UpdateFlexjob": neighbours.AfslutFleksjob(id=UKENDT, til=NU.date()),
    "AktivitetstillaegService.CreateAktivitetstillaeg": neighbours.RegistrerTillaeg(id=UKENDT, fra=NU.date()),
    "UnemploymentEnrollmentService.UnemploymentEnrollment": neighbours.Tilmeld(
        kategori=2, ledighedsgrad=1, dato=NU.date()
    ),
    "UnemploymentEnrollmentService.CancelUnemploymentEnrollment": neighbours.Afmeld(dato=NU.date(), aarsag=1),
    "IllnessCompositeService.CreateIllness": neighbours.Sygemeld(
        id=UKENDT, kilde=neighbours.Sygekilde.FRAVAER, fra=NU.date()
    ),
    "IllnessCompositeService.CreateRecovery": neighbours.Raskmeld(id=UKENDT, dato=NU.date()),
    "IllnessRecoveryInformationService.CreateIllness": neighbours.Sygemeld(
        id=UKENDT, kilde=neighbours.Sygekilde.BESKAEFTIGELSE, fra=NU.date()
    ),
    "IllnessRecoveryInformationService.CreateRecovery": neighbours.Raskmeld(id=UKENDT, dato=NU.date()),
}
TJENESTER = {PVS, PRS, *Laesetjeneste, "VisiteringOgStatusStatusService"}
METODER = [metode for metode in kontrakt().adgang.matrix if metode.partition(".")[0] in TJENESTER]


@pytest.mark.parametrize("organisationstype", sorted(kontrakt().organisationstyper))
@pytest.mark.parametrize("metode", METODER)
def test_cellen(scenen: Scenen, metode: str, organisationstype: int) -> None:
    organisation = Organisation(organisationstype, "101")
    for forhold in FORHOLD:
        ventet = facit(metode, organisationstype, forhold)
        for vej, kald in kald_af(metode).items():
            scenen.styring.tving_bagende(PrsSoap(vej) if vej != "REST" else None)
            aktoer = Aktoer(kalder(organisation, forhold), kontrakt(), scenen.transport, ny_uuid)
            svar = kald(aktoer, scenen.borger(organisation, forhold))
            koder = {fejl.kode for fejl in svar.fejl} if isinstance(svar, Afslag) else set()
            assert koder & ADGANGSKODER == ({ventet} if ventet else set()), f"{forhold.navn} over {vej}: {koder}"
            assert not ventet or koder == {ventet}, (
                f"{forhold.navn} over {vej}: more than the refusal was told: {koder}"
            )


@pytest.mark.parametrize("organisationstype", sorted(kontrakt().organisationstyper))
@pytest.mark.parametrize("metode", NABOER)
def test_naboens_celle(scenen: Scenen, metode: str, organisationstype: int) -> None:
    organisation = Organisation(organisationstype, "101")
    for forhold in FORHOLD:
        ventet = facit(metode, organisationstype, forhold)
        cpr = scenen.borger(organisation, forhold)
        svar = scenen.nabo.fortael(metode, cpr, kalder(organisation, forhold), NABOER[metode])
        koder = [fejl.kode for fejl in svar.fejl]
        assert koder == [ventet] if ventet else not ADGANGSKODER & set(koder), f"{forhold.navn}: {koder}"


def test_den_klassiske_bagende_spoerger_om_soap_operationen() -> None:
    matrix = {
        en: {} if en == f"{PRS}.CreateContactGroup" else raekke for en, raekke in kontrakt().adgang.matrix.items()
    }
    lukket = replace(kontrakt(), adgang=replace(kontrakt().adgang, matrix=matrix))
    scenen, organisation, egen = Scenen(lukket), Organisation(8, "101"), FORHOLD[0]
    for vej, ventet in ((PrsSoap.KLASSISK, True), (PrsSoap.CONVERTER, False)):
        scenen.styring.tving_bagende(vej)
        aktoer = Aktoer(kalder(organisation, egen), lukket, scenen.transport, ny_uuid)
        svar = registrer(Opret(Art.KONTAKTGRUPPE, 13, I_DAG), Kanal.PRS)(aktoer, scenen.borger(organisation, egen))
        assert isinstance(svar, Afslag) == ventet, vej


def test_alle_metoder_er_med() -> None:
    assert {*METODER, *NABOER} == set(kontrakt().adgang.matrix)
    assert {metode.partition(".")[0] for metode in METODER} == TJENESTER
