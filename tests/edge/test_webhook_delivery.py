"""Webservice messages over real sockets: from a registration on either channel to receivers with every habit."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from support.builders import AKASSE, JOBCENTER, TODAY, contract, identity
from vos_contracts.base.ids import new_uuid
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Create, Kind, Update
from vos_contracts.tables.webhooks import WsbMode
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.rest.subscriptions import Subscriptions, SubscriptionWish, Synchronised
from vos_simulators import habits
from vos_simulators.control import Control
from vos_simulators.habits import WEBHOOK_HABITS
from vos_simulators.inboxes.webhook import WebhookReceiver
from vos_simulators.party import Channel, Party
from vos_simulators.people import Citizen
from vos_simulators.transport import HttpTransport

KG, PC = 100008, 100009
TIMER_S = 4 * 3600


@pytest.fixture
def recipient() -> Iterator[WebhookReceiver]:
    with WebhookReceiver(contract()) as item:
        yield item


@pytest.fixture
def kss(transport: HttpTransport) -> Party:
    return Party(identity(JOBCENTER), contract(), transport, new_uuid)


@pytest.fixture
def subscribe(control: Control, transport: HttpTransport, recipient: WebhookReceiver) -> Callable[..., str]:
    wire = Subscriptions(contract(), Rest(contract()))

    def subscribe(
        *entities: int, organisation: Organisation = JOBCENTER, where: WebhookReceiver = recipient, path: str = "/wsb"
    ) -> str:
        system = new_uuid()
        control.subscriber_system(system, where.address, organisation)
        wishes = [SubscriptionWish(organisation, entity, path, TODAY.date()) for entity in entities]
        response = wire.understand(transport.send(wire.call(system, wishes, identity(organisation), new_uuid())))
        assert response == Synchronised(len(entities), 0, 0)
        return system

    return subscribe


def group(party: Party, citizen: Citizen, type_: int, channel: Channel = Channel.PVS) -> str:
    response = party.register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, type_, TODAY), channel)
    assert isinstance(response, str), response
    return response


@pytest.mark.parametrize("channel", Channel)
def test_from_registration_to_webhook(
    kss: Party,
    recipient: WebhookReceiver,
    subscribe: Callable[..., str],
    new_citizen: Callable[..., Citizen],
    channel: Channel,
) -> None:
    subscribe(KG, PC, path="/modtag/wsb")
    subscribe(KG, organisation=AKASSE, path="/akasse")
    citizen = new_citizen()
    id_ = group(kss, citizen, 13, channel)
    recipient.wait_for_messages(2)
    assert sorted(arrival.path for arrival in recipient.arrivals) == ["/akasse", "/modtag/wsb"]
    for arrival in recipient.arrivals:
        assert arrival.headers["content-type"] == "application/json; charset=utf-8"
        assert arrival.message is not None
        assert (arrival.message.id, arrival.message.cpr, arrival.message.entity_id, arrival.message.change_type) == (
            id_,
            citizen.cpr,
            KG,
            1,
        )
    views = kss.read(citizen.cpr, Kind.KONTAKTGRUPPE)
    assert isinstance(views, tuple)
    assert [view.id for view in views] == [id_], "the id of the message is the id to read"


@pytest.mark.parametrize("habit", WEBHOOK_HABITS)
def test_with_every_receiver_habit_everything_is_delivered_in_order(
    kss: Party,
    control: Control,
    recipient: WebhookReceiver,
    subscribe: Callable[..., str],
    new_citizen: Callable[..., Citizen],
    habit: str,
) -> None:
    recipient.habit = WEBHOOK_HABITS[habit]()
    subscribe(KG)
    citizens = [new_citizen() for _ in range(3)]
    expected = {}
    for citizen in citizens:
        first = group(kss, citizen, 13)
        expected[citizen.cpr] = [(first, 1), (first, 2), (group(kss, citizen, 4), 1)]
    control.move_clock(forward=TIMER_S)
    standing = control.wsb()
    assert [(item.waiting, item.dead) for item in standing.recipients] == [(0, 0)]
    single = {
        message.message_id: message for message in recipient.messages
    }  # keeps the position of the first delivery per id
    for cpr, should in expected.items():
        assert [(item.id, item.change_type) for item in single.values() if item.cpr == cpr] == should
    repetitions = len(recipient.messages) - len(single)
    assert repetitions == (9 if habit in ("resets", "answers_nothing", "answers_garbage") else 0)


def test_a_redirect_is_not_followed(
    kss: Party,
    control: Control,
    recipient: WebhookReceiver,
    subscribe: Callable[..., str],
    new_citizen: Callable[..., Citizen],
) -> None:
    with WebhookReceiver(contract()) as elsewhere:
        recipient.habit = habits.redirects(f"{elsewhere.address}/x")
        subscribe(KG)
        control.wsb(WsbMode.DESIGNED)
        group(kss, new_citizen(), 13)
        control.move_clock(forward=TIMER_S)
        (dead,) = control.wsb().dead
        assert (dead.reason, dead.attempt) == ("status 307", 1)
        assert elsewhere.arrivals == ()
        recipient.habit = habits.takes_in()
        assert control.replay(dead.message_id) == 1
        assert [item.message_id for item in recipient.wait_for_messages(1)] == [dead.message_id]
    control.wsb(WsbMode.OBSERVED)


def test_a_receiver_that_was_down_gets_everything_when_it_returns(
    kss: Party,
    control: Control,
    recipient: WebhookReceiver,
    subscribe: Callable[..., str],
    new_citizen: Callable[..., Citizen],
) -> None:
    subscribe(KG)
    citizen = new_citizen()
    recipient.close()
    id_ = group(kss, citizen, 13)
    kss.register(citizen.cpr, Update(Kind.KONTAKTGRUPPE, id_, TODAY), Channel.PVS)
    control.move_clock(forward=100)
    (standing,) = control.wsb().recipients
    assert (standing.waiting, standing.dead) == (2, 0)
    recipient.open_up()
    control.move_clock(forward=100)
    assert [message.change_type for message in recipient.messages] == [1, 2]


def test_a_slow_receiver_does_not_slow_another(
    kss: Party,
    control: Control,
    recipient: WebhookReceiver,
    subscribe: Callable[..., str],
    new_citizen: Callable[..., Citizen],
) -> None:
    recipient.habit = habits.is_slow(300)
    with WebhookReceiver(contract()) as fast:
        subscribe(KG)
        subscribe(KG, where=fast)
        for _ in range(20):
            group(kss, new_citizen(), 13)
        fast.wait_for_messages(20)
        assert len(recipient.messages) <= 8, "at most 8 concurrent attempts per receiver"
    control.reset()
