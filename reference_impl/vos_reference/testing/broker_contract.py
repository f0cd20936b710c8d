"""The behavioural contract test of the `Broker` port; every adapter's tests inherit `BrokerContract`.

Subclass it in a test module and provide the fixture `setup`, which makes publishers and listeners and can stop and restart
the broker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Protocol, TypeVar

import pytest

from vos_reference.application.ports import Broker, BrokerUnavailable, OutboxEvent

JOBSEARCH, KONTAKTFORLOEB = "JobSearch", "Kontaktforloeb"
DOMAINS = (JOBSEARCH, KONTAKTFORLOEB, "Virksomhedsindsats")
DEADLINE_S = 30.0
T = TypeVar("T")


class BrokerListener(Protocol):
    """The client of a business domain."""

    async def receive(self) -> tuple[str, str, bytes]:
        """Wait for the next event and take it: id, routing key, body."""
        ...

    async def acknowledge(self) -> None:
        """Acknowledge the last event that was taken."""
        ...

    async def close(self) -> None:
        """Disconnect without rejecting the unacknowledged events."""
        ...


class BrokerSetup(Protocol):
    """A broker whose queues are empty, for one test."""

    def broker(self) -> Broker:
        """Make a publisher for the domains in `DOMAINS`."""
        ...

    async def listen(self, domain: str) -> BrokerListener:
        """Listen as that domain; a publisher has declared the queues before."""
        ...

    async def waiting(self, domain: str) -> int:
        """Count the events in the domain's queue that no listener has taken."""
        ...

    async def stop(self) -> None:
        """Make the broker unavailable."""
        ...

    async def restart(self) -> None:
        """Make the broker available again, with its queues and events."""
        ...


def letter(nr: int, domain: str = JOBSEARCH) -> OutboxEvent:
    """Make an event with that number, id and a non-ASCII body."""
    return OutboxEvent(domain, nr, f"id-{nr}", f"{domain}.kontaktgruppe.oprettet", b'{"nr":%d,"oe":"\xc3\xb8"}' % nr)


def execute(work: Coroutine[Any, Any, T]) -> T:
    """Run the coroutine in an event loop of its own, with an overall timeout."""
    return asyncio.run(asyncio.wait_for(work, 4 * DEADLINE_S))


async def take(listener: BrokerListener, count: int) -> list[str]:
    """Take and acknowledge that many events; return their ids."""
    ids: list[str] = []
    for _ in range(count):
        id_, _, _ = await asyncio.wait_for(listener.receive(), DEADLINE_S)
        await listener.acknowledge()
        ids.append(id_)
    return ids


async def _publish_until_accepted(publish: Callable[[], Awaitable[None]]) -> int:
    """Publish until the broker accepts; return how many attempts it refused."""
    for attempt in range(60):
        try:
            await publish()
        except BrokerUnavailable:
            await asyncio.sleep(0.5)
        else:
            return attempt
    raise AssertionError("the broker did not come back")


def _ids(letters: Sequence[OutboxEvent]) -> list[str]:
    return [letter.id for letter in letters]


class BrokerContract:
    """The promises of the `Broker` port."""

    def test_each_domain_gets_its_own_events_in_order(self, setup: BrokerSetup) -> None:
        """The order holds within and across batches; id, routing key and body are unchanged."""

        async def work() -> None:
            broker = setup.broker()
            letters = [letter(nr, DOMAINS[nr % 2]) for nr in range(1, 201)]
            await broker.publish(letters[:150])
            await broker.publish(letters[150:])
            for domain in DOMAINS[:2]:
                listener = await setup.listen(domain)
                own = [event for event in letters if event.domain == domain]
                id_, topic, body = await asyncio.wait_for(listener.receive(), DEADLINE_S)
                await listener.acknowledge()
                assert (id_, topic, body) == (own[0].id, own[0].topic, own[0].body)
                assert await take(listener, len(own) - 1) == _ids(own[1:])
                await listener.close()
            assert [await setup.waiting(domain) for domain in DOMAINS] == [0, 0, 0]
            await broker.close()

        execute(work())

    def test_events_are_in_the_queue_when_publish_returns(self, setup: BrokerSetup) -> None:
        """This includes one event with one id for several domains."""

        async def work() -> None:
            broker = setup.broker()
            await broker.publish([])
            assert [await setup.waiting(domain) for domain in DOMAINS] == [0, 0, 0]
            await broker.publish([letter(1, JOBSEARCH), letter(1, KONTAKTFORLOEB), letter(2, JOBSEARCH)])
            assert [await setup.waiting(domain) for domain in DOMAINS] == [2, 1, 0]
            await broker.close()
            assert [await setup.waiting(domain) for domain in DOMAINS] == [2, 1, 0]

        execute(work())

    def test_unacknowledged_events_are_delivered_again(self, setup: BrokerSetup) -> None:
        """Events that a listener took without acknowledging go to the next listener, first and in order."""

        async def work() -> None:
            broker = setup.broker()
            await broker.publish([letter(nr) for nr in range(1, 6)])
            listener = await setup.listen(JOBSEARCH)
            assert await take(listener, 1) == ["id-1"]
            for nr in (2, 3):
                assert (await asyncio.wait_for(listener.receive(), DEADLINE_S))[0] == f"id-{nr}"
            await listener.close()
            await broker.publish([letter(6)])
            second = await setup.listen(JOBSEARCH)
            assert await take(second, 5) == [f"id-{nr}" for nr in range(2, 7)]
            await second.close()
            assert await setup.waiting(JOBSEARCH) == 0
            await broker.close()

        execute(work())

    def test_an_unavailable_broker_is_an_error_and_nothing_is_lost(self, setup: BrokerSetup) -> None:
        """`publish` fails within the deadline, also for an empty batch; confirmed events are there after the restart."""

        async def work() -> None:
            broker = setup.broker()
            await broker.publish([letter(1), letter(2)])
            await setup.stop()
            for letters in ([letter(3), letter(4)], []):
                with pytest.raises(BrokerUnavailable):
                    await asyncio.wait_for(broker.publish(letters), DEADLINE_S)
            await setup.restart()
            await _publish_until_accepted(lambda: broker.publish([letter(3), letter(4)]))
            listener = await setup.listen(JOBSEARCH)
            ids = await take(listener, 4)
            assert list(dict.fromkeys(ids)) == ["id-1", "id-2", "id-3", "id-4"]
            await listener.close()
            await broker.close()

        execute(work())
