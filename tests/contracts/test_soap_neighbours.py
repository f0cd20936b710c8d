"""The neighbour services' bodies: instants as Danish days, rules beyond the schema, and names from an overlay."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from support.builders import NOW, contract, identity
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import Contract, load
from vos_contracts.model.neighbours import (
    CreateTilmelding,
    EndTilmelding,
    GroupChange,
    IllnessSource,
    NeighbourCommand,
    ReEnrolment,
    ReportIllness,
    ReportRecovery,
)
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap.illness import IllnessBody
from vos_contracts.wire.soap.ksd import KsdBody
from vos_contracts.wire.soap.neighbours import NeighbourBody
from vos_contracts.wire.soap.schemas import services
from vos_contracts.wire.soap.tilmelding import EnrolmentBody

CPR = "0203840021"
ID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
DAY = NOW.date()
ENROL = CreateTilmelding(category=1, unemployment_degree=1, on_date=DAY)
RECOVERY = ReportRecovery(
    id=ID, on_date=DAY, tilmelding=ReEnrolment(category=2, unemployment_degree=1), group=GroupChange(type=2)
)
NAMESPACE = "{http://service.bm.dk/IllnessCompositeService/2022/03/01/}"


def read(
    body: NeighbourBody, written: tuple[str, etree._Element], k: Contract | None = None
) -> tuple[str, NeighbourCommand]:
    """Through an envelope and the schema, as on the wire."""
    k = k or contract()
    call = envelope.read_call(services(k)[body.service], envelope.write_call(identity(), written[1]), None, k, 0)
    assert call.operation == written[0]
    return body.read(call.operation, call.body, lambda: "nyt-id")


def errors(body: NeighbourBody, written: tuple[str, etree._Element]) -> list[tuple[int, str]]:
    with pytest.raises(RemoteWireError) as caught:
        read(body, written)
    return [(error.code, error.description) for error in caught.value.errors]


def with_(written: tuple[str, etree._Element], name: str, text: str) -> tuple[str, etree._Element]:
    """Put another text in that element, or in its code."""
    found = next(item for item in written[1].iter() if etree.QName(item).localname == name)
    (found[0] if len(found) else found).text = text
    return written


def without(written: tuple[str, etree._Element], *names: str) -> tuple[str, etree._Element]:
    for item in list(written[1].iter()):
        parent = item.getparent()
        if etree.QName(item).localname in names and parent is not None:
            parent.remove(item)
    return written


@pytest.mark.parametrize(
    "command",
    [
        ENROL,
        CreateTilmelding(category=4, unemployment_degree=3, on_date=date(2024, 2, 29)),
        EndTilmelding(on_date=DAY, cause=2),
    ],
)
def test_tilmelding_round_trip(command: CreateTilmelding | EndTilmelding) -> None:
    body = EnrolmentBody(contract())
    assert read(body, body.write(CPR, command)) == (CPR, command)


@pytest.mark.parametrize(
    "command",
    [
        ReportIllness(id=ID, source=IllnessSource.FRAVAER, since=DAY),
        ReportIllness(id=ID, source=IllnessSource.FRAVAER, since=DAY, until=date(2024, 12, 1)),
        ReportRecovery(id=ID, on_date=DAY),
        ReportRecovery(id=ID, on_date=DAY, group=GroupChange(type=None)),
        ReportRecovery(id=ID, on_date=DAY, group=GroupChange(type=13)),
        ReportRecovery(id=ID, on_date=DAY, tilmelding=ReEnrolment(category=1, unemployment_degree=2)),
        RECOVERY,
    ],
)
def test_illness_round_trip(command: ReportIllness | ReportRecovery) -> None:
    body = IllnessBody(contract())
    assert read(body, body.write(CPR, command)) == (CPR, command)


@pytest.mark.parametrize(
    "command",
    [
        ReportIllness(id=ID, source=IllnessSource.UNEMPLOYMENT, since=DAY),
        ReportIllness(id=ID, source=IllnessSource.EMPLOYMENT, since=DAY, until=DAY),
        ReportRecovery(id=ID, on_date=DAY),
    ],
)
def test_ksd_round_trip(command: ReportIllness | ReportRecovery) -> None:
    body = KsdBody(contract())
    assert read(body, body.write(CPR, command)) == (CPR, command)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-11-18T00:00:00+01:00", date(2024, 11, 18)),
        ("2024-11-18T23:59:59.9999999+01:00", date(2024, 11, 18)),
        ("2024-11-17T23:00:00Z", date(2024, 11, 18)),
        ("2024-11-17T22:59:59Z", date(2024, 11, 17)),
        ("2024-07-17T22:00:00Z", date(2024, 7, 18)),
        ("2024-10-27T02:30:00+02:00", date(2024, 10, 27)),
        ("2024-12-31T23:30:00Z", date(2025, 1, 1)),
        ("2024-11-18T23:30:00", date(2024, 11, 18)),
    ],
)
def test_an_instant_is_its_danish_day(text: str, day: date) -> None:
    body = EnrolmentBody(contract())
    _, command = read(body, with_(body.write(CPR, ENROL), "EnrollmentDate", text))
    assert isinstance(command, CreateTilmelding)
    assert command.on_date == day


def test_a_fravaer_without_id_gets_a_new_one_and_ids_become_lower_case() -> None:
    body = IllnessBody(contract())
    ill = ReportIllness(id=ID.upper(), source=IllnessSource.FRAVAER, since=DAY)
    _, command = read(body, body.write(CPR, ill))
    _, without_id = read(body, without(body.write(CPR, ill), "AbsenceIdentifier"))
    assert isinstance(command, ReportIllness)
    assert isinstance(without_id, ReportIllness)
    assert (command.id, without_id.id) == (ID, "nyt-id")


def test_the_documented_pattern_allows_digits_that_are_no_guid() -> None:
    body = IllnessBody(contract())
    arabic = with_(body.write(CPR, ReportRecovery(id=ID, on_date=DAY)), "AbsenceIdentifier", ID.replace("9", "٩"))
    assert errors(body, arabic) == [(1014, "AbsenceIdentifier: skal være et guid med cifrene 0-9 og a-f")]


def test_an_end_date_requires_a_cause_4980() -> None:
    for body, source in (
        (IllnessBody(contract()), IllnessSource.FRAVAER),
        (KsdBody(contract()), IllnessSource.UNEMPLOYMENT),
    ):
        written = body.write(CPR, ReportIllness(id=ID, source=source, since=DAY, until=DAY))
        assert errors(body, without(written, "AbsenceCauseTypeIdentifier")) == [(4980, "")]
    recovery = IllnessBody(contract())
    assert read(recovery, without(recovery.write(CPR, RECOVERY), "AbsenceCauseTypeIdentifier")) == (CPR, RECOVERY)


def test_an_unknown_code_9131() -> None:
    ksd, ill = KsdBody(contract()), IllnessBody(contract())
    case = ksd.write(CPR, ReportIllness(id=ID, source=IllnessSource.UNEMPLOYMENT, since=DAY))
    assert errors(ksd, with_(case, "SustenanceSystemCaseTypeIdentifier", "99")) == [
        (9131, "SustenanceSystemCaseTypeIdentifier: skal være en af 1, 2, ikke 99")
    ]
    for command in (ReportIllness(id=ID, source=IllnessSource.FRAVAER, since=DAY), ReportRecovery(id=ID, on_date=DAY)):
        ferie = with_(ill.write(CPR, command), "AbsenceTypeIdentifier", "10")
        assert errors(ill, ferie) == [(9131, "AbsenceTypeIdentifier: skal være en af 11, ikke 10")]


@pytest.mark.parametrize("field", ["EnrollmentDate", "ContactGroupEventTime", "ContactGroupStartTime"])
def test_everything_in_a_recovery_has_its_day(field: str) -> None:
    body = IllnessBody(contract())
    other = with_(body.write(CPR, RECOVERY), field, "2024-11-19T00:00:00+01:00")
    assert errors(body, other) == [(1014, f"{field}: skal være raskmeldingens dag 2024-11-18, ikke 2024-11-19")]
    same = with_(body.write(CPR, RECOVERY), field, "2024-11-18T23:00:00+01:00")
    assert read(body, same) == (CPR, RECOVERY)


def test_the_end_of_the_group_has_the_day_of_the_recovery() -> None:
    body = IllnessBody(contract())
    written = body.write(CPR, ReportRecovery(id=ID, on_date=DAY, group=GroupChange(type=None)))
    ((code, text),) = errors(body, with_(written, "ContactGroupEndTime", "2024-11-17T00:00:00+01:00"))
    assert (code, text[:21]) == (1014, "ContactGroupEndTime: ")


def test_type_and_end_of_the_group_exclude_each_other() -> None:
    body = IllnessBody(contract())
    written = body.write(CPR, RECOVERY)
    group = written[1].find(f"{NAMESPACE}ContactGroup")
    assert group is not None
    etree.SubElement(group, f"{NAMESPACE}ContactGroupEndTime").text = NOW.isoformat()
    assert [code for code, _ in errors(body, written)] == [1014]


def test_all_errors_are_reported_at_once() -> None:
    body = KsdBody(contract())
    written = body.write("2902990000", ReportIllness(id=ID, source=IllnessSource.UNEMPLOYMENT, since=DAY, until=DAY))
    bad = without(with_(written, "SustenanceSystemCaseTypeIdentifier", "99"), "AbsenceCauseTypeIdentifier")
    assert [code for code, _ in errors(body, bad)] == [1001, 4980, 9131]


def test_profession_and_email_are_accepted_and_ignored() -> None:
    body = EnrolmentBody(contract())
    written = body.write(CPR, ENROL)
    module = "{http://service.bm.dk/UnemploymentEnrollmentService/2022/03/01/}"
    content = written[1][0]
    occupation = etree.SubElement(etree.SubElement(content, f"{module}Profession"), f"{module}ProfessionType")
    for name, text in (("ConceptUriDa", "http://x.dk/1"), ("HasEducation", "true"), ("YearLastUsed", "2020"),
                        ("MonthsOfExperience", "12")):  # fmt: skip
        etree.SubElement(occupation, f"{module}{name}").text = text
    email = etree.SubElement(content, f"{module}EmailAddressIdentifier")
    email.text = "zoë@example.dk"
    assert read(body, written) == (CPR, ENROL)
    email.text = "ingen snabel-a"
    assert [code for code, _ in errors(body, written)] == [1014]


def test_an_overlay_gives_new_names_and_codes(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text(
        "key,value\n"
        "namespace.IllnessRecoveryInformationService,http://service.bm.dk/IllnessRecoveryInformationService/2018/1/1/\n"
        "element.IllnessRecoveryInformationService.RecoveryDate,RecoveredDate\n"
        "element.UnemploymentEnrollmentService.CancellationDate,EndDate\n"
        "order.UnemploymentEnrollmentService.ServiceReceiptType,EventDate MessageIdentifier\n",
        "utf-8",
    )
    (tmp_path / "illness_source.csv").write_text(
        "element,illness_source,code\nSustenanceSystemCaseTypeIdentifier,unemployment,42\n", "utf-8"
    )
    k = load(tmp_path)
    ksd, ues = KsdBody(k), EnrolmentBody(k)
    case = ksd.write(CPR, ReportIllness(id=ID, source=IllnessSource.UNEMPLOYMENT, since=DAY))
    assert b">42</" in etree.tostring(case[1])
    assert read(ksd, case, k)[1] == ReportIllness(id=ID, source=IllnessSource.UNEMPLOYMENT, since=DAY)
    recovery = ksd.write(CPR, ReportRecovery(id=new_uuid(), on_date=DAY))
    assert b"2018/1/1/" in etree.tostring(recovery[1])
    assert b"RecoveredDate>" in etree.tostring(recovery[1])
    assert read(ksd, recovery, k)[0] == CPR
    deregistered = ues.write(CPR, EndTilmelding(on_date=DAY, cause=1))
    assert b"<EndDate>" in etree.tostring(deregistered[1])
    assert read(ues, deregistered, k) == (CPR, EndTilmelding(on_date=DAY, cause=1))
