"""Delivery of webservice messages: what is due, to whom, and what an attempt came to (starwiki 4149806919).

Straight-line and without waiting: `background.delivery` makes the attempts between `fetch` and `end`. A message is forgotten
when its receiver has taken it, so that a kill at any point means a repeat and never a loss.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, assert_never

from vos_contracts.control.journal import EntryType, JournalEntry
from vos_reference.application.clockwork import Wait
from vos_reference.application.ports import Dispatch, WebhookRecipient, WsbEnvelope
from vos_reference.application.runtime import Runtime
from vos_reference.domain.danish_time import later
from vos_reference.domain.retry import AttemptResponse, Delivered, GivenUp, Postponed, decide


class Sender(Protocol):
    """Post a message to an address; whatever goes wrong is an answer and never an exception."""

    async def post(self, url: str, body: bytes) -> AttemptResponse:
        """Post and wait, not longer than the sender's own limit."""
        ...

    async def close(self) -> None:
        """Close its connections."""
        ...


@dataclass(frozen=True, slots=True)
class Attempted:
    """An attempt that was made."""

    dispatch: Dispatch
    response: AttemptResponse


def fetch(
    runtime: Runtime,
    concurrent: int,
    under_way: Collection[Dispatch],
    recipients: Iterable[WebhookRecipient] | None = None,
) -> Sequence[Dispatch]:
    """List what may be tried now, of these receivers or of all; with what is under way at most `concurrent` for each."""
    now = runtime.clock.now()
    numbers = {item.nr for item in under_way}
    recorded = Counter(item.envelope.recipient for item in under_way)
    findings: list[Dispatch] = []
    with runtime.store.reading() as t:
        for recipient in t.due_recipients(now) if recipients is None else recipients:
            free = concurrent - recorded[recipient]
            if free > 0:
                due = t.due_dispatches(recipient, now, concurrent)
                findings += [item for item in due if item.nr not in numbers][:free]
    return findings


def end(runtime: Runtime, attempted: Iterable[Attempted]) -> None:
    """Store what the attempts came to, all in one transaction, and tell the journal."""
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
                    result = f"{reason}; igen {next_item.isoformat()}"
                case GivenUp(reason=reason):
                    t.give_up(nr, now, reason)
                    result = f"{reason}; opgivet"
                case _:
                    assert_never(verdict)
            entries.append(_entry(item.dispatch.envelope, now, attempt, result))
    for entry in entries:
        runtime.journal(entry)


class Quiet(Protocol):
    """Whoever sends what is due, and can wait until nothing more is due at the clock's instant."""

    async def until_quiet(self) -> None:
        """Wait until everything that is due by now has been tried."""
        ...


class Deliveries:
    """Attempts as something that falls due while the clock is moved (`application.clock`); while it goes, they are made anyway."""

    name = "wsb"

    def __init__(self, runtime: Runtime, quiet: Quiet) -> None:
        self._runtime = runtime
        self._quiet = quiet

    def next_item(self) -> datetime | None:
        """Return the next instant at which a message is due, if the clock stands still."""
        if not self._runtime.clock.frozen:
            return None
        with self._runtime.store.reading() as t:
            return t.next_attempt()

    def carry_out(self, instant: datetime) -> Iterator[Wait]:
        """Make the attempts that are due by then."""
        yield Wait(self._quiet.until_quiet)


def _entry(envelope: WsbEnvelope, now: datetime, attempt: int, result: str) -> JournalEntry:
    data: dict[str, str | int] = {
        "message": envelope.id,
        "system": envelope.recipient.system,
        "recipient": str(envelope.recipient.organisation),
        "attempt": attempt,
        "result": result,
    }
    return JournalEntry(kind=EntryType.WSB_ATTEMPT, instant=now, data=data)
