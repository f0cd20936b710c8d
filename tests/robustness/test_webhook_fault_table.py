"""The fault table of webhook delivery: every fault of a receiver, with a kill of the sender, of the receiver, or none.

Seeded random runs on a real SQLite file are checked against the oracle: no message is lost, the order per citizen is
kept, and a repeated message has the same id. The receivers are fakes without sockets, which makes a thousand runs
feasible; `test_webhook_sigkill` kills real processes.
"""

from __future__ import annotations

import asyncio
import random  # noqa: TID251 - seeded, to choose faults and moments
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from enum import Enum
from pathlib import Path

import pytest

from support.builders import AKASSE, JOBCENTER, NOW, TODAY, citizen, contract, identity, register
from support.direct import Direct
from vos_contracts.base.ids import new_uuid
from vos_contracts.control.stage import ClockMode
from vos_contracts.control.webhooks import OrganisationDto, SubscriberSystemDto
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.messages.webhook import WebhookCodec
from vos_contracts.wire.rest.subscriptions import SubscriptionWish, Synchronised
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.application.webhook_subscriptions import create_system, synchronise
from vos_reference.bootstrap import Application, build
from vos_reference.config import Configuration
from vos_reference.domain.decision import Caller
from vos_reference.domain.retry import Answered, AttemptResponse, NoAnswer
from vos_simulators.oracle.expected import Expected, WsbSubscriber, expected
from vos_simulators.oracle.happened import from_stage
from vos_simulators.oracle.received import Got, from_wsb
from vos_simulators.oracle.verdict import assess
from vos_simulators.stage_reader import OperationsReader

SUBSCRIBERS = tuple(
    WsbSubscriber(f"0193e6a0-0000-7000-8000-00000000000{item.type}", item, frozenset({Kind.KONTAKTGRUPPE}))
    for item in (JOBCENTER, AKASSE)
)
WIRE = WebhookCodec(contract())
RUNS = 42
"""Runs per combination; with 8 faults and 3 kinds of kill more than a thousand runs."""
QUICK_RUNS = 5


class Kill(Enum):
    NONE = "none"
    SENDER = "sender"
    RECIPIENT = "recipient"


Fault = Callable[[random.Random], tuple[bool, AttemptResponse]]
"""Returns whether the receiver stored the message despite the fault, and the response that the sender sees."""

FAULTS: dict[str, Fault] = {
    "500": lambda rng: (rng.random() < 0.5, Answered(500)),
    "503 with Retry-After": lambda rng: (False, Answered(503, timedelta(seconds=rng.randrange(400)))),
    "reset": lambda rng: (rng.random() < 0.5, NoAnswer("ClientOSError: reset")),
    "empty answer": lambda rng: (True, NoAnswer("ServerDisconnectedError")),
    "garbage": lambda rng: (True, NoAnswer("ClientResponseError: 400")),
    "too slow": lambda rng: (rng.random() < 0.8, NoAnswer("intet svar inden 10 sekunder")),
    "404": lambda rng: (False, Answered(404)),
    "redirects": lambda rng: (False, Answered(307)),
}


