"""The composition root: builds the reference from its configuration; the only module that knows edges and adapters."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.types import ASGIApp

from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import Contract, load
from vos_reference.adapters.outbound.http_sender import HttpSender
from vos_reference.adapters.outbound.in_process import InternalBroker
from vos_reference.adapters.outbound.rabbitmq import RabbitBroker
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.application.clockwork import DueWork
from vos_reference.application.delivery import Deliveries, Sender
from vos_reference.application.nightly_run import NightlyRun
from vos_reference.application.ports import Broker, Store
from vos_reference.application.runtime import LOOPBACK, Runtime
from vos_reference.application.wsrm_queue import SequenceExpiry
from vos_reference.background.checkpoint import Checkpoint
from vos_reference.background.clockwork import Clockwork
from vos_reference.background.delivery import QUIET_DEADLINE_S, Delivery
from vos_reference.background.group_commit import GroupCommit
from vos_reference.background.relay import Relay
from vos_reference.background.signals import Signal
from vos_reference.background.write_turns import WriteTurns
from vos_reference.clock import StageClock, SystemClock
from vos_reference.config import Configuration
from vos_reference.edge.control.stage import ControlEdge, write_errors
from vos_reference.edge.journal import CallJournal, Journal, printer
from vos_reference.edge.services import app, internal, services


class UnknownRelease(ValueError):
    """The configured release is not a release of the contract."""


@dataclass(frozen=True, slots=True)
class Application:
    """The ASGI applications of one stage (`services`, `control`, `internal`) and the objects they share."""

    services: ASGIApp
    control: ASGIApp
    internal: ASGIApp
    runtime: Runtime
    journal: Journal
    clockwork: Clockwork
    delivery: Delivery
    relay: Relay
    broker: Broker

    async def run(self) -> None:
        """Run the background tasks until cancelled: delivery, relay of events, due work, checkpoints of the store."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.delivery.run())
            tasks.create_task(self.relay.run())
            tasks.create_task(self.clockwork.run())
            tasks.create_task(Checkpoint(self.runtime.store).run())

    def with_journal(self, app: ASGIApp) -> ASGIApp:
        """Return an application whose calls are written to this stage's journal."""
        return CallJournal(app, self.journal, self.runtime.clock)

    def close(self) -> None:
        """Close the store; call it in the thread that called `build`."""
        self.runtime.store.close()


def build(
    configuration: Configuration,
    contract: Contract | None = None,
    store: Store | None = None,
    sender: Sender | None = None,
    broker: Broker | None = None,
) -> Application:
    """Build the reference in the calling thread, and carry out the work that fell due while the stage was down.

    `contract`, `store`, `sender` and `broker` replace those of the configuration, in tests.

    Raises:
        TableError: the contract cannot be loaded.
        UnknownRelease: the contract has no such release.
        DatabaseError: the store cannot be opened.
    """
    contract = contract or load(configuration.contract)
    release = contract.releases.get(configuration.release)
    if release is None:
        raise UnknownRelease(f"release {configuration.release!r} is unknown; known are {', '.join(contract.releases)}")
    journal = Journal(printer(contract))
    store = store or SqliteStore(configuration.db, durable=configuration.durable)
    to_send, events_raised, turns = Signal(), Signal(), WriteTurns(store.is_locked)
    runtime = Runtime(
        store=store,
        clock=StageClock(SystemClock(), configuration.clock),
        ids=new_uuid,
        contract=contract,
        release=release,
        backend=configuration.backend,
        journal=journal,
        wsb_state=configuration.wsb_mode,
        webhook_hosts=LOOPBACK.union(configuration.webhook_hosts),
        on_wsb_queued=to_send,
        events_raised=events_raised,
    )
    sends = sender or HttpSender(configuration.webhook_timeout, runtime.webhook_hosts)
    quiet_deadline_s = max(QUIET_DEADLINE_S, 3 * configuration.webhook_timeout)
    delivery = Delivery(runtime, sends, turns, to_send, quiet_deadline_s=quiet_deadline_s)
    broker = broker or _broker(configuration, contract)
    relay = Relay(runtime, broker, turns, events_raised)
    _resume_clock(runtime)
    nights = NightlyRun(runtime)
    sources = (nights, SequenceExpiry(runtime))
    due = DueWork(runtime.clock, (Deliveries(runtime, delivery), *sources))
    clockwork = Clockwork(runtime.clock, due, turns, to_send)
    nights.begin()
    for _ in DueWork(
        runtime.clock, sources
    ).catch_up():  # work that fell due while the stage was down, before the first call
        pass
    control = ControlEdge(
        runtime,
        journal,
        due,
        clockwork,
        turns,
        relay,
        nights.begin,
        allow_real_cpr=configuration.allow_real_cpr,
    )
    limits = configuration.body_limits
    service_app = services(runtime, limits, GroupCommit(runtime, turns).register, turns)
    return Application(
        services=CallJournal(service_app, journal, runtime.clock),
        internal=internal(runtime, limits, turns),
        control=app(control.routes(limits), write_errors),
        runtime=runtime,
        journal=journal,
        clockwork=clockwork,
        delivery=delivery,
        relay=relay,
        broker=broker,
    )


def _broker(configuration: Configuration, contract: Contract) -> Broker:
    if configuration.broker is None:
        return InternalBroker(contract.domains)
    return RabbitBroker(configuration.broker, contract.domains, contract.names)


def _resume_clock(runtime: Runtime) -> None:
    """Move the clock of a restarted stage to the latest instant in the store, so that no stored data is in the future."""
    with runtime.store.reading() as t:
        latest = t.latest_instant()
    if latest is not None:
        runtime.clock.not_before(latest)
