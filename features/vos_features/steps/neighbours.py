"""Når: a neighbour service tells DFDG, over the internal interface; for scenarios about what follows, not about the service."""

from __future__ import annotations

from datetime import date

from pytest_bdd import given, parsers, when

from vos_contracts.base.ids import ny_uuid
from vos_contracts.koder.fejl import Fejl
from vos_contracts.model import neighbours as nabo
from vos_contracts.wire.rest import Afslag
from vos_features.scenario import TODAY, Scenario
from vos_features.steps.step_types import TYPES

_KSD, _KOMPOSIT, _TILMELDING = (
    "IllnessRecoveryInformationService",
    "IllnessCompositeService",
    "UnemploymentEnrollmentService",
)
_FRAVAER = "FravaerService"
_FLEKSJOB = "FlexjobService"
AARSAG = 1


@given(
    parsers.parse(
        "DFDG har besked fra {role:Party} om sygdom fra {source:IllnessSource} til og med {last_day:Day}",
        extra_types=TYPES,
    )
)
@given(parsers.parse("DFDG har besked fra {role:Party} om sygdom fra {source:IllnessSource}", extra_types=TYPES))
def has_illness(scenario: Scenario, role: str, source: nabo.Sygekilde, last_day: int | None = None) -> None:
    """Let KSD have reported sickness from today, for a closed period if its last day is said."""
    _report_illness(scenario, role, source, TODAY, last_day)


@when(
    parsers.parse(
        "DFDG får besked fra {role:Party} om sygdom fra ledighed, der begynder {first_day:Day}", extra_types=TYPES
    )
)
def illness_begins(scenario: Scenario, role: str, first_day: int) -> None:
    """Let KSD report sickness that begins later."""
    _report_illness(scenario, role, nabo.Sygekilde.LEDIGHED, first_day)


@when(parsers.parse("DFDG får besked fra {role:Party} om raskmelding {day:Day}", extra_types=TYPES))
@when(
    parsers.parse(
        "DFDG får besked fra {role:Party} om raskmelding {day:Day} med skift til kontaktgruppe {group:Number}",
        extra_types=TYPES,
    )
)
def recovers(scenario: Scenario, role: str, day: int, group: int | None = None) -> None:
    """Let the municipality (as KSD) or a caseworker report recovery, and what else is registered in the same call."""
    service = _KSD if role == "kommunen" else _KOMPOSIT
    change = None if group is None else nabo.Gruppeskift(type=group)
    assert scenario.illness_id is not None, "borgeren er ikke sygemeldt"
    command = nabo.Raskmeld(id=scenario.illness_id, dato=scenario.day(day).date(), gruppe=change)
    _carry_out(scenario, f"{service}.CreateRecovery", role, command)


@when(parsers.parse("DFDG får besked fra {role:Party} om afmelding {day:Day}", extra_types=TYPES))
def enrolment_ends(scenario: Scenario, role: str, day: int) -> None:
    """Let the enrolment be ended on that day."""
    command = nabo.Afmeld(dato=scenario.day(day).date(), aarsag=AARSAG)
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
    """Let an absence be reported; it may be refused. `end` is the first day without it."""
    scenario.neighbour_id = ny_uuid()
    first, last = scenario.day(day).date(), _date(scenario, end)
    command = nabo.RegistrerFravaer(id=scenario.neighbour_id, type=code, fra=first, til=last)
    _tell(scenario, f"{_FRAVAER}.CreateFravaer", role, command)


@when(
    parsers.parse(
        "DFDG får igen besked fra {role:Party} om det samme fravær, nu af type {code:Number}", extra_types=TYPES
    )
)
def same_fravaer(scenario: Scenario, role: str, code: int) -> None:
    """Let another absence be reported under the id of the first."""
    command = nabo.RegistrerFravaer(id=_latest_id(scenario), type=code, fra=scenario.day(TODAY).date())
    _tell(scenario, f"{_FRAVAER}.CreateFravaer", role, command)


@when(parsers.parse("DFDG får besked fra {role:Party} om, at fraværet slutter {day:Day}", extra_types=TYPES))
def fravaer_ends(scenario: Scenario, role: str, day: int) -> None:
    """Let the end of the absence be reported: the first day without it."""
    command = nabo.AfslutFravaer(id=_latest_id(scenario), til=scenario.day(day).date())
    _tell(scenario, f"{_FRAVAER}.UpdateFravaer", role, command)


