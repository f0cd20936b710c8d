"""A business domain's own consumer, straight from the RabbitMQ client library: it knows the names and nothing of ours."""

from __future__ import annotations

import asyncio
from types import TracebackType

import aio_pika
from aio_pika.abc import AbstractIncomingMessage, AbstractQueue, AbstractRobustConnection

KOE = "VisiteringOgStatus.haendelser.{}"


class Fremmed:
    """A connection of a domain's; what it took and has not acknowledged comes again when it goes."""

    def __init__(self, url: str, domaene: str) -> None:
        self._url = url
        self._navn = KOE.format(domaene)
        self._beskeder: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
        self._forbindelse: AbstractRobustConnection | None = None

    async def __aenter__(self) -> Fremmed:
        self._forbindelse = await aio_pika.connect_robust(self._url, timeout=20)
        kanal = await self._forbindelse.channel()
        await kanal.set_qos(prefetch_count=50)
        koe: AbstractQueue = await kanal.get_queue(self._navn)  # there already, or an error: the stage declares it
        await koe.consume(self._beskeder.put)
        return self

    async def __aexit__(
        self, type_: type[BaseException] | None, fejl: BaseException | None, spor: TracebackType | None
    ) -> None:
        assert self._forbindelse is not None
        await self._forbindelse.close()

    async def naeste(self, frist: float = 30) -> AbstractIncomingMessage:
        return await asyncio.wait_for(self._beskeder.get(), frist)

    async def alle(self, stille: float = 2) -> list[AbstractIncomingMessage]:
        """Take and acknowledge what there is, until nothing has come for a while."""
        beskeder: list[AbstractIncomingMessage] = []
        while True:
            try:
                besked = await self.naeste(stille)
            except TimeoutError:
                return beskeder
            await besked.ack()
            beskeder.append(besked)


async def venter(url: str, domaene: str) -> int:
    """Count what is ready in the domain's queue."""
    forbindelse = await aio_pika.connect(url, timeout=20)
    async with forbindelse:
        kanal = await forbindelse.channel()
        koe = await kanal.declare_queue(KOE.format(domaene), passive=True)
        return koe.declaration_result.message_count or 0
