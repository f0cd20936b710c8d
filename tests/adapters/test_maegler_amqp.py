"""The publisher to RabbitMQ with a connection that answers as told: what a real broker does only now and then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import aio_pika
import pytest

from byggeklodser import kontrakt
from vos_reference.adapters.maegler_amqp import RabbitMaegler
from vos_reference.application.ports import MaeglerVaek
from vos_reference.testing.broker_contract import DOMAENER, JOBSEARCH, KONTAKTFORLOEB, brev, koer


class Forbindelse:
    """A broker whose queues hold what was sent in the order sent; it answers later, and refuses each id in `afvis` once."""

    def __init__(self) -> None:
        self.koeer: dict[str, list[str]] = {en: [] for en in DOMAENER}
        self.afvis: set[tuple[str, str]] = set()
        self.svar: Callable[[], Any] = lambda: asyncio.sleep(0)
        self.is_closed = False

    async def channel(self, **valg: object) -> Forbindelse:
        assert valg == {"publisher_confirms": True, "on_return_raises": True}
        return self

    async def declare_exchange(self, *navn: object, **valg: object) -> Exchange:
        return Exchange(self)

    async def declare_queue(self, *navn: object, **valg: object) -> Forbindelse:
        return self

    async def bind(self, *navn: object) -> None:
        pass

    async def close(self) -> None:
        pass


class Exchange:
    def __init__(self, forbindelse: Forbindelse) -> None:
        self._forbindelse = forbindelse

    async def publish(self, besked: aio_pika.Message, emne: str, *, mandatory: bool) -> None:
        assert mandatory
        domaene, id_ = emne.partition(".")[0], str(besked.message_id)
        afvist = (domaene, id_) in self._forbindelse.afvis
        if afvist:
            self._forbindelse.afvis.remove((domaene, id_))
        else:
            self._forbindelse.koeer[domaene].append(id_)
        await self._forbindelse.svar()
        if afvist:
            raise aio_pika.exceptions.DeliveryError(None, None)


@pytest.fixture
def forbindelse(monkeypatch: pytest.MonkeyPatch) -> Forbindelse:
    forbindelse = Forbindelse()

    async def connect(*hvor: object, **valg: object) -> Forbindelse:
        return forbindelse

    monkeypatch.setattr(aio_pika, "connect", connect)
    return forbindelse


def maegler(tidsfrist: float = 10) -> RabbitMaegler:
    return RabbitMaegler("amqp://localhost/", DOMAENER, kontrakt().navne, tidsfrist)


@pytest.mark.parametrize("nr", [1, 4, 9])
def test_afvises_en_midt_i_en_portion_kommer_ingen_senere_foer_den(forbindelse: Forbindelse, nr: int) -> None:
    breve = [brev(en, domaene) for en in range(1, 10) for domaene in (JOBSEARCH, KONTAKTFORLOEB)]
    forbindelse.afvis = {(JOBSEARCH, f"id-{nr}")}

    async def arbejde() -> None:
        en = maegler()
        with pytest.raises(MaeglerVaek, match="gave an event back"):
            await en.publicer(breve)
        await en.publicer(breve)

    koer(arbejde())
    ider = [f"id-{en}" for en in range(1, 10)]
    assert forbindelse.koeer[JOBSEARCH] == [*ider[: nr - 1], *ider], "a repeat has the same id"
    assert list(dict.fromkeys(forbindelse.koeer[KONTAKTFORLOEB])) == ider


def test_det_ene_domaene_venter_ikke_paa_det_andet(forbindelse: Forbindelse) -> None:
    """The broker confirms nothing before it has one of each."""
    moede = asyncio.Barrier(len(DOMAENER))
    forbindelse.svar = moede.wait
    koer(maegler().publicer([brev(nr, domaene) for domaene in DOMAENER for nr in range(1, 4)]))
    assert set(map(len, forbindelse.koeer.values())) == {3}


def test_fristen_er_for_den_naeste_bekraeftelse_og_ikke_for_portionen(forbindelse: Forbindelse) -> None:
    """A broker that is slow, but answers, comes to the end of the batch: otherwise it would be sent again forever."""

    async def arbejde() -> None:
        loop, gaaet = asyncio.get_running_loop(), 0.0
        maskinens = loop.time
        loop.time = lambda: maskinens() + gaaet  # type: ignore[method-assign]  # hours pass at once

        async def langsom(sekunder: float) -> None:
            nonlocal gaaet
            gaaet += sekunder
            for _ in range(5):
                await asyncio.sleep(0)

        en = maegler(tidsfrist=10)
        forbindelse.svar = lambda: langsom(8)
        await en.publicer([brev(nr) for nr in range(1, 6)])
        assert len(forbindelse.koeer[JOBSEARCH]) == 5
        forbindelse.svar = lambda: langsom(12)
        with pytest.raises(MaeglerVaek, match=r"no confirmation within 10 seconds"):
            await en.publicer([brev(6)])

    koer(arbejde())
