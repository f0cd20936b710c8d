"""Steps about webservice messages: subscriptions, webhook habits, received messages, and the oracle's verdict."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from pytest_bdd import given, parsers, then, when

from vos_contracts.model.registration import ChangeType, Kind
from vos_contracts.tables.webhooks import WsbMode
from vos_contracts.wire.instants import DANISH_TIME
from vos_contracts.wire.rest.registration import Refusal
from vos_contracts.wire.rest.subscriptions import Synchronised
from vos_features.capabilities import Capability
from vos_features.expectation import equal, refused_with, said
from vos_features.scenario import Scenario
from vos_features.steps.step_types import TYPES
from vos_features.webhooks import Webhooks
from vos_simulators.habits import WebhookHabit
from vos_simulators.oracle import cpr_change
from vos_simulators.oracle.cause import from_journal
from vos_simulators.oracle.expected import expected
from vos_simulators.oracle.happened import from_stage
from vos_simulators.oracle.verdict import assess
from vos_simulators.parties import QUEUE_OWNERS

_PRECISION = timedelta(seconds=1)
"""A service may round the same time differently in a message and in an answer."""
_CHANGE = {
    ChangeType.CREATED: "oprettelse",
    ChangeType.CHANGED: "opdatering",
    ChangeType.DELETED: "slet",
}


@given(parsers.parse("{role:Party} abonnerer på WSB om {kinds:Kinds}", extra_types=TYPES))
@when(parsers.parse("{role:Party} abonnerer på WSB om {kinds:Kinds}", extra_types=TYPES))
def subscribes(webhooks: Webhooks, role: str, kinds: tuple[Kind, ...]) -> None:
    """Send the complete list of subscriptions, which must be accepted."""
    webhooks.subscribe(role, kinds)
    assert isinstance(webhooks.response, Synchronised), f"abonnementet blev afvist: {said(webhooks.response)}"


@when(parsers.parse("{role:Party} forsøger at abonnere på WSB om {kinds:Kinds}", extra_types=TYPES))
def tries_to_subscribe(webhooks: Webhooks, role: str, kinds: tuple[Kind, ...]) -> None:
    """Send the complete list of subscriptions, which may be refused."""
    webhooks.subscribe(role, kinds)


@then(parsers.parse("bliver abonnementet afvist med fejlkode {code:Number}", extra_types=TYPES))
def subscription_is_refused(webhooks: Webhooks, code: int) -> None:
    """The list was refused with exactly that error code."""
    assert isinstance(webhooks.response, Refusal), f"abonnementet blev taget imod: {said(webhooks.response)}"
    refused_with(webhooks.response, webhooks.scenario.stage.contract.errors, code)


@then("har abonnementerne ikke ændret sig")
def subscriptions_are_unchanged(webhooks: Webhooks) -> None:
    """The list equals the existing subscriptions."""
    assert isinstance(webhooks.response, Synchronised), f"abonnementet blev afvist: {said(webhooks.response)}"
    assert (webhooks.response.created, webhooks.response.deleted) == (0, 0), f"listen ændrede {said(webhooks.response)}"


@given(parsers.parse("{role:Party}s webhook {habit:WebhookHabit}", extra_types=TYPES))
@when(parsers.parse("{role:Party}s webhook {habit:WebhookHabit}", extra_types=TYPES))
def webhook_takes_up_a_habit(webhooks: Webhooks, role: str, habit: Callable[[], WebhookHabit]) -> None:
    """Give the webhook that habit from now on."""
    webhooks.own[role].recipient.habit = habit()


@given(parsers.parse("DFDG leverer som {mode:DeliveryMode}", extra_types=TYPES))
def delivers_as(webhooks: Webhooks, mode: WsbMode) -> None:
    """Set the delivery mode for this scenario."""
    webhooks.set_delivery_mode(mode)


@when("de opgivne beskeder sendes igen")
def dead_letters_are_replayed(scenario: Scenario) -> None:
    """Replay every dead letter."""
    assert scenario.stage.control.replay() > 0, "der er ingen opgivne beskeder"


@then(parsers.parse("er {count:Number} WSB opgivet", extra_types=TYPES))
def are_dead_letters(scenario: Scenario, count: int) -> None:
    """That number of messages are dead letters."""
    scenario.stage.clock.advance("PT0S")
    dead = scenario.stage.control.wsb().dead
    assert len(dead) == count, f"{len(dead)} er opgivet: {said([letter.reason for letter in dead])}"


@then(parsers.parse("har {role:Party} præcis disse WSB'er:", extra_types=TYPES))
def has_exactly_these(scenario: Scenario, webhooks: Webhooks, role: str, datatable: list[list[str]]) -> None:
    """The webhook has received exactly these messages about the citizen, in this order."""
    header, *expected = datatable
    found = []
    for message in webhooks.messages(role):
        assert message.cpr == scenario.cpr, "beskeden er om en anden"
        cells = {"entitet": message.entity_name, "ændring": _CHANGE[message.change_type]}
        found.append([cells[column] for column in header])
    equal(f"{role} har", found, expected, "have")


@then(parsers.parse("har {role:Party} ingen WSB'er", extra_types=TYPES))
def has_none(webhooks: Webhooks, role: str) -> None:
    """The webhook has received no message."""
    found = _said(webhooks, role)
    assert not found, f"{role} har {said(found)} og skulle intet have"


@then(parsers.parse("har {role:Party} {count:Number} WSB'er", extra_types=TYPES))
def has_number(webhooks: Webhooks, role: str, count: int) -> None:
    """The webhook has received that number of messages."""
    found = _said(webhooks, role)
    assert len(found) == count, f"{role} har {said(found)} og skulle have {count}"


@then(parsers.parse("kan {role:Party} læse den {kind:Kind}, som WSB'en fortæller om", extra_types=TYPES))
def can_read_what_is_told_of(scenario: Scenario, webhooks: Webhooks, role: str, kind: Kind) -> None:
    """The message's identifier and number lead to the registration (epic: read with CPR and id from the WSB)."""
    message = webhooks.messages(role)[-1]
    answer = scenario.party(role).read(message.cpr, kind, message.id)
    assert not isinstance(answer, Refusal), f"{role} kan ikke læse: {said(answer)}"
    assert [view.id for view in answer] == [message.id], f"{role} læser {said(answer)}"
    told, registered = (instant.astimezone(DANISH_TIME) for instant in (message.registered, answer[0].registered))
    if abs(told - registered) >= _PRECISION:
        equal("beskedens registreringstidspunkt er", told.isoformat(), registered.isoformat())


