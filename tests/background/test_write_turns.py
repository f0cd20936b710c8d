"""While a chunk is written in its thread, reads go on, and whoever writes waits without holding the event loop up."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from folkemaengde import FOERSTE_NAT, bosaet

from byggeklodser import I_DAG, JOBCENTER, NU, borger, identitet, kontrakt
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control import neighbours as interface
from vos_contracts.control.stage import Koerselsart, PersonDto
from vos_contracts.model import neighbours as nabo
from vos_contracts.model.registration import Art, Opret
from vos_contracts.wire.abonnement import Abonnementer, Abonnementsoenske
from vos_contracts.wire.asgi import AsgiTransport
from vos_contracts.wire.base import Kald, Svar
from vos_contracts.wire.rest import Rest
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.adapters.sqlite.transaktion import SqliteTransaktion
from vos_reference.application.ports import Koersel
from vos_reference.application.steps import AfterCommit, ThreadStep
from vos_reference.background.write_turns import WriteTurns
from vos_reference.bootstrap import Applikation, byg
from vos_reference.config import Konfiguration
from vos_simulators.control import Styring
from vos_simulators.inboxes.wsrm_poller import WsrmPoller
from vos_simulators.people import Folk

DEADLINE_S = 30
TURNS = 50
"""Turns of the event loop after which a call that does not wait has been answered."""
CITIZENS = 60
SYSTEM = "0193e6a0-0000-7000-8000-00000000000a"
REST = Rest(kontrakt())


class Held:
    """A chunk that is in the midst of its transaction, in its thread, until it is let go."""

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
    store.luk()


def play(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(work(), DEADLINE_S))


async def turns_of_the_loop() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)


def step(store: SqliteStore, held: Held, order: list[str]) -> ThreadStep[str]:
    def work(after: AfterCommit) -> str:
        with store.write_beside(after) as t:
            t.kend_cpr("0101010000")
            t.bagefter(lambda: order.append(f"told in {threading.current_thread().name}"))
            held.wait()
        order.append("committed")
        return "done"

    return ThreadStep(work)


def test_a_writer_waits_for_the_chunk_and_what_follows_its_commit_and_a_reader_does_not(
    store: SqliteStore, held: Held
) -> None:
    turns, order = WriteTurns(), list[str]()
    chunk = step(store, held, order)

    def write() -> None:
        with store.transaktion() as t:
            t.kend_cpr("0101010001")
            order.append("written")

    async def work() -> None:
        writing = asyncio.create_task(turns.carry_out(chunk))
        await asyncio.to_thread(held.begun.wait, DEADLINE_S)
        assert held.thread is not threading.main_thread()
        waiting = asyncio.create_task(turns.run(write))
        turns.start(lambda: order.append("started"))
        await turns_of_the_loop()
        assert (waiting.done(), order) == (False, [])
        with store.laesning() as t:
            assert t.antal_personer() == 0
        held.go.set()
        await asyncio.gather(writing, waiting)

    play(work)
    assert order == ["committed", "told in MainThread", "written", "started"]
    assert chunk.result() == "done"


def test_with_no_chunk_a_write_is_carried_out_at_once() -> None:
    turns, order = WriteTurns(), list[str]()
    turns.start(lambda: order.append("started"))
    assert order == ["started"]


def test_those_who_waited_for_one_chunk_come_before_the_next(store: SqliteStore, held: Held) -> None:
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


def test_a_cancelled_chunk_is_waited_for_and_what_follows_its_commit_is_done(store: SqliteStore, held: Held) -> None:
    """The store may be closed as soon as the task has ended."""
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


def test_what_fails_in_the_thread_is_raised_where_the_result_is_asked_for(store: SqliteStore) -> None:
    turns, told = WriteTurns(), list[str]()

    def fail(after: AfterCommit) -> None:
        with store.write_beside(after) as t:
            t.kend_cpr("0101010000")
            t.bagefter(lambda: told.append("told"))
            raise ZeroDivisionError

    broken = ThreadStep(fail)
    play(lambda: turns.carry_out(broken))
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            broken.result()
    assert told == []
    with store.transaktion() as t:
        t.kend_cpr("0101010000")


def test_a_step_that_nobody_carries_out_is_done_once_in_place() -> None:
    order: list[str] = []

    def work(after: AfterCommit) -> int:
        after.append(lambda: order.append("told"))
        order.append("done")
        return len(order)

    in_place = ThreadStep(work)
    assert (in_place.result(), in_place.result()) == (1, 1)
    assert order == ["done", "told"]


@pytest.fixture
def app(tmp_path: Path, held: Held, monkeypatch: pytest.MonkeyPatch) -> Iterator[Applikation]:
    """A stage whose first chunk in a thread has changed its citizens and is held before its commit."""
    app = byg(Konfiguration(db=tmp_path / "stage.db", ur=FOERSTE_NAT), kontrakt())
    bosaet(app.drift.store, CITIZENS)
    with app.drift.store.transaktion() as t:
        for cpr in (FIRST, SECOND):
            t.opret_person(replace(borger(), id=cpr, cpr=cpr))
    store = SqliteTransaktion.gem_koersel

    def hold(self: SqliteTransaktion, run: Koersel) -> None:
        store(self, run)
        if threading.current_thread() is not threading.main_thread() and not held.begun.is_set():
            held.wait()

    monkeypatch.setattr(SqliteTransaktion, "gem_koersel", hold)
    yield app
    app.luk()


class _RecordedError(Exception):
    def __init__(self, call: Kald) -> None:
        self.call = call


class Recorder:
    """A transport that sends nothing: the call that a client would make."""

    def send(self, call: Kald) -> NoReturn:
        raise _RecordedError(call)


def recorded(client: Callable[[], object]) -> Kald:
    with pytest.raises(_RecordedError) as caught:
        client()
    return caught.value.call


def control(operation: Callable[[Styring], object]) -> Kald:
    return recorded(lambda: operation(Styring(Recorder())))


WHO = identitet()
QUEUE = WsrmPoller(WHO, kontrakt(), Recorder())
FIRST, SECOND = "0203840001", "0203840002"
PEOPLE = Folk(seed=4)
SUBSCRIPTION = Abonnementsoenske(JOBCENTER, 100008, "/hook", NU.date())
NEIGHBOUR = nabo.Nabokald(
    tjeneste="X.Y", cpr=FIRST, identitet=WHO, kommando=nabo.RegistrerFravaer(id=ny_uuid(), type=10, fra=NU.date())
)
SERVICES = {
    "REST create": REST.kald_registrer(FIRST, Opret(Art.KONTAKTGRUPPE, 13, I_DAG), WHO, ny_uuid()),
    "subscriptions": Abonnementer(kontrakt(), REST).kald(SYSTEM, [SUBSCRIPTION], WHO, ny_uuid()),
    "open a transfer": recorded(QUEUE.opret),
    "fetch": recorded(lambda: QUEUE.hent(ny_uuid(), "GetContactGroupVersion5")),
    "end a transfer": recorded(lambda: QUEUE.afslut(ny_uuid())),
}
CONTROL = {
    "citizens": control(lambda styring: styring.opsaet(PersonDto(cpr=PEOPLE.ny(40, NU.date()).cpr))),
    "queue": control(lambda styring: styring.abonner(JOBCENTER.type, JOBCENTER.kode, 1001)),
    "CPR change": control(lambda styring: styring.cprskift(SECOND, PEOPLE.ny(40, NU.date()).cpr)),
    "system": control(lambda styring: styring.subscribersystem(SYSTEM, "http://127.0.0.1:9", JOBCENTER)),
    "replay": control(lambda styring: styring.genspil()),
    "release": control(lambda styring: styring.skift_udgave("2025-2")),
    "neighbour": Kald("POST", interface.STI, {"content-type": "application/json"}, interface.encode_call(NEIGHBOUR)),
}


@pytest.mark.parametrize("name", [*SERVICES, *CONTROL])
def test_every_call_that_writes_waits_for_the_chunk(name: str, app: Applikation, held: Held) -> None:
    services, styring = AsgiTransport(app.tjenester), AsgiTransport(app.styring)
    call = SERVICES.get(name) or CONTROL[name]
    read = REST.kald_laes(SECOND, Art.KONTAKTGRUPPE, WHO)

    async def work() -> None:
        run = asyncio.create_task(styring.send(control(lambda styring_: styring_.batch(Koerselsart.FULD))))
        await asyncio.to_thread(held.begun.wait, DEADLINE_S)
        writing = asyncio.create_task((services if name in SERVICES else styring).send(call))
        await turns_of_the_loop()
        try:
            assert not writing.done(), "it has written beside the chunk, or has been told that the store is locked"
            assert (await services.send(read)).status == 200
        finally:
            held.go.set()
        answer: Svar = await writing
        assert b"1011" not in answer.krop, "an internal error"
        assert (await run).status == 200

    play(work)
