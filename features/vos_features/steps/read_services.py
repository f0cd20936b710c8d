"""Steps about reading PSS, PHS, the status service and the code lists.

Every step reads both kinds of registration from "PSS", "PHS" and "statusservicen", and requires both lists in the answer.
Not here: PersonVisiteringService (`steps.reading`).
"""

from __future__ import annotations

from collections.abc import Mapping

from pytest_bdd import parsers, then

from vos_contracts.model.reading import (
    CitizenStatus,
    CodeList,
    CollectionRow,
    Collections,
    ReadService,
    StatusPart,
    row,
)
from vos_contracts.model.registration import Kind
from vos_contracts.tables.access import OrganisationType
from vos_contracts.wire.rest.registration import Refusal
from vos_features.capabilities import Capability
from vos_features.expectation import equal, refused_with, said
from vos_features.scenario import Scenario
from vos_features.steps.step_types import TYPES

STATUS_SERVICE = "statusservicen"
_SOAP: Mapping[str, ReadService] = {"PSS": ReadService.STATUS, "PHS": ReadService.HISTORY}


@then(parsers.parse("læser {role:Party} {kind:Kind} {codes:Numbers} i {service:ReadService}", extra_types=TYPES))
def reads_these(scenario: Scenario, role: str, kind: Kind, codes: tuple[int, ...], service: str) -> None:
    """The rows of that kind have exactly these types."""
    scenario.put_citizen_on_stage()
    found = sorted(row.type for row in _rows(scenario, role, kind, service))
    equal(f"{role} læser i {service} {kind}", found, sorted(codes))


@then(parsers.parse("læser {role:Party} ingen {kind:Kind} i {service:ReadService}", extra_types=TYPES))
def reads_none(scenario: Scenario, role: str, kind: Kind, service: str) -> None:
    """The list of that kind is present and empty."""
    scenario.put_citizen_on_stage()
    equal(f"{role} læser i {service} {kind}", [row.type for row in _rows(scenario, role, kind, service)], [])


@then(parsers.parse("læser {role:Party} historikken for {kind:TheKind} i PHS:", extra_types=TYPES))
def reads_history(scenario: Scenario, role: str, kind: Kind, datatable: list[list[str]]) -> None:
    """The history has exactly these rows, newest first."""
    scenario.put_citizen_on_stage()
    header, *expected = datatable
    found = [_cells(scenario, row, header) for row in _rows(scenario, role, kind, "PHS")]
    equal(f"{role} læser i PHS", found, expected)


@then(
    parsers.parse("er {kind:TheKind} den samme i PSS som i PersonVisiteringService for {role:Party}", extra_types=TYPES)
)
def is_the_same_in_both(scenario: Scenario, role: str, kind: Kind) -> None:
    """Both services return the same current registrations, field by field."""
    scenario.put_citizen_on_stage()
    rest = scenario.party(role).read(scenario.cpr, kind)
    assert isinstance(rest, tuple), f"{role} kunne ikke læse {kind}: {said(rest)}"
    equal(f"{role} læser i PSS", _rows(scenario, role, kind, "PSS"), tuple(row(view) for view in rest))


@then(parsers.parse("viser PSS {role:Party} kun {kind:Kind}, når der kun bedes om den", extra_types=TYPES))
def shows_only_what_was_asked_for(scenario: Scenario, role: str, kind: Kind) -> None:
    """The list of the other kind is empty."""
    scenario.put_citizen_on_stage()
    scenario.stage.gate.require_service(ReadService.STATUS)
    answer = scenario.party(role).reader.collections(ReadService.STATUS, scenario.cpr, (kind,))
    assert isinstance(answer, Collections), f"{role} kunne ikke læse PSS: {said(answer)}"
    for each in Kind:
        assert bool(answer.of(each)) == (each is kind), f"{each}: {said(answer.of(each))}"


@then(parsers.parse("viser PSS {role:Party} borgerens kommune og jobcenter", extra_types=TYPES))
def shows_authorities(scenario: Scenario, role: str) -> None:
    """The part of the authorities has the codes of the citizen's kommune and jobcenter."""
    master = _read_parts(scenario, role, (StatusPart.AUTHORITY,)).master
    assert scenario.setup is not None
    codes = {member.organisation_type: member.organisation_code for member in scenario.setup.memberships}
    expected = [codes[OrganisationType.KOMMUNE], codes[OrganisationType.JOBCENTER]]
    equal(f"{role} læser i PSS: kommune og jobcenter er", [master.kommune, master.jobcenter], expected)


