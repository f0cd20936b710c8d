"""Measure messages: webhook latency, rates of delivery and fetching, memory with a long queue, cost of subscribers.

    python benchmarks/messages.py [--storm 1000000] [--calls 500] [--queue 10000] [--rounds 5]
                                  [--write docs/benchmarks.md]

`--storm` is how many webhook messages wait when the delivery to one receiver begins, `--calls` how many registrations
are timed, `--queue` how many WSRM messages are fetched, `--rounds` how often the registrations with 0, 1, 4 and 8
subscribers are repeated. The sender runs on one core, receiver and caller on another. The default takes about 15
minutes; `--storm 1000 --calls 20 --queue 100 --rounds 1` takes 10 seconds.

Prints a table of latencies and rates, the memory at each tenth of the delivery (it must not grow with the queue), and
the registrations per second with each number of subscribers. Read the ratios ("against none") and the growth of
memory; rates depend on the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import multiprocessing
import resource
import socket
import statistics
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
import uvloop
from rich.console import Console
from rich.progress import Progress
from sections import MACHINE, write
from servers import pin_to_core, stage, wait

from vos_contracts.base import stopwatch
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import load
from vos_contracts.model.identity import Identity, Organisation
from vos_contracts.model.registration import ChangeType, Create, Kind
from vos_contracts.wire.messages.webhook import WebhookCodec, WsbMessage
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.rest.subscriptions import Subscriptions, SubscriptionWish
from vos_reference.adapters.outbound.http_sender import HttpSender
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.application.ports import SubscriberSystem, Subscription, WebhookRecipient, WsbEnvelope
from vos_reference.bootstrap import build
from vos_reference.config import Configuration
from vos_simulators import parties
from vos_simulators.control import Control
from vos_simulators.inboxes.webhook import WebhookReceiver
from vos_simulators.parties import JOBCENTER
from vos_simulators.party import Channel, Party
from vos_simulators.people import People, on_stage
from vos_simulators.transport import HttpTransport

CONTRACT = load()
SYSTEM = "0193e6a0-0000-7000-8000-000000000001"
KONTAKTGRUPPE_ENTITY = 100008
SUBSCRIBED_FROM = date(2020, 1, 1)


def _serve_receiver(sock: socket.socket) -> None:
    """Accept every message at once; the entry point of the receiver's process."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body", False):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    pin_to_core(1)
    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")).run(sockets=[sock])


