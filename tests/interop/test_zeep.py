"""The zeep client, given only the served ?wsdl, performs the registrations, reads the fault and empties the queue."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import etree
from zeep.exceptions import Fault

from generalproeve.stage.stage import Stage
from support.builders import NOW, TODAY
from support.zeep_client import FD, SR, client, code, headers
from vos_contracts.control.stage import RegistrationDto
from vos_simulators.control import Control
from vos_simulators.people import Citizen


@pytest.fixture(params=["converter", "classic"])
def backend(request: pytest.FixtureRequest, control: Control) -> str:
    from vos_contracts.tables.releases import PrsSoap

    control.force_backend(PrsSoap(request.param))
    return str(request.param)


def test_all_four_registrations(stage: Stage, new_citizen: Callable[..., Citizen], backend: str) -> None:
    prs = client(stage, "PersonRegistrationService", 9)
    citizen = new_citizen()
    response = prs.service.CreateContactGroup(
        PersonCivilRegistrationIdentifier=citizen.cpr,
        ContactGroup={"ContactGroupTypeIdentifier": code(13), "ContactGroupStartTime": TODAY,
                      "ContactGroupEventTime": TODAY},
        _soapheaders=headers(prs),
    )  # fmt: skip
    group = response.MessageIdentifier
    assert response.EventDate == NOW
    response = prs.service.CreatePersonCategory(
        PersonCivilRegistrationIdentifier=citizen.cpr,
        PersonCategory={"PersonCategoryTypeIdentifier": code(9), "PersonCategoryStartTime": TODAY},
        _soapheaders=headers(prs),
    )
    category = response.MessageIdentifier
    assert prs.service.UpdatePersonCategory(
        PersonCivilRegistrationIdentifier=citizen.cpr,
        PersonCategory={"MessageIdentifier": category, "PersonCategoryEndTime": NOW},
        _soapheaders=headers(prs),
    ).MessageIdentifier == category  # fmt: skip
    assert prs.service.UpdateContactGroup(
        PersonCivilRegistrationIdentifier=citizen.cpr,
        ContactGroup={"MessageIdentifier": group, "ContactGroupEndTime": NOW},
        _soapheaders=headers(prs),
    ).MessageIdentifier == group  # fmt: skip


def test_the_documented_fault(stage: Stage, new_citizen: Callable[..., Citizen], backend: str) -> None:
    prs = client(stage, "PersonRegistrationService", 9)
    citizen = new_citizen(kontaktgrupper=(RegistrationDto(type=13),))
    with pytest.raises(Fault) as caught:
        prs.service.CreateContactGroup(
            PersonCivilRegistrationIdentifier=citizen.cpr,
            ContactGroup={"ContactGroupTypeIdentifier": code(13), "ContactGroupStartTime": TODAY},
            _soapheaders=headers(prs),
        )
    details = caught.value.detail.find(f"{FD}FaultDetails")
    assert details.findtext(f"{FD}ErrorCode") == "4644"
    assert details.findtext(f"{FD}Message") == "This Client has an open existing contactgroup"
    assert details.find(f"{FD}StackTrace") is None
    assert caught.value.code == "s:Client"


def test_the_withdrawn_method(stage: Stage, new_citizen: Callable[..., Citizen], backend: str) -> None:
    prs = client(stage, "PersonRegistrationService", 9)
    with pytest.raises(Fault, match="udgået i release 2023-4"):
        prs.service.CreatePersonCategoryAndInterview(_soapheaders=headers(prs))


def test_the_queue_is_emptied_by_its_owner(stage: Stage, new_citizen: Callable[..., Citizen], backend: str) -> None:
    prs, wsrm = client(stage, "PersonRegistrationService", 9), client(stage, "WsrmService", 3)
    messages = client(stage, "WsrmMessageService", 10)
    citizen = new_citizen()
    group = prs.service.CreateContactGroup(
        PersonCivilRegistrationIdentifier=citizen.cpr,
        ContactGroup={"ContactGroupTypeIdentifier": code(2), "ContactGroupStartTime": TODAY},
        _soapheaders=headers(prs, 1, "1"),
    ).MessageIdentifier
    sequence = wsrm.service.CreateSequence(_soapheaders=headers(wsrm))
    inventory = {entry.ServiceName: entry.MessageCount for entry in sequence.ServiceInventoryCollection.ServiceItem}
    assert inventory == {"GetContactGroupVersion5": 1, "GetContactGroupVersion4": 1, "GetPersonCategoryVersion1": 1}
    assert sequence.ServiceInventoryCollection.ServiceItem[0].ServiceEndpoint == (
        f"{stage.services}/PjakTassWCFtService/10/WsrmMessageService.svc"
    )
    with_sequence = [*headers(messages), messages.get_element(SR)(Identifier=sequence.Identifier)]
    response = messages.service.GetContactGroupVersion5(_soapheaders=with_sequence)
    assert response.header.SequenceResponse.Identifier == sequence.Identifier
    (message,) = response.body.ContactGroup
    assert (message.PersonCivilRegistrationIdentifier, message.ContactGroupIdentifier) == (citizen.cpr, group)
    assert message.ContactGroupTypeIdentifier.CodeListItemIdentifier == 2
    metadata = message.WSRMMetadata
    assert (metadata.RegisteringAuthority.OrganisationTypeIdentifier, metadata.RegisteringAuthority.OrganisationCode) == (
        1, "1",
    )  # fmt: skip
    assert metadata.RegisteringUser.RequestUserStructure.UserFullName == "Zoë Zeep"
    assert metadata.RegisteringUser.RequestUserStructure.UserEmail == "zeep@example.dk"
    categories = messages.service.GetPersonCategoryVersion1(_soapheaders=with_sequence)
    assert [item.PersonCategoryTypeIdentifier.CodeListItemIdentifier for item in categories.body.PersonCategory] == [8]
    assert wsrm.service.TerminateSequence(Identifier=sequence.Identifier, _soapheaders=headers(wsrm))
    empty = wsrm.service.CreateSequence(_soapheaders=headers(wsrm))
    assert not empty.ServiceInventoryCollection or not empty.ServiceInventoryCollection.ServiceItem
    with pytest.raises(Fault) as caught:
        messages.service.GetContactGroupVersion5(_soapheaders=with_sequence)
    assert caught.value.detail.find(f"{FD}FaultDetails").findtext(f"{FD}ErrorCode") == "4589"
    assert isinstance(caught.value.detail, etree._Element)
