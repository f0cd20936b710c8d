"""Steps about single WSRM calls: opening, fetching from, closing and terminating a transfer."""

from __future__ import annotations

from pytest_bdd import parsers, then, when

from vos_contracts.wire.messages.wsrm import Message
from vos_features.expectation import equal, refused_with
from vos_features.scenario import Scenario
from vos_features.steps.step_types import TYPES
from vos_simulators.inboxes.wsrm_poller import WsrmRefused
from vos_simulators.party import from_fault


@when(parsers.parse("{role:Party} åbner en overførsel", extra_types=TYPES))
def opens_transfer(scenario: Scenario, role: str) -> None:
    """Call CreateSequence, which opens a transfer or returns the open one."""
    scenario.stage.gate.require_wsrm()
    scenario.put_citizen_on_stage()
    scenario.transfers.append(scenario.party(role).inbox.create())


@when(parsers.parse("{role:Party} giver overførslen tilbage", extra_types=TYPES))
def gives_transfer_back(scenario: Scenario, role: str) -> None:
    """Call CloseSequence, which returns the messages to the queue."""
    scenario.party(role).inbox.close(scenario.transfers[-1].id)


@when(parsers.parse("{role:Party} afslutter overførslen", extra_types=TYPES))
def ends_transfer(scenario: Scenario, role: str) -> None:
    """Call TerminateSequence, which commits the transfer."""
    scenario.party(role).inbox.end(scenario.transfers[-1].id)


@then(parsers.parse("er der {count:Number} beskeder om borgeren i {role:Party}s overførsel", extra_types=TYPES))
def holds_messages(scenario: Scenario, count: int, role: str) -> None:
    """Fetching every message type of the inventory gives that number of messages about the citizen."""
    found = [message for message in _fetch(scenario, role) if message.cpr == scenario.cpr]
    equal(f"antallet af beskeder i {role}s overførsel er", len(found), count)


@then("er det den samme overførsel som før")
def is_the_same_transfer(scenario: Scenario) -> None:
    """The open transfer was returned again."""
    before, now = scenario.transfers[-2:]
    equal("overførslen er", now, before)


@then(parsers.parse("kan {role:Party} ikke hente i den overførsel: fejlkode {code:Number}", extra_types=TYPES))
def cannot_fetch(scenario: Scenario, role: str, code: int) -> None:
    """The queue refuses with that error code."""
    try:
        found = _fetch(scenario, role)
    except WsrmRefused as refused:
        refused_with(from_fault(500, refused.fault), scenario.stage.contract.errors, code)
        return
    raise AssertionError(f"{role} hentede {len(found)} beskeder og skulle have været afvist med {code}")


def _fetch(scenario: Scenario, role: str) -> list[Message]:
    latest, inbox = scenario.transfers[-1], scenario.party(role).inbox
    return [message for message_type, _ in latest.entries for message in inbox.fetch(latest.id, message_type)]
