"""The outbox of events and the broker's position in it (epic AC 1005.17.28.11).

Without I/O to the broker: `background.relay` publishes between `fetch` and `end`. The position advances only after the
broker's confirmation: at-least-once delivery, a repeated event having the same id.
"""

from __future__ import annotations

from collections.abc import Sequence

from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.wire.messages.events import decode_event, topic
from vos_reference.application.ports import OutboxEvent
from vos_reference.application.runtime import Runtime


def fetch(runtime: Runtime, broker: str, count: int) -> Sequence[OutboxEvent]:
    """List the next events of every domain, at most `count` for each, in the order in which they were raised."""
    letters: list[OutboxEvent] = []
    with runtime.store.reading() as t:
        for domain in runtime.contract.domains:
            for nr, body in t.events_after(domain, t.broker_position(broker, domain), count):
                event = decode_event(body)
                topic_ = topic(domain, event, runtime.contract.names)
                letters.append(OutboxEvent(domain, nr, event.event_id, topic_, body))
    return sorted(letters, key=lambda item: item.nr)


def end(runtime: Runtime, broker: str, letters: Sequence[OutboxEvent]) -> None:
    """Advance the broker's position past these events."""
    reached = {letter.domain: letter.nr for letter in letters}
    with runtime.store.transaction() as t:
        for domain, nr in reached.items():
            t.move_broker_position(broker, domain, nr)


def note(runtime: Runtime, broker: str, state: str, reason: str = "") -> None:
    """Write to the journal that the broker is unavailable, with the reason, or available again."""
    data = {"broker": broker, "state": state} | ({"reason": reason} if reason else {})
    runtime.journal(JournalEntry(kind=EntryType.BROKER, instant=runtime.clock.now(), data=data))
