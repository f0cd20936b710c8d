"""Carry out a command: remember the request id, find the citizen, check access, decide, save with messages and events.

A change, its messages and its events are one transaction; simultaneous commands may share one (group commit). `save` serves
callers, neighbour services and nightly jobs. Not here: business rules (`domain`) and wire formats (`edge`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import assert_never

from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.model.identity import Organisation
from vos_contracts.model.neighbours import NeighbourCommand
from vos_contracts.model.registration import Create, Delete, RegistrationCommand, method, soap_method
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire.messages.events import DomainEvent, encode_event
from vos_contracts.wire.messages.webhook import WsbMessage
from vos_contracts.wire.messages.wsrm import WsrmMessage, encode_message
from vos_reference.application.ports import (
    CprLookup,
    Envelope,
    EventEnvelope,
    Owner,
    StoreUnavailable,
    Transaction,
    WsbEnvelope,
)
from vos_reference.application.runtime import Runtime
from vos_reference.domain.access import refusal
from vos_reference.domain.batch_jobs import due_date
from vos_reference.domain.decide import Command, decide
from vos_reference.domain.decision import Accepted, Caller, Decision, DecisionContext, Event, NewIds, Refused, refused
from vos_reference.domain.person import Person
from vos_reference.domain.recipients import event_drafts, system_receives, wsb_drafts, wsrm_drafts

SERVICE, CLASSIC_SERVICE = "PersonVisiteringService", "PersonRegistrationService"
CALL_REMEMBERED = timedelta(days=7)
"""How long a request id is remembered (starwiki FYS/5303730239)."""

LOOKUP_ERRORS = {CprLookup.UNKNOWN: ServiceError(1010), CprLookup.WITHOUT_CITIZEN: ServiceError(4404)}


@dataclass(frozen=True, slots=True)
class RepeatedCall:
    """The request id was used within the last seven days; nothing was changed."""


@dataclass(frozen=True, slots=True)
class RegistrationCall:
    """A registration command for a citizen, its caller, and its request id (`call_id`)."""

    cpr: str
    command: RegistrationCommand
    caller: Caller
    call_id: str


Result = Accepted | Refused | RepeatedCall


def register_combined(runtime: Runtime, call: Sequence[RegistrationCall]) -> Sequence[Result | Exception]:
    """Carry out registration commands, in order, in one transaction; return the result of each.

    An exception of one command rolls back that command only (savepoint) and is its result.

    Raises:
        StoreUnavailable: none of the commands has been carried out.
    """
    results: list[Result | Exception] = []
    with runtime.store.transaction() as t:
        now = runtime.clock.now()  # inside the transaction, so that rows of another writer are not later than `now`
        for item in call:
            try:
                with t.savepoint():
                    result = _register(runtime, t, item, now)
            except StoreUnavailable:
                raise
            except Exception as exc:
                results.append(exc)
            else:
                results.append(result)
    return results


def tell(runtime: Runtime, cpr: str, service: str, command: NeighbourCommand, caller: Caller) -> Decision:
    """Carry out a command from a neighbour service; `service` is its `Service.Method`, the key of the access matrix.

    Raises:
        StoreUnavailable: nothing was changed.
    """
    with runtime.store.transaction() as t:
        return _carry_out(runtime, t, cpr, service, command, caller, runtime.clock.now())


def decision_context(runtime: Runtime, now: datetime, caller: Caller) -> DecisionContext:
    """Return the context of a decision at `now`, with new ids for the registrations that it may create."""
    return DecisionContext(now, runtime.release, runtime.contract, caller, NewIds(runtime.ids(), runtime.ids()))


def _register(runtime: Runtime, t: Transaction, call: RegistrationCall, now: datetime) -> Result:
    if not t.remember_call(call.call_id, now, now - CALL_REMEMBERED):
        return RepeatedCall()
    service = _service(call.command, call.caller)
    decision = _carry_out(runtime, t, call.cpr, service, call.command, call.caller, now)
    if isinstance(decision, Refused):
        t.forget_call(call.call_id)  # nothing was done: the corrected call, or the same one later, may have the id
    return decision


def _service(command: RegistrationCommand, caller: Caller) -> str:
    """Return the `Service.Method` of the access matrix; a SOAP call through the converter counts as the REST service."""
    if caller.classic_soap and not isinstance(command, Delete):
        return f"{CLASSIC_SERVICE}.{soap_method(command)}"
    return f"{SERVICE}.{method(command)}"


def _carry_out(
    runtime: Runtime, t: Transaction, cpr: str, service: str, command: Command, caller: Caller, now: datetime
) -> Decision:
    person = t.find_person(cpr)
    if isinstance(person, CprLookup):
        return refused(LOOKUP_ERRORS[person])
    context = decision_context(runtime, now, caller)
    access_errors = refusal(service, caller.identity, person, now, runtime.contract.access)
    if access_errors:
        return refused(access_errors)
    own_id = command.id if isinstance(command, Create) else None
    id_exists = own_id is not None and t.registration_exists(own_id)
    decision = decide(person, command, context, id_exists=id_exists)
    if isinstance(decision, Accepted):
        save(runtime, t, person, decision, context)
    return decision


def save(runtime: Runtime, t: Transaction, before: Person, done: Accepted, context: DecisionContext) -> None:
    """Store the change and queue its messages and events in the caller's transaction; journal them after the commit."""
    t.save(before, done.person, due_date(done.person, runtime.contract, context.now))
    wsrm = tuple(_wsrm_envelopes(runtime, t, done, context))
    if wsrm:
        t.enqueue(wsrm)
    wsb = tuple(_wsb_envelopes(runtime, t, done, context))
    if wsb:
        t.enqueue_wsb(wsb)
    raise_events(runtime, t, done.person, done.events, context.now)
    t.after_commit(partial(note, runtime, done.person.cpr, (*wsrm, *wsb)))


