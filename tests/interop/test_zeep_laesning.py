"""zeep, given only the served ?wsdl, reads PSS v20 and PHS v4: filled in 2024-4, and empty lists from 2025-1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import zeep
from lxml import etree
from zeep.exceptions import Fault
from zeepvaerk import FD, headers, klient

from byggeklodser import I_GAAR, NU
from generalproeve.scene import Scene
from vos_contracts.control.stage import RegistreringDto
from vos_contracts.koder.udgave import PrsSoap
from vos_simulators.control import Styring
from vos_simulators.people import Borger

GRUPPE, KATEGORI = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
ANDRE = {"Core": False, "AddressContact": False, "Authority": False, "CV": False}


@pytest.fixture(params=["converter", "classic"], autouse=True)
def bagende(request: pytest.FixtureRequest, styring: Styring) -> str:
    styring.tving_bagende(PrsSoap(request.param))
    return str(request.param)


@pytest.fixture
def borger(ny_borger: Callable[..., Borger]) -> Borger:
    return ny_borger(
        kontaktgrupper=(
            RegistreringDto(type=4, start=I_GAAR.replace(month=10), slut=I_GAAR),
            RegistreringDto(type=2, id=GRUPPE, start=I_GAAR),
        ),
        personkategorier=(RegistreringDto(type=5, id=KATEGORI, start=I_GAAR),),
    )


def status(scene: Scene, cpr: str, *hoveder: Any, gruppe: bool = True, kategori: bool = True) -> Any:
    pss = klient(scene, "PersonStatusService", 20)
    return pss.service.GetVariablePersonStatus(
        PersonCivilRegistrationIdentifier=cpr,
        RequestVariableType={**ANDRE, "ContactGroup": gruppe, "PersonCategory": kategori},
        _soapheaders=headers(pss, *hoveder),
    )


def historik(scene: Scene, cpr: str, *hoveder: Any) -> Any:
    phs = klient(scene, "PersonHistoryService", 4)
    return phs.service.GetPersonHistory(PersonCivilRegistrationIdentifier=cpr, _soapheaders=headers(phs, *hoveder))


def poster(kollektion: Any, navn: str) -> list[Any]:
    return [] if kollektion is None else list(kollektion[navn] or ())


def test_status(scene: Scene, borger: Borger) -> None:
    svar = status(scene, borger.cpr)
    assert svar.PersonCivilRegistrationIdentifier == borger.cpr
    (gruppe,) = svar.ContactGroupCollection.ContactGroupItem
    assert (gruppe.ContactGroupIdentifier, gruppe.ContactGroupTypeIdentifier.CodeListItemIdentifier) == (GRUPPE, 2)
    assert (gruppe.ContactGroupStartTime, gruppe.ContactGroupEndTime) == (I_GAAR, None)
    assert gruppe.RegisteringAuthority.OrganisationTypeIdentifier
    (kategori,) = svar.PersonCategoryCollection.PersonCategoryItem
    assert (kategori.PersonCategoryIdentifier, kategori.PersonCategoryTypeIdentifier.CodeListItemIdentifier) == (
        KATEGORI, 5,
    )  # fmt: skip


@pytest.mark.parametrize(("gruppe", "kategori"), [(True, False), (False, True), (False, False)])
def test_hvad_der_ikke_er_spurgt_om_er_tomt(scene: Scene, borger: Borger, gruppe: bool, kategori: bool) -> None:
    svar = status(scene, borger.cpr, gruppe=gruppe, kategori=kategori)
    fundet = (
        len(poster(svar.ContactGroupCollection, "ContactGroupItem")),
        len(poster(svar.PersonCategoryCollection, "PersonCategoryItem")),
    )
    assert fundet == (int(gruppe), int(kategori))


def test_historik(scene: Scene, borger: Borger) -> None:
    svar = historik(scene, borger.cpr)
    grupper = svar.ContactGroupHistoryCollection.ContactGroupHistoryItem
    fundet = [
        (
            en.ContactGroupTypeIdentifier.CodeListItemIdentifier,
            en.ContactGroupEndTime,
            en.RegistrationMetadata.IsCurrent,
        )
        for en in grupper
    ]
    assert (2, None, True) in fundet
    assert (4, I_GAAR, True) in fundet
    assert not any(en.RegistrationMetadata.IsDeleted for en in grupper)
    (kategori,) = svar.PersonCategoryHistoryCollection.PersonCategoryHistoryItem
    assert kategori.PersonCategoryIdentifier == KATEGORI
    assert kategori.RegistrationMetadata.RegisteringAuthority.OrganisationCode


@pytest.mark.parametrize("udgave", ["2025-1", "2025-2"])
def test_fra_2025_1_er_listerne_der_og_er_tomme(scene: Scene, borger: Borger, styring: Styring, udgave: str) -> None:
    styring.skift_udgave(udgave)
    for tjeneste, version, operation, krop in (
        ("PersonStatusService", 20, "GetVariablePersonStatus",
         {"RequestVariableType": {**ANDRE, "ContactGroup": True, "PersonCategory": True}}),
        ("PersonHistoryService", 4, "GetPersonHistory", {}),
    ):  # fmt: skip
        en = klient(scene, tjeneste, version)
        with en.settings(raw_response=True):
            svar = en.service[operation](PersonCivilRegistrationIdentifier=borger.cpr, _soapheaders=headers(en), **krop)
        assert svar.status_code == 200
        kollektioner = [et for et in etree.fromstring(svar.content).iter("{*}*") if str(et.tag).endswith("Collection")]
        assert [len(et) for et in kollektioner] == [0, 0], operation


def test_akassen_ser_sine_grupper_og_ingen_kategori(scene: Scene, ny_borger: Callable[..., Borger]) -> None:
    borger = ny_borger(
        kontaktgrupper=(
            RegistreringDto(type=4, start=NU.replace(year=2018), slut=NU.replace(year=2019)),
            RegistreringDto(type=3, start=NU.replace(year=2022), slut=NU.replace(year=2023)),
            RegistreringDto(type=2, start=I_GAAR),
        ),
        personkategorier=(RegistreringDto(type=5, start=I_GAAR),),
    )
    svar = status(scene, borger.cpr, 2, "81")
    (gruppe,) = svar.ContactGroupCollection.ContactGroupItem
    assert gruppe.ContactGroupTypeIdentifier.CodeListItemIdentifier == 2
    assert poster(svar.PersonCategoryCollection, "PersonCategoryItem") == []
    svar = historik(scene, borger.cpr, 2, "81")
    grupper = svar.ContactGroupHistoryCollection.ContactGroupHistoryItem
    assert {en.ContactGroupTypeIdentifier.CodeListItemIdentifier for en in grupper} == {2}
    assert poster(svar.PersonCategoryHistoryCollection, "PersonCategoryHistoryItem") == []


@pytest.mark.parametrize(
    ("cpr", "hoveder", "kode"),
    [("", (8, "10200"), "6005"), ("", (2, "82"), "4575"), ("0203840021", (8, "10100"), "1010"),
     ("3002840000", (8, "10100"), "1001")],
)  # fmt: skip
def test_samme_numre_som_over_rest(scene: Scene, borger: Borger, cpr: str, hoveder: tuple[int, str], kode: str) -> None:
    for laes in (status, historik):
        with pytest.raises(Fault) as fanget:
            laes(scene, cpr or borger.cpr, *hoveder)
        assert fanget.value.detail.find(f"{FD}FaultDetails").findtext(f"{FD}ErrorCode") == kode


def test_udk_laeser_alle_uden_tilknytning(scene: Scene, borger: Borger) -> None:
    """Under its own row of the matrix, also where the method that replaces it would refuse."""
    assert len(status(scene, borger.cpr, 30, "1").ContactGroupCollection.ContactGroupItem) == 1


def test_beskrivelsen_er_gyldig_for_zeep(scene: Scene) -> None:
    for tjeneste, version in (("PersonStatusService", 20), ("PersonHistoryService", 4)):
        en: zeep.Client = klient(scene, tjeneste, version)
        assert list(en.wsdl.services) == [tjeneste]
