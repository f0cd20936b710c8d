"""A stage with a real RabbitMQ and an independent consumer: all events arrive in order, though processes are killed."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from support.builders import AKASSE, NOW, TODAY, contract, identity
from support.processes import StageProcess, stage_process
from support.rabbitmq import Rabbit, started
from support.stranger import DomainConsumer
from vos_contracts.base.ids import new_uuid
from vos_contracts.model.registration import ChangeType, Create, Kind
from vos_contracts.wire.messages.events import DomainEvent, decode_event, queue
from vos_simulators.control import Control
from vos_simulators.party import Channel, Party
from vos_simulators.people import Citizen, People, on_stage
from vos_simulators.stage_reader import OperationsReader
from vos_simulators.transport import HttpTransport

DOMAINS = contract().domains
DEADLINE_S = 60
MESSAGE_S = 20
"""How long to wait for a message: shorter than the longest pause of the relay."""
CHANGE_WORDS = {ChangeType.CREATED: "oprettet", ChangeType.CHANGED: "aendret", ChangeType.DELETED: "slettet"}
"""The last part of the routing key by change, as in the names of the contract."""
Arrived = dict[str, list[str]]


@pytest.fixture
def rabbit(tmp_path: Path) -> Iterator[Rabbit]:
    """A server of its own for each test, since the test may stop it."""
    folder = tmp_path / "rabbit"
    folder.mkdir()
    with started(folder) as item:
        yield item


def stage(rabbit: Rabbit, folder: Path) -> Sequence[str]:
    return ("--db", str(folder / "stage.db"), "--people", "0", "--clock", NOW.isoformat(), "--broker", rabbit.url)


def put_citizens_on(process: StageProcess, count: int) -> list[Citizen]:
    """Put citizens on the stage who turn 30 within a year, so that a nightly run changes them."""
    people = People(seed=11)
    citizens = [people.new(29, NOW.date()) for _ in range(count)]
    with HttpTransport(process.control) as line:
        Control(line).set_up(*(on_stage(citizen, akasse=AKASSE) for citizen in citizens))
    return citizens


def register(process: StageProcess, citizens: Sequence[Citizen], *groups: int) -> None:
    with HttpTransport(process.services) as transport:
        kss = Party(identity(), contract(), transport, new_uuid)
        for group in groups:
            for citizen in citizens:
                response = kss.register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, group, TODAY), Channel.PVS)
                assert isinstance(response, str), response


def move_clock(process: StageProcess, forward: str) -> None:
    with HttpTransport(process.control, timeout=None) as line:
        Control(line).move_clock(forward=forward)


def raised(process: StageProcess) -> dict[str, list[DomainEvent]]:
    """Read the events in the outbox, by domain."""
    with HttpTransport(process.control) as line:
        reader = OperationsReader(line)
        return {domain: [queued.event for queued in reader.events(domain, 0)] for domain in DOMAINS}


def fetch(rabbit: Rabbit, raised_events: dict[str, list[DomainEvent]]) -> Arrived:
    """Consume the queue of every domain to its last event and until it is empty; check bodies and routing keys."""

    async def consume(domain: str) -> list[str]:
        known = {item.event_id: item for item in raised_events[domain]}
        ids: list[str] = []
        async with DomainConsumer(rabbit.url, domain) as consumer:
            while not ids or ids[-1] != raised_events[domain][-1].event_id:
                message = await consumer.next_message(MESSAGE_S)
                await message.ack()
                event = decode_event(message.body)
                assert event == known[message.message_id or ""]
                words = (domain, event.entity.value, CHANGE_WORDS[event.change_type])
                assert message.routing_key == ".".join(words)
                ids.append(event.event_id)
            ids += [message.message_id or "" for message in await consumer.drain()]
        return ids

    async def all_domains() -> Arrived:
        return dict(zip(DOMAINS, await asyncio.gather(*(consume(domain) for domain in DOMAINS)), strict=True))

    return asyncio.run(all_domains())


def ids(raised_events: dict[str, list[DomainEvent]]) -> Arrived:
    return {domain: [event.event_id for event in events] for domain, events in raised_events.items()}


def without_repeats(arrived: Arrived) -> Arrived:
    """Drop repeated ids, keeping the first of each."""
    return {domain: list(dict.fromkeys(events)) for domain, events in arrived.items()}


def journal(process: StageProcess) -> list[str]:
    with HttpTransport(process.control) as line:
        return [str(entry.data["state"]) for entry in Control(line).journal().entries if entry.kind.value == "broker"]


def wait(process: StageProcess, states: list[str]) -> None:
    """Wait until the journal has exactly these states of the broker."""
    loop = asyncio.new_event_loop()
    try:
        for _ in range(DEADLINE_S * 5):
            if journal(process) == states:
                return
            loop.run_until_complete(asyncio.sleep(0.2))
    finally:
        loop.close()
    raise AssertionError(f"the states of the broker are {journal(process)}, not {states}")


@pytest.mark.slow
def test_each_domain_gets_exactly_its_events_also_of_a_nightly_run(rabbit: Rabbit, tmp_path: Path) -> None:
    with stage_process(*stage(rabbit, tmp_path), folder=tmp_path) as process:
        assert process.ready["broker"] == f"amqp://guest:***@127.0.0.1:{rabbit.port}/"
        citizens = put_citizens_on(process, 20)
        register(process, citizens, 12, 13)
        register(process, citizens[:10], 12)
        before = raised(process)
        move_clock(process, "P1Y")
        after = raised(process)
        arrived = fetch(rabbit, after)
        assert journal(process) == []
        assert process.interrupt() == 0
    assert arrived == ids(after)
    assert {item.entity for item in after["JobSearch"]} == set(Kind), "a derived personkategori raised no event"
    assert {item.entity for item in after["Virksomhedsindsats"]} == {Kind.KONTAKTGRUPPE}
    assert len(after["JobSearch"]) > len(before["JobSearch"]), "the nightly jobs raised no event"
    assert all(queue(domain, contract().names)[0].endswith(domain) for domain in DOMAINS)


@pytest.mark.slow
def test_rabbitmq_is_stopped_and_nothing_is_lost(rabbit: Rabbit, tmp_path: Path) -> None:
    with stage_process(*stage(rabbit, tmp_path), folder=tmp_path) as process:
        citizens = put_citizens_on(process, 20)
        register(process, citizens, 13)
        rabbit.stop()
        register(process, citizens, 12)
        wait(process, ["away"])
        move_clock(process, "P1Y")
        rabbit.start()
        wait(process, ["away", "back"])
        raised_events = raised(process)
        arrived = fetch(rabbit, raised_events)
    assert without_repeats(arrived) == ids(raised_events)


@pytest.mark.slow
def test_the_stage_is_killed_and_events_come_at_least_once(rabbit: Rabbit, tmp_path: Path) -> None:
    repeats = 3
    for number in range(repeats):
        with stage_process(*stage(rabbit, tmp_path), folder=tmp_path) as process:
            if number == 0:
                citizens = put_citizens_on(process, 20)
            register(process, citizens, (13, 12, 13)[number])
            process.kill()
    with stage_process(*stage(rabbit, tmp_path), folder=tmp_path) as process:
        register(process, citizens[:1], 12)
        raised_events = raised(process)
        arrived = fetch(rabbit, raised_events)
    assert without_repeats(arrived) == ids(raised_events)
    assert len(raised_events["JobSearch"]) > repeats * len(citizens)


@pytest.mark.slow
def test_events_without_a_stored_position_are_sent_again_with_the_same_id(rabbit: Rabbit, tmp_path: Path) -> None:
    """The stage is killed after the broker has confirmed the events and before their position is stored."""
    with stage_process(*stage(rabbit, tmp_path), folder=tmp_path) as process:
        register(process, put_citizens_on(process, 3), 13)
        raised_events = raised(process)
        assert fetch(rabbit, raised_events) == ids(raised_events)
        process.kill()
    with sqlite3.connect(tmp_path / "stage.db") as db:
        assert {item for (item,) in db.execute("SELECT domain FROM broker_position")} == set(DOMAINS)
        db.execute("UPDATE broker_position SET number = 0")
    db.close()
    with stage_process(*stage(rabbit, tmp_path), folder=tmp_path):
        assert fetch(rabbit, raised_events) == ids(raised_events)


@pytest.mark.slow
def test_after_a_reset_only_new_events_come(rabbit: Rabbit, tmp_path: Path) -> None:
    with stage_process(*stage(rabbit, tmp_path), folder=tmp_path) as process:
        register(process, put_citizens_on(process, 3), 13)
        raised_events = raised(process)
        assert fetch(rabbit, raised_events) == ids(raised_events)
        with HttpTransport(process.control) as line:
            Control(line).reset()
        register(process, put_citizens_on(process, 2), 13)
        new = raised(process)
        assert fetch(rabbit, new) == ids(new)
        assert not set(ids(new)["JobSearch"]) & set(ids(raised_events)["JobSearch"])


def test_the_output_does_not_show_the_password(tmp_path: Path) -> None:
    url = "amqp://mig:secret@127.0.0.1:1/"
    with stage_process("--broker", url, folder=tmp_path) as process:
        wait(process, ["away"])
        assert "secret" not in json.dumps(process.ready)
        assert process.interrupt() == 0
        assert process.popen.stderr is not None
        output = process.popen.stderr.read()
    assert "the broker 127.0.0.1:1/ is away" in output
    assert "secret" not in output
    assert "Traceback" not in output
