"""zeep, given only the served ?wsdl, performs the registrations, reads the fault and empties the queue: the SOAP stranger."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import etree
from zeep.exceptions import Fault
from zeepvaerk import FD, SR, headers, klient, kode

from byggeklodser import I_DAG, NU
from generalproeve.scene import Scene
from vos_contracts.control.stage import RegistreringDto
from vos_simulators.control import Styring
from vos_simulators.people import Borger


@pytest.fixture(params=["converter", "classic"])
def bagende(request: pytest.FixtureRequest, styring: Styring) -> str:
    from vos_contracts.koder.udgave import PrsSoap

    styring.tving_bagende(PrsSoap(request.param))
    return str(request.param)


def test_alle_fire_registreringer(scene: Scene, ny_borger: Callable[..., Borger], bagende: str) -> None:
    prs = klient(scene, "PersonRegistrationService", 9)
    borger = ny_borger()
    svar = prs.service.CreateContactGroup(
        PersonCivilRegistrationIdentifier=borger.cpr,
        ContactGroup={"ContactGroupTypeIdentifier": kode(13), "ContactGroupStartTime": I_DAG,
                      "ContactGroupEventTime": I_DAG},
        _soapheaders=headers(prs),
    )  # fmt: skip
    gruppe = svar.MessageIdentifier
    assert svar.EventDate == NU
    svar = prs.service.CreatePersonCategory(
        PersonCivilRegistrationIdentifier=borger.cpr,
        PersonCategory={"PersonCategoryTypeIdentifier": kode(9), "PersonCategoryStartTime": I_DAG},
        _soapheaders=headers(prs),
    )
    kategori = svar.MessageIdentifier
    assert prs.service.UpdatePersonCategory(
        PersonCivilRegistrationIdentifier=borger.cpr,
        PersonCategory={"MessageIdentifier": kategori, "PersonCategoryEndTime": NU},
        _soapheaders=headers(prs),
    ).MessageIdentifier == kategori  # fmt: skip
    assert prs.service.UpdateContactGroup(
        PersonCivilRegistrationIdentifier=borger.cpr,
        ContactGroup={"MessageIdentifier": gruppe, "ContactGroupEndTime": NU},
        _soapheaders=headers(prs),
    ).MessageIdentifier == gruppe  # fmt: skip


def test_den_dokumenterede_fejl(scene: Scene, ny_borger: Callable[..., Borger], bagende: str) -> None:
    prs = klient(scene, "PersonRegistrationService", 9)
    borger = ny_borger(kontaktgrupper=(RegistreringDto(type=13),))
    with pytest.raises(Fault) as fanget:
        prs.service.CreateContactGroup(
            PersonCivilRegistrationIdentifier=borger.cpr,
            ContactGroup={"ContactGroupTypeIdentifier": kode(13), "ContactGroupStartTime": I_DAG},
            _soapheaders=headers(prs),
        )
    detaljer = fanget.value.detail.find(f"{FD}FaultDetails")
    assert detaljer.findtext(f"{FD}ErrorCode") == "4644"
    assert detaljer.findtext(f"{FD}Message") == "This Client has an open existing contactgroup"
    assert detaljer.find(f"{FD}StackTrace") is None
    assert fanget.value.code == "s:Client"


def test_den_udgaaede_metode(scene: Scene, ny_borger: Callable[..., Borger], bagende: str) -> None:
    prs = klient(scene, "PersonRegistrationService", 9)
    with pytest.raises(Fault, match="udgået i release 2023-4"):
        prs.service.CreatePersonCategoryAndInterview(_soapheaders=headers(prs))


def test_koeen_toemmes_af_sin_ejer(scene: Scene, ny_borger: Callable[..., Borger], bagende: str) -> None:
    prs, wsrm = klient(scene, "PersonRegistrationService", 9), klient(scene, "WsrmService", 3)
    beskeder = klient(scene, "WsrmMessageService", 10)
    borger = ny_borger()
    gruppe = prs.service.CreateContactGroup(
        PersonCivilRegistrationIdentifier=borger.cpr,
        ContactGroup={"ContactGroupTypeIdentifier": kode(2), "ContactGroupStartTime": I_DAG},
        _soapheaders=headers(prs, 1, "1"),
    ).MessageIdentifier
    sekvens = wsrm.service.CreateSequence(_soapheaders=headers(wsrm))
    inventar = {post.ServiceName: post.MessageCount for post in sekvens.ServiceInventoryCollection.ServiceItem}
    assert inventar == {"GetContactGroupVersion5": 1, "GetContactGroupVersion4": 1, "GetPersonCategoryVersion1": 1}
    assert sekvens.ServiceInventoryCollection.ServiceItem[0].ServiceEndpoint == (
        f"{scene.tjenester}/PjakTassWCFtService/10/WsrmMessageService.svc"
    )
    med_sekvens = [*headers(beskeder), beskeder.get_element(SR)(Identifier=sekvens.Identifier)]
    svar = beskeder.service.GetContactGroupVersion5(_soapheaders=med_sekvens)
    assert svar.header.SequenceResponse.Identifier == sekvens.Identifier
    (besked,) = svar.body.ContactGroup
    assert (besked.PersonCivilRegistrationIdentifier, besked.ContactGroupIdentifier) == (borger.cpr, gruppe)
    assert besked.ContactGroupTypeIdentifier.CodeListItemIdentifier == 2
    metadata = besked.WSRMMetadata
    assert (metadata.RegisteringAuthority.OrganisationTypeIdentifier, metadata.RegisteringAuthority.OrganisationCode) == (
        1, "1",
    )  # fmt: skip
    assert metadata.RegisteringUser.RequestUserStructure.UserFullName == "Zoë Zeep"
    assert metadata.RegisteringUser.RequestUserStructure.UserEmail == "zeep@example.dk"
    kategorier = beskeder.service.GetPersonCategoryVersion1(_soapheaders=med_sekvens)
    assert [en.PersonCategoryTypeIdentifier.CodeListItemIdentifier for en in kategorier.body.PersonCategory] == [8]
    assert wsrm.service.TerminateSequence(Identifier=sekvens.Identifier, _soapheaders=headers(wsrm))
    tom = wsrm.service.CreateSequence(_soapheaders=headers(wsrm))
    assert not tom.ServiceInventoryCollection or not tom.ServiceInventoryCollection.ServiceItem
    with pytest.raises(Fault) as fanget:
        beskeder.service.GetContactGroupVersion5(_soapheaders=med_sekvens)
    assert fanget.value.detail.find(f"{FD}FaultDetails").findtext(f"{FD}ErrorCode") == "4589"
    assert isinstance(fanget.value.detail, etree._Element)
