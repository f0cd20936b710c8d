"""The relay with a broker that answers as told: in order, noted once confirmed, again after a failure, still while emptied."""

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
from vos_contracts.wire.base import Call, Response
from vos_reference.adapters.outbound.in_process import InternalBroker
from vos_reference.application.citizens import set_up
from vos_reference.application.ports import BrokerWake, EventLetter
from vos_reference.background import relay
from vos_reference.bootstrap import Application, build
from vos_reference.config import Configuration
from vos_simulators.people import People

DOMAINS = contract().domains


class Broker:
    """Notes what is published, and is away or hangs as told."""

    name = "trial"

    def __init__(self) -> None:
        self.wake = False
        self.hold: asyncio.Event | None = None
        self.got: list[EventLetter] = []
        self.asked = 0
        self.position: Callable[[], int] = lambda: 0
        self.positions: list[int] = []

    async def publish(self, letters: Sequence[EventLetter]) -> None:
        self.asked += 1
        self.positions.append(self.position())
        if self.hold is not None:
            await self.hold.wait()
        if self.wake:
            raise BrokerWake("trial")
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


def scenario(app: Application, piece: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def execute() -> None:
        works = asyncio.ensure_future(app.run())
        try:
            await asyncio.wait_for(piece(), 30)
        finally:
            works.cancel()
            await asyncio.wait([works], timeout=10)
        assert works.cancelled(), "it ends when it is told to, whatever it is in the midst of"

    asyncio.run(execute())


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.005)


def states(app: Application) -> list[object]:
    return [entry.data["state"] for entry in app.journal.after(0).entries if entry.kind is EntryType.BROKER]


def test_events_are_published_in_order_and_noted_after_the_confirmation() -> None:
    broker = Broker()
    app = stage(broker)

    async def piece() -> None:
        await until(lambda: broker.asked == 1)
        assert broker.got == [], "asked at once, with nothing to say"
        raise_events(app, 250)
        await until(lambda: len(broker.got) == 750)
        await until(lambda: position(app, "trial") > 0)

    scenario(app, piece)
    for domain in DOMAINS:
        numbers = [item.nr for item in broker.got if item.domain == domain]
        assert numbers == sorted(set(numbers))
        assert len(numbers) == 250
    assert broker.positions == sorted(broker.positions)
    assert broker.positions[:2] == [0, 0], "the first events are published before anything is noted"
    assert position(app, "trial") == max(item.nr for item in broker.got if item.domain == "JobSearch")


def test_nothing_is_noted_while_the_broker_is_away_and_everything_comes_once_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(relay, "FIRST_RETRY_S", 0.02)
    broker = Broker()
    broker.wake = True
    app = stage(broker)

    async def piece() -> None:
        raise_events(app, 3)
        await until(lambda: broker.asked >= 4)
        assert position(app, "trial") == 0
        assert states(app) == ["away"], "said once"
        broker.wake = False
        await until(lambda: states(app) == ["away", "back"])

    scenario(app, piece)
    assert len(broker.got) == len({(item.domain, item.id) for item in broker.got}) == 9


def test_the_backoff_grows_and_new_events_do_not_shorten_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rest: list[float] = []
    slept = asyncio.sleep

    async def sleep(seconds: float) -> None:
        if seconds >= relay.FIRST_RETRY_S:
            rest.append(seconds)
        await slept(0.001)

    monkeypatch.setattr(relay.asyncio, "sleep", sleep)
    broker = Broker()
    broker.wake = True
    app = stage(broker)

    async def piece() -> None:
        while len(rest) < 7:
            raise_events(app)
            await slept(0.001)

    scenario(app, piece)
    assert rest[:7] == [0.5, 1, 2, 4, 8, 15, 15]


