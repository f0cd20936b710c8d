"""Measure messages: time from commit to delivery, draining to a fast receiver and from the queue, a storm of messages, and
the cost of one more receiver.

    python benchmarks/messages.py [--storm 1000000] [--write docs/benchmarks.md]

The sender is pinned to one core, receiver and caller to the other. Read the ratios, not the absolute numbers.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import multiprocessing
import platform
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
from sections import write
from servers import fix, stage, wait

from vos_contracts.base import stopwatch
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import load
from vos_contracts.model.identity import Organisation
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
KG = 100008
ONE_DAY = date(2020, 1, 1)


def _serve_receiver(sock: socket.socket) -> None:
    """A receiver that takes everything at once, in a process of its own."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body", False):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    fix(1)
    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")).run(sockets=[sock])


@contextlib.contextmanager
def fast_recipient() -> Iterator[str]:
    """Run the receiver; return its address."""
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


def subscribe(control: Control, transport: HttpTransport, address: str, who: Any, system: str = SYSTEM) -> None:
    """Let the jobcentre subscribe to contact groups."""
    control.subscriber_system(system, address, JOBCENTER)
    wire = Subscriptions(CONTRACT, Rest(CONTRACT))
    response = transport.send(wire.call(system, [SubscriptionWish(JOBCENTER, KG, "/", ONE_DAY)], who, new_uuid()))
    assert response.status == 200, response.body


def _has_received(recipient: WebhookReceiver, count: int) -> bool:
    return len(recipient._arrivals) >= count


