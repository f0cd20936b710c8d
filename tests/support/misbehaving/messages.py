"""Who sends messages that nobody should have, or does not send those that somebody should."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from support.misbehaving.bending import bender, bender_table, sets
from vos_contracts.contract import Contract
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Kind
from vos_contracts.tables.recipients import MessageType, RecipientRole, RecipientRule, When, WsrmRule
from vos_reference.application import cpr_change, delivery, registration, wsrm_queue
from vos_reference.domain.decision import Changed, Created, Deleted, Event
from vos_reference.domain.recipients import Draft
from vos_reference.domain.retry import GivenUp

HOUR = timedelta(hours=1)
"""The difference between Danish time in winter and UTC."""
WsrmDraft = Draft[MessageType, Organisation, Event]
WsbDraft = Draft[Kind, Organisation, Event]


def _with_rule(contract: Contract, *rules: WsrmRule) -> Contract:
    return replace(contract, wsrm_recipients=(*contract.wsrm_recipients, *rules))


def _with_row(wsrm_draft: WsrmDraft, **change: Any) -> WsrmDraft:
    return replace(
        wsrm_draft, event=replace(wsrm_draft.event, registration=replace(wsrm_draft.event.registration, **change))
    )


def _with_registrant(wsrm_draft: WsrmDraft, **change: Any) -> WsrmDraft:
    return _with_row(wsrm_draft, registrant=replace(wsrm_draft.event.registration.registrant, **change))


@bender((registration, "wsrm_drafts"))
def author_is_always_star(real: Any, *arguments: Any) -> Iterator[WsrmDraft]:
    from support.builders import STAR

    for item in real(*arguments):
        yield _with_registrant(item, active=STAR)


@bender((registration, "wsrm_drafts"))
def forgets_the_user(real: Any, *arguments: Any) -> Iterator[WsrmDraft]:
    for item in real(*arguments):
        yield _with_registrant(item, user=replace(item.event.registration.registrant.user, id="DFDG"))


@bender((registration, "wsrm_drafts"))
def sends_twice(real: Any, *arguments: Any) -> Iterator[WsrmDraft]:
    for item in real(*arguments):
        yield item
        yield item


@bender((registration, "wsrm_drafts"))
def loses_every_second_message(real: Any, *arguments: Any) -> Iterator[WsrmDraft]:
    for number, item in enumerate(real(*arguments), 1):
        if number != 2:
            yield item


@bender((registration, "wsrm_drafts"))
def sends_in_reverse_order(real: Any, *arguments: Any) -> Iterator[WsrmDraft]:
    return reversed(tuple(real(*arguments)))


@bender((registration, "wsrm_drafts"))
def tells_deletions_by_wsrm(real: Any, events: Any, *arguments: Any) -> Iterator[WsrmDraft]:
    told = (Changed(item.registration) if isinstance(item, Deleted) else item for item in events)
    drafts: Iterator[WsrmDraft] = real(told, *arguments)
    return drafts


@bender_table((registration, "wsrm_drafts"))
def loses_version_4(contract: Contract) -> Contract:
    rules = tuple(
        recipient for recipient in contract.wsrm_recipients if recipient.subject is not MessageType.KONTAKTGRUPPE_V4
    )
    return replace(contract, wsrm_recipients=rules)


@bender_table((registration, "wsrm_drafts"), (cpr_change, "wsrm_drafts"))
def forgets_akasse(contract: Contract) -> Contract:
    rules = tuple(item for item in contract.wsrm_recipients if item.recipient is not RecipientRole.AKASSE)
    return replace(contract, wsrm_recipients=rules)


@bender_table((registration, "wsrm_drafts"))
def tells_akasse_about_categories(contract: Contract) -> Contract:
    return _with_rule(contract, RecipientRule(MessageType.PERSONKATEGORI_V1, RecipientRole.AKASSE, When.ANY, None))


@bender_table((registration, "wsrm_drafts"))
def tells_akasse_about_group_4(contract: Contract) -> Contract:
    return _with_rule(contract, RecipientRule(MessageType.KONTAKTGRUPPE_V5, RecipientRole.AKASSE, When.GROUP_STARTS, 4))


@bender_table((registration, "wsrm_drafts"))
def tells_akasse_that_group_25_opened(contract: Contract) -> Contract:
    return _with_rule(
        contract, RecipientRule(MessageType.KONTAKTGRUPPE_V5, RecipientRole.AKASSE, When.GROUP_STARTS, 25)
    )


@bender_table()
def keeps_wsrm_alive(contract: Contract) -> Contract:
    return replace(
        contract, releases={name: replace(release, wsrm=True) for name, release in contract.releases.items()}
    )


@bender((wsrm_queue, "_end"))
def forgets_that_messages_were_fetched(real: Any, *arguments: Any, delete: bool) -> Any:
    return real(*arguments, delete=False)


@bender((wsrm_queue, "_end"))
def deletes_what_was_given_back(real: Any, *arguments: Any, delete: bool) -> Any:
    return real(*arguments, delete=True)


@bender((wsrm_queue, "_own"))
def lets_anyone_fetch_a_sequence(real: Any, t: Any, identity: Any, sequence_id: str) -> Any:
    return t.find_sequence(sequence_id) or real(t, identity, sequence_id)


@sets(wsrm_queue, "LIFETIME", timedelta(minutes=30))
def closes_sequences_too_early() -> None: ...


@bender((registration, "wsb_drafts"))
def sends_wsb_about_new_only(real: Any, *arguments: Any) -> Iterator[WsbDraft]:
    return (item for item in real(*arguments) if isinstance(item.event, Created))


@bender((registration, "wsb_drafts"))
def wrong_registration_time_in_wsb(real: Any, *arguments: Any) -> Iterator[WsbDraft]:
    for item in real(*arguments):
        row = item.event.registration
        yield replace(item, event=replace(item.event, registration=replace(row, registered=row.registered - HOUR)))


@bender((delivery, "decide"))
def never_retries_wsb(real: Any, *arguments: Any) -> Any:
    decided = real(*arguments)
    return GivenUp(decided.reason) if hasattr(decided, "wait_time") else decided


@bender((registration, "wsb_drafts"))
def sends_no_wsb_about_categories(real: Any, *arguments: Any) -> Iterator[WsbDraft]:
    return (item for item in real(*arguments) if item.event.registration.kind is not Kind.PERSONKATEGORI)