@when(parsers.parse("DFDG får besked fra {role:Party} om, at et ukendt fravær slutter {day:Day}", extra_types=TYPES))
def unknown_fravaer_ends(scenario: Scenario, role: str, day: int) -> None:
    """Let the end of an absence be reported that nobody has told of."""
    command = nabo.AfslutFravaer(id=ny_uuid(), til=scenario.day(day).date())
    _tell(scenario, f"{_FRAVAER}.UpdateFravaer", role, command)


@when(parsers.parse("DFDG får besked fra {role:Party} om et fleksjob fra {day:Day}", extra_types=TYPES))
@when(parsers.parse("DFDG får besked fra {role:Party} om et fleksjob fra {day:Day} til {end:Day}", extra_types=TYPES))
def fleksjob(scenario: Scenario, role: str, day: int, end: int | None = None) -> None:
    """Let an activity of the citizen's plan be reported; `end` is the first day without it."""
    scenario.neighbour_id = ny_uuid()
    first, last = scenario.day(day).date(), _date(scenario, end)
    command = nabo.RegistrerFleksjob(id=scenario.neighbour_id, fra=first, til=last)
    _tell(scenario, f"{_FLEKSJOB}.CreateFlexjob", role, command)


@when(parsers.parse("DFDG får igen besked fra {role:Party} om det samme fleksjob", extra_types=TYPES))
def same_fleksjob(scenario: Scenario, role: str) -> None:
    """Let another activity be reported under the id of the first."""
    command = nabo.RegistrerFleksjob(id=_latest_id(scenario), fra=scenario.day(TODAY).date())
    _tell(scenario, f"{_FLEKSJOB}.CreateFlexjob", role, command)


@when(parsers.parse("DFDG får besked fra {role:Party} om, at fleksjobbet slutter {day:Day}", extra_types=TYPES))
def fleksjob_ends(scenario: Scenario, role: str, day: int) -> None:
    """Let the end of the activity be reported: the first day without it."""
    command = nabo.AfslutFleksjob(id=_latest_id(scenario), til=scenario.day(day).date())
    _tell(scenario, f"{_FLEKSJOB}.UpdateFlexjob", role, command)


@when(parsers.parse("DFDG får besked fra {role:Party} om, at et ukendt fleksjob slutter {day:Day}", extra_types=TYPES))
def unknown_fleksjob_ends(scenario: Scenario, role: str, day: int) -> None:
    """Let the end of an activity be reported that nobody has told of."""
    command = nabo.AfslutFleksjob(id=ny_uuid(), til=scenario.day(day).date())
    _tell(scenario, f"{_FLEKSJOB}.UpdateFlexjob", role, command)


@when(parsers.parse("DFDG får besked fra {role:Party} om aktivitetstillæg fra {day:Day}", extra_types=TYPES))
def aktivitetstillaeg(scenario: Scenario, role: str, day: int) -> None:
    """Let the allowance be granted; it may be refused."""
    command = nabo.RegistrerTillaeg(id=ny_uuid(), fra=scenario.day(day).date())
    _tell(scenario, "AktivitetstillaegService.CreateAktivitetstillaeg", role, command)


def _tell(scenario: Scenario, method: str, role: str, command: nabo.Nabokommando) -> None:
    scenario.put_citizen_on_stage()
    identity = scenario.party(role).identitet
    answer = scenario.stage.neighbours.fortael(method, scenario.cpr, identity, command)
    scenario.answer = answer.id
    if answer.fejl:
        scenario.answer = Afslag(400, tuple(Fejl(error.kode, error.beskrivelse) for error in answer.fejl))


def _carry_out(scenario: Scenario, method: str, role: str, command: nabo.Nabokommando) -> str:
    scenario.put_citizen_on_stage()
    identity = scenario.party(role).identitet
    return scenario.stage.neighbours.udfoer(method, scenario.cpr, identity, command)


def _report_illness(
    scenario: Scenario, role: str, source: nabo.Sygekilde, first_day: int, last_day: int | None = None
) -> None:
    first, last = scenario.day(first_day).date(), _date(scenario, last_day)
    command = nabo.Sygemeld(id=ny_uuid(), kilde=source, fra=first, til=last)
    scenario.illness_id = _carry_out(scenario, f"{_KSD}.CreateIllness", role, command)


def _date(scenario: Scenario, day: int | None) -> date | None:
    return None if day is None else scenario.day(day).date()


def _latest_id(scenario: Scenario) -> str:
    assert scenario.neighbour_id is not None, "ingen nabotjeneste har fortalt noget endnu"
    return scenario.neighbour_id
