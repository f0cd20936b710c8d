"""zeep, given only the served ?wsdl, enrols, cancels, and reports illness and recovery: the neighbours' stranger."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from zeep.exceptions import Fault
from zeepvaerk import FD, headers, klient, kode

from byggeklodser import I_DAG, I_MORGEN, NU, identitet, kontrakt
from generalproeve.scene import Scene
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.stage import RegistreringDto
from vos_contracts.model.registration import Art
from vos_simulators.party import Aktoer
from vos_simulators.people import Borger
from vos_simulators.transport import HttpTransport

Ny = Callable[..., Borger]


def aktuel(transport: HttpTransport, borger: Borger) -> list[int]:
    svar = Aktoer(identitet(), kontrakt(), transport, ny_uuid).laes(borger.cpr, Art.KONTAKTGRUPPE)
    assert isinstance(svar, tuple)
    return [en.type for en in svar]


def fejlkode(fault: Fault) -> str:
    detaljer = fault.detail.find(f"{FD}FaultDetails")
    assert detaljer.find(f"{FD}StackTrace") is None
    return str(detaljer.findtext(f"{FD}ErrorCode"))


def test_tilmelding_og_afmelding(scene: Scene, transport: HttpTransport, ny_borger: Ny) -> None:
    ues = klient(scene, "UnemploymentEnrollmentService", 8)
    borger = ny_borger()
    svar = ues.service.UnemploymentEnrollment(
        UnemploymentEnrollment={
            "PersonCivilRegistrationIdentifier": borger.cpr, "ClientCategoryTypeIdentifier": kode(1),
            "EnrollmentDate": I_DAG, "CurrentUnemploymentStatusTypeIdentifier": kode(1),
            "Profession": {"ProfessionType": [
                {"ConceptUriDa": "http://data.star.dk/esco/occupation/1", "HasEducation": True, "YearLastUsed": 2020,
                 "MonthsOfExperience": 24},
            ]},
            "EmailAddressIdentifier": "zoe@example.dk",
        },
        _soapheaders=headers(ues, 2, "81"),
    )  # fmt: skip
    assert (svar.EventDate, len(svar.MessageIdentifier)) == (NU, 36)
    assert list(svar.__values__) == ["MessageIdentifier", "EventDate"]
    assert aktuel(transport, borger) == [1]
    afmelding = {
        "PersonCivilRegistrationIdentifier": borger.cpr, "CancellationDate": I_DAG, "CauseTypeIdentifier": kode(1),
    }  # fmt: skip
    ues.service.CancelUnemploymentEnrollment(CancelUnemploymentEnrollment=afmelding, _soapheaders=headers(ues, 2, "81"))
    with pytest.raises(Fault, match="The person is not enrolled") as fanget:
        ues.service.CancelUnemploymentEnrollment(
            CancelUnemploymentEnrollment=afmelding, _soapheaders=headers(ues, 2, "81")
        )
    assert fejlkode(fanget.value) == "4367"


def test_sygemelding_og_raskmelding_med_tilmelding_og_gruppe(
    scene: Scene, transport: HttpTransport, ny_borger: Ny
) -> None:
    ics = klient(scene, "IllnessCompositeService", 5)
    borger = ny_borger(kontaktgrupper=(RegistreringDto(type=1),))
    fravaer = {"StartDate": I_DAG, "AbsenceTypeIdentifier": kode(11), "NotificationDate": I_DAG}
    syg = ics.service.CreateIllness(
        PersonCivilRegistrationIdentifier=borger.cpr,
        AbsenceItem={
            **fravaer, "AbsenceComment": "meldt i telefonen",
            "CompanyIdentifier": {"ProductionUnitIdentifier": "1234567890", "CVRnumberIdentifier": "12345678"},
        },
        _soapheaders=headers(ics),
    )  # fmt: skip
    assert syg.EventDate == NU
    post = {**fravaer, "AbsenceIdentifier": syg.MessageIdentifier, "EndDate": I_DAG}
    with pytest.raises(Fault) as fanget:
        ics.service.CreateRecovery(
            PersonCivilRegistrationIdentifier=borger.cpr, AbsenceItem=post,
            ContactGroup={"ContactGroupTypeIdentifier": kode(24)}, _soapheaders=headers(ics),
        )  # fmt: skip
    assert fejlkode(fanget.value) == "8096"
    rask = ics.service.CreateRecovery(
        PersonCivilRegistrationIdentifier=borger.cpr,
        AbsenceItem=post,
        UnemploymentEnrollment={
            "ClientCategoryTypeIdentifier": kode(2), "EnrollmentDate": I_DAG,
            "CurrentUnemploymentStatusTypeIdentifier": kode(1),
        },
        ContactGroup={"ContactGroupTypeIdentifier": kode(2), "ContactGroupStartTime": I_DAG},
        _soapheaders=headers(ics),
    )  # fmt: skip
    assert rask.MessageIdentifier == syg.MessageIdentifier
    assert aktuel(transport, borger) == [2]


def test_raskmelding_der_lukker_gruppen(scene: Scene, transport: HttpTransport, ny_borger: Ny) -> None:
    ics = klient(scene, "IllnessCompositeService", 5)
    borger = ny_borger(kontaktgrupper=(RegistreringDto(type=1),))
    fravaer = {"StartDate": I_DAG, "AbsenceTypeIdentifier": kode(11), "NotificationDate": I_DAG}
    syg = ics.service.CreateIllness(
        PersonCivilRegistrationIdentifier=borger.cpr, AbsenceItem=fravaer, _soapheaders=headers(ics)
    )
    ics.service.CreateRecovery(
        PersonCivilRegistrationIdentifier=borger.cpr,
        AbsenceItem={**fravaer, "AbsenceIdentifier": syg.MessageIdentifier, "EndDate": I_DAG},
        ContactGroup={"ContactGroupEndTime": I_DAG},
        _soapheaders=headers(ics),
    )
    assert aktuel(transport, borger) == []


@pytest.mark.parametrize(("sagstype", "under", "efter"), [(1, 24, []), (2, 25, [4])])
def test_ksd(
    scene: Scene, transport: HttpTransport, ny_borger: Ny, sagstype: int, under: int, efter: list[int]
) -> None:
    iri = klient(scene, "IllnessRecoveryInformationService", 8)
    borger = ny_borger(kontaktgrupper=(RegistreringDto(type=4),))
    nemrefusion = ny_uuid()

    def syg(case: int, **andet: object) -> object:
        return iri.service.CreateIllness(
            PersonCivilRegistrationIdentifier=borger.cpr,
            Illness={"NemRefusionIdentifier": nemrefusion, "IllnessStartDate": I_DAG, **andet},
            SustenanceSystemCaseTypeIdentifier=kode(case),
            _soapheaders=headers(iri, 7, "101"),
        )

    with pytest.raises(Fault, match="Invalid CodeListItemIdentifier: SustenanceSystemCaseTypeIdentifier") as fanget:
        syg(9)
    assert fejlkode(fanget.value) == "9131"
    with pytest.raises(Fault, match="Cause type identifier is required"):
        syg(sagstype, IllnessEndDate=I_MORGEN)
    syg(sagstype)
    assert aktuel(transport, borger) == [under]
    svar = iri.service.CreateRecovery(
        PersonCivilRegistrationIdentifier=borger.cpr,
        Recovery={"NemRefusionIdentifier": nemrefusion, "RecoveryDate": I_DAG},
        _soapheaders=headers(iri, 7, "101"),
    )
    assert (svar.MessageIdentifier, svar.EventDate) == (nemrefusion, NU)
    assert aktuel(transport, borger) == efter
