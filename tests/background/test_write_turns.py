"""While a thread writes a chunk, reads go on, and writers wait without blocking the event loop."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from support.builders import JOBCENTER, NOW, TODAY, citizen, contract, identity
from support.crowd import FIRST_NIGHT, settle
from vos_contracts.base.ids import new_uuid
from vos_contracts.control import neighbours as interface
from vos_contracts.control.stage import PersonDto, RunKind
from vos_contracts.model import neighbours as neighbour
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.asgi.endpoint import AsgiTransport
from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.rest.subscriptions import Subscriptions, SubscriptionWish
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.adapters.sqlite.transaction import SqliteTransaction
from vos_reference.application.ports import BatchRun
from vos_reference.application.steps import AfterCommit, ThreadStep
from vos_reference.background.write_turns import WriteTurns
from vos_reference.bootstrap import Application, build
from vos_reference.config import Configuration
from vos_simulators.control import Control
from vos_simulators.inboxes.wsrm_poller import WsrmPoller
from vos_simulators.people import People

DEADLINE_S = 30
TURNS = 50
"""Iterations of the event loop that are enough to answer a call that does not wait."""
CITIZENS = 60
SYSTEM = "0193e6a0-0000-7000-8000-00000000000a"
REST = Rest(contract())


class Held:
    """Holds a chunk inside its transaction, in its thread, until `go` is set."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()
        self.thread: threading.Thread | None = None

    def wait(self) -> None:
        self.thread = threading.current_thread()
        self.begun.set()
        assert self.go.wait(DEADLINE_S)


@pytest.fixture
def held() -> Iterator[Held]:
    chunk = Held()
    yield chunk
    chunk.go.set()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "g.db")
    yield store
    store.close()


def play(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(work(), DEADLINE_S))


async def turns_of_the_loop() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)


def step(store: SqliteStore, held: Held, order: list[str]) -> ThreadStep[str]:
    def work(after: AfterCommit) -> str:
        with store.threaded_transaction(after) as t:
            t.add_known_cpr("0101010000")
            t.after_commit(lambda: order.append(f"told in {threading.current_thread().name}"))
            held.wait()
        order.append("committed")
        return "done"

    return ThreadStep(work)


def test_a_writer_waits_for_the_chunk_and_its_callbacks_and_a_reader_does_not(store: SqliteStore, held: Held) -> None:
    turns, order = WriteTurns(), list[str]()
    chunk = step(store, held, order)

    def write() -> None:
        with store.transaction() as t:
            t.add_known_cpr("0101010001")
            order.append("written")

    async def work() -> None:
        writing = asyncio.create_task(turns.carry_out(chunk))
        await asyncio.to_thread(held.begun.wait, DEADLINE_S)
        assert held.thread is not threading.main_thread()
        waiting = asyncio.create_task(turns.run(write))
        turns.start(lambda: order.append("started"))
        await turns_of_the_loop()
        assert (waiting.done(), order) == (False, [])
        with store.reading() as t:
            assert t.count_people() == 0
        held.go.set()
        await asyncio.gather(writing, waiting)

    play(work)
    assert order == ["committed", "told in MainThread", "written", "started"]
    assert chunk.result() == "done"


def test_without_a_chunk_a_write_runs_at_once() -> None:
    turns, order = WriteTurns(), list[str]()
    turns.start(lambda: order.append("started"))
    assert order == ["started"]


def test_calls_that_waited_for_a_chunk_run_before_the_next_one(store: SqliteStore, held: Held) -> None:
    turns, order = WriteTurns(), list[str]()

    def more(after: AfterCommit) -> None:
        order.append("next chunk")

    async def chunks() -> None:
        await turns.carry_out(step(store, held, order))
        await turns.carry_out(ThreadStep(more))

    async def work() -> None:
        running = asyncio.create_task(chunks())
        await asyncio.to_thread(held.begun.wait, DEADLINE_S)
        waiting = asyncio.create_task(turns.run(lambda: order.append("call")))
        await turns_of_the_loop()
        held.go.set()
        await asyncio.gather(running, waiting)

    play(work)
    assert order[2:] == ["call", "next chunk"]


def test_a_cancelled_chunk_is_awaited_and_its_callbacks_run(store: SqliteStore, held: Held) -> None:
    """The store may be closed when the task has ended."""
    turns, order = WriteTurns(), list[str]()

    async def work() -> None:
        writing = asyncio.create_task(turns.carry_out(step(store, held, order)))
        await asyncio.to_thread(held.begun.wait, DEADLINE_S)
        for _ in range(2):
            writing.cancel()
            await turns_of_the_loop()
            assert not writing.done()
        held.go.set()
        with suppress(asyncio.CancelledError):
            await writing
        assert writing.cancelled()
        await turns.run(lambda: order.append("free"))

    play(work)
    assert order == ["committed", "told in MainThread", "free"]


def test_a_failure_in_the_thread_is_raised_by_result(store: SqliteStore) -> None:
    turns, told = WriteTurns(), list[str]()

    def fail(after: AfterCommit) -> None:
        with store.threaded_transaction(after) as t:
            t.add_known_cpr("0101010000")
            t.after_commit(lambda: told.append("told"))
            raise ZeroDivisionError

    broken = ThreadStep(fail)
    play(lambda: turns.carry_out(broken))
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            broken.result()
    assert told == []
    with store.transaction() as t:
        t.add_known_cpr("0101010000")


def test_result_runs_a_step_once_if_nobody_else_did() -> None:
    order: list[str] = []

    def work(after: AfterCommit) -> int:
        after.append(lambda: order.append("told"))
        order.append("done")
        return len(order)

    in_place = ThreadStep(work)
    assert (in_place.result(), in_place.result()) == (1, 1)
    assert order == ["done", "told"]


