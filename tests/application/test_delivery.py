"""Webhook delivery with a scripted receiver: order, retries on the stage clock, dead letters, several receivers."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from support.builders import AKASSE, JOBCENTER, NOW, TODAY, citizen, contract, identity, register
from support.stores import empty_store
from vos_contracts.base.ids import new_uuid
from vos_contracts.control.journal import EntryType
from vos_contracts.control.stage import ClockMode
from vos_contracts.control.webhooks import OrganisationDto, SubscriberSystemDto
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Create, Kind, Update
from vos_contracts.tables.webhooks import WsbMode
from vos_contracts.wire.messages.webhook import WebhookCodec
from vos_contracts.wire.rest.subscriptions import SubscriptionWish, Synchronised
from vos_reference.application.webhook_subscriptions import create_system, synchronise
from vos_reference.bootstrap import Application, build
from vos_reference.config import Configuration
from vos_reference.domain.decision import Accepted, Caller
from vos_reference.domain.person import Person
from vos_reference.domain.retry import Answered, AttemptResponse, NoAnswer

SYSTEM = "0193e6a0-0000-7000-8000-000000000001"
KG, PC = 100008, 100009
Answers = Callable[[str, int], AttemptResponse]


@dataclass
class Sender:
    """Records the posted messages by address; `answers` gives the outcome by address and attempt number."""

    answers: Answers = lambda url, number: Answered(200)
    sent: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    hold: dict[str, asyncio.Event] = field(default_factory=dict)

    async def post(self, url: str, body: bytes) -> AttemptResponse:
        self.sent[url].append(msgspec.json.decode(body)["metadata"])
        number = len(self.sent[url])
        if url in self.hold:
            await self.hold[url].wait()
        return self.answers(url, number)

    async def close(self) -> None:
        pass

    def ids(self, url: str) -> list[str]:
        return [metadata["beskedId"] for metadata in self.sent[url]]


class Stage:
    """The reference in this process, with three citizens; `subscribe` adds a subscriber system."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        configuration = Configuration(db=None, clock=NOW)  # type: ignore[arg-type]  # the store is given
        self.application: Application = build(configuration, contract(), empty_store(), sender)
        self.runtime = self.application.runtime
        self.people = [replace(citizen(), id=f"p{nr}", cpr=f"020384000{nr}") for nr in range(3)]
        with self.runtime.store.transaction() as t:
            for person in self.people:
                t.create_person(person)

    def subscribe(self, *entities: int, organisation: Organisation = JOBCENTER, system: str = SYSTEM) -> Synchronised:
        dto = SubscriberSystemDto(
            system_identifier=system,
            base_url=f"http://127.0.0.1/{system[-1]}",
            organisations=(
                OrganisationDto(organisation_type=JOBCENTER.type, organisation_code=JOBCENTER.code),
                OrganisationDto(organisation_type=AKASSE.type, organisation_code=AKASSE.code),
            ),
        )
        assert create_system(self.runtime, dto) is None
        wishes = [SubscriptionWish(organisation, entity, "/wsb", NOW.date()) for entity in entities]
        result = synchronise(self.runtime, identity(), system, wishes)
        assert isinstance(result, Synchronised)
        return result

    def register(self, person: Person, command: Create | Update) -> str:
        response = register(self.runtime, person.cpr, command, Caller(identity()), new_uuid())
        assert isinstance(response, Accepted)
        return response.person.history[-1].id

    def group(self, person: Person, group: int) -> str:
        return self.register(person, Create(Kind.KONTAKTGRUPPE, group, TODAY))

    async def forward(self, seconds: float) -> None:
        until: Callable[[datetime], datetime] = lambda now: now + timedelta(seconds=seconds)  # noqa: E731 - an argument
        clockwork = self.application.clockwork
        await clockwork.carry_out(clockwork._due.set(until, ClockMode.FROZEN))

    async def quiet(self) -> None:
        await self.application.delivery.until_quiet()


URL = "http://127.0.0.1/1/wsb"


def scenario(work: Callable[[Stage], Coroutine[Any, Any, None]], sender: Sender | None = None) -> Stage:
    """Run the coroutine on a new stage in an event loop, with a deadline of 20 s."""

    async def execute() -> Stage:
        stage = Stage(sender or Sender())
        async with asyncio.timeout(20):
            await work(stage)
        return stage

    return asyncio.run(execute())


