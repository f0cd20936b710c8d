"""Delivery to a real WireMock with the shipped mapping packs; its request journal shows what arrived."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import httpx
import pytest
from wiremock.client import Mappings, Requests, Scenarios
from wiremock.constants import Config

from support.builders import JOBCENTER, TODAY, contract, identity
from support.wiremock_server import wiremock, wiremock_in_container
from vos_contracts.base.ids import new_uuid
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.messages.webhook import WebhookCodec, WsbMessage
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.rest.subscriptions import Subscriptions, SubscriptionWish, Synchronised
from vos_simulators import wiremock as packets
from vos_simulators.control import Control
from vos_simulators.party import Channel, Party
from vos_simulators.people import Citizen
from vos_simulators.transport import HttpTransport


@pytest.fixture(scope="module", params=["jar", "container"])
def recipient(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    start = wiremock(tmp_path_factory.mktemp("wiremock")) if request.param == "jar" else wiremock_in_container()
    with start as address:
        Config.base_url = f"{address}/__admin"
        yield address


def load(address: str, name: str) -> None:
    Mappings.delete_all_mappings()
    httpx.delete(
        f"{address}/__admin/requests", trust_env=False
    ).raise_for_status()  # the Python client calls WireMock 2's path
    response = httpx.post(f"{address}/__admin/mappings/import", content=packets.packet(name), trust_env=False)
    assert response.status_code == 200, response.text
    Scenarios.reset_all_scenarios()


def arrived() -> list[tuple[str, WsbMessage]]:
    """Return the messages in WireMock's request journal, oldest first."""
    requests = [item.request for item in Requests.get_all_received_requests().requests]
    wsb = WebhookCodec(contract())
    return [(request.url, wsb.read(request.body.encode())) for request in reversed(requests)]


REPEATED = {
    "accepts": 0,
    "fails-three-times": 3,
    "resets-once": 1,
    "answers-nothing-once": 1,
    "answers-garbage-once": 1,
    "slow": 0,
    "redirects-once": 1,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", packets.PACKS)
def test_every_mapping_pack_ends_with_all_messages_delivered_in_order(
    recipient: str, control: Control, transport: HttpTransport, new_citizen: Callable[..., Citizen], name: str
) -> None:
    load(recipient, name)
    system = new_uuid()
    control.subscriber_system(system, f"{recipient}/base", JOBCENTER)
    wire = Subscriptions(contract(), Rest(contract()))
    wishes = [SubscriptionWish(JOBCENTER, 100008, "/wsb", TODAY.date())]
    response = transport.send(wire.call(system, wishes, identity(), new_uuid()))
    assert wire.understand(response) == Synchronised(1, 0, 0)
    citizen = new_citizen()
    kss = Party(identity(), contract(), transport, new_uuid)
    for group in (13, 4, 2):
        assert isinstance(kss.register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, group, TODAY), Channel.PVS), str)
        control.move_clock(forward=3600)
    assert [(item.waiting, item.dead) for item in control.wsb().recipients] == [(0, 0)]
    findings = arrived()
    assert {path for path, _ in findings} == {"/base/wsb"}, "a redirect was followed"
    single = list({message.message_id: message for _, message in findings}.values())
    assert [item.change_type for item in single] == [1, 2, 1, 2, 1]
    assert len(findings) - len(single) == REPEATED[name]


def test_all_mapping_packs_are_valid_and_listed() -> None:
    assert set(REPEATED) == {*packets.PACKS} == {*packets.everyone()}
    for name, content in packets.everyone().items():
        assert json.loads(content)["mappings"], name
