"""Steps about the messages in the parties' WSRM queues."""

from __future__ import annotations

from pytest_bdd import given, parsers, then, when

from vos_contracts.tables.access import ClientSystem
from vos_contracts.wire.messages.wsrm import Message, WsrmMessage
from vos_contracts.wire.soap.envelope import Fault
from vos_features.capabilities import Capability
from vos_features.expectation import equal, refused_with, said
from vos_features.scenario import Scenario
from vos_features.steps.step_types import TYPES
from vos_simulators.inboxes.wsrm_poller import WsrmRefused
from vos_simulators.parties import STAR
from vos_simulators.party import from_fault

SYSTEM_USER, DFDG = 3, ClientSystem.DFDG


@then(parsers.parse("har {role:Party} præcis disse beskeder:", extra_types=TYPES))
def has_exactly_these_messages(scenario: Scenario, role: str, datatable: list[list[str]]) -> None:
    """The queue holds exactly these messages about the citizen, in this order."""
    header, *expected = datatable
    found = [_cells(scenario, message, header) for message in _about_citizen(scenario, role)]
    equal(f"{role} har", found, expected, "have")


@then(parsers.parse("har {role:Party} ingen beskeder", extra_types=TYPES))
def has_no_messages(scenario: Scenario, role: str) -> None:
    """The queue holds no message about the citizen."""
    found = [f"{message.message_type} om {message.topic}" for message in _about_citizen(scenario, role)]
    assert not found, f"{role} har {said(found)} og skulle intet have"


@then(
    parsers.parse(
        "kan {role:Party} ikke tømme sin kø: fejlkode {code:Number}, og fejlen nævner {release:Release}",
        extra_types=TYPES,
    )
)
def cannot_empty_queue(scenario: Scenario, role: str, code: int, release: str) -> None:
    """The queue refuses with that error code, and the fault names the release."""
    fault = _fault_of_queue(scenario, role)
    assert fault is not None, f"{role} tømte sin kø, som skulle være lukket"
    refused_with(from_fault(500, fault), scenario.stage.contract.errors, code)
    assert release in fault.text, f"fejlen siger {fault.text!r}"


def _fault_of_queue(scenario: Scenario, role: str) -> Fault | None:
    try:
        scenario.party(role).inbox.drain()
    except WsrmRefused as refused:
        return refused.fault
    return None


@then(parsers.parse("har {role:Party} {count:Number} beskeder", extra_types=TYPES))
def has_number_of_messages(scenario: Scenario, role: str, count: int) -> None:
    """The queue holds that number of messages about the citizen."""
    found = [f"{message.message_type} om {message.topic}" for message in _about_citizen(scenario, role)]
    assert len(found) == count, f"{role} har {said(found)} og skulle have {count}"


def _about_citizen(scenario: Scenario, role: str) -> list[Message]:
    scenario.stage.gate.require_wsrm()
    inbox = scenario.party(role).inbox
    inbox.drain()
    return [message for message in inbox.messages if message.cpr == scenario.cpr]


@given(parsers.parse("{role:Party} og {other:Party} har hver sin kø", extra_types=TYPES))
def each_has_a_queue(scenario: Scenario, role: str, other: str) -> None:
    """Create a queue for the system of each of the two; on a shared stage, drain them."""
    scenario.stage.gate.require_wsrm()
    scenario.stage.gate.require(Capability.CREATE_QUEUE)
    for name in (role, other):
        identity = scenario.party(name).identity
        scenario.stage.control.subscribe(identity.active.type, identity.active.code, identity.system)
    scenario.cast.empty_inboxes((role, other))


@when(parsers.parse("{role:Party} har læst sine beskeder", extra_types=TYPES))
def one_has_read(scenario: Scenario, role: str) -> None:
    """Drain and discard the party's queue, so that only later messages count."""
    scenario.stage.gate.require_wsrm()
    scenario.cast.empty_inboxes((role,))


@given("alle har læst deres beskeder")
@when("alle har læst deres beskeder")
def everybody_has_read(scenario: Scenario) -> None:
    """Drain and discard all queues, so that only later messages count."""
    scenario.put_citizen_on_stage()
    scenario.stage.gate.require_wsrm()
    scenario.cast.empty_inboxes()


def _cells(scenario: Scenario, message: Message, header: list[str]) -> list[str]:
    cells = {
        "besked": message.message_type,
        "type": message.topic,
        "slut": "ja" if isinstance(message, WsrmMessage) and message.end is not None else "",
        "registreret af": _registrant(scenario, message),
    }
    return [cells[column] for column in header]


def _registrant(scenario: Scenario, message: Message) -> str:
    """Return the role whose authority, user, own organisation and system the message has.

    For DFDG itself, acting for STAR, return the name of the job.
    """
    for role, party in scenario.cast.parties.items():
        if message.registrant in party.identities:
            return role
    who = message.registrant
    if (who.active, who.user_organisation, who.user.type, who.system) == (STAR, STAR, SYSTEM_USER, DFDG):
        return who.user.name
    return f"en anden: {who.user.name} ({who.active}, system {who.system}, bruger {who.user.id})"
