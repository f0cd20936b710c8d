"""A stage with a real RabbitMQ, and a stranger who listens: exactly the events, in order, whatever is stopped or killed."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from support.builders import AKASSE, NOW, TODAY, contract, identity
from support.processes import Proces, stage_i_proces
from support.rabbitmq import Rabbit, started
from support.stranger import Foreign

from vos_contracts.base.ids import new_uuid
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.messages.events import DomainEvent, decode_event, queue
from vos_simulators.control import Control
from vos_simulators.party import Channel, Party
from vos_simulators.people import Citizen, People, on_stage
from vos_simulators.stage_reader import OperationsReader
from vos_simulators.transport import HttpTransport

DOMAINS = contract().domains
DEADLINE_S = 60
AT_MOST_S = 20
"""Shorter than the relay rests when nobody wakes it."""
Arrived = dict[str, list[str]]


@pytest.fixture
def rabbit(tmp_path: Path) -> Iterator[Rabbit]:
    """A server for one test, which stops it."""
    folder = tmp_path / "rabbit"
    folder.mkdir()
    with started(folder) as item:
        yield item


def stage(rabbit: Rabbit, folder: Path) -> Sequence[str]:
    return ("--db", str(folder / "scene.db"), "--people", "0", "--clock", NOW.isoformat(), "--broker", rabbit.url)


def on(proces: Proces, count: int) -> list[Citizen]:
    """Put citizens on the stage who fill 30 within a year, and so have something in a nightly run."""
    people = People(seed=11)
    citizens = [people.new(29, NOW.date()) for _ in range(count)]
    with HttpTransport(proces.control) as line:
        Control(line).set_up(*(on_stage(citizen, akasse=AKASSE) for citizen in citizens))
    return citizens


def register(proces: Proces, citizens: Sequence[Citizen], *groups: int) -> None:
    with HttpTransport(proces.services) as transport:
        kss = Party(identity(), contract(), transport, new_uuid)
        for group in groups:
            for citizen in citizens:
                response = kss.register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, group, TODAY), Channel.PVS)
                assert isinstance(response, str), response


def nights(proces: Proces, forward: str) -> None:
    with HttpTransport(proces.control, timeout=None) as line:
        Control(line).move_clock(forward=forward)


def raised(proces: Proces) -> dict[str, list[DomainEvent]]:
    """Read what the stage says that it has raised."""
    with HttpTransport(proces.control) as line:
        reader = OperationsReader(line)
        return {domain: [queued.event for queued in reader.events(domain, 0)] for domain in DOMAINS}


def fetch(rabbit: Rabbit, must: dict[str, list[DomainEvent]]) -> Arrived:
    """Listen as every domain until each has heard its last event and then nothing for a while; check bodies and keys."""

    async def domain(domain: str) -> list[str]:
        known = {item.event_id: item for item in must[domain]}
        ids: list[str] = []
        async with Foreign(rabbit.url, domain) as foreign:
            while not ids or ids[-1] != must[domain][-1].event_id:
                message = await foreign.next_item(AT_MOST_S)
                await message.ack()
                event = decode_event(message.body)
                assert event == known[message.message_id or ""]
                word_ = (domain, event.entity.value, event.change_type.name.lower())
                assert message.routing_key == ".".join(word_)
                ids.append(event.event_id)
            ids += [message.message_id or "" for message in await foreign.everyone()]
        return ids

    async def everyone() -> Arrived:
        return dict(zip(DOMAINS, await asyncio.gather(*(domain(item) for item in DOMAINS)), strict=True))

    return asyncio.run(everyone())


def ids(must: dict[str, list[DomainEvent]]) -> Arrived:
    return {domain: [event.event_id for event in events] for domain, events in must.items()}


def each_one_time(arrived: Arrived) -> Arrived:
    """Drop repeats, each id where it came first."""
    return {domain: list(dict.fromkeys(own)) for domain, own in arrived.items()}


def journal(proces: Proces) -> list[str]:
    with HttpTransport(proces.control) as line:
        return [str(entry.data["state"]) for entry in Control(line).journal().entries if entry.kind.value == "broker"]


def wait(proces: Proces, states: list[str]) -> None:
    """Wait until the journal says so of the broker."""
    waiting = asyncio.new_event_loop()
    try:
        for _ in range(DEADLINE_S * 5):
            if journal(proces) == states:
                return
            waiting.run_until_complete(asyncio.sleep(0.2))
    finally:
        waiting.close()
    raise AssertionError(f"the broker is {journal(proces)}, not {states}")


def test_each_domain_gets_exactly_its_events_also_of_a_nightly_run(rabbit: Rabbit, tmp_path: Path) -> None:
    with stage_i_proces(*stage(rabbit, tmp_path), folder=tmp_path) as proces:
        assert proces.ready["broker"] == f"amqp://guest:***@127.0.0.1:{rabbit.port}/"
        citizens = on(proces, 20)
        register(proces, citizens, 12, 13)
        register(proces, citizens[:10], 12)
        before = raised(proces)
        nights(proces, "P1Y")
        after = raised(proces)
        arrived = fetch(rabbit, after)
        assert journal(proces) == []
        assert proces.interrupt() == 0
    assert arrived == ids(after)
    assert {item.entity for item in after["JobSearch"]} == set(Kind), "derived categories are told of too"
    assert {item.entity for item in after["Virksomhedsindsats"]} == {Kind.KONTAKTGRUPPE}
    assert len(after["JobSearch"]) > len(before["JobSearch"]), "the nightly jobs changed something"
    assert all(queue(domain, contract().names)[0].endswith(domain) for domain in DOMAINS)


def test_rabbitmq_is_stopped_and_nothing_is_lost(rabbit: Rabbit, tmp_path: Path) -> None:
    with stage_i_proces(*stage(rabbit, tmp_path), folder=tmp_path) as proces:
        citizens = on(proces, 20)
        register(proces, citizens, 13)
        rabbit.stop()
        register(proces, citizens, 12)
        wait(proces, ["away"])
        nights(proces, "P1Y")
        rabbit.start()
        wait(proces, ["away", "back"])
        must = raised(proces)
        arrived = fetch(rabbit, must)
    assert each_one_time(arrived) == ids(must)


def test_the_stage_is_killed_and_events_come_at_least_once(rabbit: Rabbit, tmp_path: Path) -> None:
    repeats = 3
    for time in range(repeats):
        with stage_i_proces(*stage(rabbit, tmp_path), folder=tmp_path) as proces:
            if time == 0:
                citizens = on(proces, 20)
            register(proces, citizens, (13, 12, 13)[time])
            proces.kill()
    with stage_i_proces(*stage(rabbit, tmp_path), folder=tmp_path) as proces:
        register(proces, citizens[:1], 12)
        must = raised(proces)
        arrived = fetch(rabbit, must)
    assert each_one_time(arrived) == ids(must)
    assert len(must["JobSearch"]) > repeats * len(citizens)


def test_events_killed_before_they_were_noted_come_again_with_the_same_id(rabbit: Rabbit, tmp_path: Path) -> None:
    """What a kill between the confirmation and the note leaves behind: the broker has them, the store does not know."""
    with stage_i_proces(*stage(rabbit, tmp_path), folder=tmp_path) as proces:
        register(proces, on(proces, 3), 13)
        must = raised(proces)
        assert fetch(rabbit, must) == ids(must)
        proces.kill()
    with sqlite3.connect(tmp_path / "scene.db") as db:
        assert {item for (item,) in db.execute("SELECT domain FROM broker_position")} == set(DOMAINS)
        db.execute("UPDATE broker_position SET number = 0")
    db.close()
    with stage_i_proces(*stage(rabbit, tmp_path), folder=tmp_path):
        assert fetch(rabbit, must) == ids(must)


def test_after_a_reset_only_new_events_come(rabbit: Rabbit, tmp_path: Path) -> None:
    with stage_i_proces(*stage(rabbit, tmp_path), folder=tmp_path) as proces:
        register(proces, on(proces, 3), 13)
        must = raised(proces)
        assert fetch(rabbit, must) == ids(must)
        with HttpTransport(proces.control) as line:
            Control(line).reset()
        register(proces, on(proces, 2), 13)
        new = raised(proces)
        assert fetch(rabbit, new) == ids(new)
        assert not set(ids(new)["JobSearch"]) & set(ids(must)["JobSearch"])


def test_the_output_does_not_show_the_password(tmp_path: Path) -> None:
    url = "amqp://mig:secret@127.0.0.1:1/"
    with stage_i_proces("--broker", url, folder=tmp_path) as proces:
        wait(proces, ["away"])
        assert "secret" not in json.dumps(proces.ready)
        assert proces.interrupt() == 0
        assert proces.popen.stderr is not None
        printout = proces.popen.stderr.read()
    assert "the broker 127.0.0.1:1/ is away" in printout
    assert "secret" not in printout
    assert "Traceback" not in printout