@contextlib.contextmanager
def fast_recipient() -> Iterator[str]:
    """Run the receiver in a process of its own; yield its address."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    process = multiprocessing.Process(target=_serve_receiver, args=(sock,), daemon=True)
    process.start()
    try:
        address = f"http://127.0.0.1:{sock.getsockname()[1]}"
        wait(address)
        yield address
    finally:
        process.terminate()
        process.join()
        sock.close()


def subscribe(
    control: Control, transport: HttpTransport, address: str, identity: Identity, system: str = SYSTEM
) -> None:
    """Let the jobcenter subscribe to kontaktgrupper at the address."""
    control.subscriber_system(system, address, JOBCENTER)
    wire = Subscriptions(CONTRACT, Rest(CONTRACT))
    response = transport.send(
        wire.call(
            system, [SubscriptionWish(JOBCENTER, KONTAKTGRUPPE_ENTITY, "/", SUBSCRIBED_FROM)], identity, new_uuid()
        )
    )
    assert response.status == 200, response.body


def _has_received(recipient: WebhookReceiver, count: int) -> bool:
    return len(recipient._arrivals) >= count


def from_commit_to_delivered(count: int) -> tuple[float, float]:
    """Register one by one; return the median and the 99th percentile from answer to arrival in milliseconds."""
    with (
        tempfile.TemporaryDirectory() as folder, stage(Path(folder)) as ready, WebhookReceiver(CONTRACT) as recipient,
        HttpTransport(ready["services"]) as transport, HttpTransport(ready["control"]) as control_transport,
    ):  # fmt: skip
        control, people = Control(control_transport), People(seed=3)
        now = control.status().clock
        identity = parties.KSS.identity(JOBCENTER, now)
        subscribe(control, transport, recipient.address, identity)
        citizens = [people.new(40, now.date()) for _ in range(count)]
        control.set_up(*map(on_stage, citizens))
        party, times = Party(identity, CONTRACT, transport, new_uuid), []
        command = Create(Kind.KONTAKTGRUPPE, 13, now.replace(hour=0, minute=0, second=0, microsecond=0))
        for number, citizen in enumerate(citizens, 1):
            assert isinstance(party.register(citizen.cpr, command, Channel.PVS), str)
            begun = stopwatch.seconds()
            recipient.wait(partial(_has_received, recipient, number), "the message")
            times.append(1000 * (stopwatch.seconds() - begun))
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


def registrations_with_subscribers(count: int, rounds: int) -> list[tuple[int, float]]:
    """Register with 0, 1, 4 and 8 subscribers in turn; return the median registrations per second of each number."""
    rates: dict[int, list[float]] = {}
    with (
        fast_recipient() as address, tempfile.TemporaryDirectory() as folder, stage(Path(folder)) as ready,
        HttpTransport(ready["services"]) as transport, HttpTransport(ready["control"]) as control_transport,
    ):  # fmt: skip
        control, people = Control(control_transport), People(seed=4)
        now = control.status().clock
        identity = parties.KSS.identity(JOBCENTER, now)
        party = Party(identity, CONTRACT, transport, new_uuid)
        command = Create(Kind.KONTAKTGRUPPE, 13, now.replace(hour=0, minute=0, second=0, microsecond=0))
        for _ in range(rounds):
            for subscribers in (0, 1, 4, 8):
                control.reset()
                for number in range(subscribers):
                    subscribe(control, transport, address, identity, f"{SYSTEM[:-1]}{number}")
                citizens = [people.new(40, now.date()) for _ in range(count)]
                control.set_up(*map(on_stage, citizens))
                begun = stopwatch.seconds()
                for citizen in citizens:
                    assert isinstance(party.register(citizen.cpr, command, Channel.PVS), str)
                rates.setdefault(subscribers, []).append(count / (stopwatch.seconds() - begun))
    return [(subscribers, statistics.median(rate)) for subscribers, rate in rates.items()]


def from_queue(count: int) -> float:
    """Fill a WSRM queue and let its owner empty it; return messages per second."""
    with (
        tempfile.TemporaryDirectory() as folder,
        stage(Path(folder)) as ready,
        HttpTransport(ready["services"], timeout=None) as transport,
        HttpTransport(ready["control"]) as control_transport,
    ):
        control, people = Control(control_transport), People(seed=5)
        now = control.status().clock
        party = Party(parties.KSS.identity(JOBCENTER, now), CONTRACT, transport, new_uuid)
        command = Create(Kind.KONTAKTGRUPPE, 13, now.replace(hour=0, minute=0, second=0, microsecond=0))
        citizens = [
            people.new(40, now.date()) for _ in range(count // 2)
        ]  # each gets a message of version 5 and one of version 4
        for since in range(0, len(citizens), 1000):
            control.set_up(*map(on_stage, citizens[since : since + 1000]))
        for citizen in citizens:
            party.register(citizen.cpr, command, Channel.PVS)
        begun = stopwatch.seconds()
        fetched = len(party.inbox.drain())
        assert fetched == count, fetched
        return fetched / (stopwatch.seconds() - begun)


def storm(count: int, console: Console) -> tuple[float, float, list[int]]:
    """Enqueue and then deliver this many messages; return messages per second of both, and MiB at each tenth."""
    pin_to_core(0)
    wsb, memory = WebhookCodec(CONTRACT), list[int]()
    with fast_recipient() as address, tempfile.TemporaryDirectory() as folder, Progress(console=console) as progress:
        file = Path(folder) / "storm.db"
        sender = HttpSender()
        application = build(Configuration(db=file), CONTRACT, SqliteStore(file), sender)
        now: datetime = application.runtime.clock.now()
        recipient = WebhookRecipient(SYSTEM, JOBCENTER)
        with application.runtime.store.transaction() as t:
            t.save_subscriber_system(SubscriberSystem(SYSTEM, address, (JOBCENTER,)))
            t.save_subscription(Subscription(recipient, KONTAKTGRUPPE_ENTITY, "/", SUBSCRIBED_FROM, None))
        filling, begun = progress.add_task("filling", total=count), stopwatch.seconds()
        for since in range(0, count, 5000):
            with application.runtime.store.transaction() as t:
                t.enqueue_wsb(
                    [_envelope(wsb, recipient, number, now) for number in range(since, min(since + 5000, count))]
                )
            progress.update(filling, completed=since + 5000)
        filled = count / (stopwatch.seconds() - begun)

        async def drain() -> None:
            run = application.delivery
            draining = progress.add_task("draining", total=count)
            task = asyncio.create_task(run.until_quiet())
            while not task.done():
                await asyncio.wait([task], timeout=0.25)
                with application.runtime.store.reading() as t:
                    waiting = _waiting(t)
                progress.update(draining, completed=count - waiting)
                while len(memory) <= 10 * (count - waiting) // count:
                    memory.append(_mib())
            task.result()
            await sender.close()

        begun = stopwatch.seconds()
        uvloop.run(drain())
        drained = count / (stopwatch.seconds() - begun)
        application.close()
    return filled, drained, memory


def _mib() -> int:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() // 1024**2


def _waiting(t: Any) -> int:
    """Return how many wait, from the first and last number: counting a million rows would dominate the figure."""
    first, last = t._db.execute("SELECT min(number), max(number) FROM wsb").fetchone()
    return 0 if first is None else int(last) - int(first) + 1


def _envelope(wsb: WebhookCodec, recipient: WebhookRecipient, number: int, now: datetime) -> WsbEnvelope:
    id_, change = new_uuid(), ChangeType.CREATED
    message = WsbMessage(
        id_, KONTAKTGRUPPE_ENTITY, "Kontaktgruppe", new_uuid(), f"{number:010d}", change, Organisation(8, "10100"), now
    )
    return WsbEnvelope(id_, recipient, KONTAKTGRUPPE_ENTITY, f"b{number // 2}", wsb.write(message), now)


def main() -> None:
    """Measure, print the section and optionally write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--storm", type=int, default=1_000_000)
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--queue", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", type=Path)
    chosen = parser.parse_args()
    console = Console(stderr=True)
    pin_to_core(1)
    median, p99 = from_commit_to_delivered(chosen.calls)
    console.print(f"commit to delivered {median:.1f} / {p99:.1f} ms")
    by_subscribers = registrations_with_subscribers(chosen.calls, chosen.rounds)
    console.print(f"registrations per second by subscribers {by_subscribers}")
    queue = from_queue(chosen.queue)
    console.print(f"from the queue {queue:.0f}/s")
    filled, drained, memory = storm(chosen.storm, console)
    without = by_subscribers[0][1]
    rows = "\n".join(f"| {count} | {rate:,.0f} | {rate / without:.2f} |" for count, rate in by_subscribers)
    text = f"""## Messages

{MACHINE}; SQLite (WAL); the sender on one core,
receiver and caller on another.

| measured | figure |
| --- | ---: |
| commit to delivered, one at a time, 50th percentile | {median:.1f} ms |
| commit to delivered, one at a time, 99th percentile | {p99:.1f} ms |
| WSB delivered to one fast receiver (of {chosen.storm:,} waiting, two per citizen) | {drained:,.0f}/s |
| WSRM queue fetched by its owner, 500 messages per transfer | {queue:,.0f}/s |

Memory at each tenth of the delivery of {chosen.storm:,} waiting messages, MiB: {", ".join(map(str, memory))}.
They were enqueued at {filled:,.0f}/s.

| subscribers | registrations/s (one caller, median of {chosen.rounds} rounds) | against none |
| ---: | ---: | ---: |
{rows}
"""
    print(text)
    if chosen.write:
        write(chosen.write, "messages", text)


if __name__ == "__main__":
    main()
