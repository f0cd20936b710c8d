"""Steps in which a neighbour service reports to DFDG over the internal interface, for scenarios about the consequences."""

from __future__ import annotations

from datetime import date

from pytest_bdd import given, parsers, when

from vos_contracts.base.ids import new_uuid
from vos_contracts.model import neighbours as neighbour
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire.rest.registration import Refusal
from vos_features.scenario import TODAY, Scenario
from vos_features.steps.step_types import TYPES

_KSD, _COMPOSITE, _TILMELDING = (
    "IllnessRecoveryInformationService",
    "IllnessCompositeService",
    "UnemploymentEnrollmentService",
)
_FRAVAER = "FravaerService"
_FLEKSJOB = "FlexjobService"
CAUSE = 1


@given(
    parsers.parse(
        "DFDG har besked fra {role:Party} om sygdom fra {source:IllnessSource} til og med {last_day:Day}",
        extra_types=TYPES,
    )
)
@given(parsers.parse("DFDG har besked fra {role:Party} om sygdom fra {source:IllnessSource}", extra_types=TYPES))
def has_illness(scenario: Scenario, role: str, source: neighbour.IllnessSource, last_day: int | None = None) -> None:
    """Report illness from today; for a closed period if the last day is given."""
    _report_illness(scenario, role, source, TODAY, last_day)


@when(
    parsers.parse(
        "DFDG får besked fra {role:Party} om sygdom fra ledighed, der begynder {first_day:Day}", extra_types=TYPES
    )
)
def illness_begins(scenario: Scenario, role: str, first_day: int) -> None:
    """Report illness that begins on that day."""
    _report_illness(scenario, role, neighbour.IllnessSource.UNEMPLOYMENT, first_day)


@when(parsers.parse("DFDG får besked fra {role:Party} om raskmelding {day:Day}", extra_types=TYPES))
@when(
    parsers.parse(
        "DFDG får besked fra {role:Party} om raskmelding {day:Day} med skift til kontaktgruppe {group:Number}",
        extra_types=TYPES,
    )
)
def recovers(scenario: Scenario, role: str, day: int, group: int | None = None) -> None:
    """Report recovery, by kommunen as KSD or by a caseworker, with a change of kontaktgruppe if one is given."""
    service = _KSD if role == "kommunen" else _COMPOSITE
    change = None if group is None else neighbour.GroupChange(type=group)
    assert scenario.illness_id is not None, "borgeren er ikke sygemeldt"
    command = neighbour.ReportRecovery(id=scenario.illness_id, on_date=scenario.day(day).date(), group=change)
    _carry_out(scenario, f"{service}.CreateRecovery", role, command)


@when(parsers.parse("DFDG får besked fra {role:Party} om afmelding {day:Day}", extra_types=TYPES))
def enrolment_ends(scenario: Scenario, role: str, day: int) -> None:
    """End the tilmelding on that day."""
    command = neighbour.EndTilmelding(on_date=scenario.day(day).date(), cause=CAUSE)
    _carry_out(scenario, f"{_TILMELDING}.CancelUnemploymentEnrollment", role, command)


@when(
    parsers.parse("DFDG får besked fra {role:Party} om fravær af type {code:Number} fra {day:Day}", extra_types=TYPES)
)
@when(
    parsers.parse(
        "DFDG får besked fra {role:Party} om fravær af type {code:Number} fra {day:Day} til {end:Day}",
        extra_types=TYPES,
    )
)
def fravaer(scenario: Scenario, role: str, code: int, day: int, end: int | None = None) -> None:
    """Report a fravaer, which may be refused; `end` is the first day after it."""
    scenario.neighbour_id = new_uuid()
    first, last = scenario.day(day).date(), _date(scenario, end)
    command = neighbour.RegisterFravaer(id=scenario.neighbour_id, type=code, since=first, until=last)
    _tell(scenario, f"{_FRAVAER}.CreateFravaer", role, command)


@when(
    parsers.parse(
        "DFDG får igen besked fra {role:Party} om det samme fravær, nu af type {code:Number}", extra_types=TYPES
    )
)
def same_fravaer(scenario: Scenario, role: str, code: int) -> None:
    """Report another fravaer with the id of the first."""
    command = neighbour.RegisterFravaer(id=_latest_id(scenario), type=code, since=scenario.day(TODAY).date())
    _tell(scenario, f"{_FRAVAER}.CreateFravaer", role, command)


@when(parsers.parse("DFDG får besked fra {role:Party} om, at fraværet slutter {day:Day}", extra_types=TYPES))
def fravaer_ends(scenario: Scenario, role: str, day: int) -> None:
    """Report the end of the fravaer: the first day after it."""
    command = neighbour.EndFravaer(id=_latest_id(scenario), until=scenario.day(day).date())
    _tell(scenario, f"{_FRAVAER}.UpdateFravaer", role, command)


