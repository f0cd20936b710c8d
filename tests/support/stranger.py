"""An independent consumer of a business domain: it uses the RabbitMQ client library and no code of this project."""

from __future__ import annotations

import asyncio
from types import TracebackType

import aio_pika
from aio_pika.abc import AbstractIncomingMessage, AbstractQueue, AbstractRobustConnection

QUEUE = "VisiteringOgStatus.haendelser.{}"


class DomainConsumer:
    """A connection that consumes the queue of one domain; unacknowledged messages return when it closes."""

    def __init__(self, url: str, domain: str) -> None:
        self._url = url
        self._name = QUEUE.format(domain)
        self._messages: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
        self._connection: AbstractRobustConnection | None = None

    async def __aenter__(self) -> DomainConsumer:
        self._connection = await aio_pika.connect_robust(self._url, timeout=20)
        channel = await self._connection.channel()
        await channel.set_qos(prefetch_count=50)
        queue: AbstractQueue = await channel.get_queue(self._name)  # fails if absent: the stage declares the queue
        await queue.consume(self._messages.put)
        return self

    async def __aexit__(
        self, type_: type[BaseException] | None, errors: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._connection is not None
        await self._connection.close()

    async def next_message(self, deadline: float = 30) -> AbstractIncomingMessage:
        return await asyncio.wait_for(self._messages.get(), deadline)

    async def drain(self, quiet: float = 2) -> list[AbstractIncomingMessage]:
        """Take and acknowledge messages until none has come for `quiet` seconds."""
        messages: list[AbstractIncomingMessage] = []
        while True:
            try:
                message = await self.next_message(quiet)
            except TimeoutError:
                return messages
            await message.ack()
            messages.append(message)


async def waiting(url: str, domain: str) -> int:
    """Count the ready messages in the queue of the domain."""
    connection = await aio_pika.connect(url, timeout=20)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(QUEUE.format(domain), passive=True)
        return queue.declaration_result.message_count or 0