def raise_events(runtime: Runtime, t: Transaction, person: Person, events: Iterable[Event], now: datetime) -> None:
    """Append the events to the outbox of the business domains in the caller's transaction (epic AC 1005.17.28.11)."""
    envelopes: list[EventEnvelope] = []
    drafts = event_drafts(events, runtime.contract.event_recipients)
    for _, told in groupby(drafts, key=lambda draft: id(draft.event)):  # one body and one id for all domains
        first, *others = told
        body = encode_event(_domain_event(runtime, person, first.event, now))
        envelopes += [EventEnvelope(draft.recipient, body, now) for draft in (first, *others)]
    t.enqueue_events(envelopes)


def note(runtime: Runtime, cpr: str, envelopes: Iterable[Envelope | WsbEnvelope]) -> None:
    """Write the queued messages to the journal, and wake the workers for webhook delivery and events."""
    runtime.events_raised()
    data: dict[str, str | int]
    for envelope in envelopes:
        match envelope:
            case Envelope(owner=owner):
                kind, data = (
                    EntryType.MESSAGE_QUEUED,
                    {"message": envelope.message_type, "recipient": str(owner.organisation)},
                )
            case WsbEnvelope(recipient=to):
                kind, data = EntryType.WSB_QUEUED, {"system": to.system, "recipient": str(to.organisation)}
                runtime.on_wsb_queued()
            case _:
                assert_never(envelope)
        runtime.journal(JournalEntry(kind=kind, instant=envelope.queued, cpr=cpr, data={**data, "id": envelope.id}))


def _wsrm_envelopes(runtime: Runtime, t: Transaction, done: Accepted, context: DecisionContext) -> Iterator[Envelope]:
    """Yield one message for each queue of the recipient: those of its subscribed systems, else its shared queue."""
    if not runtime.release.wsrm:
        return
    owners: dict[Organisation, Sequence[Owner]] = {}
    for draft in wsrm_drafts(done.events, done.person, context.day, runtime.contract.wsrm_recipients):
        to, row = draft.recipient, draft.event.registration
        queues = owners.get(to)
        if queues is None:
            queues = owners[to] = t.queue_owners(to) or (Owner(to, 0),)
        for owner in queues:
            if not system_receives(owner.system, draft.subject, runtime.contract.wsrm_systems):
                continue
            message = WsrmMessage(
                message_id=runtime.ids(),
                message_type=draft.subject,
                registrant=row.registrant,
                cpr=done.person.cpr,
                id=row.id,
                type=row.type,
                event=row.event,
                start=row.start,
                end=row.end,
            )
            yield Envelope(message.message_id, draft.subject, owner, encode_message(message), context.now)


def _wsb_envelopes(runtime: Runtime, t: Transaction, done: Accepted, context: DecisionContext) -> Iterator[WsbEnvelope]:
    """Yield one message for each subscription in force that day."""
    if not runtime.release.wsb:
        return
    day = context.day
    for draft in wsb_drafts(done.events, done.person, day, runtime.contract.wsb_recipients):
        row, entity = draft.event.registration, runtime.contract.wsb_entities[draft.subject]
        for subscription in t.subscriptions_in_force(draft.recipient, entity.id, day):
            message = WsbMessage(
                message_id=runtime.ids(),
                entity_id=entity.id,
                entity_name=entity.name,
                id=row.id,
                cpr=done.person.cpr,
                change_type=draft.event.change_type,
                recipient=draft.recipient,
                registered=row.registered,
            )
            body = runtime.wsb.write(message)
            yield WsbEnvelope(message.message_id, subscription.recipient, entity.id, done.person.id, body, context.now)


def _domain_event(runtime: Runtime, person: Person, event: Event, now: datetime) -> DomainEvent:
    row = event.registration
    return DomainEvent(
        event_id=runtime.ids(),
        entity=row.kind,
        change_type=event.change_type,
        citizen_id=person.id,
        cpr=person.cpr,
        id=row.id,
        type=row.type,
        event=row.event,
        start=row.start,
        end=row.end,
        authority=row.registrant.active,
        occurred=now,
    )
