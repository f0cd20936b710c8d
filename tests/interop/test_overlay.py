"""An overlay renames a message namespace, an element, a header and a field; SOAP, REST and WSDL use the new names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import zeep
from zeep.exceptions import Fault

from generalproeve.settings.stage import StageSettings
from generalproeve.stage.stage import Stage, embedded
from support.builders import JOBCENTER, KOMMUNE, NOW, TODAY, identity
from support.zeep_client import code, headers
from vos_contracts.base.ids import new_uuid
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Create, Kind, Update
from vos_contracts.wire.rest.registration import Refusal
from vos_simulators.control import Control
from vos_simulators.party import Channel, Party
from vos_simulators.people import Citizen, People, on_stage
from vos_simulators.transport import HttpTransport

NAMESPACE = "http://service.bm.dk/PersonRegistrationService/2019/10/31/"
NAMES = f"""key,value
namespace.PersonRegistrationService,{NAMESPACE}
element.PersonRegistrationService.ContactGroup,ContactGroupItem
element.WsrmMessageService.ContactGroup,ContactGroupMessage
order.PersonRegistrationService.ServiceReceiptType,MessageIdentifier EventDate
header.organisationCode,x-active-organisation-code
json.sluttidspunkt,slutTidspunkt
json.fejlkode,kode
"""
ERRORS = "code,english,http_status\n4703,The start date must be today,422\n"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("overlay")
    (folder / "names.csv").write_text(NAMES, "utf-8")
    (folder / "errors.csv").write_text(ERRORS, "utf-8")
    with embedded(StageSettings(port=0, control_port=0, clock=NOW, contract=folder)) as item:
        yield item


@pytest.fixture
def citizen(stage: Stage) -> Citizen:
    with HttpTransport(stage.control) as transport:
        control = Control(transport)
        control.reset()
        item = People(seed=99).new(40, NOW.date())
        control.set_up(on_stage(item))
        return item


def test_rest_under_the_new_names(stage: Stage, citizen: Citizen) -> None:
    with HttpTransport(stage.services) as transport:
        kss = Party(identity(), stage.contract, transport, new_uuid)
        id_ = kss.register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY), Channel.PVS)
        assert isinstance(id_, str)
        assert kss.register(citizen.cpr, Update(Kind.KONTAKTGRUPPE, id_, NOW), Channel.PVS) == id_
    headers = {"x-active-organisation-code": "10100", "x-civilregistrationIdentifier": citizen.cpr,
               "x-organisationTypeIdentifier": "8", "x-userFullName": "A", "x-requestUserTypeIdentifier": "2",
               "x-userIdentifier": "a", "x-requestOrganisationTypeIdentifier": "8",
               "x-requestOrganisationCode": "10100", "x-registrationDateTime": NOW.isoformat()}  # fmt: skip
    path = f"{stage.services}/v1/PersonVisitering/kontaktgruppe/historik"
    assert [item["slutTidspunkt"] for item in httpx.get(path, headers=headers).json()] == [
        "2024-11-18T09:00:00+01:00",
        None,
    ]
    headers["x-organisationCode"] = headers.pop("x-active-organisation-code")
    response = httpx.get(path, headers=headers)
    assert response.json()["fejl"][0]["kode"] == 1100
    assert "x-active-organisation-code" in response.json()["fejl"][0]["beskrivelse"]


def test_soap_under_the_new_names_with_zeep(stage: Stage, citizen: Citizen) -> None:
    prs = zeep.Client(f"{stage.services}/PjakTassWCFtService/9/PersonRegistrationService.svc?wsdl")
    assert prs.get_element(f"{{{NAMESPACE}}}CreateContactGroupRequest")

    def create(start: object) -> object:
        return prs.service.CreateContactGroup(
            PersonCivilRegistrationIdentifier=citizen.cpr,
            ContactGroupItem={"ContactGroupTypeIdentifier": code(13), "ContactGroupStartTime": start},
            _soapheaders=headers(prs),
        )

    with pytest.raises(Fault, match="The start date must be today"):
        create(TODAY.replace(day=1))
    response = create(TODAY)
    assert list(response.__values__) == ["MessageIdentifier", "EventDate"]  # type: ignore[attr-defined]  # a type made at run time


def test_wsrm_under_the_new_names(stage: Stage, citizen: Citizen) -> None:
    with HttpTransport(stage.services) as transport:
        kss = Party(identity(), stage.contract, transport, new_uuid)
        id_ = kss.register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY), Channel.PRS)
        assert [message.id for message in kss.inbox.drain()] == [id_, id_]


def test_error_text_and_status_come_from_the_overlay(stage: Stage, citizen: Citizen) -> None:
    with HttpTransport(stage.services) as transport:
        kss = Party(identity(), stage.contract, transport, new_uuid)
        response = kss.register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY.replace(day=1)), Channel.PVS)
    assert not isinstance(response, str)
    assert (response.status, [error.code for error in response.errors]) == (422, [4703])


def test_the_stage_reports_the_changes_of_the_overlay(stage: Stage) -> None:
    status = httpx.get(f"{stage.control}/control/status").json()
    assert status["overlay"].startswith("overlay")
    assert (
        "names/header.organisationCode.value: 'x-organisationCode' -> 'x-active-organisation-code'"
        in (status["overlayChanges"])
    )


def test_an_overlay_opens_and_closes_a_cell_of_the_access_matrix(tmp_path: Path) -> None:
    (tmp_path / "access.csv").write_text(
        "service,method,organisation_type,level,action\n"
        "PersonVisiteringService,GetKontaktgrupper,30,all,add\n"
        "PersonVisiteringService,GetKontaktgrupper,7,own,remove\n",
        "utf-8",
    )
    with (
        embedded(StageSettings(port=0, control_port=0, clock=NOW, contract=tmp_path)) as item,
        HttpTransport(item.control) as control,
        HttpTransport(item.services) as transport,
    ):
        citizen = People(seed=98).new(40, NOW.date())
        Control(control).set_up(on_stage(citizen))

        def read(organisation: Organisation) -> object:
            return Party(identity(organisation), item.contract, transport, new_uuid).read(
                citizen.cpr, Kind.KONTAKTGRUPPE
            )

        assert read(Organisation(30, "1")) == ()
        kommune = read(KOMMUNE)
        assert isinstance(kommune, Refusal)
        assert [error.code for error in kommune.errors] == [4575]
        assert read(JOBCENTER) == ()