@when(parsers.parse("DFDG får besked fra {role:Party} om, at et ukendt fravær slutter {day:Day}", extra_types=TYPES))
def unknown_fravaer_ends(scenario: Scenario, role: str, day: int) -> None:
    """Report the end of an unknown fravaer."""
    command = neighbour.EndFravaer(id=new_uuid(), until=scenario.day(day).date())
    _tell(scenario, f"{_FRAVAER}.UpdateFravaer", role, command)


@when(parsers.parse("DFDG får besked fra {role:Party} om et fleksjob fra {day:Day}", extra_types=TYPES))
@when(parsers.parse("DFDG får besked fra {role:Party} om et fleksjob fra {day:Day} til {end:Day}", extra_types=TYPES))
def fleksjob(scenario: Scenario, role: str, day: int, end: int | None = None) -> None:
    """Report a fleksjob; `end` is the first day after it."""
    scenario.neighbour_id = new_uuid()
    first, last = scenario.day(day).date(), _date(scenario, end)
    command = neighbour.RegisterFleksjob(id=scenario.neighbour_id, since=first, until=last)
    _tell(scenario, f"{_FLEKSJOB}.CreateFlexjob", role, command)


@when(parsers.parse("DFDG får igen besked fra {role:Party} om det samme fleksjob", extra_types=TYPES))
def same_fleksjob(scenario: Scenario, role: str) -> None:
    """Report another fleksjob with the id of the first."""
    command = neighbour.RegisterFleksjob(id=_latest_id(scenario), since=scenario.day(TODAY).date())
    _tell(scenario, f"{_FLEKSJOB}.CreateFlexjob", role, command)


@when(parsers.parse("DFDG får besked fra {role:Party} om, at fleksjobbet slutter {day:Day}", extra_types=TYPES))
def fleksjob_ends(scenario: Scenario, role: str, day: int) -> None:
    """Report the end of the fleksjob: the first day after it."""
    command = neighbour.EndFleksjob(id=_latest_id(scenario), until=scenario.day(day).date())
    _tell(scenario, f"{_FLEKSJOB}.UpdateFlexjob", role, command)


@when(parsers.parse("DFDG får besked fra {role:Party} om, at et ukendt fleksjob slutter {day:Day}", extra_types=TYPES))
def unknown_fleksjob_ends(scenario: Scenario, role: str, day: int) -> None:
    """Report the end of an unknown fleksjob."""
    command = neighbour.EndFleksjob(id=new_uuid(), until=scenario.day(day).date())
    _tell(scenario, f"{_FLEKSJOB}.UpdateFlexjob", role, command)


@when(parsers.parse("DFDG får besked fra {role:Party} om aktivitetstillæg fra {day:Day}", extra_types=TYPES))
def aktivitetstillaeg(scenario: Scenario, role: str, day: int) -> None:
    """Report an aktivitetstillaeg, which may be refused."""
    command = neighbour.RegisterAktivitetstillaeg(id=new_uuid(), since=scenario.day(day).date())
    _tell(scenario, "AktivitetstillaegService.CreateAktivitetstillaeg", role, command)


def _tell(scenario: Scenario, method: str, role: str, command: neighbour.NeighbourCommand) -> None:
    scenario.put_citizen_on_stage()
    identity = scenario.party(role).identity
    answer = scenario.stage.neighbours.tell(method, scenario.cpr, identity, command)
    scenario.answer = answer.id
    if answer.errors:
        scenario.answer = Refusal(400, tuple(ServiceError(error.code, error.description) for error in answer.errors))


def _carry_out(scenario: Scenario, method: str, role: str, command: neighbour.NeighbourCommand) -> str:
    scenario.put_citizen_on_stage()
    identity = scenario.party(role).identity
    return scenario.stage.neighbours.carry_out(method, scenario.cpr, identity, command)


def _report_illness(
    scenario: Scenario, role: str, source: neighbour.IllnessSource, first_day: int, last_day: int | None = None
) -> None:
    first, last = scenario.day(first_day).date(), _date(scenario, last_day)
    command = neighbour.ReportIllness(id=new_uuid(), source=source, since=first, until=last)
    scenario.illness_id = _carry_out(scenario, f"{_KSD}.CreateIllness", role, command)


def _date(scenario: Scenario, day: int | None) -> date | None:
    return None if day is None else scenario.day(day).date()


def _latest_id(scenario: Scenario) -> str:
    assert scenario.neighbour_id is not None, "ingen nabotjeneste har fortalt noget endnu"
    return scenario.neighbour_id
