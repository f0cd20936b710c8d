"""A receiver or a sender cannot stop the delivery: every attempt is settled, and waiting for quiet has a deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.builders import NOW, TODAY, contract, identity
from support.direct import Direct
from support.stores import empty_store
from vos_contracts.base.ids import new_uuid
from vos_contracts.control.journal import EntryType
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.base import Unavailable
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.rest.subscriptions import Subscriptions, SubscriptionWish
from vos_reference.application.ports import StoreUnavailable
from vos_reference.application.runtime import Runtime
from vos_reference.background.delivery import Delivery
from vos_reference.background.signals import Signal
from vos_reference.background.write_turns import WriteTurns
from vos_reference.bootstrap import Application, build
from vos_reference.config import Configuration
from vos_reference.domain.retry import Answered, AttemptResponse
from vos_simulators.control import Control
from vos_simulators.people import People, on_stage

SYSTEM = "0193e6a0-0000-7000-8000-0000000000bb"


class ScriptedSender:
    """Answers each attempt by calling the next function of the script."""

    def __init__(self, *script: Callable[[], Awaitable[AttemptResponse]]) -> None:
        self._script = list(script)
        self.attempts = 0

    async def post(self, url: str, body: bytes) -> AttemptResponse:
        self.attempts += 1
        return await self._script.pop(0)()

    async def close(self) -> None: ...


@contextmanager
def with_message(tmp_path: Path, sender: ScriptedSender) -> Iterator[Application]:
    """A reference with one message to one receiver; its clock is frozen, and nothing has been attempted."""
    application = build(Configuration(db=tmp_path / "stage.db", clock=NOW), contract(), empty_store(), sender=sender)
    try:
        services, control = Direct(application.services), Control(Direct(application.control))
        citizen = People(seed=1).new(40, NOW.date())
        control.set_up(on_stage(citizen))
        control.subscriber_system(SYSTEM, "http://127.0.0.1:9", identity().active)
        rest = Rest(contract())
        wish = SubscriptionWish(identity().active, 100008, "/hook", TODAY.date())
        assert services.send(Subscriptions(contract(), rest).call(SYSTEM, [wish], identity(), new_uuid())).status == 200
        create = rest.call_register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY), identity(), new_uuid())
        assert services.send(create).status == 200
        yield application
    finally:
        application.close()


async def accepted() -> AttemptResponse:
    return Answered(200)


async def unreadable() -> AttemptResponse:
    return Answered(200, unreadable="Retry-After: snart er hverken sekunder eller en HTTP-dato")


async def raises() -> AttemptResponse:
    raise OverflowError("date value out of range")


async def never() -> AttemptResponse:
    await asyncio.Event().wait()
    raise AssertionError("not reached")


def until_quiet(runtime: Runtime, sender: ScriptedSender, deadline_s: float = 10) -> None:
    async def once() -> None:
        delivery = Delivery(runtime, sender, WriteTurns(), Signal(), quiet_deadline_s=deadline_s)
        await delivery.until_quiet()

    asyncio.run(once())


def attempts(runtime: Runtime) -> list[dict[str, str | int]]:
    entries = runtime.journal.after(0).entries
    return [dict(entry.data) for entry in entries if entry.kind is EntryType.WSB_ATTEMPT]


def test_an_attempt_at_which_the_sender_fails_is_settled(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    sender = ScriptedSender(raises)
    with with_message(tmp_path, sender) as application:
        until_quiet(application.runtime, sender)
        (attempt,) = attempts(application.runtime)
    assert "OverflowError: date value out of range; retry at" in str(attempt["result"])
    assert "failed inside the stage" in caplog.text


def test_waiting_for_quiet_has_a_deadline_and_names_what_it_waited_for(tmp_path: Path) -> None:
    sender = ScriptedSender(never)
    with with_message(tmp_path, sender) as application, pytest.raises(Unavailable) as raised:
        until_quiet(application.runtime, sender, deadline_s=0.05)
    assert "der ventes på http://127.0.0.1:9/hook" in raised.value.description


def test_the_journal_has_the_status_and_apart_from_it_what_could_not_be_read(tmp_path: Path) -> None:
    sender = ScriptedSender(unreadable)
    with with_message(tmp_path, sender) as application:
        until_quiet(application.runtime, sender)
        (attempt,) = attempts(application.runtime)
    assert (attempt["status"], attempt["result"]) == (200, "delivered")
    assert str(attempt["unreadable"]).startswith("Retry-After: snart")


def test_an_outcome_that_cannot_be_stored_does_not_call_the_receiver_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def disk_full(*arguments: object) -> None:
        raise StoreUnavailable("database or disk is full")

    sender = ScriptedSender(accepted, accepted)
    with with_message(tmp_path, sender) as application:
        with monkeypatch.context() as patched:
            patched.setattr("vos_reference.background.delivery.end", disk_full)
            with pytest.raises(Unavailable, match="kan ikke gemmes"):
                until_quiet(application.runtime, sender)
        assert sender.attempts == 1
        until_quiet(application.runtime, sender)
        assert [attempt["result"] for attempt in attempts(application.runtime)] == ["delivered"]
    assert "could not be noted" in caplog.text
