"""The zeep client, given only the served ?wsdl, creates and ends a tilmelding, and reports illness and recovery."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from zeep.exceptions import Fault

from generalproeve.stage.stage import Stage
from support.builders import NOW, TODAY, TOMORROW, contract, identity
from support.zeep_client import FD, client, code, headers
from vos_contracts.base.ids import new_uuid
from vos_contracts.control.stage import RegistrationDto
from vos_contracts.model.registration import Kind
from vos_simulators.party import Party
from vos_simulators.people import Citizen
from vos_simulators.transport import HttpTransport

New = Callable[..., Citizen]


def current(transport: HttpTransport, citizen: Citizen) -> list[int]:
    response = Party(identity(), contract(), transport, new_uuid).read(citizen.cpr, Kind.KONTAKTGRUPPE)
    assert isinstance(response, tuple)
    return [item.type for item in response]


def error_code(fault: Fault) -> str:
    details = fault.detail.find(f"{FD}FaultDetails")
    assert details.find(f"{FD}StackTrace") is None
    return str(details.findtext(f"{FD}ErrorCode"))


def test_tilmelding_is_created_and_ended(stage: Stage, transport: HttpTransport, new_citizen: New) -> None:
    ues = client(stage, "UnemploymentEnrollmentService", 8)
    citizen = new_citizen()
    response = ues.service.UnemploymentEnrollment(
        UnemploymentEnrollment={
            "PersonCivilRegistrationIdentifier": citizen.cpr, "ClientCategoryTypeIdentifier": code(1),
            "EnrollmentDate": TODAY, "CurrentUnemploymentStatusTypeIdentifier": code(1),
            "Profession": {"ProfessionType": [
                {"ConceptUriDa": "http://data.star.dk/esco/occupation/1", "HasEducation": True, "YearLastUsed": 2020,
                 "MonthsOfExperience": 24},
            ]},
            "EmailAddressIdentifier": "zoe@example.dk",
        },
        _soapheaders=headers(ues, 2, "81"),
    )  # fmt: skip
    assert (response.EventDate, len(response.MessageIdentifier)) == (NOW, 36)
    assert list(response.__values__) == ["MessageIdentifier", "EventDate"]
    assert current(transport, citizen) == [1]
    cancellation = {
        "PersonCivilRegistrationIdentifier": citizen.cpr, "CancellationDate": TODAY, "CauseTypeIdentifier": code(1),
    }  # fmt: skip
    ues.service.CancelUnemploymentEnrollment(
        CancelUnemploymentEnrollment=cancellation, _soapheaders=headers(ues, 2, "81")
    )
    with pytest.raises(Fault, match="The person is not enrolled") as caught:
        ues.service.CancelUnemploymentEnrollment(
            CancelUnemploymentEnrollment=cancellation, _soapheaders=headers(ues, 2, "81")
        )
    assert error_code(caught.value) == "4367"


def test_illness_and_recovery_with_tilmelding_and_group(
    stage: Stage, transport: HttpTransport, new_citizen: New
) -> None:
    ics = client(stage, "IllnessCompositeService", 5)
    citizen = new_citizen(kontaktgrupper=(RegistrationDto(type=1),))
    fravaer = {"StartDate": TODAY, "AbsenceTypeIdentifier": code(11), "NotificationDate": TODAY}
    ill = ics.service.CreateIllness(
        PersonCivilRegistrationIdentifier=citizen.cpr,
        AbsenceItem={
            **fravaer, "AbsenceComment": "meldt i telefonen",
            "CompanyIdentifier": {"ProductionUnitIdentifier": "1234567890", "CVRnumberIdentifier": "12345678"},
        },
        _soapheaders=headers(ics),
    )  # fmt: skip
    assert ill.EventDate == NOW
    entry = {**fravaer, "AbsenceIdentifier": ill.MessageIdentifier, "EndDate": TODAY}
    with pytest.raises(Fault) as caught:
        ics.service.CreateRecovery(
            PersonCivilRegistrationIdentifier=citizen.cpr, AbsenceItem=entry,
            ContactGroup={"ContactGroupTypeIdentifier": code(24)}, _soapheaders=headers(ics),
        )  # fmt: skip
    assert error_code(caught.value) == "8096"
    recovery = ics.service.CreateRecovery(
        PersonCivilRegistrationIdentifier=citizen.cpr,
        AbsenceItem=entry,
        UnemploymentEnrollment={
            "ClientCategoryTypeIdentifier": code(2), "EnrollmentDate": TODAY,
            "CurrentUnemploymentStatusTypeIdentifier": code(1),
        },
        ContactGroup={"ContactGroupTypeIdentifier": code(2), "ContactGroupStartTime": TODAY},
        _soapheaders=headers(ics),
    )  # fmt: skip
    assert recovery.MessageIdentifier == ill.MessageIdentifier
    assert current(transport, citizen) == [2]


def test_a_recovery_that_ends_the_group(stage: Stage, transport: HttpTransport, new_citizen: New) -> None:
    ics = client(stage, "IllnessCompositeService", 5)
    citizen = new_citizen(kontaktgrupper=(RegistrationDto(type=1),))
    fravaer = {"StartDate": TODAY, "AbsenceTypeIdentifier": code(11), "NotificationDate": TODAY}
    ill = ics.service.CreateIllness(
        PersonCivilRegistrationIdentifier=citizen.cpr, AbsenceItem=fravaer, _soapheaders=headers(ics)
    )
    ics.service.CreateRecovery(
        PersonCivilRegistrationIdentifier=citizen.cpr,
        AbsenceItem={**fravaer, "AbsenceIdentifier": ill.MessageIdentifier, "EndDate": TODAY},
        ContactGroup={"ContactGroupEndTime": TODAY},
        _soapheaders=headers(ics),
    )
    assert current(transport, citizen) == []


@pytest.mark.parametrize(("case_type", "under", "after"), [(1, 24, []), (2, 25, [4])])
def test_ksd_illness_and_recovery(
    stage: Stage, transport: HttpTransport, new_citizen: New, case_type: int, under: int, after: list[int]
) -> None:
    iri = client(stage, "IllnessRecoveryInformationService", 8)
    citizen = new_citizen(kontaktgrupper=(RegistrationDto(type=4),))
    nemrefusion = new_uuid()

    def ill(case: int, **other: object) -> object:
        return iri.service.CreateIllness(
            PersonCivilRegistrationIdentifier=citizen.cpr,
            Illness={"NemRefusionIdentifier": nemrefusion, "IllnessStartDate": TODAY, **other},
            SustenanceSystemCaseTypeIdentifier=code(case),
            _soapheaders=headers(iri, 7, "101"),
        )

    with pytest.raises(Fault, match="Invalid CodeListItemIdentifier: SustenanceSystemCaseTypeIdentifier") as caught:
        ill(9)
    assert error_code(caught.value) == "9131"
    with pytest.raises(Fault, match="Cause type identifier is required"):
        ill(case_type, IllnessEndDate=TOMORROW)
    ill(case_type)
    assert current(transport, citizen) == [under]
    response = iri.service.CreateRecovery(
        PersonCivilRegistrationIdentifier=citizen.cpr,
        Recovery={"NemRefusionIdentifier": nemrefusion, "RecoveryDate": TODAY},
        _soapheaders=headers(iri, 7, "101"),
    )
    assert (response.MessageIdentifier, response.EventDate) == (nemrefusion, NOW)
    assert current(transport, citizen) == after
