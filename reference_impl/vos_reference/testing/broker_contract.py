"""The behavioural contract test of the `Broker` port; every adapter's tests inherit `BrokerContract`.

Subclass it in a test module and provide the fixture `setup`: a broker, listeners to it as a domain has them, and how it
goes away and comes back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Protocol, TypeVar

import pytest

from vos_reference.application.ports import Broker, BrokerWake, EventLetter

JOBSEARCH, KONTAKTFORLOEB = "JobSearch", "Kontaktforloeb"
DOMAINS = (JOBSEARCH, KONTAKTFORLOEB, "Virksomhedsindsats")
DEADLINE_S = 30.0
T = TypeVar("T")


class Listener(Protocol):
    """A domain's own client."""

    async def receive_body(self) -> tuple[str, str, bytes]:
        """Wait for the next event and take it: id, routing key, body."""
        ...

    async def acknowledge(self) -> None:
        """Acknowledge the event that was taken last."""
        ...

    async def close(self) -> None:
        """Go away without a word about what was not acknowledged."""
        ...


class Setup(Protocol):
    """A broker whose queues are empty, for one test."""

    def broker(self) -> Broker:
        """Make a publisher to the domains of `DOMAINS`."""
        ...

    async def listen(self, domain: str) -> Listener:
        """Listen as that domain; the publisher has been there before."""
        ...

    async def waiting(self, domain: str) -> int:
        """Count what is in the domain's queue and taken by nobody."""
        ...

    async def tag_down(self) -> None:
        """Take the broker away."""
        ...

    async def tag_op(self) -> None:
        """Bring it back with what it had."""
        ...


def letter(nr: int, domain: str = JOBSEARCH) -> EventLetter:
    """Make an event."""
    return EventLetter(domain, nr, f"id-{nr}", f"{domain}.kontaktgruppe.oprettet", b'{"nr":%d,"oe":"\xc3\xb8"}' % nr)


def execute(work: Coroutine[Any, Any, T]) -> T:
    """Run a test's work in a loop of its own; no wait in it lasts longer than the limit."""
    return asyncio.run(asyncio.wait_for(work, 4 * DEADLINE_S))


async def tag(listener: Listener, count: int) -> list[str]:
    """Take and acknowledge that many events; return their ids."""
    ids: list[str] = []
    for _ in range(count):
        id_, _, _ = await asyncio.wait_for(listener.receive_body(), DEADLINE_S)
        await listener.acknowledge()
        ids.append(id_)
    return ids


async def _to_den_is_that(publish: Callable[[], Awaitable[None]]) -> int:
    """Publish until the broker takes it; return how often it did not."""
    for time in range(60):
        try:
            await publish()
        except BrokerWake:
            await asyncio.sleep(0.5)
        else:
            return time
    raise AssertionError("the broker did not come back")


def _ids(letters: Sequence[EventLetter]) -> list[str]:
    return [letter.id for letter in letters]


class BrokerContract:
    """What every broker must do."""

    def test_hvert_domaene_faar_sine_egne_i_orden(self, setup: Setup) -> None:
        """In the order of the batch, across batches, with id, routing key and body as they were given."""

        async def work() -> None:
            broker = setup.broker()
            letters = [letter(nr, DOMAINS[nr % 2]) for nr in range(1, 201)]
            await broker.publish(letters[:150])
            await broker.publish(letters[150:])
            for domain in DOMAINS[:2]:
                listener = await setup.listen(domain)
                own = [item for item in letters if item.domain == domain]
                id_, topic, body = await asyncio.wait_for(listener.receive_body(), DEADLINE_S)
                await listener.acknowledge()
                assert (id_, topic, body) == (own[0].id, own[0].topic, own[0].body)
                assert await tag(listener, len(own) - 1) == _ids(own[1:])
                await listener.close()
            assert [await setup.waiting(item) for item in DOMAINS] == [0, 0, 0]
            await broker.close()

        execute(work())

    def test_det_er_der_naar_der_er_svaret(self, setup: Setup) -> None:
        """When the call returns, the events are in the queue: also one event, with one id, to several domains."""

        async def work() -> None:
            broker = setup.broker()
            await broker.publish([])
            assert [await setup.waiting(item) for item in DOMAINS] == [0, 0, 0]
            await broker.publish([letter(1, JOBSEARCH), letter(1, KONTAKTFORLOEB), letter(2, JOBSEARCH)])
            assert [await setup.waiting(item) for item in DOMAINS] == [2, 1, 0]
            await broker.close()
            assert [await setup.waiting(item) for item in DOMAINS] == [2, 1, 0]

        execute(work())

    def test_det_der_ikke_blev_kvitteret_kommer_igen(self, setup: Setup) -> None:
        """What a listener took and did not acknowledge comes to the next one, in front and in order."""

        async def work() -> None:
            broker = setup.broker()
            await broker.publish([letter(nr) for nr in range(1, 6)])
            listener = await setup.listen(JOBSEARCH)
            assert await tag(listener, 1) == ["id-1"]
            for nr in (2, 3):
                assert (await asyncio.wait_for(listener.receive_body(), DEADLINE_S))[0] == f"id-{nr}"
            await listener.close()
            await broker.publish([letter(6)])
            next_item = await setup.listen(JOBSEARCH)
            assert await tag(next_item, 5) == [f"id-{nr}" for nr in range(2, 7)]
            await next_item.close()
            assert await setup.waiting(JOBSEARCH) == 0
            await broker.close()

        execute(work())

    def test_en_maegler_der_er_vaek_er_en_fejl_og_intet_er_tabt(self, setup: Setup) -> None:
        """It says that it is away, in time and whatever it is asked; what it confirmed is there when it comes back."""

        async def work() -> None:
            broker = setup.broker()
            await broker.publish([letter(1), letter(2)])
            await setup.tag_down()
            for letters in ([letter(3), letter(4)], []):
                with pytest.raises(BrokerWake):
                    await asyncio.wait_for(broker.publish(letters), DEADLINE_S)
            await setup.tag_op()
            await _to_den_is_that(lambda: broker.publish([letter(3), letter(4)]))
            listener = await setup.listen(JOBSEARCH)
            ids = await tag(listener, 4)
            assert list(dict.fromkeys(ids)) == ["id-1", "id-2", "id-3", "id-4"]
            await listener.close()
            await broker.close()

        execute(work())
