"""The fault table: every fault of a receiver, with a kill of the sender, of the receiver, or of none.

Over seeded random runs on a real SQLite file the oracle finds nothing lost, the order kept per citizen, and whatever comes
twice under the same message id. Here the sockets are played, so that a thousand runs fit; `test_wsb_sigkill` kills real
processes.
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
from vos_contracts.wire.messages.webhook import Wsb
from vos_contracts.wire.rest.subscriptions import SubscriptionWish, Synchronised
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.application.webhook_subscriptions import create_system, synchronise
from vos_reference.bootstrap import Application, build
from vos_reference.config import Configuration
from vos_reference.domain.decision import Caller
from vos_reference.domain.retry import Answered, AttemptResponse, Burst
from vos_simulators.oracle.expected import Expected, WsbSubscriber, expected
from vos_simulators.oracle.happened import from_stage
from vos_simulators.oracle.received import Got, from_wsb
from vos_simulators.oracle.verdict import assess
from vos_simulators.stage_reader import OperationsReader

SUBSCRIBERS = tuple(
    WsbSubscriber(f"0193e6a0-0000-7000-8000-00000000000{item.type}", item, frozenset({Kind.KONTAKTGRUPPE}))
    for item in (JOBCENTER, AKASSE)
)
WIRE = Wsb(contract())
TIMES = 42
"""Runs per cell; with 8 faults and 3 kills more than a thousand."""


class Kill(Enum):
    NONE = "ingen"
    SENDER = "sender"
    RECIPIENT = "recipient"


ServiceError = Callable[[random.Random], tuple[bool, AttemptResponse]]
"""Whether the receiver has taken the message all the same, and what the sender sees."""

ERRORS: dict[str, ServiceError] = {
    "500": lambda rng: (rng.random() < 0.5, Answered(500)),
    "503 med Retry-After": lambda rng: (False, Answered(503, timedelta(seconds=rng.randrange(400)))),
    "reset": lambda rng: (rng.random() < 0.5, Burst("ClientOSError: reset")),
    "tomt svar": lambda rng: (True, Burst("ServerDisconnectedError")),
    "nonsense": lambda rng: (True, Burst("ClientResponseError: 400")),
    "for langsom": lambda rng: (rng.random() < 0.8, Burst("intet svar inden 10 sekunder")),
    "404": lambda rng: (False, Answered(404)),
    "redirects": lambda rng: (False, Answered(307)),
}


class Recipient:
    """Both receivers' end: what each has taken, in order; one may be down for a while."""

    def __init__(self, errors: ServiceError, rng: random.Random) -> None:
        self._errors = errors
        self._rng = rng
        self.down = False
        self.recovery = False
        self.taken: list[Got] = []

    async def post(self, url: str, body: bytes) -> AttemptResponse:
        for _ in range(self._rng.randrange(4)):  # attempts end in another order than they began
            await asyncio.sleep(0)
        if self.down:
            return Burst("ConnectionRefusedError")
        taken, response = True, Answered(200)
        if not self.recovery and self._rng.random() < 0.4:
            taken, response = self._errors(self._rng)
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
    """A migrated file with three members, a jobcentre's system and a fund's that subscribe."""
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


async def lives(file: Path, recipient: Recipient, rng: random.Random, kill: Kill) -> None:
    """Register, step the clock and kill at random, and let everything come through at last."""

    def open_up() -> Application:
        return build(Configuration(db=file, clock=now), contract(), SqliteStore(file), recipient)

    async def forward(seconds: int) -> None:
        def until(now_: object) -> object:
            return now + timedelta(seconds=seconds)

        clockwork = application.clockwork
        await clockwork.carry_out(clockwork._due.set(until, ClockMode.FROZEN))  # type: ignore[arg-type]  # an instant

    now = NOW
    application = open_up()
    for _ in range(10):
        for _ in range(rng.randrange(4)):
            cpr, group = f"020384000{rng.randrange(3)}", rng.choice([13, 25, 23, 4])
            register(application.runtime, cpr, Create(Kind.KONTAKTGRUPPE, group, TODAY), Caller(identity()), new_uuid())
        if kill is Kill.RECIPIENT and rng.random() < 0.4:
            recipient.down = not recipient.down
        if kill is Kill.SENDER and rng.random() < 0.4:
            work = asyncio.create_task(application.delivery.until_quiet())
            for _ in range(rng.randrange(8)):  # under way, answered and not noted, or noted
                await asyncio.sleep(0)
            work.cancel()
            await dead(application)
            application = open_up()
        elif rng.random() < 0.7:
            seconds = rng.choice([1, 5, 60, 1000])
            await forward(seconds)
            now += timedelta(seconds=seconds)
    recipient.down, recipient.recovery = False, True
    await forward(4 * 10_800)
    with application.runtime.store.reading() as t:
        assert [state.waiting + state.dead for state in t.recipient_states()] == [0, 0]
    application.close()


async def dead(application: Application) -> None:
    """End the sender as a kill does: nothing that is under way is noted."""
    run = application.delivery
    run._store = lambda: None  # type: ignore[method-assign]  # the process is gone
    run._answered.append(None)  # type: ignore[arg-type]  # so that nobody asks for it to be stored
    for task in tuple(run._tasks):
        task.cancel()
    await asyncio.gather(*run._tasks, return_exceptions=True)
    application.close()


def should(file: Path) -> list[Expected]:
    """Ask the oracle what the receivers must have of what has happened on that file."""
    application = build(Configuration(db=file, clock=NOW), contract(), SqliteStore(file))
    recipients = {subscriber.recipient for subscriber in SUBSCRIBERS}
    everyone = expected(from_stage(OperationsReader(Direct(application.control))), SUBSCRIBERS, wsrm=False)
    application.close()
    return [one_item for one_item in everyone if one_item.recipient in recipients]


@pytest.mark.parametrize("kill", Kill)
@pytest.mark.parametrize("errors", ERRORS)
def test_nothing_is_lost_and_the_order_holds(template: Path, tmp_path: Path, errors: str, kill: Kill) -> None:
    repeated = expected_total = 0
    for number in range(TIMES):
        file = tmp_path / f"{number}.db"
        shutil.copyfile(template, file)
        rng = random.Random(f"{errors}/{kill.value}/{number}")
        recipient = Recipient(ERRORS[errors], rng)
        asyncio.run(lives(file, recipient, rng, kill))
        expected_total += len(everyone := should(file))
        deviations = assess(everyone, recipient.taken)
        repeated += sum(not deviation.breach for deviation in deviations)
        assert [str(deviation) for deviation in deviations if deviation.breach] == [], f"run {number}"
    assert expected_total > 5 * TIMES
    assert repeated > 0 or (kill is not Kill.SENDER and errors in ("503 med Retry-After", "404", "redirects"))