@pytest.fixture
def app(tmp_path: Path, held: Held, monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    """A stage whose first chunk in a thread is held before its commit."""
    app = build(Configuration(db=tmp_path / "stage.db", clock=FIRST_NIGHT), contract())
    settle(app.runtime.store, CITIZENS)
    with app.runtime.store.transaction() as t:
        for cpr in (FIRST, SECOND):
            t.create_person(replace(citizen(), id=cpr, cpr=cpr))
    store = SqliteTransaction.save_run

    def hold(self: SqliteTransaction, run: BatchRun) -> None:
        store(self, run)
        if threading.current_thread() is not threading.main_thread() and not held.begun.is_set():
            held.wait()

    monkeypatch.setattr(SqliteTransaction, "save_run", hold)
    yield app
    app.close()


class _RecordedError(Exception):
    def __init__(self, call: Call) -> None:
        self.call = call


class Recorder:
    """A transport that sends nothing and raises the call instead."""

    def send(self, call: Call) -> NoReturn:
        raise _RecordedError(call)


def recorded(client: Callable[[], object]) -> Call:
    with pytest.raises(_RecordedError) as caught:
        client()
    return caught.value.call


def control(operation: Callable[[Control], object]) -> Call:
    return recorded(lambda: operation(Control(Recorder())))


WHO = identity()
QUEUE = WsrmPoller(WHO, contract(), Recorder())
FIRST, SECOND = "0203840001", "0203840002"
PEOPLE = People(seed=4)
SUBSCRIPTION = SubscriptionWish(JOBCENTER, 100008, "/hook", NOW.date())
NEIGHBOUR = neighbour.NeighbourCall(
    service="X.Y", cpr=FIRST, identity=WHO, command=neighbour.RegisterFravaer(id=new_uuid(), type=10, since=NOW.date())
)
SERVICES = {
    "REST create": REST.call_register(FIRST, Create(Kind.KONTAKTGRUPPE, 13, TODAY), WHO, new_uuid()),
    "subscriptions": Subscriptions(contract(), REST).call(SYSTEM, [SUBSCRIPTION], WHO, new_uuid()),
    "open a transfer": recorded(QUEUE.create),
    "fetch": recorded(lambda: QUEUE.fetch(new_uuid(), "GetContactGroupVersion5")),
    "end a transfer": recorded(lambda: QUEUE.end(new_uuid())),
}
CONTROL = {
    "citizens": control(lambda control: control.set_up(PersonDto(cpr=PEOPLE.new(40, NOW.date()).cpr))),
    "queue": control(lambda control: control.subscribe(JOBCENTER.type, JOBCENTER.code, 1001)),
    "CPR change": control(lambda control: control.cpr_change(SECOND, PEOPLE.new(40, NOW.date()).cpr)),
    "system": control(lambda control: control.subscriber_system(SYSTEM, "http://127.0.0.1:9", JOBCENTER)),
    "replay": control(lambda control: control.replay()),
    "release": control(lambda control: control.change_release("2025-2")),
    "neighbour": Call("POST", interface.PATH, {"content-type": "application/json"}, interface.encode_call(NEIGHBOUR)),
}


@pytest.mark.parametrize("name", [*SERVICES, *CONTROL])
def test_every_call_that_writes_waits_for_the_chunk(name: str, app: Application, held: Held) -> None:
    services, control_api = AsgiTransport(app.services), AsgiTransport(app.control)
    call = SERVICES.get(name) or CONTROL[name]
    read = REST.call_read(SECOND, Kind.KONTAKTGRUPPE, WHO)

    async def work() -> None:
        run = asyncio.create_task(control_api.send(control(lambda client: client.batch(RunKind.FULL))))
        await asyncio.to_thread(held.begun.wait, DEADLINE_S)
        writing = asyncio.create_task((services if name in SERVICES else control_api).send(call))
        await turns_of_the_loop()
        try:
            assert not writing.done(), "it wrote beside the chunk, or found the store locked"
            assert (await services.send(read)).status == 200
        finally:
            held.go.set()
        answer: Response = await writing
        assert b"1011" not in answer.body, "an internal error"
        assert (await run).status == 200

    play(work)


CLOCKWORK = {
    "clock": control(lambda control: control.move_clock(forward="P1D")),
    "batch": control(lambda control: control.batch(RunKind.FULL)),
    "reset": control(lambda control: control.reset()),
}


@pytest.mark.parametrize("name", [*SERVICES, *CONTROL, *CLOCKWORK])
def test_every_call_that_writes_waits_for_another_programs_lock(
    name: str, app: Application, held: Held, tmp_path: Path
) -> None:
    """It neither fails nor blocks the event loop: reads are answered meanwhile."""
    held.go.set()
    services, control_api = AsgiTransport(app.services), AsgiTransport(app.control)
    call = SERVICES.get(name) or CONTROL.get(name) or CLOCKWORK[name]
    other = sqlite3.connect(tmp_path / "stage.db", isolation_level=None)

    async def work() -> None:
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task((services if name in SERVICES else control_api).send(call))
        await turns_of_the_loop()
        try:
            assert not writing.done(), "it wrote beside the other program, or failed at once"
            assert (await services.send(REST.call_read(SECOND, Kind.KONTAKTGRUPPE, WHO))).status == 200
        finally:
            other.execute("ROLLBACK")
            other.close()
        answer: Response = await writing
        assert b"1011" not in answer.body, "an internal error"
        assert answer.status != 503, "the store was busy"

    play(work)
