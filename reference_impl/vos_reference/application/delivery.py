"""Delivery of webhook messages (WSB): which are due, and storing the outcome of attempts (starwiki 4149806919).

Without I/O to receivers: `background.delivery` makes the attempts between `fetch` and `end`. A message is deleted only after
its receiver has accepted it: at-least-once delivery.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, assert_never

from vos_contracts.control.journal import EntryType, JournalEntry
from vos_reference.application.clockwork import Wait
from vos_reference.application.ports import Dispatch, WebhookRecipient
from vos_reference.application.runtime import Runtime
from vos_reference.domain.danish_time import later
from vos_reference.domain.retry import Answered, AttemptResponse, Delivered, GivenUp, Postponed, decide


class Sender(Protocol):
    """Sends messages to receivers; a failure is a value, never an exception."""

    async def post(self, url: str, body: bytes) -> AttemptResponse:
        """Post the body and return the outcome, within the sender's own timeout."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


@dataclass(frozen=True, slots=True)
class Attempted:
    """An attempt and its outcome."""

    dispatch: Dispatch
    response: AttemptResponse


def fetch(
    runtime: Runtime,
    concurrent: int,
    under_way: Collection[Dispatch],
    recipients: Iterable[WebhookRecipient] | None = None,
) -> Sequence[Dispatch]:
    """List the messages to attempt now, to these receivers or to all.

    Including those `under_way`, each receiver has at most `concurrent`.
    """
    now = runtime.clock.now()
    numbers = {dispatch.nr for dispatch in under_way}
    recorded = Counter(dispatch.envelope.recipient for dispatch in under_way)
    findings: list[Dispatch] = []
    with runtime.store.reading() as t:
        for recipient in t.due_recipients(now) if recipients is None else recipients:
            free = concurrent - recorded[recipient]
            if free > 0:
                due = t.due_dispatches(recipient, now, concurrent)
                findings += [dispatch for dispatch in due if dispatch.nr not in numbers][:free]
    return findings


def end(runtime: Runtime, attempted: Iterable[Attempted]) -> None:
    """Store the outcomes of the attempts in one transaction, and write them to the journal."""
    now = runtime.clock.now()
    entries: list[JournalEntry] = []
    with runtime.store.transaction() as t:
        for item in attempted:
            nr, attempt = item.dispatch.nr, item.dispatch.attempt + 1
            verdict = decide(item.response, attempt, runtime.wsb_state)
            match verdict:
                case Delivered():
                    t.delivered(nr, now)
                    result = "delivered"
                case Postponed(wait_time=wait_time, reason=reason):
                    next_item = later(now, wait_time)
                    t.postpone(nr, next_item, reason)
                    result = f"{reason}; retry at {next_item.isoformat()}"
                case GivenUp(reason=reason):
                    t.give_up(nr, now, reason)
                    result = f"{reason}; given up"
                case _:
                    assert_never(verdict)
            entries.append(_entry(item, now, attempt, result))
    for entry in entries:
        runtime.journal(entry)


class Quiet(Protocol):
    """A worker that can be awaited until it has no due work at the clock's instant."""

    async def until_quiet(self) -> None:
        """Wait until everything that is due by now has been attempted."""
        ...


class Deliveries:
    """Attempts as a `clockwork.Source` while the clock is moved; while it runs, `background.delivery` makes them."""

    name = "wsb"

    def __init__(self, runtime: Runtime, quiet: Quiet) -> None:
        self._runtime = runtime
        self._quiet = quiet

    def next_item(self) -> datetime | None:
        """Return the instant at which a message is due next; None while the clock runs."""
        if not self._runtime.clock.frozen:
            return None
        with self._runtime.store.reading() as t:
            return t.next_attempt()

    def carry_out(self, instant: datetime) -> Iterator[Wait]:
        """Wait for the worker to make the attempts that are due."""
        yield Wait(self._quiet.until_quiet)


def _entry(attempted: Attempted, now: datetime, attempt: int, result: str) -> JournalEntry:
    """Write the attempt: its result, the receiver's status, and apart from it what could not be read of its answer."""
    envelope = attempted.dispatch.envelope
    data: dict[str, str | int] = {
        "message": envelope.id,
        "system": envelope.recipient.system,
        "recipient": str(envelope.recipient.organisation),
        "attempt": attempt,
        "result": result,
    }
    if isinstance(attempted.response, Answered):
        data["status"] = attempted.response.status
        if attempted.response.unreadable:
            data["unreadable"] = attempted.response.unreadable
    return JournalEntry(kind=EntryType.WSB_ATTEMPT, instant=now, data=data)
