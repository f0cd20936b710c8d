"""The way of the events from the outbox to the broker: what comes next, and what is confirmed (epic AC 1005.17.28.11).

Straight-line and without waiting: `background.relay` publishes between `fetch` and `end`. The position moves only after
the confirmation, so that a kill at any point means a repeat under the same id and never a loss.
"""

from __future__ import annotations

from collections.abc import Sequence

from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.wire.messages.events import decode_event, topic
from vos_reference.application.ports import EventLetter
from vos_reference.application.runtime import Runtime


def fetch(runtime: Runtime, broker: str, count: int) -> Sequence[EventLetter]:
    """List each domain's next events, at most that many for each, in the order in which they were raised."""
    letters: list[EventLetter] = []
    with runtime.store.reading() as t:
        for domain in runtime.contract.domains:
            for nr, body in t.events_after(domain, t.broker_position(broker, domain), count):
                event = decode_event(body)
                topic_ = topic(domain, event, runtime.contract.names)
                letters.append(EventLetter(domain, nr, event.event_id, topic_, body))
    return sorted(letters, key=lambda item: item.nr)


def end(runtime: Runtime, broker: str, letters: Sequence[EventLetter]) -> None:
    """Store that the broker has these."""
    reached = {letter.domain: letter.nr for letter in letters}
    with runtime.store.transaction() as t:
        for domain, nr in reached.items():
            t.move_broker_position(broker, domain, nr)


def note(runtime: Runtime, broker: str, state: str, reason: str = "") -> None:
    """Tell the journal that the broker is away, and why, or that it is back."""
    data = {"broker": broker, "state": state} | ({"reason": reason} if reason else {})
    runtime.journal(JournalEntry(kind=EntryType.BROKER, instant=runtime.clock.now(), data=data))
