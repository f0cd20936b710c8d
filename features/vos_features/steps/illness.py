"""Steps in which a party reports illness or recovery, as a fravaer or as a case of sickness benefit."""

from __future__ import annotations

from pytest_bdd import parsers, when

from vos_contracts.base.ids import new_uuid
from vos_contracts.model.neighbours import GroupChange, IllnessSource, ReEnrolment, ReportIllness, ReportRecovery
from vos_features.scenario import TODAY, Scenario
from vos_features.steps.step_types import TYPES

FRAVAER, CASE = "IllnessCompositeService", "IllnessRecoveryInformationService"


@when(parsers.parse("{role:Party} sygemelder borgeren fra {day:Day}", extra_types=TYPES))
@when(parsers.parse("{role:Party} sygemelder borgeren fra {day:Day} til og med {last_day:Day}", extra_types=TYPES))
def reports_illness(scenario: Scenario, role: str, day: int, last_day: int | None = None) -> None:
    """Report a fravaer because of illness to IllnessCompositeService; for a closed period if the last day is given."""
    _report_illness(scenario, role, FRAVAER, IllnessSource.FRAVAER, day, last_day)


@when(parsers.parse("{role:Party} sygemelder borgeren igen med det samme id", extra_types=TYPES))
def reports_illness_again(scenario: Scenario, role: str) -> None:
    """Report another fravaer with the id of the first, on the same day."""
    scenario.stage.gate.require_service(FRAVAER)
    assert scenario.illness is not None, "scenariet har ingen sygdom endnu"
    id_, first_day = scenario.illness
    command = ReportIllness(id=id_, source=IllnessSource.FRAVAER, since=first_day)
    scenario.answer = scenario.party(role).neighbours.report_illness(scenario.cpr, command)


@when(parsers.parse("{role:Party} indberetter sygdom fra {source:IllnessSource} pr. {day:Day}", extra_types=TYPES))
def reports_case(scenario: Scenario, role: str, source: IllnessSource, day: int) -> None:
    """Report a case of sickness benefit to IllnessRecoveryInformationService."""
    _report_illness(scenario, role, CASE, source, day)


@when(parsers.parse("{role:Party} raskmelder sagen pr. {day:Day}", extra_types=TYPES))
def reports_recovery_of_case(scenario: Scenario, role: str, day: int) -> None:
    """Report recovery to IllnessRecoveryInformationService."""
    scenario.stage.gate.require_service(CASE)
    assert scenario.illness is not None, "scenariet har ingen sygdom endnu"
    command = ReportRecovery(id=scenario.illness[0], on_date=scenario.day(day).date())
    scenario.answer = scenario.party(role).neighbours.report_recovery_case(scenario.cpr, command)


@when(parsers.parse("{role:Party} raskmelder borgeren pr. {day:Day}", extra_types=TYPES))
@when(
    parsers.parse("{role:Party} raskmelder borgeren pr. {day:Day} med kontaktgruppe {group:Number}", extra_types=TYPES)
)
@when(
    parsers.parse(
        "{role:Party} raskmelder borgeren pr. {day:Day} med tilmelding i kategori {category:Number}", extra_types=TYPES
    )
)
@when(
    parsers.parse(
        "{role:Party} raskmelder borgeren pr. {day:Day} med tilmelding i kategori {category:Number}"
        " og kontaktgruppe {group:Number}",
        extra_types=TYPES,
    )
)
def reports_recovery(
    scenario: Scenario, role: str, day: int, category: int | None = None, group: int | None = None
) -> None:
    """Report recovery to IllnessCompositeService, with further registrations in the same call."""
    _report_recovery(scenario, role, day, category, None if group is None else GroupChange(type=group))


@when(parsers.parse("{role:Party} raskmelder borgeren pr. {day:Day} og lukker kontaktgruppen", extra_types=TYPES))
@when(
    parsers.parse(
        "{role:Party} raskmelder borgeren pr. {day:Day} med tilmelding i kategori {category:Number}"
        " og lukker kontaktgruppen",
        extra_types=TYPES,
    )
)
def reports_recovery_and_closes_group(scenario: Scenario, role: str, day: int, category: int | None = None) -> None:
    """Report recovery to IllnessCompositeService, and close the group in the same call."""
    _report_recovery(scenario, role, day, category, GroupChange(type=None))


@when(parsers.parse("{role:Party} raskmelder borgeren af en sygdom, som ingen kender", extra_types=TYPES))
def reports_recovery_of_unknown(scenario: Scenario, role: str) -> None:
    """Report recovery of an unknown fravaer."""
    scenario.stage.gate.require_service(FRAVAER)
    scenario.put_citizen_on_stage()
    today = scenario.day(TODAY).date()
    command = ReportRecovery(id=new_uuid(), on_date=today)
    scenario.answer = scenario.party(role).neighbours.report_recovery(scenario.cpr, command, today)


def _report_illness(
    scenario: Scenario, role: str, service: str, source: IllnessSource, day: int, last_day: int | None = None
) -> None:
    scenario.stage.gate.require_service(service)
    scenario.put_citizen_on_stage()
    last = None if last_day is None else scenario.day(last_day).date()
    command = ReportIllness(id=new_uuid(), source=source, since=scenario.day(day).date(), until=last)
    scenario.answer = scenario.party(role).neighbours.report_illness(scenario.cpr, command)
    if isinstance(scenario.answer, str):
        scenario.illness = scenario.answer, command.since


def _report_recovery(scenario: Scenario, role: str, day: int, category: int | None, group: GroupChange | None) -> None:
    scenario.stage.gate.require_service(FRAVAER)
    assert scenario.illness is not None, "scenariet har ingen sygdom endnu"
    id_, first_day = scenario.illness
    enrolment = None if category is None else ReEnrolment(category=category, unemployment_degree=1)
    command = ReportRecovery(id=id_, on_date=scenario.day(day).date(), tilmelding=enrolment, group=group)
    scenario.answer = scenario.party(role).neighbours.report_recovery(scenario.cpr, command, first_day)