@then(parsers.parse("viser PSS {role:Party} tilmeldekategori {category:Number}", extra_types=TYPES))
def shows_tilmeldekategori(scenario: Scenario, role: str, category: int) -> None:
    """The part of the master data has that tilmeldekategori."""
    found = _read_parts(scenario, role, (StatusPart.CORE,)).master.tilmeldekategori
    equal(f"{role} læser i PSS: tilmeldekategorien er", found, category)


@then(parsers.parse("viser PSS {role:Party} de dele, der bedes om, og ikke andre", extra_types=TYPES))
def shows_parts_asked_for(scenario: Scenario, role: str) -> None:
    """Each part is present when it is asked for, and absent when it is not."""
    for parts in ((), tuple(StatusPart), *((part,) for part in StatusPart)):
        found = _read_parts(scenario, role, parts).parts
        equal(f"{role} læser i PSS: delene er", found, frozenset(parts))


@then(parsers.parse("kan {role:Party} ikke læse i {service:ReadService}: fejlkode {code:Number}", extra_types=TYPES))
def cannot_read(scenario: Scenario, role: str, service: str, code: int) -> None:
    """The read is refused with that error code and no other."""
    scenario.put_citizen_on_stage()
    answer = _read(scenario, role, service)
    assert isinstance(answer, Refusal), f"{role} kunne læse i {service}: {said(answer)}"
    refused_with(answer, scenario.stage.contract.errors, code)


@then(parsers.parse("læser {role:Party} intet aktivitetstillæg i statusservicen", extra_types=TYPES))
def reads_no_aktivitetstillaeg(scenario: Scenario, role: str) -> None:
    """The list of aktivitetstillaeg is present and empty."""
    scenario.put_citizen_on_stage()
    status = _read_status(scenario, role)
    equal(f"{role} læser i status: antallet af aktivitetstillæg er", len(status.aktivitetstillaeg), 0)


@then(parsers.parse("læser {role:Party} ét aktivitetstillæg i statusservicen", extra_types=TYPES))
def reads_one_aktivitetstillaeg(scenario: Scenario, role: str) -> None:
    """The list of aktivitetstillaeg holds exactly one, and it is in force."""
    scenario.put_citizen_on_stage()
    status = _read_status(scenario, role)
    equal(f"{role} læser i status: antallet af aktivitetstillæg er", len(status.aktivitetstillaeg), 1)
    now = scenario.now
    not_in_force = [
        period
        for period in status.aktivitetstillaeg
        if period.start > now or (period.end is not None and period.end <= now)
    ]
    equal("aktivitetstillæg, der ikke gælder nu:", not_in_force, [])


@then(
    parsers.parse(
        "viser statusservicen {role:Party} et aktivitetstillæg fra {start:Day} til {end:Day}", extra_types=TYPES
    )
)
def aktivitetstillaeg_has_period(scenario: Scenario, role: str, start: int, end: int) -> None:
    """The one aktivitetstillaeg in the list begins and ends on these days."""
    scenario.put_citizen_on_stage()
    found = [(period.start, period.end) for period in _read_status(scenario, role).aktivitetstillaeg]
    expected = [(scenario.day(start), scenario.day(end))]
    equal(f"{role} læser i status: aktivitetstillæggets periode er", found, expected)


@then(parsers.parse("læser {role:Party} ingen helbredsbegrænsning i statusservicen", extra_types=TYPES))
def reads_no_helbredsbegraensning(scenario: Scenario, role: str) -> None:
    """The list of health limitations is present and empty."""
    scenario.put_citizen_on_stage()
    found = _read_status(scenario, role).helbredsbegraensninger
    equal(f"{role} læser i status: helbredsbegrænsningerne er", found, ())


@then(parsers.parse("læser {role:Party} borgerens helbredsbegrænsning i statusservicen", extra_types=TYPES))
def reads_helbredsbegraensning(scenario: Scenario, role: str) -> None:
    """The list holds the one limitation of the citizen; on a stage that was seeded, also its texts and times."""
    scenario.put_citizen_on_stage()
    found = _read_status(scenario, role).helbredsbegraensninger
    equal(f"{role} læser i status: antallet af helbredsbegrænsninger er", len(found), 1)
    assert scenario.setup is not None
    if scenario.stage.gate.can(Capability.SEED_CITIZENS):
        fields = [
            (dto.start, dto.end, dto.documented, dto.description, dto.impossible_tasks)
            for dto in scenario.setup.helbredsbegraensninger
        ]
        told = [(each.start, each.end, each.is_documented, each.description, each.impossible_tasks) for each in found]
        equal(f"{role} læser i status: helbredsbegrænsningen er", told, fields)


