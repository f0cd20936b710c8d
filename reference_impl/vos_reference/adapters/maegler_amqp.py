"""Publish events to RabbitMQ: a durable topic exchange, a durable queue per business domain, persistent messages, confirms.

Names are the contract's (`vos_contracts.wire.haendelser`). One connection, made anew after any failure, with everything that is
declared on it: a broker that lost its queues has them again.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vos_contracts.navne import Navne
from vos_contracts.wire.haendelser import koe
from vos_reference.application.maegler import Haendelsesbrev, MaeglerVaek

if TYPE_CHECKING:
    from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange

TIDSFRIST_S = 10.0
"""How long a batch may take, with connecting, in seconds of the machine."""

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
        self._kanal: AbstractChannel | None = None
        self._exchange: AbstractExchange | None = None

    async def publicer(self, breve: Sequence[Haendelsesbrev]) -> None:
        """See `Maegler.publicer`."""
        import aio_pika  # here, because it takes longer to import than the rest of the stage needs to start

        try:
            async with asyncio.timeout(self._tidsfrist):
                exchange = self._exchange
                if exchange is None or self._kanal is None or self._kanal.is_closed:
                    exchange = await self._forbind()
                await self._send(exchange, breve)
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
        forbindelse, self._forbindelse, self._exchange = self._forbindelse, None, None
        if forbindelse is not None:
            with contextlib.suppress(Exception):  # what is broken cannot be closed well
                await asyncio.wait_for(forbindelse.close(), 1)

    async def _forbind(self) -> AbstractExchange:
        import aio_pika

        await self.luk()
        self._forbindelse = await aio_pika.connect(self._url, timeout=self._tidsfrist)
        self._kanal = kanal = await self._forbindelse.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await kanal.declare_exchange(
            self._navne.maegler("exchange"), aio_pika.ExchangeType.TOPIC, durable=True
        )
        for domaene in self._domaener:
            navn, moenster = koe(domaene, self._navne)
            koe_ = await kanal.declare_queue(navn, durable=True)
            await koe_.bind(exchange, moenster)
        self._exchange = exchange
        return exchange

    async def _send(self, exchange: AbstractExchange, breve: Sequence[Haendelsesbrev]) -> None:
        """Send one domain's at a time: the library finds a returned message by its id, and an event has one to all domains."""
        import aio_pika

        for _, egne in itertools.groupby(sorted(breve, key=lambda en: en.domaene), key=lambda en: en.domaene):
            beskeder = [
                (
                    aio_pika.Message(
                        en.krop,
                        message_id=en.id,
                        content_type=INDHOLD,
                        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
                    ),
                    en.emne,
                )
                for en in egne
            ]
            svar = await asyncio.gather(
                *(exchange.publish(besked, emne, mandatory=True) for besked, emne in beskeder),
                return_exceptions=True,
            )
            for et in svar:
                if isinstance(et, asyncio.CancelledError):  # the library's own way of saying that the channel went
                    raise ConnectionError("the connection was lost")
                if isinstance(et, BaseException):
                    raise et
