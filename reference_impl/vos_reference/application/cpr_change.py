"""Carry out a CPR change in one transaction: find the citizen, move the pointer, queue the messages to subscribers.

Messages already in a queue keep the old number. Not here: the rule itself (`domain.cpr_change`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.model.cpr import masked
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire.messages import wsrm_cpr
from vos_contracts.wire.messages.wsrm_cpr import CprMessage
from vos_reference.application.citizens import cpr_errors
from vos_reference.application.ports import CprLookup, Envelope, Owner, Transaction
from vos_reference.application.registration import LOOKUP_ERRORS, decision_context, note
from vos_reference.application.runtime import Runtime
from vos_reference.domain import batch_jobs, cpr_change
from vos_reference.domain.batch_jobs import due_date
from vos_reference.domain.cpr_change import Moved
from vos_reference.domain.decision import Caller, DecisionContext, Refused, refused
from vos_reference.domain.person import Person
from vos_reference.domain.recipients import wsrm_drafts

JOB = "CPR-skift"


@dataclass(frozen=True, slots=True)
class CprChangeOutcome:
    """Whether the pointer moved (not in releases before 2024-4), and the number of messages queued."""

    moved: bool
    messages: int = 0


def change_cpr(runtime: Runtime, old_cpr: str, new_cpr: str, *, allow_real_cpr: bool) -> CprChangeOutcome | Refused:
    """Move a citizen to a new number, or return every error of the request.

    Raises:
        StoreUnavailable: nothing was changed.
    """
    errors = [
        *cpr_errors(old_cpr, field="gammelt", allow_real_cpr=True),
        *cpr_errors(new_cpr, field="nyt", allow_real_cpr=allow_real_cpr),
    ]
    if old_cpr == new_cpr:
        errors.append(ServiceError(INVALID_REQUEST, "nyt: skal være et andet nummer end gammelt"))
    with runtime.store.transaction() as t:
        now = runtime.clock.now()
        context = decision_context(runtime, now, Caller(batch_jobs.dfdg_identity(JOB, now)))
        person = t.find_person(old_cpr)
        if isinstance(person, CprLookup):
            reason = "kendes ikke" if person is CprLookup.UNKNOWN else "er kendt, men har ingen borger"
            errors.append(ServiceError(LOOKUP_ERRORS[person].code, f"gammelt: {masked(old_cpr)} {reason}"))
        if old_cpr != new_cpr and isinstance(t.find_person(new_cpr), Person):
            errors.append(ServiceError(4977, f"nyt: {masked(new_cpr)} har allerede en borger"))
        if errors or isinstance(person, CprLookup):
            return refused(*errors)
        moved = cpr_change.move(person, new_cpr, context)
        if moved is None:
            return CprChangeOutcome(moved=False)
        t.save(person, moved.person, due_date(moved.person, runtime.contract, now))
        envelopes = tuple(_envelopes(runtime, t, moved, context))
        t.enqueue(envelopes)
        data: dict[str, str | int] = {"old": old_cpr, "messages": len(envelopes)}
        t.after_commit(
            lambda: runtime.journal(JournalEntry(kind=EntryType.CPR_CHANGE, instant=now, cpr=new_cpr, data=data))
        )
        t.after_commit(lambda: note(runtime, new_cpr, envelopes))
    return CprChangeOutcome(moved=True, messages=len(envelopes))


def _envelopes(runtime: Runtime, t: Transaction, moved: Moved, decision_context: DecisionContext) -> Iterator[Envelope]:
    if not runtime.release.wsrm:
        return
    event, rules = moved.event, runtime.contract.wsrm_recipients
    for draft in wsrm_drafts((event,), moved.person, decision_context.day, rules):
        organisation = draft.recipient
        own = t.queue_owners(organisation)
        subscribers = t.subscribers(organisation, draft.subject)
        queues = sorted({subscriber if subscriber in own else Owner(organisation, 0) for subscriber in subscribers})
        for owner in queues:
            message = CprMessage(
                message_id=runtime.ids(),
                registrant=event.registrant,
                old=event.old,
                new_one=event.new,
            )
            yield Envelope(
                message.message_id, message.message_type, owner, wsrm_cpr.encode(message), decision_context.now
            )