def test_the_message_is_thin_and_says_what_to_read() -> None:
    async def work(stage: Stage) -> None:
        stage.subscribe(KG, PC)
        id_ = stage.group(stage.people[0], 2)
        await stage.quiet()
        first, other = stage.sender.sent[URL]
        message = WebhookCodec(contract()).read(msgspec.json.encode({"metadata": first, "body": None}))
        assert (message.entity_id, message.entity_name, message.change_type) == (KG, "Kontaktgruppe", 1)
        assert (message.cpr, message.recipient, message.registered) == (stage.people[0].cpr, JOBCENTER, NOW)
        with stage.runtime.store.reading() as t:
            assert t.registration_exists(message.id)
        assert message.id != id_, "the category follows the group"
        assert (other["entitetId"], other["eksternIdentifier"]) == (PC, id_)

    scenario(work)


def test_a_failing_message_holds_back_only_its_citizen_and_is_retried_on_schedule() -> None:
    fails = 4
    plan: list[tuple[float, str]] = []

    def answers(url: str, number: int) -> AttemptResponse:
        metadata = sender.sent[url][-1]
        plan.append(((the_stage.runtime.clock.now() - NOW).total_seconds(), metadata["identifikation"]))
        ill = metadata["identifikation"] == the_stage.people[0].cpr
        return Answered(500 if ill and sum(cpr == metadata["identifikation"] for _, cpr in plan) <= fails else 200)

    sender = Sender(answers)
    the_stage: Stage

    async def work(stage: Stage) -> None:
        nonlocal the_stage
        the_stage = stage
        stage.subscribe(KG)
        ill, recovery, _ = (person.cpr for person in stage.people)
        for group in (13, 4):
            stage.group(stage.people[0], group)
        stage.group(stage.people[1], 13)
        await stage.quiet()
        await stage.forward(3600)
        assert plan[:2] == [(0, ill), (0, recovery)]
        assert plan[2:] == [(1, ill), (4, ill), (11, ill), (26, ill), (26, ill), (26, ill)]
        ids = sender.ids(URL)
        assert len({*ids}) == 4, "two groups, the first closed by the second, and the other citizen's"
        of_ill = [metadata["beskedId"] for metadata in sender.sent[URL] if metadata["identifikation"] == ill]
        assert len({*of_ill[:5]}) == 1, "a repeat bears the same id"

    scenario(work, sender)


def test_as_designed_4xx_is_given_up_and_can_be_replayed() -> None:
    sender = Sender(lambda url, number: Answered(404) if number == 1 else Answered(200))

    async def work(stage: Stage) -> None:
        stage.runtime.wsb_state = WsbMode.DESIGNED
        stage.subscribe(KG)
        stage.group(stage.people[0], 13)
        stage.group(stage.people[0], 4)
        await stage.quiet()
        with stage.runtime.store.reading() as t:
            (dead,) = t.dead(9)
        assert (dead.envelope.id, dead.reason, dead.attempt) == (sender.ids(URL)[0], "status 404", 1)
        assert len(sender.ids(URL)) == 3, "the later ones flow"
        with stage.runtime.store.transaction() as t:
            assert t.replay([dead.envelope.id]) == 1
        await stage.quiet()
        assert sender.ids(URL)[3] == dead.envelope.id
        with stage.runtime.store.reading() as t:
            assert list(t.dead(9)) == []
            assert t.next_attempt() is None

    scenario(work, sender)


@pytest.mark.parametrize("response", [Answered(404), Answered(302), NoAnswer("reset")])
def test_as_observed_everything_is_retried(response: AttemptResponse) -> None:
    sender = Sender(lambda url, number: response if number < 3 else Answered(200))

    async def work(stage: Stage) -> None:
        stage.subscribe(KG)
        stage.group(stage.people[0], 13)
        await stage.quiet()
        await stage.forward(10)
        assert len(sender.ids(URL)) == 3
        with stage.runtime.store.reading() as t:
            assert t.next_attempt() is None

    scenario(work, sender)


def test_a_slow_receiver_delays_no_other() -> None:
    other = SYSTEM[:-1] + "2"
    slow, fast = URL, "http://127.0.0.1/2/wsb"

    async def work(stage: Stage) -> None:
        stage.sender.hold[slow] = asyncio.Event()
        stage.subscribe(KG)
        stage.subscribe(KG, system=other)
        works = asyncio.create_task(stage.application.delivery.run())
        for person in stage.people:
            stage.group(person, 13)
            stage.group(person, 4)
        async with asyncio.timeout(10):
            while len(stage.sender.ids(fast)) < 9:
                await asyncio.sleep(0)
        assert len(stage.sender.ids(slow)) == 3, "one of each citizen waits for its answer"
        stage.sender.hold[slow].set()
        await stage.quiet()
        assert len(stage.sender.ids(slow)) == 9
        works.cancel()

    scenario(work)


