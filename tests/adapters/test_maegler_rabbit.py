from __future__ import annotations

import asyncio

import aio_pika
import pytest
from aio_pika.abc import AbstractIncomingMessage
from fremmed import KOE, Fremmed, venter
from rabbitmq import Rabbit, ledig_port

from byggeklodser import kontrakt
from vos_reference.adapters.maegler_amqp import RabbitMaegler
from vos_reference.application.ports import MaeglerVaek
from vos_reference.testing.broker_contract import DOMAENER, JOBSEARCH, Lytter, MaeglerKontrakt, Opstilling, brev, koer

EXCHANGE = "VisiteringOgStatus.haendelser"


class Lytteren:
    def __init__(self, fremmed: Fremmed) -> None:
        self._fremmed = fremmed
        self._sidste: AbstractIncomingMessage | None = None

    async def modtag(self) -> tuple[str, str, bytes]:
        besked = self._sidste = await self._fremmed.naeste()
        return besked.message_id or "", besked.routing_key or "", besked.body

    async def kvitter(self) -> None:
        assert self._sidste is not None
        await self._sidste.ack()

    async def luk(self) -> None:
        await self._fremmed.__aexit__(None, None, None)


class Rabbitopstilling:
    def __init__(self, rabbit: Rabbit) -> None:
        self._rabbit = rabbit

    def maegler(self, url: str | None = None) -> RabbitMaegler:
        return RabbitMaegler(url or self._rabbit.url, DOMAENER, kontrakt().navne)

    async def lyt(self, domaene: str) -> Lytter:
        return Lytteren(await Fremmed(self._rabbit.url, domaene).__aenter__())

    async def venter(self, domaene: str) -> int:
        return await venter(self._rabbit.url, domaene)

    async def tag_ned(self) -> None:
        await asyncio.to_thread(self._rabbit.draeb)

    async def tag_op(self) -> None:
        await asyncio.to_thread(self._rabbit.start)

    async def slet_koe(self, domaene: str) -> None:
        async with await aio_pika.connect(self._rabbit.url, timeout=20) as forbindelse:
            await (await forbindelse.channel()).queue_delete(KOE.format(domaene))

    async def ryd(self) -> None:
        async with await aio_pika.connect(self._rabbit.url, timeout=20) as forbindelse:
            kanal = await forbindelse.channel()
            for domaene in DOMAENER:
                await kanal.queue_delete(KOE.format(domaene))
            await kanal.exchange_delete(EXCHANGE)


@pytest.fixture
def opstilling(rabbit: Rabbit) -> Rabbitopstilling:
    opstilling = Rabbitopstilling(rabbit)
    asyncio.run(opstilling.ryd())
    return opstilling


class TestRabbit(MaeglerKontrakt):
    @pytest.fixture
    def opstilling(self, opstilling: Rabbitopstilling) -> Opstilling:
        return opstilling


def test_en_besked_er_varig_og_baerer_haendelsens_id(opstilling: Rabbitopstilling, rabbit: Rabbit) -> None:
    async def arbejde() -> None:
        maegler = opstilling.maegler()
        await maegler.publicer([brev(1)])
        async with Fremmed(rabbit.url, JOBSEARCH) as fremmed:
            besked = await fremmed.naeste()
            await besked.ack()
        assert besked.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
        assert (besked.message_id, besked.exchange, besked.content_type) == ("id-1", EXCHANGE, "application/json")
        async with await aio_pika.connect(rabbit.url) as forbindelse:
            kanal = await forbindelse.channel()
            await kanal.declare_exchange(
                EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True
            )  # an error if it is another
            for domaene in DOMAENER:
                await kanal.declare_queue(KOE.format(domaene), durable=True)
        await maegler.luk()

    koer(arbejde())


def test_uden_en_koe_der_tager_imod_er_intet_bekraeftet_og_naeste_gang_er_den_der(opstilling: Rabbitopstilling) -> None:
    async def arbejde() -> None:
        maegler = opstilling.maegler()
        await maegler.publicer([])
        await opstilling.slet_koe(JOBSEARCH)
        with pytest.raises(MaeglerVaek, match="gave an event back") as fejl:
            await maegler.publicer([brev(1, "Kontaktforloeb"), brev(1, JOBSEARCH)])
        assert "oe" not in str(fejl.value), "the body may hold a CPR number"
        await maegler.publicer([brev(1, JOBSEARCH)])
        assert await opstilling.venter(JOBSEARCH) == 1
        await maegler.luk()

    koer(arbejde())


def test_en_maegler_der_ikke_svarer_er_vaek_naar_fristen_er_gaaet(opstilling: Rabbitopstilling, rabbit: Rabbit) -> None:
    async def arbejde() -> None:
        maegler = RabbitMaegler(rabbit.url, DOMAENER, kontrakt().navne, tidsfrist=2)
        await maegler.publicer([])
        with rabbit.standset():
            for _ in range(2):
                with pytest.raises(MaeglerVaek, match=r"no confirmation within 2 seconds"):
                    await asyncio.wait_for(maegler.publicer([brev(1)]), 10)
        await maegler.luk()

    koer(arbejde())


@pytest.mark.parametrize(
    ("url", "grund"),
    [
        ("amqp://guest:hemmelig@127.0.0.1:{port}/", "ACCESS_REFUSED|Authentication"),
        ("amqp://guest:guest@127.0.0.1:{port}/ukendt", "/ukendt refused: is there such a virtual host"),
        ("amqp://guest:hemmelig@127.0.0.1:{ledig}/", "Connect"),
    ],
    ids=["password", "vhost", "port"],
)
def test_hvorfor_den_er_vaek_siges_uden_adgangskoden(
    opstilling: Rabbitopstilling, rabbit: Rabbit, url: str, grund: str
) -> None:
    async def arbejde() -> None:
        maegler = opstilling.maegler(url.format(port=rabbit.port, ledig=ledig_port()))
        with pytest.raises(MaeglerVaek, match=grund) as fejl:
            await maegler.publicer([brev(1)])
        assert "hemmelig" not in str(fejl.value) + maegler.navn
        assert "\n" not in str(fejl.value)
        await maegler.luk()

    koer(arbejde())
