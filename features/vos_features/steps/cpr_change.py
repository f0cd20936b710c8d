"""Steps about CPR changes: reporting one, calls with the old and the new number, and the messages."""

from __future__ import annotations

from pytest_bdd import given, parsers, then, when

from vos_contracts.model.registration import Create, Kind
from vos_contracts.tables.recipients import MessageType
from vos_contracts.wire.messages.wsrm import Message
from vos_contracts.wire.messages.wsrm_cpr import CprMessage
from vos_contracts.wire.rest.registration import Refusal
from vos_features.capabilities import Capability
from vos_features.expectation import equal, refused_with
from vos_features.scenario import TODAY, Scenario
from vos_features.steps.step_types import TYPES
from vos_simulators.party import Channel


@given(parsers.parse("{role:Party} abonnerer på GetCprChanged", extra_types=TYPES))
def subscribes(scenario: Scenario, role: str) -> None:
    """Subscribe the party's system to GetCprChanged."""
    scenario.stage.gate.require_wsrm()
    identity = scenario.party(role).identity
    scenario.stage.control.subscribe(
        identity.active.type, identity.active.code, identity.system, [MessageType.CPR_CHANGED.value]
    )
    scenario.cpr_subscribers.add(identity.active)


@when("CPR fortæller, at borgeren har fået et nyt nummer")
def new_number(scenario: Scenario) -> None:
    """Report a new CPR number with the same birth date."""
    scenario.stage.gate.require_cpr_pointer()
    scenario.put_citizen_on_stage()
    scenario.change_cpr()


@when(parsers.parse("CPR fortæller, at borgeren har fået et nyt nummer og fylder 30 {day:Day}", extra_types=TYPES))
def new_number_and_birthday(scenario: Scenario, day: int) -> None:
    """Report a new CPR number by which the citizen is 30 on that day."""
    scenario.stage.gate.require_cpr_pointer()
    scenario.put_citizen_on_stage()
    birthday = scenario.day(day).date()
    scenario.change_cpr(birthday.replace(year=birthday.year - 30))


@then("er pegepinden flyttet")
def pointer_is_moved(scenario: Scenario) -> None:
    """The control API answers that the pointer moved to the new number."""
    assert scenario.cpr_change is not None, "CPR har intet fortalt"
    assert scenario.cpr_change.moved, f"pegepinden blev ikke flyttet: {scenario.cpr_change.explanation}"


@then(parsers.parse("er pegepinden ikke flyttet, og svaret nævner {release:Release}", extra_types=TYPES))
def pointer_is_not_moved(scenario: Scenario, release: str) -> None:
    """The control API answers that the pointer did not move, and names the release in which it would."""
    assert scenario.cpr_change is not None, "CPR har intet fortalt"
    assert not scenario.cpr_change.moved, "pegepinden blev flyttet"
    assert release in scenario.cpr_change.explanation, f"svaret siger {scenario.cpr_change.explanation!r}"


@then(
    parsers.parse(
        "får {role:Party} fejlkode {code:Number} på det {which:CprNumber} nummer"
        " ved læsning og registrering på begge kanaler",
        extra_types=TYPES,
    )
)
def is_refused(scenario: Scenario, role: str, code: int, which: str) -> None:
    """Every read and registration with that CPR number is refused with that error code."""
    scenario.stage.gate.require_soap_registration()
    party, cpr = scenario.party(role), scenario.number(which)
    answers: list[object] = []
    for kind in Kind:
        answers += [party.read(cpr, kind), party.history(cpr, kind)]
    command = Create(Kind.KONTAKTGRUPPE, 4, scenario.day(TODAY))
    answers += [party.register(cpr, command, channel) for channel in Channel]
    for answer in answers:
        assert isinstance(answer, Refusal), f"{role} blev ikke afvist på det {which} nummer"
        refused_with(answer, scenario.stage.contract.errors, code)


@then(parsers.parse("har {role:Party} præcis én besked om CPR-skiftet, med begge numre", extra_types=TYPES))
def has_one_message(scenario: Scenario, role: str) -> None:
    """The party's queue holds exactly one GetCprChanged, with the old and the new number."""
    found = [message for message in _messages(scenario, role) if isinstance(message, CprMessage)]
    expected = [(scenario.number("gamle"), scenario.number("nye"))]
    equal(f"{role} har besked om CPR-skift:", [(message.old, message.new_one) for message in found], expected)


@then(parsers.parse("har {role:Party} ingen besked om CPR-skiftet", extra_types=TYPES))
def has_no_message(scenario: Scenario, role: str) -> None:
    """The party's queue holds no GetCprChanged."""
    scenario.stage.gate.require(Capability.RESET)  # without a reset an earlier subscription may exist
    found = [message for message in _messages(scenario, role) if isinstance(message, CprMessage)]
    assert not found, f"{role} fik besked"


@then(
    parsers.parse(
        "har {role:Party} {count:Number} beskeder om registreringer under det {which:CprNumber} nummer",
        extra_types=TYPES,
    )
)
def has_messages_under_number(scenario: Scenario, role: str, count: int, which: str) -> None:
    """The queue holds that number of messages about registrations under that CPR number."""
    cpr = scenario.number(which)
    found = sum(message.cpr == cpr and not isinstance(message, CprMessage) for message in _messages(scenario, role))
    equal(f"beskeder til {role} under det {which} nummer:", found, count)


def _messages(scenario: Scenario, role: str) -> list[Message]:
    scenario.stage.gate.require_wsrm()
    inbox = scenario.party(role).inbox
    inbox.drain()
    return inbox.messages
