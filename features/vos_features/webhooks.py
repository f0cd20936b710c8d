"""The parties' webhooks in one scenario: subscriptions to webservice messages, and the messages received."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pytest

from vos_contracts.base.ids import new_uuid
from vos_contracts.model.registration import Kind
from vos_contracts.tables.webhooks import WsbMode
from vos_contracts.wire.instants import DANISH_TIME
from vos_contracts.wire.messages.webhook import WsbMessage
from vos_contracts.wire.messages.wsrm import WsrmMessage
from vos_contracts.wire.rest.registration import Refusal, Rest
from vos_contracts.wire.rest.subscriptions import Subscriptions, SubscriptionWish, Synchronised
from vos_features.capabilities import Capability
from vos_features.scenario import Scenario
from vos_simulators.inboxes.webhook import WebhookReceiver
from vos_simulators.oracle import cpr_change
from vos_simulators.oracle.expected import WsbSubscriber
from vos_simulators.oracle.received import Got, from_event, from_wsb, from_wsrm


@dataclass
class Webhook:
    """One party's subscriber system: its id, its server, and the kinds it subscribes to."""

    system: str
    recipient: WebhookReceiver
    kinds: tuple[Kind, ...] = ()


@dataclass
class Webhooks:
    """The webhooks by role, and the answer to the latest subscription call."""

    scenario: Scenario
    own: dict[str, Webhook] = field(default_factory=dict)
    response: Synchronised | Refusal | None = None
    _before: WsbMode | None = None

    def subscribe(self, party: str, kinds: tuple[Kind, ...]) -> None:
        """Send the role's complete list of subscriptions; sets up its subscriber system first, as STAR does."""
        who = self.scenario.party(party).identity
        webhook = self.own.get(party) or self._new(party)
        if party not in self.scenario.stage.description.webhooks:
            self.scenario.stage.control.subscriber_system(webhook.system, webhook.recipient.address, who.active)
        entities = self.scenario.stage.contract.wsb_entities
        day = self.scenario.now.astimezone(DANISH_TIME).date()
        wishes = [SubscriptionWish(who.active, entities[kind].id, f"/wsb/{kind.value}", day) for kind in kinds]
        wire = Subscriptions(self.scenario.stage.contract, Rest(self.scenario.stage.contract))
        self.response = wire.understand(
            self.scenario.stage.lines.services(party).send(wire.call(webhook.system, wishes, who, new_uuid()))
        )
        if isinstance(self.response, Synchronised):
            webhook.kinds = kinds

    def messages(self, party: str) -> list[WsbMessage]:
        """Return the distinct messages that the role's webhook has accepted, once all due deliveries have been tried."""
        self.settle()
        distinct = {message.message_id: message for message in self.own[party].recipient.messages}.values()
        only = self.scenario.watched_cpr
        return [message for message in distinct if only is None or message.cpr == only]

    def subscribers(self) -> list[WsbSubscriber]:
        """Return the subscriptions for the oracle."""
        return [
            WsbSubscriber(webhook.system, self.scenario.party(party).identity.active, frozenset(webhook.kinds))
            for party, webhook in self.own.items()
        ]

    def received_by(self, owners: Iterable[str]) -> Iterator[Got]:
        """Yield all received messages: of the queues of these roles, the webhooks, and the business domains."""
        self.settle()
        if self.scenario.stage.gate.has_wsrm:
            for role in owners:
                party = self.scenario.party(role)
                party.inbox.drain()
                for message in party.inbox.messages:
                    if isinstance(message, WsrmMessage):
                        yield from_wsrm(party.identity.active, message)
                    else:
                        yield cpr_change.from_wsrm(party.identity.active, message)
        for webhook in self.own.values():
            yield from (from_wsb(webhook.system, message) for message in webhook.recipient.messages)
        for domain in self.scenario.stage.contract.domains:
            yield from (from_event(domain, event) for event in self.scenario.stage.reader.events(domain, 0))

    def settle(self) -> None:
        """Wait until all due deliveries have been tried: by the stage clock, or by `quiet` seconds without a message."""
        if self.scenario.stage.gate.can(Capability.MOVE_CLOCK):
            self.scenario.stage.clock.advance("PT0S")
            return
        for webhook in self.own.values():
            webhook.recipient.wait_until_quiet(self.scenario.stage.description.quiet)

    def set_delivery_mode(self, state: WsbMode) -> None:
        """Set the delivery mode until the end of the scenario."""
        self._before = self._before or self.scenario.stage.control.wsb().state
        self.scenario.stage.control.wsb(state)

    def close(self) -> None:
        """Close every webhook, and restore the delivery mode and subscriptions."""
        if self._before is not None:
            self.scenario.stage.control.wsb(self._before)
        for party, webhook in self.own.items():
            if webhook.kinds and not self.scenario.stage.gate.can(Capability.RESET):
                self.subscribe(party, ())
            webhook.recipient.close()

    def _new(self, party: str) -> Webhook:
        self.scenario.stage.gate.require(Capability.RECEIVE_WSB)
        slot = self.scenario.stage.description.webhooks.get(party)
        if slot is None:
            self.scenario.stage.gate.require(Capability.CONTROL_WSB)
            webhook = Webhook(new_uuid(), WebhookReceiver(self.scenario.stage.contract))
        else:
            webhook = Webhook(slot.system, WebhookReceiver(self.scenario.stage.contract, port=slot.port))
        webhook.recipient.open_up()
        self.own[party] = webhook
        return webhook


@pytest.fixture
def webhooks(scenario: Scenario) -> Iterator[Webhooks]:
    """The webhooks of the scenario that is played; closed when it is over."""
    all_webhooks = Webhooks(scenario)
    yield all_webhooks
    all_webhooks.close()