@then(parsers.parse("er kodelisterne {first:Word} og {second:Word} udstillet for {role:Party}", extra_types=TYPES))
def are_published(scenario: Scenario, first: str, second: str, role: str) -> None:
    """Exactly these code lists are published."""
    answer = scenario.party(role).reader.code_lists()
    assert isinstance(answer, tuple), f"kodelisterne kunne ikke læses: {said(answer)}"
    equal("kodelisterne er", [code_list.name for code_list in answer], [first, second])


@then(parsers.parse("har kodelisten {name:Word} værdierne {codes:Numbers}", extra_types=TYPES))
def has_values(scenario: Scenario, name: str, codes: tuple[int, ...]) -> None:
    """The list holds exactly these codes, each with a name and a period of validity that ends after it begins."""
    values = _code_list(scenario, name).values
    equal(f"værdierne i {name} er", [value.code for value in values], list(codes))
    bad = [value for value in values if not value.name or (value.valid_until and value.valid_until <= value.valid_from)]
    equal(f"værdier i {name} uden navn eller gyldighed:", bad, [])


@then(parsers.parse("hedder værdierne i kodelisten {name:Word}:", extra_types=TYPES))
def values_are_named(scenario: Scenario, name: str, datatable: list[list[str]]) -> None:
    """These codes have these names and are valid today."""
    values = {value.code: value for value in _code_list(scenario, name).values}
    for code, code_name in datatable[1:]:
        value = values[int(code)]
        found = (value.name, value.valid(scenario.now.date()))
        equal(f"værdi {code} i {name} er", found, (code_name, True))


@then(parsers.parse("findes kodelisten {name:Word} ikke: fejlkode {code:Number}", extra_types=TYPES))
def does_not_exist(scenario: Scenario, name: str, code: int) -> None:
    """An unknown name is refused with that error code."""
    answer = scenario.party("jobcentret").reader.code_lists(name)
    assert isinstance(answer, Refusal), f"kodelisten {name} findes: {said(answer)}"
    refused_with(answer, scenario.stage.contract.errors, code)


def _code_list(scenario: Scenario, name: str) -> CodeList:
    answer = scenario.party("jobcentret").reader.code_lists(name)
    assert isinstance(answer, tuple), f"kodelisten {name} kunne ikke læses: {said(answer)}"
    (code_list,) = answer
    return code_list


def _read(scenario: Scenario, role: str, service: str) -> Collections | CitizenStatus | Refusal:
    reads = scenario.party(role).reader
    if service == STATUS_SERVICE:
        return reads.status(scenario.cpr)
    scenario.stage.gate.require_service(_SOAP[service])
    return reads.collections(_SOAP[service], scenario.cpr)


def _read_parts(scenario: Scenario, role: str, parts: tuple[StatusPart, ...]) -> Collections:
    scenario.put_citizen_on_stage()
    scenario.stage.gate.require_service(ReadService.STATUS)
    answer = scenario.party(role).reader.collections(ReadService.STATUS, scenario.cpr, parts=parts)
    assert isinstance(answer, Collections), f"{role} kunne ikke læse PSS: {said(answer)}"
    return answer


def _read_status(scenario: Scenario, role: str) -> CitizenStatus:
    status = _read(scenario, role, STATUS_SERVICE)
    assert isinstance(status, CitizenStatus), f"{role} kunne ikke læse status: {status}"
    return status


def _rows(scenario: Scenario, role: str, kind: Kind, service: str) -> tuple[CollectionRow, ...]:
    answer = _read(scenario, role, service)
    assert not isinstance(answer, Refusal), f"{role} kunne ikke læse i {service}: {said(answer)}"
    if isinstance(answer, Collections):
        return tuple(row for row in answer.of(kind) if row.id not in scenario.ids_before)
    views = answer.kontaktgrupper if kind is Kind.KONTAKTGRUPPE else answer.personkategorier
    return tuple(row(view) for view in views)


def _cells(scenario: Scenario, row: CollectionRow, header: list[str]) -> list[str]:
    cells = {
        "type": str(row.type),
        "slut": "ja" if row.end else "",
        "aktuel": "ja" if row.is_current else "nej",
        "slettet": "ja" if row.is_deleted else "nej",
        "registreret af": scenario.cast.role_of(row.authority) or "opsætningen",
    }
    return [cells[column] for column in header]
