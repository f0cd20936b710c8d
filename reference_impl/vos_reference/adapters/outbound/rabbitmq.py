"""Publish events to RabbitMQ: a durable topic exchange, a durable queue per business domain, persistent messages, confirms.

The names of exchange, queues and routing keys come from the contract (`vos_contracts.wire.messages.events`). There is one
connection. After any failure it is opened anew and everything is declared again, so that a broker that lost its queues gets
them back.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vos_contracts.tables.names import Names
from vos_contracts.wire.messages.events import queue
from vos_reference.application.ports import BrokerUnavailable, OutboxEvent

if TYPE_CHECKING:
    from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange

TIMEOUT_S = 10.0
"""Timeout of one confirmation (of the first one including the connection), in seconds of the machine's clock."""

CONTENT = "application/json"


class RabbitBroker:
    """Publish batches; the connection is opened at the first one, so that a stage starts also without its broker."""

    def __init__(self, url: str, domains: Sequence[str], names: Names, timeout: float = TIMEOUT_S) -> None:
        parts = urlsplit(url)
        self.name = f"{parts.hostname}:{parts.port or 5672}{parts.path or '/'}"
        self._url = url
        self._domains = domains
        self._names = names
        self._timeout = timeout
        self._connection: AbstractConnection | None = None
        self._channels: Sequence[AbstractChannel] = ()
        self._exchanges: Mapping[str, AbstractExchange] = {}

    async def publish(self, letters: Sequence[OutboxEvent]) -> None:
        """See `Broker.publish`."""
        import aio_pika  # lazy: importing aio_pika takes longer than starting the rest of the stage

        try:
            clock = asyncio.get_running_loop().time
            async with asyncio.timeout(self._timeout) as deadline:
                await self._send(letters, lambda: deadline.reschedule(clock() + self._timeout))
        except TimeoutError:
            await self.close()
            raise BrokerUnavailable(f"no confirmation within {self._timeout:g} seconds") from None
        except aio_pika.exceptions.DeliveryError as exc:  # its text holds the body, which has a CPR number
            await self.close()
            raise BrokerUnavailable(f"the broker returned an event: {type(exc).__name__}") from None
        except aio_pika.exceptions.InvalidFrameError:  # raised when the broker closes a new connection
            await self.close()
            raise BrokerUnavailable(
                f"{self.name} refused: does the virtual host exist, and may the user access it?"
            ) from None
        except aio_pika.exceptions.CONNECTION_EXCEPTIONS as exc:
            await self.close()
            raise BrokerUnavailable(f"{type(exc).__name__}: {exc}") from exc
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """See `Broker.close`."""
        connection, self._connection, self._exchanges = self._connection, None, {}
        if connection is not None:
            with contextlib.suppress(Exception):  # a broken connection cannot be closed cleanly
                await asyncio.wait_for(connection.close(), 1)

    async def _connect(self) -> Mapping[str, AbstractExchange]:
        """Connect, with one channel per domain.

        The connection is kept before it is opened, so that `close` also closes one that could not be opened: aio_pika closes
        an open one when it is garbage collected, and in the middle of an import that ended the stage with a KeyError.

        aio_pika matches a returned message by its id within a channel, and an event has the same id in every domain.
        """
        import aio_pika
        from aio_pika.connection import make_url

        await self.close()
        self._connection = aio_pika.Connection(make_url(self._url))
        await self._connection.connect(self._timeout)
        channels: list[AbstractChannel] = []
        exchanges: dict[str, AbstractExchange] = {}
        for domain in self._domains:
            channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
            exchange = await channel.declare_exchange(
                self._names.broker("exchange"), aio_pika.ExchangeType.TOPIC, durable=True
            )
            name, pattern = queue(domain, self._names)
            declared = await channel.declare_queue(name, durable=True)
            await declared.bind(exchange, pattern)
            channels.append(channel)
            exchanges[domain] = exchange
        self._channels, self._exchanges = channels, exchanges
        return exchanges

    async def _send(self, letters: Sequence[OutboxEvent], confirmed: Callable[[], None]) -> None:
        exchanges = self._exchanges
        if not exchanges or any(channel.is_closed for channel in self._channels):
            exchanges = await self._connect()
        outcomes = await asyncio.gather(
            *(
                self._send_in_order(exchange, [letter for letter in letters if letter.domain == domain], confirmed)
                for domain, exchange in exchanges.items()
            ),
            return_exceptions=True,
        )
        for outcome in outcomes:
            if isinstance(outcome, asyncio.CancelledError):  # aio_pika cancels the waiters of a channel that is lost
                raise ConnectionError("the connection was lost")
            if isinstance(outcome, BaseException):
                raise outcome

    async def _send_in_order(
        self, exchange: AbstractExchange, letters: Sequence[OutboxEvent], confirmed: Callable[[], None]
    ) -> None:
        """Send the events of one domain, each after the confirmation of the one before.

        With several unconfirmed events the broker could refuse one and accept the next, and the order would be lost.
        """
        import aio_pika

        for letter in letters:
            message = aio_pika.Message(
                letter.body,
                message_id=letter.id,
                content_type=CONTENT,
                delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            )
            await exchange.publish(message, letter.topic, mandatory=True)
            confirmed()