def test_nothing_is_published_while_the_stage_is_reset() -> None:
    broker = Broker()
    app = stage(broker)
    control = AsgiTransport(app.control)

    async def piece() -> None:
        await until(lambda: broker.asked == 1)
        broker.hold = asyncio.Event()
        raise_events(app, 2)
        await until(lambda: broker.asked == 2)
        drains = asyncio.ensure_future(control.send(Call("POST", "/control/reset")))
        for _ in range(20):
            await asyncio.sleep(0.001)
        assert not drains.done(), "it waits for what is on its way"
        broker.hold.set()
        assert (await drains).status == 204
        assert position(app, "trial") == 0, "nothing is noted of what is gone"
        count = len(broker.got)
        raise_events(app)
        await until(lambda: len(broker.got) == count + 3)

    scenario(app, piece)


def move(app: Application, forward: str) -> Coroutine[Any, Any, Response]:
    return AsgiTransport(app.control).send(Call("PUT", "/control/clock", {}, f'{{"forward":"{forward}"}}'.encode()))


def test_after_moving_the_clock_over_a_night_the_events_are_published() -> None:
    """More than a batch to each domain, of which one has the last event and is not as far behind as the others."""
    broker = Broker()
    app = stage(broker)
    fills = [_people.born(date(NOW.year - 30, NOW.month, NOW.day + 1)).cpr for _ in range(120)]
    groups, categories = (RegistrationDto(type=12),), (RegistrationDto(type=8),)
    people = tuple(PersonDto(cpr=fill, kontaktgrupper=groups, personkategorier=categories) for fill in fills)
    set_up(app.runtime, PeopleDto(people=people), allow_real_cpr=False)
    raise_events(app)

    async def piece() -> None:
        assert (await move(app, "PT0S")).status == 200
        got = Counter(item.domain for item in broker.got)
        assert got == {"JobSearch": 241, "Kontaktforloeb": 241, "Virksomhedsindsats": 121}
        broker.got.clear()
        assert (await move(app, "P1D")).status == 200
        assert Counter(item.domain for item in broker.got) == dict.fromkeys(DOMAINS, 240), "12 ends, and 2 begins"
        assert position(app, broker.name) == max(item.nr for item in broker.got if item.domain == "JobSearch")

    scenario(app, piece)


def test_the_clock_waits_for_the_broker_but_not_for_an_unavailable_one() -> None:
    broker = Broker()
    app = stage(broker)

    async def piece() -> None:
        await until(lambda: broker.asked == 1)
        broker.hold = asyncio.Event()
        raise_events(app)
        moves = asyncio.ensure_future(move(app, "PT1H"))
        await until(lambda: broker.asked == 2)
        for _ in range(20):
            await asyncio.sleep(0)
        assert not moves.done(), "it waits for what is on its way"
        broker.hold.set()
        assert (await moves).status == 200
        assert len(broker.got) == 3
        broker.wake = True
        raise_events(app)
        assert (await move(app, "PT1H")).status == 200
        assert states(app) == ["away"]
        broker.wake = False
        assert (await move(app, "PT1H")).status == 200
        assert states(app) == ["away", "back"]
        assert len(broker.got) == 6

    scenario(app, piece)


def test_the_clock_does_not_wait_for_events_raised_meanwhile() -> None:
    """A stage that is busier than its broker would otherwise never have settled."""
    broker = Broker()
    app = stage(broker)
    publish = broker.publish

    async def busy(letters: Sequence[EventLetter]) -> None:
        await publish(letters)
        if len(broker.got) < 300:
            raise_events(app)

    broker.publish = busy  # type: ignore[method-assign]  # one more comes while one is sent

    async def piece() -> None:
        raise_events(app)
        assert (await move(app, "PT1H")).status == 200
        assert 0 < len(broker.got) < 300

    scenario(app, piece)


def test_without_a_broker_url_the_in_process_broker_delivers() -> None:
    app = stage()
    assert isinstance(app.broker, InternalBroker)
    broker = app.broker

    async def piece() -> None:
        listener = broker.subscribe("Virksomhedsindsats")
        raise_events(app, 5)
        letters = [await listener.receive_body() for _ in range(5)]
        assert {letter.topic for letter in letters} == {"Virksomhedsindsats.kontaktgruppe.oprettet"}

    scenario(app, piece)
