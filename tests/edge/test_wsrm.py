"""The WSRM queue over SOAP: order, limit, open sequence, close, terminate, owners and sub-queues."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from support.builders import AKASSE, JOBCENTER, NOW, STAR, TODAY, identity
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import load
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Create, Kind, Update
from vos_simulators.control import Control
from vos_simulators.inboxes.wsrm_poller import WsrmPoller, WsrmRefused
from vos_simulators.party import Channel, Party
from vos_simulators.people import Citizen
from vos_simulators.transport import HttpTransport

V5, V4 = "GetContactGroupVersion5", "GetContactGroupVersion4"


@pytest.fixture
def kss(transport: HttpTransport) -> Party:
    return Party(identity(JOBCENTER), load(), transport, new_uuid)


@pytest.fixture
def poller(transport: HttpTransport) -> WsrmPoller:
    return WsrmPoller(identity(JOBCENTER), load(), transport)


def register(party: Party, citizen: Citizen, group: int = 13) -> str:
    response = party.register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, group, TODAY), Channel.PVS)
    assert isinstance(response, str)
    return response


def code(caught: pytest.ExceptionInfo[WsrmRefused]) -> int:
    return caught.value.fault.errors[0].code


def test_at_most_500_at_a_time_oldest_first(
    kss: Party, poller: WsrmPoller, new_citizen: Callable[..., Citizen]
) -> None:
    ids = []
    for _ in range(126):  # each round is 4 messages: opened and closed, versions 5 and 4
        citizen = new_citizen()
        ids.append(register(kss, citizen))
        kss.register(citizen.cpr, Update(Kind.KONTAKTGRUPPE, ids[-1], NOW), Channel.PVS)
    first = poller.create()
    assert sum(count for _, count in first.entries) == 500
    fetched = poller.fetch(first.id, V5)
    assert [message.id for message in fetched] == [id_ for id_ in ids[:125] for _ in range(2)]
    poller.end(first.id)
    rest = poller.create()
    assert dict(rest.entries) == {V5: 2, "GetContactGroupVersion4": 2}
    assert [message.id for message in poller.fetch(rest.id, V5)] == [ids[125]] * 2


def test_an_open_sequence_is_returned_again_and_a_fetch_can_be_repeated(
    kss: Party, poller: WsrmPoller, new_citizen: Callable[..., Citizen]
) -> None:
    register(kss, new_citizen())
    first = poller.create()
    register(kss, new_citizen())
    assert poller.create() == first
    assert poller.fetch(first.id, V5) == poller.fetch(first.id, V5)
    assert len(poller.fetch(first.id, V5)) == 1


def test_close_gives_back_and_terminate_deletes(
    kss: Party, poller: WsrmPoller, new_citizen: Callable[..., Citizen]
) -> None:
    register(kss, new_citizen())
    first = poller.create()
    message = poller.fetch(first.id, V5)
    poller.close(first.id)
    other = poller.create()
    assert other.id != first.id
    assert poller.fetch(other.id, V5) == message
    poller.end(other.id)
    assert poller.create().entries == ()


def test_two_pollers_of_an_empty_queue_share_its_sequence(
    kss: Party, poller: WsrmPoller, new_citizen: Callable[..., Citizen]
) -> None:
    empty = poller.create()
    assert poller.create() == empty, "the other poller gets the same sequence"
    id_ = register(kss, new_citizen())
    new = poller.create()
    assert new.id != empty.id, "a new message does not go into a sequence that was returned as empty"
    assert [message.id for message in poller.fetch(new.id, V5)] == [id_]


def test_an_unknown_foreign_or_ended_sequence_is_refused(
    kss: Party, poller: WsrmPoller, transport: HttpTransport, new_citizen: Callable[..., Citizen]
) -> None:
    register(kss, new_citizen())
    sequence = poller.create()
    foreign = WsrmPoller(identity(AKASSE), load(), transport)
    for call in (
        lambda: foreign.fetch(sequence.id, V5), lambda: foreign.end(sequence.id), lambda: foreign.close(sequence.id),
        lambda: poller.fetch(new_uuid(), V5),
    ):  # fmt: skip
        with pytest.raises(WsrmRefused) as caught:
            call()
        assert code(caught) == 4589
    assert len(poller.fetch(sequence.id, V5)) == 1
    poller.end(sequence.id)
    with pytest.raises(WsrmRefused) as caught:
        poller.end(sequence.id)
    assert code(caught) == 4589


def test_each_subscribed_system_has_its_own_queue(
    kss: Party, transport: HttpTransport, control: Control, new_citizen: Callable[..., Citizen]
) -> None:
    control.subscribe(8, "10100", 1)
    control.subscribe(8, "10100", 2)
    id_ = register(kss, new_citizen())
    for system in (1, 2):
        own = WsrmPoller(replace(identity(JOBCENTER), system=system), load(), transport)
        assert [(message.id, message.message_type) for message in own.drain()] == [
            (id_, V5), (id_, "GetContactGroupVersion4"),
        ]  # fmt: skip
    with pytest.raises(WsrmRefused) as caught:
        WsrmPoller(replace(identity(JOBCENTER), system=3), load(), transport).create()
    assert code(caught) == 4575


def test_a_sub_queue_gets_its_message_types(
    kss: Party, poller: WsrmPoller, control: Control, new_citizen: Callable[..., Citizen]
) -> None:
    with pytest.raises(WsrmRefused, match="underkøen visitation findes ikke") as caught:
        poller.create("visitation")
    assert code(caught) == 4589
    control.route_to_sub_queue(8, "10100", 0, "visitation", [V4])
    assert poller.create("visitation").entries == ()
    id_ = register(kss, new_citizen())
    head, under = poller.create(), poller.create("visitation")
    assert (head.entries, under.entries) == (((V5, 1),), ((V4, 1),))
    assert [message.id for message in poller.fetch(under.id, V4)] == [id_]
    poller.end(under.id)
    assert poller.create() == head, "the other sequence of the owner stays open"


def test_the_sub_queue_goes_along_when_a_system_takes_over_the_queue(
    kss: Party, transport: HttpTransport, control: Control, new_citizen: Callable[..., Citizen]
) -> None:
    control.route_to_sub_queue(8, "10100", 7, "visitation", [V4])
    register(kss, new_citizen())
    control.subscribe(8, "10100", 7)
    register(kss, new_citizen())
    own = WsrmPoller(replace(identity(JOBCENTER), system=7), load(), transport)
    assert (own.create().entries, own.create("visitation").entries) == (((V5, 2),), ((V4, 2),))


def test_the_queue_of_another_organisation_is_empty(
    transport: HttpTransport, kss: Party, new_citizen: Callable[..., Citizen]
) -> None:
    register(kss, new_citizen())
    for organisation in (Organisation(8, "10200"), STAR, Organisation(2, "82")):
        assert WsrmPoller(identity(organisation), load(), transport).drain() == []


def test_wsrm_is_withdrawn_in_2025_2(
    kss: Party, poller: WsrmPoller, control: Control, new_citizen: Callable[..., Citizen]
) -> None:
    control.change_release("2025-2")
    register(kss, new_citizen())
    with pytest.raises(WsrmRefused, match="WSRM er udgået fra 2025-2"):
        poller.create()
    control.change_release("2025-1")
    assert poller.create().entries == ()


def test_the_message_carries_the_whole_registration(
    kss: Party, poller: WsrmPoller, new_citizen: Callable[..., Citizen]
) -> None:
    citizen = new_citizen()
    start = TODAY + timedelta(hours=8)
    response = kss.register(
        citizen.cpr, Create(Kind.KONTAKTGRUPPE, 13, start, event=TODAY - timedelta(days=3)), Channel.PRS
    )
    message = poller.drain()[0]
    assert (message.cpr, message.id, message.type, message.start, message.end) == (
        citizen.cpr,
        response,
        13,
        start,
        None,
    )
    assert message.event == TODAY - timedelta(days=3)
    assert message.registrant == identity(JOBCENTER)
