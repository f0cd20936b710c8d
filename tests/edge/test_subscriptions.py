"""The sync operation of AbonnementService: full list, all or nothing, idempotent, with access checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest

from support.builders import AKASSE, JOBCENTER, KOMMUNE, NOW, STAR, contract, identity
from vos_contracts.base.ids import new_uuid
from vos_contracts.model.identity import Organisation
from vos_contracts.tables.webhooks import WsbMode
from vos_contracts.wire.base import Call
from vos_contracts.wire.rest.registration import Refusal, Rest
from vos_contracts.wire.rest.subscriptions import Subscriptions, SubscriptionWish, Synchronised
from vos_simulators.control import Control, ControlRefused
from vos_simulators.transport import HttpTransport

SYSTEM = "0193e6a0-0000-7000-8000-00000000000a"
KG, PC = 100008, 100009
DAY = NOW.date()
REST = Rest(contract())
WIRE = Subscriptions(contract(), REST)


@pytest.fixture
def system(control: Control) -> str:
    control.subscriber_system(SYSTEM, "http://127.0.0.1:9/hook", JOBCENTER, AKASSE)
    return SYSTEM


def wish(organisation: Organisation = JOBCENTER, entity: int = KG, until: date | None = None) -> SubscriptionWish:
    return SubscriptionWish(organisation, entity, "/webhook", DAY, until)


def sync(
    transport: HttpTransport, *wishes: SubscriptionWish, caller: Organisation = JOBCENTER, system: str = SYSTEM
) -> Synchronised | Refusal:
    return WIRE.understand(transport.send(WIRE.call(system, wishes, identity(caller), new_uuid())))


def test_the_list_replaces_the_former_and_the_same_list_changes_nothing(
    transport: HttpTransport, control: Control, system: str
) -> None:
    listing = wish(), wish(entity=PC), wish(AKASSE)
    assert sync(transport, *listing) == Synchronised(3, 0, 0)
    assert sync(transport, *listing) == Synchronised(0, 0, 3)
    assert sync(transport, wish(), replace(wish(AKASSE), webhook="/andet")) == Synchronised(1, 2, 1)
    assert [recipient.organisation_type for recipient in control.wsb().recipients] == [AKASSE.type, JOBCENTER.type]
    assert sync(transport) == Synchronised(0, 2, 0)
    assert control.wsb().recipients == ()


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        ((wish(AKASSE, PC),), "abonnementer[0].entityType: Personkategori (100009) kan ikke abonneres"),
        ((wish(), wish(KOMMUNE)), "abonnementer[1].orgCode: systemet kan ikke abonnere for 7/101"),
        ((wish(entity=7),), "abonnementer[0].entityType: 7 findes ikke"),
        ((wish(), wish()), "abonnementer[0].entityType: samme organisation og entitet står to gange"),
        ((wish(until=DAY - timedelta(days=1)),), "abonnementer[0].slutDato: må ikke ligge før startDato"),
        (
            (replace(wish(until=DAY - timedelta(days=1)), since=date(2024, 1, 1)),),
            "abonnementer[0].slutDato: skal være i dag eller senere",
        ),
        ((replace(wish(), webhook="https://andre.example/x"),), "abonnementer[0].webhookUrl"),
        ((replace(wish(), webhook="//andre.example/x"),), "abonnementer[0].webhookUrl"),
        ((replace(wish(), webhook="/a/../b"),), "abonnementer[0].webhookUrl"),
        ((replace(wish(), webhook="/a/%2e%2e/b"),), "abonnementer[0].webhookUrl"),
        ((replace(wish(), webhook="/a b"),), "abonnementer[0].webhookUrl"),
    ],
)
def test_one_error_refuses_the_whole_list(
    transport: HttpTransport,
    control: Control,
    system: str,
    wishes: tuple[SubscriptionWish, ...],
    field: str,
) -> None:
    assert sync(transport, wish()) == Synchronised(1, 0, 0)
    response = sync(transport, wish(entity=PC), *wishes)
    assert isinstance(response, Refusal)
    assert response.status == 400
    assert any(field.partition("].")[2] in error.description for error in response.errors), response
    assert sync(transport, wish()) == Synchronised(0, 0, 1)


def test_all_errors_of_a_list_are_told_at_once(transport: HttpTransport, system: str) -> None:
    response = sync(transport, wish(KOMMUNE, 7), replace(wish(), webhook="#"))
    assert isinstance(response, Refusal)
    assert len(response.errors) == 3


@pytest.mark.parametrize("caller", [KOMMUNE, Organisation(8, "10200")])
def test_only_the_systems_of_the_caller_can_subscribe(
    transport: HttpTransport, system: str, caller: Organisation
) -> None:
    response = sync(transport, wish(), caller=caller)
    assert isinstance(response, Refusal)
    assert [error.code for error in response.errors] == [4575]
    assert sync(transport, wish(), caller=STAR) == Synchronised(1, 0, 0)


def test_an_unknown_system_is_refused(transport: HttpTransport) -> None:
    response = sync(transport, wish(), system=new_uuid())
    assert isinstance(response, Refusal)
    assert [error.code for error in response.errors] == [4575]


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"{}", "systemIdentifier"),
        (b'{"systemIdentifier":"x","abonnementer":[]}', "systemIdentifier: skal være en uuid"),
        (b'{"systemIdentifier":"x","abonnementer":[],"andet":1}', "andet"),
        (b"\xff", ""),
        (b'{"systemIdentifier":"x","abonnementer":[{"orgType":"8"}]}', "orgType"),
    ],
)
def test_an_unreadable_list_names_the_field(transport: HttpTransport, body: bytes, rule: str) -> None:
    headers = {**REST.headers.write(identity()), "content-type": "application/json"}
    response = WIRE.understand(transport.send(Call("POST", WIRE.path, headers, body)))
    assert isinstance(response, Refusal)
    assert [error.code for error in response.errors] == [1014]
    assert rule in response.errors[0].description


@pytest.mark.parametrize("spelling", [str, str.upper, str.lower, lambda name: name[0].upper() + name[1:]])
def test_the_example_from_star_is_accepted_in_any_spelling(
    transport: HttpTransport, control: Control, spelling: Callable[[str], str]
) -> None:
    control.subscriber_system(SYSTEM, "http://localhost:9", Organisation(8, "101"))
    body = msgspec.json.encode(
        {
            spelling("systemIdentifier"): SYSTEM.upper(),
            spelling("abonnementer"): [
                {
                    spelling("orgType"): 8,
                    spelling("orgCode"): 101,
                    spelling("entityType"): KG,
                    spelling("webhookUrl"): "/webhook",
                    spelling("startDato"): "2024-01-01T00:00:00",
                    spelling("slutDato"): "2024-12-31T23:59:59",
                }
            ],
        }
    )
    headers = {**REST.headers.write(identity(STAR)), "content-type": "application/json"}
    assert WIRE.understand(transport.send(Call("POST", WIRE.path, headers, body))) == Synchronised(1, 0, 0)


def test_a_name_in_two_spellings_is_refused(transport: HttpTransport) -> None:
    body = f'{{"systemIdentifier": "{SYSTEM}", "abonnementer": [{{"orgType": 8, "ORGTYPE": 8}}]}}'.encode()
    headers = {**REST.headers.write(identity(STAR)), "content-type": "application/json"}
    response = WIRE.understand(transport.send(Call("POST", WIRE.path, headers, body)))
    assert isinstance(response, Refusal)
    assert "orgType: feltet står to gange" in response.errors[0].description


@pytest.mark.parametrize(
    "base_url",
    ["http://example.dk/", "ftp://127.0.0.1/", "http://u@127.0.0.1/", "http://10.0.0.1/", "127.0.0.1", "http://[::1"],
)
def test_only_loopback_addresses_are_accepted(control: Control, base_url: str) -> None:
    with pytest.raises(ControlRefused, match="baseUrl"):
        control.subscriber_system(SYSTEM, base_url, JOBCENTER)


def test_a_system_without_organisation_or_id_is_refused(control: Control) -> None:
    with pytest.raises(ControlRefused, match=r"organisationer.*systemIdentifier"):
        control.subscriber_system("x", "http://127.0.0.1:9")


def test_the_delivery_mode_can_be_switched(control: Control) -> None:
    assert control.wsb().state is WsbMode.OBSERVED
    assert control.wsb(WsbMode.DESIGNED).state is WsbMode.DESIGNED
    assert control.wsb(WsbMode.OBSERVED).state is WsbMode.OBSERVED
    assert control.replay() == 0
