"""Steps about reading PersonVisiteringService."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from pytest_bdd import parsers, then

from vos_contracts.model.registration import Kind, RegistrationView
from vos_contracts.wire.instants import DANISH_TIME
from vos_contracts.wire.rest.registration import Refusal
from vos_features.expectation import equal, refused_with, said
from vos_features.scenario import TODAY, Scenario
from vos_features.steps.step_types import TYPES, day_in_danish

UNKNOWN_ID = 4589
"""The error code for an unknown identifier."""


@then(parsers.parse("læser {role:Party} {kind:Kind} {code:Number} som aktuel", extra_types=TYPES))
def is_current(scenario: Scenario, role: str, kind: Kind, code: int) -> None:
    """The current registrations of that kind are exactly that one."""
    scenario.put_citizen_on_stage()
    equal(f"{role} læser som aktuel {kind}", [view.type for view in _current(scenario, role, kind)], [code])


@then(parsers.parse("læser {role:Party} ingen aktuel {kind:Kind}", extra_types=TYPES))
def none_is_current(scenario: Scenario, role: str, kind: Kind) -> None:
    """The list of current registrations is present and empty."""
    scenario.put_citizen_on_stage()
    equal(f"{role} læser som aktuel {kind}", [view.type for view in _current(scenario, role, kind)], [])


@then(parsers.parse("kan {role:Party} ikke læse {kind:Kind}: fejlkode {code:Number}", extra_types=TYPES))
def cannot_read(scenario: Scenario, role: str, kind: Kind, code: int) -> None:
    """Reading current registrations and history is refused with that error code."""
    scenario.put_citizen_on_stage()
    party = scenario.party(role)
    for answer in (party.read(scenario.cpr, kind), party.history(scenario.cpr, kind)):
        assert isinstance(answer, Refusal), f"{role} kunne læse {kind}: {said(answer)}"
        refused_with(answer, scenario.stage.contract.errors, code)


@then(parsers.parse("kan {role:Party} hente {kind:TheKind} på dens id", extra_types=TYPES))
def can_fetch(scenario: Scenario, role: str, kind: Kind) -> None:
    """Reading one by CPR and id gives the registration that was just made or changed."""
    scenario.put_citizen_on_stage()
    found = [view.id for view in _fetched(scenario, role, kind)]
    equal(f"{role} henter {kind} med id", found, [scenario.id_of(kind)])


@then(parsers.parse("henter {role:Party} {kind:TheKind} på dens id:", extra_types=TYPES))
def fetches(scenario: Scenario, role: str, kind: Kind, datatable: list[list[str]]) -> None:
    """Reading one by CPR and id gives exactly this row."""
    scenario.put_citizen_on_stage()
    header, *expected = datatable
    equal(f"{role} henter", [_cells(scenario, view, header) for view in _fetched(scenario, role, kind)], expected)


@then(parsers.parse("kan {role:Party} ikke hente en {kind:Kind} på den andens id", extra_types=TYPES))
def cannot_fetch_by_other_id(scenario: Scenario, role: str, kind: Kind) -> None:
    """The id of a registration of the other kind is unknown here."""
    scenario.put_citizen_on_stage()
    other = next(each for each in Kind if each is not kind)
    answer = scenario.party(role).read(scenario.cpr, kind, scenario.id_of(other))
    assert isinstance(answer, Refusal), f"{role} kunne hente en {kind} på id'et på en {other}: {said(answer)}"
    refused_with(answer, scenario.stage.contract.errors, UNKNOWN_ID)


@then(parsers.parse("kan {role:Party} ikke hente {kind:TheKind} på dens id", extra_types=TYPES))
def cannot_fetch(scenario: Scenario, role: str, kind: Kind) -> None:
    """Reading one by its id gives the error for an unknown identifier."""
    scenario.put_citizen_on_stage()
    answer = scenario.party(role).read(scenario.cpr, kind, scenario.id_of(kind))
    assert isinstance(answer, Refusal), f"{role} kunne hente registreringen: {said(answer)}"
    refused_with(answer, scenario.stage.contract.errors, UNKNOWN_ID)


@then(parsers.parse("læser {role:Party} aldrig mere end én {kind:Kind} ad gangen", extra_types=TYPES))
def reads_no_overlap(scenario: Scenario, role: str, kind: Kind) -> None:
    """No two registrations of the history hold at the same instant, as the newest rows have them."""
    scenario.put_citizen_on_stage()
    rows = scenario.party(role).history(scenario.cpr, kind)
    assert not isinstance(rows, Refusal), f"{role} kan ikke læse historikken: {said(rows)}"
    newest = {row.id: row for row in reversed(rows)}.values()
    held = sorted((row for row in newest if not row.is_deleted and row.end != row.start), key=lambda row: row.start)
    for one, other in pairwise(held):
        is_over = one.end is not None and one.end <= other.start
        assert is_over, f"{kind} {one.type} gælder endnu, da {other.type} begynder {other.start:%d-%m-%Y kl. %H:%M}"


@then(parsers.parse("læser {role:Party} historikken for {kind:TheKind}:", extra_types=TYPES))
def reads_history(scenario: Scenario, role: str, kind: Kind, datatable: list[list[str]]) -> None:
    """The history has exactly these rows, newest first."""
    scenario.put_citizen_on_stage()
    header, *expected = datatable
    found = [_cells(scenario, view, header) for view in _history(scenario, role, kind)]
    equal(f"{role} læser i historikken", found, expected)


@then(parsers.parse("læser {role:Party} ingen i historikken for kontaktgruppen", extra_types=TYPES))
def reads_no_groups_in_history(scenario: Scenario, role: str) -> None:
    """The history holds no group."""
    scenario.put_citizen_on_stage()
    equal(f"{role} læser i historikken", [view.type for view in _history(scenario, role, Kind.KONTAKTGRUPPE)], [])


@then(parsers.parse("læser {role:Party} {codes:Numbers} i historikken for kontaktgruppen", extra_types=TYPES))
def reads_groups_in_history(scenario: Scenario, role: str, codes: tuple[int, ...]) -> None:
    """The history holds exactly these groups."""
    scenario.put_citizen_on_stage()
    found = sorted(view.type for view in _history(scenario, role, Kind.KONTAKTGRUPPE))
    equal(f"{role} læser i historikken", found, sorted(codes))


def _current(scenario: Scenario, role: str, kind: Kind) -> tuple[RegistrationView, ...]:
    answer = scenario.party(role).read(scenario.cpr, kind)
    assert isinstance(answer, tuple), f"{role} kunne ikke læse {kind}: {said(answer)}"
    return answer


def _fetched(scenario: Scenario, role: str, kind: Kind) -> tuple[RegistrationView, ...]:
    answer = scenario.party(role).read(scenario.cpr, kind, scenario.id_of(kind))
    assert isinstance(answer, tuple), f"{role} kunne ikke hente registreringen: {said(answer)}"
    return answer


def _history(scenario: Scenario, role: str, kind: Kind) -> tuple[RegistrationView, ...]:
    answer = scenario.party(role).history(scenario.cpr, kind)
    assert isinstance(answer, tuple), f"{role} kunne ikke læse historikken: {said(answer)}"
    return tuple(view for view in answer if view.id not in scenario.ids_before)


def _cells(scenario: Scenario, view: RegistrationView, header: list[str]) -> list[str]:
    cells = {
        "type": str(view.type),
        "hændelse": "" if view.event is None else _day(scenario, view.event),
        "start": _day(scenario, scenario.meant_start(view)),
        "slut": "" if view.end is None else _day(scenario, view.end),
        "slettet": "ja" if view.is_deleted else "nej",
        "aktuel": "ja" if view.is_current else "nej",
        "registreret": _day(scenario, view.registered),
        "registreret af": scenario.cast.role_of(view.authority) or "opsætningen",
    }
    return [cells[column] for column in header]


def _day(scenario: Scenario, instant: datetime) -> str:
    return day_in_danish((instant.astimezone(DANISH_TIME).date() - scenario.day(TODAY).date()).days)