def from_commit_to_delivered(count: int) -> tuple[float, float]:
    """Register one after the other; return the median and the 99th percentile from answer to arrival, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder)) as ready, WebhookReceiver(CONTRACT) as recipient, \
            HttpTransport(ready["services"]) as transport, HttpTransport(ready["control"]) as check:  # fmt: skip
        control, people = Control(check), People(seed=3)
        now = control.status().clock
        who = parties.KSS.identity(JOBCENTER, now)
        subscribe(control, transport, recipient.address, who)
        citizens = [people.new(40, now.date()) for _ in range(count)]
        control.set_up(*map(on_stage, citizens))
        party, times = Party(who, CONTRACT, transport, new_uuid), []
        command = Create(Kind.KONTAKTGRUPPE, 13, now.replace(hour=0, minute=0, second=0, microsecond=0))
        for number, citizen in enumerate(citizens, 1):
            assert isinstance(party.register(citizen.cpr, command, Channel.PVS), str)
            begun = stopwatch.seconds()
            recipient.wait(partial(_has_received, recipient, number), "beskeden")
            times.append(1000 * (stopwatch.seconds() - begun))
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


def extra_recipients(count: int, rounds: int) -> list[tuple[int, float]]:
    """Register with 0, 1, 4 and 8 subscribers in turn, several rounds; return the median registrations per second of each."""
    rates: dict[int, list[float]] = {}
    with fast_recipient() as address, tempfile.TemporaryDirectory() as folder, stage(Path(folder)) as ready, \
            HttpTransport(ready["services"]) as transport, HttpTransport(ready["control"]) as check:  # fmt: skip
        control, people = Control(check), People(seed=4)
        now = control.status().clock
        who = parties.KSS.identity(JOBCENTER, now)
        party = Party(who, CONTRACT, transport, new_uuid)
        command = Create(Kind.KONTAKTGRUPPE, 13, now.replace(hour=0, minute=0, second=0, microsecond=0))
        for _ in range(rounds):
            for subscribers in (0, 1, 4, 8):
                control.reset()
                for number in range(subscribers):
                    subscribe(control, transport, address, who, f"{SYSTEM[:-1]}{number}")
                citizens = [people.new(40, now.date()) for _ in range(count)]
                control.set_up(*map(on_stage, citizens))
                begun = stopwatch.seconds()
                for citizen in citizens:
                    assert isinstance(party.register(citizen.cpr, command, Channel.PVS), str)
                rates.setdefault(subscribers, []).append(count / (stopwatch.seconds() - begun))
    return [(subscribers, statistics.median(number)) for subscribers, number in rates.items()]


def from_queue(count: int) -> float:
    """Fill the queue and let its owner empty it; return messages per second."""
    with (
        tempfile.TemporaryDirectory() as folder,
        stage(Path(folder)) as ready,
        HttpTransport(ready["services"], timeout=None) as transport,
        HttpTransport(ready["control"]) as check,
    ):
        control, people = Control(check), People(seed=5)
        now = control.status().clock
        party = Party(parties.KSS.identity(JOBCENTER, now), CONTRACT, transport, new_uuid)
        command = Create(Kind.KONTAKTGRUPPE, 13, now.replace(hour=0, minute=0, second=0, microsecond=0))
        citizens = [people.new(40, now.date()) for _ in range(count // 2)]  # version 5 and version 4 of each
        for since in range(0, len(citizens), 1000):
            control.set_up(*map(on_stage, citizens[since : since + 1000]))
        for citizen in citizens:
            party.register(citizen.cpr, command, Channel.PVS)
        begun = stopwatch.seconds()
        fetched = len(party.inbox.drain())
        assert fetched == count, fetched
        return fetched / (stopwatch.seconds() - begun)


def storm(count: int, console: Console) -> tuple[float, float, list[int]]:
    """Let that many messages wait and drain them all; return messages per second filled and drained, and MiB at each tenth."""
    fix(0)
    wsb, memory = WebhookCodec(CONTRACT), list[int]()
    with fast_recipient() as address, tempfile.TemporaryDirectory() as folder, Progress(console=console) as progress:
        file = Path(folder) / "storm.db"
        sender = HttpSender()
        application = build(Configuration(db=file), CONTRACT, SqliteStore(file), sender)
        now: datetime = application.runtime.clock.now()
        recipient = WebhookRecipient(SYSTEM, JOBCENTER)
        with application.runtime.store.transaction() as t:
            t.save_subscriber_system(SubscriberSystem(SYSTEM, address, (JOBCENTER,)))
            t.save_subscription(Subscription(recipient, KG, "/", ONE_DAY, None))
        fills, begun = progress.add_task("filling", total=count), stopwatch.seconds()
        for since in range(0, count, 5000):
            with application.runtime.store.transaction() as t:
                t.enqueue_wsb(
                    [_envelope(wsb, recipient, number, now) for number in range(since, min(since + 5000, count))]
                )
            progress.update(fills, completed=since + 5000)
        filled = count / (stopwatch.seconds() - begun)

        async def drain() -> None:
            run = application.delivery
            drains = progress.add_task("draining", total=count)
            task = asyncio.create_task(run.until_quiet())
            while not task.done():
                await asyncio.wait([task], timeout=0.25)
                with application.runtime.store.reading() as t:
                    waiting = _waiting(t)
                progress.update(drains, completed=count - waiting)
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
    """How many wait, told by the numbers at both ends: counting a million rows again and again would be what is measured."""
    first, last = t._db.execute("SELECT min(number), max(number) FROM wsb").fetchone()
    return 0 if first is None else int(last) - int(first) + 1


def _envelope(wsb: WebhookCodec, recipient: WebhookRecipient, number: int, now: datetime) -> WsbEnvelope:
    id_, change = new_uuid(), ChangeType.CREATED
    message = WsbMessage(id_, KG, "Kontaktgruppe", new_uuid(), f"{number:010d}", change, Organisation(8, "10100"), now)
    return WsbEnvelope(id_, recipient, KG, f"b{number // 2}", wsb.write(message), now)


def main() -> None:
    """Measure and write the section."""
    choice = argparse.ArgumentParser(description=__doc__)
    choice.add_argument("--storm", type=int, default=1_000_000)
    choice.add_argument("--write", type=Path)
    chosen = choice.parse_args()
    console = Console(stderr=True)
    fix(1)
    median, p99 = from_commit_to_delivered(500)
    console.print(f"commit to delivered {median:.1f} / {p99:.1f} ms")
    extra = extra_recipients(400, 5)
    console.print(f"extra receivers {extra}")
    queue = from_queue(10_000)
    console.print(f"from the queue {queue:.0f}/s")
    filled, drained, memory = storm(chosen.storm, console)
    without = extra[0][1]
    rows = "\n".join(f"| {count} | {number:,.0f} | {number / without:.2f} |" for count, number in extra)
    text = f"""## Messages

Python {platform.python_version()}, {platform.system()} {platform.machine()}; SQLite (WAL); the sender on one pinned core,
receiver and caller on another.

| what | figure |
| --- | ---: |
| commit to delivered, one at a time, 50th percentile | {median:.1f} ms |
| commit to delivered, one at a time, 99th percentile | {p99:.1f} ms |
| WSB drained to one fast receiver (of {chosen.storm:,} waiting, two to a citizen) | {drained:,.0f}/s |
| WSRM emptied by its owner, 500 a transfer | {queue:,.0f}/s |

Memory at each tenth of draining {chosen.storm:,} waiting messages, MiB: {", ".join(map(str, memory))}.
They were queued at {filled:,.0f}/s.

| subscribers | registrations/s (one caller, median of 5 rounds) | against none |
| ---: | ---: | ---: |
{rows}
"""
    console.print(text)
    if chosen.write:
        write(chosen.write, "messages", text)


if __name__ == "__main__":
    main()
