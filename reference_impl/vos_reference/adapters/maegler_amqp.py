"""Publish events to RabbitMQ: a durable topic exchange, a durable queue per business domain, persistent messages, confirms.

Names are the contract's (`vos_contracts.wire.haendelser`). One connection, made anew after any failure, with everything that is
declared on it: a broker that lost its queues has them again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vos_contracts.navne import Navne
from vos_contracts.wire.haendelser import koe
from vos_reference.application.ports import Haendelsesbrev, MaeglerVaek

if TYPE_CHECKING:
    from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange

TIDSFRIST_S = 10.0
"""How long to wait for the next confirmation, and for a connection with the first, in seconds of the machine."""

INDHOLD = "application/json"


class RabbitMaegler:
    """A publisher; its connection is made at the first batch, so that a stage starts also where the broker is away."""

    def __init__(self, url: str, domaener: Sequence[str], navne: Navne, tidsfrist: float = TIDSFRIST_S) -> None:
        dele = urlsplit(url)
        self.navn = f"{dele.hostname}:{dele.port or 5672}{dele.path or '/'}"
        self._url = url
        self._domaener = domaener
        self._navne = navne
        self._tidsfrist = tidsfrist
        self._forbindelse: AbstractConnection | None = None
        self._kanaler: Sequence[AbstractChannel] = ()
        self._exchanges: Mapping[str, AbstractExchange] = {}

    async def publicer(self, breve: Sequence[Haendelsesbrev]) -> None:
        """See `Maegler.publicer`."""
        import aio_pika  # here, because it takes longer to import than the rest of the stage needs to start

        try:
            ur = asyncio.get_running_loop().time
            async with asyncio.timeout(self._tidsfrist) as frist:
                await self._send(breve, lambda: frist.reschedule(ur() + self._tidsfrist))
        except TimeoutError:
            await self.luk()
            raise MaeglerVaek(f"no confirmation within {self._tidsfrist:g} seconds") from None
        except aio_pika.exceptions.DeliveryError as brud:  # its text holds the body, and so a CPR number
            await self.luk()
            raise MaeglerVaek(f"the broker gave an event back: {type(brud).__name__}") from None
        except (
            aio_pika.exceptions.InvalidFrameError
        ):  # the library's words for a connection that is answered with a close
            await self.luk()
            raise MaeglerVaek(f"{self.navn} refused: is there such a virtual host, and may the user use it?") from None
        except aio_pika.exceptions.CONNECTION_EXCEPTIONS as brud:
            await self.luk()
            raise MaeglerVaek(f"{type(brud).__name__}: {brud}") from brud
        except BaseException:
            await self.luk()
            raise

    async def luk(self) -> None:
        """See `Maegler.luk`."""
        forbindelse, self._forbindelse, self._exchanges = self._forbindelse, None, {}
        if forbindelse is not None:
            with contextlib.suppress(Exception):  # what is broken cannot be closed well
                await asyncio.wait_for(forbindelse.close(), 1)

    async def _forbind(self) -> Mapping[str, AbstractExchange]:
        """Connect, with a channel to each domain: the library finds a returned message on its channel by its id, and an event
        has one id to all domains."""
        import aio_pika

        await self.luk()
        self._forbindelse = await aio_pika.connect(self._url, timeout=self._tidsfrist)
        kanaler: list[AbstractChannel] = []
        exchanges: dict[str, AbstractExchange] = {}
        for domaene in self._domaener:
            kanal = await self._forbindelse.channel(publisher_confirms=True, on_return_raises=True)
            exchange = await kanal.declare_exchange(
                self._navne.maegler("exchange"), aio_pika.ExchangeType.TOPIC, durable=True
            )
            navn, moenster = koe(domaene, self._navne)
            koe_ = await kanal.declare_queue(navn, durable=True)
            await koe_.bind(exchange, moenster)
            kanaler.append(kanal)
            exchanges[domaene] = exchange
        self._kanaler, self._exchanges = kanaler, exchanges
        return exchanges

    async def _send(self, breve: Sequence[Haendelsesbrev], bekraeftet: Callable[[], None]) -> None:
        exchanges = self._exchanges
        if not exchanges or any(en.is_closed for en in self._kanaler):
            exchanges = await self._forbind()
        svar = await asyncio.gather(
            *(
                self._send_til(exchange, [en for en in breve if en.domaene == domaene], bekraeftet)
                for domaene, exchange in exchanges.items()
            ),
            return_exceptions=True,
        )
        for et in svar:
            if isinstance(et, asyncio.CancelledError):  # the library's own way of saying that the channel went
                raise ConnectionError("the connection was lost")
            if isinstance(et, BaseException):
                raise et

    async def _send_til(
        self, exchange: AbstractExchange, breve: Sequence[Haendelsesbrev], bekraeftet: Callable[[], None]
    ) -> None:
        """Send one domain's, each when the one before is confirmed: were more on their way, the broker could refuse one and
        take the next, which its domain would then hear first."""
        import aio_pika

        for en in breve:
            besked = aio_pika.Message(
                en.krop,
                message_id=en.id,
                content_type=INDHOLD,
                delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            )
            await exchange.publish(besked, en.emne, mandatory=True)
            bekraeftet()