class FakeReceivers:
    """Both receivers, with their stored messages in order.

    `down` refuses connections; `recovered` ends all faults.
    """

    def __init__(self, fault: Fault, rng: random.Random) -> None:
        self._fault = fault
        self._rng = rng
        self.down = False
        self.recovered = False
        self.taken: list[Got] = []

    async def post(self, url: str, body: bytes) -> AttemptResponse:
        for _ in range(self._rng.randrange(4)):  # so that attempts end in another order than they start
            await asyncio.sleep(0)
        if self.down:
            return NoAnswer("ConnectionRefusedError")
        taken, response = True, Answered(200)
        if not self.recovered and self._rng.random() < 0.4:
            taken, response = self._fault(self._rng)
        if taken:
            (system,) = [
                subscriber.system
                for subscriber in SUBSCRIBERS
                if url == f"http://127.0.0.1/{subscriber.organisation.type}/"
            ]
            self.taken.append(from_wsb(system, WIRE.read(body)))
        return response

    async def close(self) -> None:
        pass


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file with three citizens, and the subscribed systems of a jobcenter and an a-kasse."""
    file = tmp_path_factory.mktemp("wsb") / "template.db"
    application = build(Configuration(db=file, clock=NOW), contract(), SqliteStore(file))
    for subscriber in SUBSCRIBERS:
        system, organisation = subscriber.system, subscriber.organisation
        org = OrganisationDto(organisation_type=organisation.type, organisation_code=organisation.code)
        dto = SubscriberSystemDto(
            system_identifier=system, base_url=f"http://127.0.0.1/{organisation.type}", organisations=(org,)
        )
        assert create_system(application.runtime, dto) is None
        wish = SubscriptionWish(organisation, 100008, "/", NOW.date())
        assert synchronise(application.runtime, identity(organisation), system, [wish]) == Synchronised(1, 0, 0)
    with application.runtime.store.transaction() as t:
        for number in range(3):
            t.create_person(replace(citizen(), id=f"p{number}", cpr=f"020384000{number}"))
    application.close()
    return file


async def play(file: Path, receivers: FakeReceivers, rng: random.Random, kill: Kill) -> None:
    """Register, move the clock and kill at random; then deliver every message that remains."""

    def open_application() -> Application:
        return build(Configuration(db=file, clock=now), contract(), SqliteStore(file), receivers)

    async def move_clock(seconds: int) -> None:
        def target(_: object) -> object:
            return now + timedelta(seconds=seconds)

        clockwork = application.clockwork
        await clockwork.carry_out(clockwork._due.set(target, ClockMode.FROZEN))  # type: ignore[arg-type]  # an instant

    now = NOW
    application = open_application()
    for _ in range(10):
        for _ in range(rng.randrange(4)):
            cpr, group = f"020384000{rng.randrange(3)}", rng.choice([13, 25, 23, 4])
            register(application.runtime, cpr, Create(Kind.KONTAKTGRUPPE, group, TODAY), Caller(identity()), new_uuid())
        if kill is Kill.RECIPIENT and rng.random() < 0.4:
            receivers.down = not receivers.down
        if kill is Kill.SENDER and rng.random() < 0.4:
            delivering = asyncio.create_task(application.delivery.until_quiet())
            for _ in range(rng.randrange(8)):  # until the attempt is in progress, answered or stored
                await asyncio.sleep(0)
            delivering.cancel()
            await kill_sender(application)
            application = open_application()
        elif rng.random() < 0.7:
            seconds = rng.choice([1, 5, 60, 1000])
            await move_clock(seconds)
            now += timedelta(seconds=seconds)
    receivers.down, receivers.recovered = False, True
    await move_clock(4 * 10_800)
    with application.runtime.store.reading() as t:
        assert [state.waiting + state.dead for state in t.recipient_states()] == [0, 0]
    application.close()


async def kill_sender(application: Application) -> None:
    """Stop the sender as a kill would: no attempt in progress is stored."""
    run = application.delivery
    run._store = lambda: None  # type: ignore[method-assign]  # a killed process stores nothing
    run._answered.append(None)  # type: ignore[arg-type]  # so that no store is scheduled
    for task in tuple(run._tasks):
        task.cancel()
    await asyncio.gather(*run._tasks, return_exceptions=True)
    application.close()


def expected_by_oracle(file: Path) -> list[Expected]:
    """Return the messages that the receivers must have according to the oracle and the history in the file."""
    application = build(Configuration(db=file, clock=NOW), contract(), SqliteStore(file))
    recipients = {subscriber.recipient for subscriber in SUBSCRIBERS}
    expected_messages = expected(from_stage(OperationsReader(Direct(application.control))), SUBSCRIBERS, wsrm=False)
    application.close()
    return [item for item in expected_messages if item.recipient in recipients]


COMBINATIONS = [
    ("500", Kill.SENDER, QUICK_RUNS),
    *(pytest.param(fault, kill, RUNS, marks=pytest.mark.slow) for fault in FAULTS for kill in Kill),
]


@pytest.mark.parametrize(("fault", "kill", "runs"), COMBINATIONS)
def test_nothing_is_lost_and_the_order_holds(template: Path, tmp_path: Path, fault: str, kill: Kill, runs: int) -> None:
    repeated = expected_total = 0
    for number in range(runs):
        file = tmp_path / f"{number}.db"
        shutil.copyfile(template, file)
        rng = random.Random(f"{fault}/{kill.value}/{number}")
        receivers = FakeReceivers(FAULTS[fault], rng)
        asyncio.run(play(file, receivers, rng, kill))
        expected_total += len(expected_messages := expected_by_oracle(file))
        deviations = assess(expected_messages, receivers.taken)
        repeated += sum(not deviation.breach for deviation in deviations)
        assert [str(deviation) for deviation in deviations if deviation.breach] == [], f"run {number}"
    assert expected_total > 5 * runs
    assert repeated > 0 or (kill is not Kill.SENDER and fault in ("503 with Retry-After", "404", "redirects"))