@then("har hver modtager præcis de beskeder, der følger af det skete")
def oracle_agrees(scenario: Scenario, webhooks: Webhooks) -> None:
    """Every queue, webhook and business domain has exactly the messages that follow from the history by the epic's rules.

    On a shared stage only messages about the scenario's citizen count. On a stage whose history cannot be read the step is
    omitted and the scenario continues.
    """
    stage, only = scenario.stage, scenario.watched_cpr
    if not stage.gate.can(Capability.READ_TRUTH):
        scenario.run.omit_step(Capability.READ_TRUTH.missing)
        return
    wsrm = stage.gate.has_wsrm
    posts = stage.journal.read()
    happened = from_stage(stage.reader, from_journal(posts), only)
    wanted = expected(happened, webhooks.subscribers(), wsrm=wsrm)
    citizens = [citizen for page in stage.reader.citizens(0) for citizen in page.citizens]
    changes = [change for change in cpr_change.from_journal(posts, citizens) if only in (None, change.new)]
    wanted += cpr_change.expected(changes, scenario.cpr_subscribers if wsrm else ())
    assert wanted, "der er intet sket"
    received = [got for got in webhooks.received_by(QUEUE_OWNERS) if only is None or only in dict(got.content).values()]
    breaches = [str(divergence) for divergence in assess(wanted, received) if divergence.breach]
    assert not breaches, "; ".join(breaches)


def _said(webhooks: Webhooks, role: str) -> list[str]:
    return [f"{message.entity_name} {_CHANGE[message.change_type]}" for message in webhooks.messages(role)]
