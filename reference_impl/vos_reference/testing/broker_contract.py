"""The behavioural contract test of the `Maegler` port; every adapter's tests inherit `MaeglerKontrakt`.

Subclass it in a test module and provide the fixture `opstilling`: a broker, listeners to it as a domain has them, and how it
goes away and comes back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Protocol, TypeVar

import pytest

from vos_reference.application.ports import Haendelsesbrev, Maegler, MaeglerVaek

JOBSEARCH, KONTAKTFORLOEB = "JobSearch", "Kontaktforloeb"
DOMAENER = (JOBSEARCH, KONTAKTFORLOEB, "Virksomhedsindsats")
FRIST_S = 30.0
T = TypeVar("T")


class Lytter(Protocol):
    """A domain's own client."""

    async def modtag(self) -> tuple[str, str, bytes]:
        """Wait for the next event and take it: id, routing key, body."""
        ...

    async def kvitter(self) -> None:
        """Acknowledge the event that was taken last."""
        ...

    async def luk(self) -> None:
        """Go away without a word about what was not acknowledged."""
        ...


class Opstilling(Protocol):
    """A broker whose queues are empty, for one test."""

    def maegler(self) -> Maegler:
        """Make a publisher to the domains of `DOMAENER`."""
        ...

    async def lyt(self, domaene: str) -> Lytter:
        """Listen as that domain; the publisher has been there before."""
        ...

    async def venter(self, domaene: str) -> int:
        """Count what is in the domain's queue and taken by nobody."""
        ...

    async def tag_ned(self) -> None:
        """Take the broker away."""
        ...

    async def tag_op(self) -> None:
        """Bring it back with what it had."""
        ...


def brev(nr: int, domaene: str = JOBSEARCH) -> Haendelsesbrev:
    """Make an event."""
    return Haendelsesbrev(
        domaene, nr, f"id-{nr}", f"{domaene}.kontaktgruppe.oprettet", b'{"nr":%d,"oe":"\xc3\xb8"}' % nr
    )


def koer(arbejde: Coroutine[Any, Any, T]) -> T:
    """Run a test's work in a loop of its own; no wait in it lasts longer than the limit."""
    return asyncio.run(asyncio.wait_for(arbejde, 4 * FRIST_S))


async def tag(lytter: Lytter, antal: int) -> list[str]:
    """Take and acknowledge that many events; return their ids."""
    ider: list[str] = []
    for _ in range(antal):
        id_, _, _ = await asyncio.wait_for(lytter.modtag(), FRIST_S)
        await lytter.kvitter()
        ider.append(id_)
    return ider


async def _til_den_er_der(publicer: Callable[[], Awaitable[None]]) -> int:
    """Publish until the broker takes it; return how often it did not."""
    for gang in range(60):
        try:
            await publicer()
        except MaeglerVaek:
            await asyncio.sleep(0.5)
        else:
            return gang
    raise AssertionError("the broker did not come back")


def _ider(breve: Sequence[Haendelsesbrev]) -> list[str]:
    return [en.id for en in breve]


class MaeglerKontrakt:
    """What every broker must do."""

    def test_hvert_domaene_faar_sine_egne_i_orden(self, opstilling: Opstilling) -> None:
        """In the order of the batch, across batches, with id, routing key and body as they were given."""

        async def arbejde() -> None:
            maegler = opstilling.maegler()
            breve = [brev(nr, DOMAENER[nr % 2]) for nr in range(1, 201)]
            await maegler.publicer(breve[:150])
            await maegler.publicer(breve[150:])
            for domaene in DOMAENER[:2]:
                lytter = await opstilling.lyt(domaene)
                egne = [en for en in breve if en.domaene == domaene]
                id_, emne, krop = await asyncio.wait_for(lytter.modtag(), FRIST_S)
                await lytter.kvitter()
                assert (id_, emne, krop) == (egne[0].id, egne[0].emne, egne[0].krop)
                assert await tag(lytter, len(egne) - 1) == _ider(egne[1:])
                await lytter.luk()
            assert [await opstilling.venter(en) for en in DOMAENER] == [0, 0, 0]
            await maegler.luk()

        koer(arbejde())

    def test_det_er_der_naar_der_er_svaret(self, opstilling: Opstilling) -> None:
        """When the call returns, the events are in the queue: also one event, with one id, to several domains."""

        async def arbejde() -> None:
            maegler = opstilling.maegler()
            await maegler.publicer([])
            assert [await opstilling.venter(en) for en in DOMAENER] == [0, 0, 0]
            await maegler.publicer([brev(1, JOBSEARCH), brev(1, KONTAKTFORLOEB), brev(2, JOBSEARCH)])
            assert [await opstilling.venter(en) for en in DOMAENER] == [2, 1, 0]
            await maegler.luk()
            assert [await opstilling.venter(en) for en in DOMAENER] == [2, 1, 0]

        koer(arbejde())

    def test_det_der_ikke_blev_kvitteret_kommer_igen(self, opstilling: Opstilling) -> None:
        """What a listener took and did not acknowledge comes to the next one, in front and in order."""

        async def arbejde() -> None:
            maegler = opstilling.maegler()
            await maegler.publicer([brev(nr) for nr in range(1, 6)])
            lytter = await opstilling.lyt(JOBSEARCH)
            assert await tag(lytter, 1) == ["id-1"]
            for nr in (2, 3):
                assert (await asyncio.wait_for(lytter.modtag(), FRIST_S))[0] == f"id-{nr}"
            await lytter.luk()
            await maegler.publicer([brev(6)])
            naeste = await opstilling.lyt(JOBSEARCH)
            assert await tag(naeste, 5) == [f"id-{nr}" for nr in range(2, 7)]
            await naeste.luk()
            assert await opstilling.venter(JOBSEARCH) == 0
            await maegler.luk()

        koer(arbejde())

    def test_en_maegler_der_er_vaek_er_en_fejl_og_intet_er_tabt(self, opstilling: Opstilling) -> None:
        """It says that it is away, in time and whatever it is asked; what it confirmed is there when it comes back."""

        async def arbejde() -> None:
            maegler = opstilling.maegler()
            await maegler.publicer([brev(1), brev(2)])
            await opstilling.tag_ned()
            for breve in ([brev(3), brev(4)], []):
                with pytest.raises(MaeglerVaek):
                    await asyncio.wait_for(maegler.publicer(breve), FRIST_S)
            await opstilling.tag_op()
            await _til_den_er_der(lambda: maegler.publicer([brev(3), brev(4)]))
            lytter = await opstilling.lyt(JOBSEARCH)
            ider = await tag(lytter, 4)
            assert list(dict.fromkeys(ider)) == ["id-1", "id-2", "id-3", "id-4"]
            await lytter.luk()
            await maegler.luk()

        koer(arbejde())
