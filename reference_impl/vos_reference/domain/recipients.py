"""The recipients of each event, for WSRM messages, webhook messages (WSB) and domain events.

One type of rule serves all three; the rules are tables of `vos_contracts`. The event alone decides: a change by a caller, a
consequence and a nightly job have the same recipients. Over WSRM the jobcenter gets every registration and change; an
akasse gets version 5 in four cases only, and never a personkategori.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Generic, TypeVar

from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Kind
from vos_contracts.tables.recipients import (
    EventRule,
    MessageType,
    RecipientRole,
    RecipientRule,
    When,
    WsbRule,
    WsrmRule,
)
from vos_reference.domain.decision import Changed, CprChanged, Created, Deleted, Event
from vos_reference.domain.person import Person

S = TypeVar("S", MessageType, Kind)
R = TypeVar("R", RecipientRole, str)
To = TypeVar("To")
E = TypeVar("E", bound=Event | CprChanged)


@dataclass(frozen=True, slots=True)
class Draft(Generic[S, To, E]):
    """A message to write: `subject` is the WSRM message type or the kind of registration."""

    subject: S
    recipient: To
    event: E


def wsrm_drafts(
    events: Iterable[E], person: Person, day: date, rules: Iterable[WsrmRule]
) -> Sequence[Draft[MessageType, Organisation, E]]:
    """List the WSRM messages to write; the recipients are the citizen's authorities on that day.

    A deletion is not told: a WSRM message cannot say that a registration is deleted (STAR's remark on WsrmMessageService).
    """
    return _drafts((event for event in events if not isinstance(event, Deleted)), rules, _authority(person, day))


def system_receives(system: int, message: MessageType, systems: Mapping[int, frozenset[MessageType]]) -> bool:
    """Return whether the queue of a calling system gets that message; a system without a row gets every one."""
    return system not in systems or message in systems[system]


def wsb_drafts(
    events: Iterable[E], person: Person, day: date, rules: Iterable[WsbRule]
) -> Sequence[Draft[Kind, Organisation, E]]:
    """List the webhook messages to write; the recipients are the citizen's authorities on that day."""
    return _drafts(events, rules, _authority(person, day))


def event_drafts(events: Iterable[E], rules: Iterable[EventRule]) -> Sequence[Draft[Kind, str, E]]:
    """List the domain events to write; a business domain receives the events of every citizen."""
    return _drafts(events, rules, lambda domain: domain)


def may_subscribe(organisation_type: int, kind: Kind, rules: Iterable[WsbRule]) -> bool:
    """Return whether any rule sends that kind to an authority of that type; only then may it subscribe."""
    return any(rule.kind is kind and rule.recipient.organisation_type == organisation_type for rule in rules)


def _drafts(
    events: Iterable[E], rules: Iterable[RecipientRule[S, R]], recipient: Callable[[R], To | None]
) -> Sequence[Draft[S, To, E]]:
    """Apply the rules, in table order, to each event in the order of the events."""
    table = tuple(rules)
    drafts: list[Draft[S, To, E]] = []
    for event in events:
        for rule in table:
            told = recipient(rule.recipient) if _matches(rule, event) else None
            if told is not None:
                drafts.append(Draft(rule.subject, told, event))
    return drafts


def _authority(person: Person, day: date) -> Callable[[RecipientRole], Organisation | None]:
    """Return a cached lookup of the citizen's authority by role on that day."""
    return cache(lambda role: person.authority_of_type(role.organisation_type, day))


def _matches(rule: RecipientRule[S, R], event: Event | CprChanged) -> bool:
    if isinstance(event, CprChanged):
        return rule.when is When.CPR_CHANGE
    row = event.registration
    if rule.kind is not row.kind or rule.kontaktgruppe not in {None, row.type}:
        return False
    match rule.when:
        case When.ANY:
            return True
        case When.GROUP_STARTS:
            return isinstance(event, Created)
        case When.GROUP_ENDS:
            return isinstance(event, Changed) and event.successor is None
        case When.GROUP_REPLACED:
            return isinstance(event, Changed) and event.successor is not None
        case When.CPR_CHANGE:  # concerns a CPR number, never a registration
            return False
