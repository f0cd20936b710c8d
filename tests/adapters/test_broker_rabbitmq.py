from __future__ import annotations

import asyncio

import aio_pika
import pytest
from aio_pika.abc import AbstractIncomingMessage

from support.builders import contract
from support.rabbitmq import Rabbit, free_port
from support.stranger import QUEUE, DomainConsumer, waiting
from vos_reference.adapters.outbound.rabbitmq import RabbitBroker
from vos_reference.application.ports import BrokerUnavailable
from vos_reference.testing.broker_contract import (
    DOMAINS,
    JOBSEARCH,
    BrokerContract,
    BrokerListener,
    BrokerSetup,
    execute,
    letter,
)

EXCHANGE = "VisiteringOgStatus.haendelser"


class ConsumerListener:
    def __init__(self, consumer: DomainConsumer) -> None:
        self._foreign = consumer
        self._last: AbstractIncomingMessage | None = None

    async def receive(self) -> tuple[str, str, bytes]:
        message = self._last = await self._foreign.next_message()
        return message.message_id or "", message.routing_key or "", message.body

    async def acknowledge(self) -> None:
        assert self._last is not None
        await self._last.ack()

    async def close(self) -> None:
        await self._foreign.__aexit__(None, None, None)


class RabbitSetup:
    def __init__(self, rabbit: Rabbit) -> None:
        self._rabbit = rabbit

    def broker(self, url: str | None = None) -> RabbitBroker:
        return RabbitBroker(url or self._rabbit.url, DOMAINS, contract().names)

    async def listen(self, domain: str) -> BrokerListener:
        return ConsumerListener(await DomainConsumer(self._rabbit.url, domain).__aenter__())

    async def waiting(self, domain: str) -> int:
        return await waiting(self._rabbit.url, domain)

    async def stop(self) -> None:
        await asyncio.to_thread(self._rabbit.kill)

    async def restart(self) -> None:
        await asyncio.to_thread(self._rabbit.start)

    async def delete_queue(self, domain: str) -> None:
        async with await aio_pika.connect(self._rabbit.url, timeout=20) as connection:
            await (await connection.channel()).queue_delete(QUEUE.format(domain))

    async def clear(self) -> None:
        async with await aio_pika.connect(self._rabbit.url, timeout=20) as connection:
            channel = await connection.channel()
            for domain in DOMAINS:
                await channel.queue_delete(QUEUE.format(domain))
            await channel.exchange_delete(EXCHANGE)


@pytest.fixture
def setup(rabbit: Rabbit) -> RabbitSetup:
    setup = RabbitSetup(rabbit)
    asyncio.run(setup.clear())
    return setup


class TestRabbit(BrokerContract):
    @pytest.fixture
    def setup(self, setup: RabbitSetup) -> BrokerSetup:
        return setup


def test_a_message_is_persistent_and_carries_the_event_id(setup: RabbitSetup, rabbit: Rabbit) -> None:
    async def work() -> None:
        broker = setup.broker()
        await broker.publish([letter(1)])
        async with DomainConsumer(rabbit.url, JOBSEARCH) as consumer:
            message = await consumer.next_message()
            await message.ack()
        assert message.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
        assert (message.message_id, message.exchange, message.content_type) == ("id-1", EXCHANGE, "application/json")
        async with await aio_pika.connect(rabbit.url) as connection:
            channel = await connection.channel()
            await channel.declare_exchange(
                EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True
            )  # an error if it is another
            for domain in DOMAINS:
                await channel.declare_queue(QUEUE.format(domain), durable=True)
        await broker.close()

    execute(work())


def test_without_a_queue_nothing_is_confirmed_and_the_next_attempt_declares_it(setup: RabbitSetup) -> None:
    async def work() -> None:
        broker = setup.broker()
        await broker.publish([])
        await setup.delete_queue(JOBSEARCH)
        with pytest.raises(BrokerUnavailable, match="returned an event") as errors:
            await broker.publish([letter(1, "Kontaktforloeb"), letter(1, JOBSEARCH)])
        assert "oe" not in str(errors.value), "the body may hold a CPR number"
        await broker.publish([letter(1, JOBSEARCH)])
        assert await setup.waiting(JOBSEARCH) == 1
        await broker.close()

    execute(work())


def test_a_broker_that_does_not_answer_is_unavailable_after_the_timeout(setup: RabbitSetup, rabbit: Rabbit) -> None:
    async def work() -> None:
        broker = RabbitBroker(rabbit.url, DOMAINS, contract().names, timeout=2)
        await broker.publish([])
        with rabbit.stopped():
            for _ in range(2):
                with pytest.raises(BrokerUnavailable, match=r"no confirmation within 2 seconds"):
                    await asyncio.wait_for(broker.publish([letter(1)]), 10)
        await broker.close()

    execute(work())


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("amqp://guest:secret@127.0.0.1:{port}/", "ACCESS_REFUSED|Authentication"),
        ("amqp://guest:guest@127.0.0.1:{port}/ukendt", "/ukendt refused: does the virtual host exist"),
        ("amqp://guest:secret@127.0.0.1:{free}/", "Connect"),
    ],
    ids=["password", "vhost", "port"],
)
def test_the_reason_for_a_failed_connection_does_not_show_the_password(
    setup: RabbitSetup, rabbit: Rabbit, url: str, reason: str
) -> None:
    async def work() -> None:
        broker = setup.broker(url.format(port=rabbit.port, free=free_port()))
        with pytest.raises(BrokerUnavailable, match=reason) as errors:
            await broker.publish([letter(1)])
        assert "secret" not in str(errors.value) + broker.name
        assert "\n" not in str(errors.value)
        await broker.close()

    execute(work())
