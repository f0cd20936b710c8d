"""The relay with a fake broker: order, stored position, retries, and silence during a reset."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from support.builders import NOW, contract
from support.stores import empty_store
from vos_contracts.control.journal import EntryType
from vos_contracts.control.stage import PeopleDto, PersonDto, RegistrationDto
from vos_contracts.wire.asgi.endpoint import AsgiTransport
from vos_contracts.wire.base import Call, Response, Unavailable
from vos_reference.adapters.outbound.in_process import InternalBroker
from vos_reference.application.citizens import set_up
from vos_reference.application.ports import BrokerUnavailable, OutboxEvent
from vos_reference.background import relay
from vos_reference.background.signals import Signal
from vos_reference.background.write_turns import WriteTurns
from vos_reference.bootstrap import Application, build
from vos_reference.config import Configuration
from vos_simulators.people import People

DOMAINS = contract().domains


class Broker:
    """A fake broker that records events; `away` makes it fail, and `hold` makes it hang."""

    name = "trial"

    def __init__(self) -> None:
        self.away = False
        self.hold: asyncio.Event | None = None
        self.got: list[OutboxEvent] = []
        self.asked = 0
        self.position: Callable[[], int] = lambda: 0
        self.positions: list[int] = []

    async def publish(self, letters: Sequence[OutboxEvent]) -> None:
        self.asked += 1
        self.positions.append(self.position())
        if self.hold is not None:
            await self.hold.wait()
        if self.away:
            raise BrokerUnavailable("trial")
        self.got += letters

    async def close(self) -> None:
        pass


def stage(broker: Broker | None = None) -> Application:
    app = build(Configuration(db=Path("-"), clock=NOW), contract(), store=empty_store(), broker=broker)
    if broker is not None:
        broker.position = lambda: position(app, broker.name)
    return app


def position(app: Application, name: str) -> int:
    with app.runtime.store.reading() as t:
        return t.broker_position(name, "JobSearch")


_people = People(seed=3)


def raise_events(app: Application, count: int = 1) -> None:
    groups = (RegistrationDto(type=2),)
    people = tuple(PersonDto(cpr=_people.new(40, NOW.date()).cpr, kontaktgrupper=groups) for _ in range(count))
    set_up(app.runtime, PeopleDto(people=people), allow_real_cpr=False)


def play(app: Application, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def execute() -> None:
        running = asyncio.ensure_future(app.run())
        try:
            await asyncio.wait_for(work(), 30)
        finally:
            running.cancel()
            await asyncio.wait([running], timeout=10)
        assert running.cancelled(), "a cancellation must end it at any point"

    asyncio.run(execute())


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.005)


def states(app: Application) -> list[object]:
    return [entry.data["state"] for entry in app.journal.after(0).entries if entry.kind is EntryType.BROKER]


def test_events_are_published_in_order_and_noted_after_the_confirmation() -> None:
    broker = Broker()
    app = stage(broker)

    async def work() -> None:
        await until(lambda: broker.asked == 1)
        assert broker.got == [], "it is asked at once, without events"
        raise_events(app, 250)
        await until(lambda: len(broker.got) == 750)
        await until(lambda: position(app, "trial") > 0)

    play(app, work)
    for domain in DOMAINS:
        numbers = [item.nr for item in broker.got if item.domain == domain]
        assert numbers == sorted(set(numbers))
        assert len(numbers) == 250
    assert broker.positions == sorted(broker.positions)
    assert broker.positions[:2] == [0, 0], "the first events are published before the position is stored"
    assert position(app, "trial") == max(item.nr for item in broker.got if item.domain == "JobSearch")


def test_nothing_is_noted_while_the_broker_is_away_and_everything_comes_once_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(relay, "FIRST_RETRY_S", 0.02)
    broker = Broker()
    broker.away = True
    app = stage(broker)

    async def work() -> None:
        raise_events(app, 3)
        await until(lambda: broker.asked >= 4)
        assert position(app, "trial") == 0
        assert states(app) == ["away"], "reported once"
        broker.away = False
        await until(lambda: states(app) == ["away", "back"])

    play(app, work)
    assert len(broker.got) == len({(item.domain, item.id) for item in broker.got}) == 9


def test_the_backoff_grows_and_new_events_do_not_shorten_it(monkeypatch: pytest.MonkeyPatch) -> None:
    delays: list[float] = []
    real_sleep = asyncio.sleep

    async def sleep(seconds: float) -> None:
        if seconds >= relay.FIRST_RETRY_S:
            delays.append(seconds)
        await real_sleep(0.001)

    monkeypatch.setattr(relay.asyncio, "sleep", sleep)
    broker = Broker()
    broker.away = True
    app = stage(broker)

    async def work() -> None:
        while len(delays) < 7:
            raise_events(app)
            await real_sleep(0.001)

    play(app, work)
    assert delays[:7] == [0.5, 1, 2, 4, 8, 15, 15]


def test_nothing_is_published_while_the_stage_is_reset() -> None:
    broker = Broker()
    app = stage(broker)
    control = AsgiTransport(app.control)

    async def work() -> None:
        await until(lambda: broker.asked == 1)
        broker.hold = asyncio.Event()
        raise_events(app, 2)
        await until(lambda: broker.asked == 2)
        resetting = asyncio.ensure_future(control.send(Call("POST", "/control/reset")))
        for _ in range(20):
            await asyncio.sleep(0.001)
        assert not resetting.done(), "it waits for the batch under way"
        broker.hold.set()
        assert (await resetting).status == 204
        assert position(app, "trial") == 0, "no position of deleted events is stored"
        count = len(broker.got)
        raise_events(app)
        await until(lambda: len(broker.got) == count + 3)

    play(app, work)


def move(app: Application, forward: str) -> Coroutine[Any, Any, Response]:
    return AsgiTransport(app.control).send(Call("PUT", "/control/clock", {}, f'{{"forward":"{forward}"}}'.encode()))


def test_after_moving_the_clock_over_a_night_the_events_are_published() -> None:
    """There is more than a batch per domain, and one domain has the last event and is less far behind."""
    broker = Broker()
    app = stage(broker)
    cpr_numbers = [_people.born(date(NOW.year - 30, NOW.month, NOW.day + 1)).cpr for _ in range(120)]
    groups, categories = (RegistrationDto(type=12),), (RegistrationDto(type=8),)
    people = tuple(PersonDto(cpr=cpr, kontaktgrupper=groups, personkategorier=categories) for cpr in cpr_numbers)
    set_up(app.runtime, PeopleDto(people=people), allow_real_cpr=False)
    raise_events(app)

    async def work() -> None:
        assert (await move(app, "PT0S")).status == 200
        got = Counter(item.domain for item in broker.got)
        assert got == {"JobSearch": 241, "Kontaktforloeb": 241, "Virksomhedsindsats": 121}
        broker.got.clear()
        assert (await move(app, "P1D")).status == 200
        assert Counter(item.domain for item in broker.got) == dict.fromkeys(DOMAINS, 240), "12 ends, and 2 begins"
        assert position(app, broker.name) == max(item.nr for item in broker.got if item.domain == "JobSearch")

    play(app, work)


def test_the_clock_waits_for_the_broker_but_not_for_an_unavailable_one() -> None:
    broker = Broker()
    app = stage(broker)

    async def work() -> None:
        await until(lambda: broker.asked == 1)
        broker.hold = asyncio.Event()
        raise_events(app)
        moves = asyncio.ensure_future(move(app, "PT1H"))
        await until(lambda: broker.asked == 2)
        for _ in range(20):
            await asyncio.sleep(0)
        assert not moves.done(), "it waits for the batch under way"
        broker.hold.set()
        assert (await moves).status == 200
        assert len(broker.got) == 3
        broker.away = True
        raise_events(app)
        assert (await move(app, "PT1H")).status == 200
        assert states(app) == ["away"]
        broker.away = False
        assert (await move(app, "PT1H")).status == 200
        assert states(app) == ["away", "back"]
        assert len(broker.got) == 6

    play(app, work)


def test_the_clock_does_not_wait_for_events_raised_meanwhile() -> None:
    """Otherwise the call would never return on a stage that is faster than its broker."""
    broker = Broker()
    app = stage(broker)
    publish = broker.publish

    async def busy(letters: Sequence[OutboxEvent]) -> None:
        await publish(letters)
        if len(broker.got) < 300:
            raise_events(app)

    broker.publish = busy  # type: ignore[method-assign]  # raises an event while one is sent

    async def work() -> None:
        raise_events(app)
        assert (await move(app, "PT1H")).status == 200
        assert 0 < len(broker.got) < 300

    play(app, work)


def test_without_a_broker_url_the_in_process_broker_delivers() -> None:
    app = stage()
    assert isinstance(app.broker, InternalBroker)
    broker = app.broker

    async def work() -> None:
        listener = broker.subscribe("Virksomhedsindsats")
        raise_events(app, 5)
        letters = [await listener.receive() for _ in range(5)]
        assert {letter.topic for letter in letters} == {"Virksomhedsindsats.kontaktgruppe.oprettet"}

    play(app, work)


def test_waiting_for_a_broker_that_does_not_answer_has_a_deadline_and_says_so() -> None:
    broker = Broker()
    app = stage(broker)

    async def work() -> None:
        await until(lambda: broker.asked == 1)
        broker.hold = asyncio.Event()
        raise_events(app, 2)
        waiting = relay.Relay(app.runtime, broker, WriteTurns(), Signal(), quiet_deadline_s=0.05).until_quiet()
        with pytest.raises(Unavailable) as caught:
            await waiting
        assert "brokeren trial har ikke kvitteret" in caught.value.description
        assert "hændelserne fra nr. 1 venter" in caught.value.description
        broker.hold.set()
        await until(lambda: len(broker.got) >= 6)

    play(app, work)
    assert len({(item.domain, item.id) for item in broker.got}) == 6