def test_no_more_concurrent_attempts_to_a_receiver_than_its_limit() -> None:
    async def work(stage: Stage) -> None:
        stage.sender.hold[URL] = asyncio.Event()
        stage.application.delivery._concurrent = 2
        stage.subscribe(KG)
        for person in stage.people:
            stage.group(person, 13)
        waiting = asyncio.create_task(stage.quiet())
        while len(stage.sender.ids(URL)) < 2:
            await asyncio.sleep(0)
        for _ in range(10):
            await asyncio.sleep(0)
        assert len(stage.sender.ids(URL)) == 2
        stage.sender.hold[URL].set()
        await waiting
        assert len(stage.sender.ids(URL)) == 3

    scenario(work)


def test_a_removed_subscription_drops_its_undelivered_messages() -> None:
    sender = Sender(lambda url, number: Answered(500))

    async def work(stage: Stage) -> None:
        assert stage.subscribe(KG, PC) == Synchronised(2, 0, 0)
        stage.group(stage.people[0], 2)
        await stage.quiet()
        assert stage.subscribe(KG, PC) == Synchronised(0, 0, 2)
        assert stage.subscribe(PC) == Synchronised(0, 1, 1)
        sender.answers = lambda url, number: Answered(200)
        await stage.forward(60)
        assert [metadata["entitetId"] for metadata in sender.sent[URL]] == [KG, PC]

    scenario(work, sender)


def test_messages_behind_a_removed_subscription_are_due_at_once() -> None:
    sender = Sender(lambda url, number: Answered(500))

    async def work(stage: Stage) -> None:
        stage.subscribe(KG, PC)
        stage.group(stage.people[0], 2)
        await stage.quiet()
        woken: list[bool] = []
        stage.runtime.on_wsb_queued = lambda: woken.append(True)
        stage.subscribe(KG, PC)
        assert not woken
        stage.subscribe(PC)
        assert woken, "the clock stands still, so that nobody else says that something is due"

    scenario(work, sender)


def test_a_system_that_loses_an_authority_loses_its_subscriptions_and_messages() -> None:
    sender = Sender(lambda url, number: Answered(500))

    async def work(stage: Stage) -> None:
        stage.subscribe(KG)
        stage.group(stage.people[0], 13)
        await stage.quiet()
        only_akasse = SubscriberSystemDto(
            system_identifier=SYSTEM,
            base_url="http://127.0.0.1/1",
            organisations=(OrganisationDto(organisation_type=AKASSE.type, organisation_code=AKASSE.code),),
        )
        assert create_system(stage.runtime, only_akasse) is None
        stage.group(stage.people[1], 13)
        await stage.forward(60)
        assert len(sender.ids(URL)) == 1
        with stage.runtime.store.reading() as t:
            assert list(t.subscriptions(SYSTEM)) == []

    scenario(work, sender)


def test_without_a_subscription_nothing_is_sent_and_an_akasse_gets_its_four_cases() -> None:
    akasse = SYSTEM[:-1] + "2"

    async def work(stage: Stage) -> None:
        stage.group(stage.people[0], 13)
        stage.subscribe(KG, organisation=AKASSE, system=akasse)
        for group in (4, 13, 2):
            stage.group(stage.people[1], group)
        await stage.quiet()
        assert [*stage.sender.sent] == ["http://127.0.0.1/2/wsb"]
        assert len(stage.sender.ids("http://127.0.0.1/2/wsb")) == 1

    scenario(work)


def test_every_attempt_is_in_the_journal() -> None:
    sender = Sender(lambda url, number: Answered(500 if number == 1 else 200))

    async def work(stage: Stage) -> None:
        stage.subscribe(KG)
        stage.group(stage.people[0], 13)
        await stage.quiet()
        await stage.forward(5)
        entries = stage.application.journal.after(0).entries
        assert [entry.data["result"] for entry in entries if entry.kind is EntryType.WSB_ATTEMPT] == [
            "status 500; retry at 2024-11-18T09:00:01+01:00",
            "delivered",
        ]
        assert [entry.instant for entry in entries if entry.kind is EntryType.WSB_ATTEMPT] == [
            NOW,
            NOW + timedelta(seconds=1),
        ]
        assert sum(entry.kind is EntryType.WSB_QUEUED for entry in entries) == 1

    scenario(work, sender)
