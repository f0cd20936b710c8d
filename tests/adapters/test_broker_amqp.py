"""The publisher to RabbitMQ with a connection that answers as told: what a real broker does only now and then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import aio_pika
import pytest
from support.builders import contract

from vos_reference.adapters.outbound.rabbitmq import RabbitBroker
from vos_reference.application.ports import BrokerWake
from vos_reference.testing.broker_contract import DOMAINS, JOBSEARCH, KONTAKTFORLOEB, execute, letter


class Connection:
    """A broker whose queues hold what was sent in the order sent; it answers later, and refuses each id in `refuse` once."""

    def __init__(self) -> None:
        self.queues: dict[str, list[str]] = {domain: [] for domain in DOMAINS}
        self.refuse: set[tuple[str, str]] = set()
        self.response: Callable[[], Any] = lambda: asyncio.sleep(0)
        self.is_closed = False

    async def channel(self, **choice: object) -> Connection:
        assert choice == {"publisher_confirms": True, "on_return_raises": True}
        return self

    async def declare_exchange(self, *name: object, **choice: object) -> Exchange:
        return Exchange(self)

    async def declare_queue(self, *name: object, **choice: object) -> Connection:
        return self

    async def bind(self, *name: object) -> None:
        pass

    async def close(self) -> None:
        pass


class Exchange:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def publish(self, message: aio_pika.Message, topic: str, *, mandatory: bool) -> None:
        assert mandatory
        domain, id_ = topic.partition(".")[0], str(message.message_id)
        refused = (domain, id_) in self._connection.refuse
        if refused:
            self._connection.refuse.remove((domain, id_))
        else:
            self._connection.queues[domain].append(id_)
        await self._connection.response()
        if refused:
            raise aio_pika.exceptions.DeliveryError(None, None)


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Connection:
    connection = Connection()

    async def connect(*where: object, **choice: object) -> Connection:
        return connection

    monkeypatch.setattr(aio_pika, "connect", connect)
    return connection


def broker(timeout: float = 10) -> RabbitBroker:
    return RabbitBroker("amqp://localhost/", DOMAINS, contract().names, timeout)


@pytest.mark.parametrize("nr", [1, 4, 9])
def test_afvises_en_midt_i_en_portion_kommer_ingen_senere_foer_den(connection: Connection, nr: int) -> None:
    letters = [letter(item, domain) for item in range(1, 10) for domain in (JOBSEARCH, KONTAKTFORLOEB)]
    connection.refuse = {(JOBSEARCH, f"id-{nr}")}

    async def work() -> None:
        item = broker()
        with pytest.raises(BrokerWake, match="gave an event back"):
            await item.publish(letters)
        await item.publish(letters)

    execute(work())
    ids = [f"id-{item}" for item in range(1, 10)]
    assert connection.queues[JOBSEARCH] == [*ids[: nr - 1], *ids], "a repeat has the same id"
    assert list(dict.fromkeys(connection.queues[KONTAKTFORLOEB])) == ids


def test_det_ene_domaene_venter_ikke_paa_det_andet(connection: Connection) -> None:
    """The broker confirms nothing before it has one of each."""
    meeting = asyncio.Barrier(len(DOMAINS))
    connection.response = meeting.wait
    execute(broker().publish([letter(nr, domain) for domain in DOMAINS for nr in range(1, 4)]))
    assert set(map(len, connection.queues.values())) == {3}


def test_fristen_er_for_den_naeste_bekraeftelse_og_ikke_for_portionen(connection: Connection) -> None:
    """A broker that is slow, but answers, comes to the end of the batch: otherwise it would be sent again forever."""

    async def work() -> None:
        loop, gone = asyncio.get_running_loop(), 0.0
        machine = loop.time
        loop.time = lambda: machine() + gone  # type: ignore[method-assign]  # hours pass at once

        async def slow(seconds: float) -> None:
            nonlocal gone
            gone += seconds
            for _ in range(5):
                await asyncio.sleep(0)

        item = broker(timeout=10)
        connection.response = lambda: slow(8)
        await item.publish([letter(nr) for nr in range(1, 6)])
        assert len(connection.queues[JOBSEARCH]) == 5
        connection.response = lambda: slow(12)
        with pytest.raises(BrokerWake, match=r"no confirmation within 10 seconds"):
            await item.publish([letter(6)])

    execute(work())
