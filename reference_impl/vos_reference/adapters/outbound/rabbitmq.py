"""Publish events to RabbitMQ: a durable topic exchange, a durable queue per business domain, persistent messages, confirms.

Names are the contract's (`vos_contracts.wire.messages.events`). One connection, made anew after any failure, with everything that is
declared on it: a broker that lost its queues has them again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vos_contracts.tables.names import Names
from vos_contracts.wire.messages.events import queue
from vos_reference.application.ports import BrokerWake, EventLetter

if TYPE_CHECKING:
    from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange

TIMEOUT_S = 10.0
"""How long to wait for the next confirmation, and for a connection with the first, in seconds of the machine."""

CONTENT = "application/json"


class RabbitBroker:
    """A publisher; its connection is made at the first batch, so that a stage starts also where the broker is away."""

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

    async def publish(self, letters: Sequence[EventLetter]) -> None:
        """See `Broker.publish`."""
        import aio_pika  # here, because it takes longer to import than the rest of the stage needs to start

        try:
            clock = asyncio.get_running_loop().time
            async with asyncio.timeout(self._timeout) as deadline:
                await self._send(letters, lambda: deadline.reschedule(clock() + self._timeout))
        except TimeoutError:
            await self.close()
            raise BrokerWake(f"no confirmation within {self._timeout:g} seconds") from None
        except aio_pika.exceptions.DeliveryError as exc:  # its text holds the body, and so a CPR number
            await self.close()
            raise BrokerWake(f"the broker gave an event back: {type(exc).__name__}") from None
        except (
            aio_pika.exceptions.InvalidFrameError
        ):  # the library's words for a connection that is answered with a close
            await self.close()
            raise BrokerWake(f"{self.name} refused: is there such a virtual host, and may the user use it?") from None
        except aio_pika.exceptions.CONNECTION_EXCEPTIONS as exc:
            await self.close()
            raise BrokerWake(f"{type(exc).__name__}: {exc}") from exc
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """See `Broker.close`."""
        connection, self._connection, self._exchanges = self._connection, None, {}
        if connection is not None:
            with contextlib.suppress(Exception):  # what is broken cannot be closed well
                await asyncio.wait_for(connection.close(), 1)

    async def _connect(self) -> Mapping[str, AbstractExchange]:
        """Connect, with a channel to each domain: the library finds a returned message on its channel by its id, and an event
        has one id to all domains."""
        import aio_pika

        await self.close()
        self._connection = await aio_pika.connect(self._url, timeout=self._timeout)
        channels: list[AbstractChannel] = []
        exchanges: dict[str, AbstractExchange] = {}
        for domain in self._domains:
            channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
            exchange = await channel.declare_exchange(
                self._names.broker("exchange"), aio_pika.ExchangeType.TOPIC, durable=True
            )
            name, pattern = queue(domain, self._names)
            queue_ = await channel.declare_queue(name, durable=True)
            await queue_.bind(exchange, pattern)
            channels.append(channel)
            exchanges[domain] = exchange
        self._channels, self._exchanges = channels, exchanges
        return exchanges

    async def _send(self, letters: Sequence[EventLetter], confirmed: Callable[[], None]) -> None:
        exchanges = self._exchanges
        if not exchanges or any(item.is_closed for item in self._channels):
            exchanges = await self._connect()
        response = await asyncio.gather(
            *(
                self._send_until(exchange, [letter for letter in letters if letter.domain == domain], confirmed)
                for domain, exchange in exchanges.items()
            ),
            return_exceptions=True,
        )
        for item in response:
            if isinstance(item, asyncio.CancelledError):  # the library's own way of saying that the channel went
                raise ConnectionError("the connection was lost")
            if isinstance(item, BaseException):
                raise item

    async def _send_until(
        self, exchange: AbstractExchange, letters: Sequence[EventLetter], confirmed: Callable[[], None]
    ) -> None:
        """Send one domain's, each when the one before is confirmed: were more on their way, the broker could refuse one and
        take the next, which its domain would then hear first."""
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
