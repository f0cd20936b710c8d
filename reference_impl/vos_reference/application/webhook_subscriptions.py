"""Subscriptions to webhook messages: a system's whole list is replaced, all or nothing (starwiki 4150034662, 4820795421).

Not here: the wire format (`vos_contracts.wire.rest.subscriptions`), and delivery (`application.delivery`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.control.webhooks import SubscriberSystemDto
from vos_contracts.model.identity import Identity, Organisation
from vos_contracts.tables.access import OrganisationType
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.tables.webhooks import Entity
from vos_contracts.wire.rest.registration import UUID
from vos_contracts.wire.rest.subscriptions import SubscriptionWish, Synchronised
from vos_reference.application.ports import SubscriberSystem, Subscription, WebhookRecipient
from vos_reference.application.runtime import Runtime
from vos_reference.domain.danish_time import danish_day
from vos_reference.domain.decision import Refused, refused
from vos_reference.domain.recipients import may_subscribe

_PATH = re.compile(r"/?[A-Za-z0-9._~!$&'()*+,;=:@%/-]*")
_ADDRESS = re.compile(r"[!-~]{1,1000}")
_MAX_PATH = 1000
NOT_AUTHORISED = 4575


def create_system(runtime: Runtime, wish: SubscriberSystemDto) -> Refused | None:
    """Store a subscriber system, as STAR's system administration does, or return every error of the request.

    Subscriptions for an authority that the system no longer has are deleted with their undelivered messages.
    """
    errors = [ServiceError(INVALID_REQUEST, reason) for reason in _system_errors(runtime, wish)]
    if errors:
        return refused(*errors)
    organisations = tuple(
        Organisation(organisation.organisation_type, organisation.organisation_code)
        for organisation in wish.organisations
    )
    with runtime.store.transaction() as t:
        system = SubscriberSystem(wish.system_identifier.lower(), wish.base_url, organisations)
        t.save_subscriber_system(system)
        for subscription in t.subscriptions(system.id):
            if subscription.recipient.organisation not in organisations:
                t.delete_subscription(subscription)
    return None


def synchronise(
    runtime: Runtime, caller: Identity, system_id: str, wishes: Sequence[SubscriptionWish]
) -> Synchronised | Refused:
    """Replace the system's subscriptions with the list, or return every error of the list and change nothing.

    A subscription that is not in the list is deleted with its undelivered messages; one that is keeps them.
    """
    entities = {entity.id: entity for entity in runtime.contract.wsb_entities.values()}
    with runtime.store.transaction() as t:
        now = runtime.clock.now()
        system = t.find_subscriber_system(system_id)
        star = caller.active.type == OrganisationType.STAR
        if system is None or not (star or caller.active in system.organisations):
            return refused(ServiceError(NOT_AUTHORISED, f"{caller.active} har intet subscribersystem {system_id}"))
        errors = [*_list_errors(runtime, system, entities, wishes, danish_day(now))]
        if errors:
            return refused(*errors)
        before = set(t.subscriptions(system_id))
        after = {
            Subscription(
                WebhookRecipient(system_id, wish.organisation), wish.entity_id, wish.webhook, wish.since, wish.until
            )
            for wish in wishes
        }
        keys = {(item.recipient, item.entity_id) for item in after}
        deleted = [item for item in before if (item.recipient, item.entity_id) not in keys]
        for item in deleted:
            t.delete_subscription(item)
        for item in after - before:
            t.save_subscription(item)
        if deleted:  # messages that waited behind the deleted ones are due now
            t.after_commit(runtime.on_wsb_queued)
        result = Synchronised(len(after - before), len(before - after), len(before & after))
        data: dict[str, str | int] = {
            "system": system_id,
            "caller": str(caller.active),
            "user": caller.user.id,
            "created": result.created,
            "deleted": result.deleted,
            "unchanged": result.unchanged,
        }
        t.after_commit(lambda: runtime.journal(JournalEntry(kind=EntryType.WSB_SUBSCRIPTION, instant=now, data=data)))
    return result


@dataclass(frozen=True, slots=True)
class _WishField:
    position: int
    name: str

    def errors(self, reason: str) -> ServiceError:
        return ServiceError(INVALID_REQUEST, f"abonnementer[{self.position}].{self.name}: {reason}")


def _list_errors(
    runtime: Runtime,
    system: SubscriberSystem,
    entities: Mapping[int, Entity],
    wishes: Sequence[SubscriptionWish],
    day: date,
) -> Iterator[ServiceError]:
    repeats = Counter((wish.organisation, wish.entity_id) for wish in wishes)
    for position, wish in enumerate(wishes):
        entity = entities.get(wish.entity_id)
        if wish.organisation not in system.organisations:
            yield _WishField(position, "orgCode").errors(f"systemet kan ikke abonnere for {wish.organisation}")
        if entity is None:
            yield _WishField(position, "entityType").errors(
                f"{wish.entity_id} findes ikke; kendte er {sorted(entities)}"
            )
        elif not may_subscribe(wish.organisation.type, entity.kind, runtime.contract.wsb_recipients):
            yield _WishField(position, "entityType").errors(
                f"{entity.name} ({entity.id}) kan ikke abonneres af organisationstype {wish.organisation.type}"
            )
        if repeats[wish.organisation, wish.entity_id] > 1:
            yield _WishField(position, "entityType").errors("samme organisation og entitet står to gange")
        if not _is_relative_path(wish.webhook):
            yield _WishField(position, "webhookUrl").errors("skal være en sti under systemets baseUrl, fx /webhook")
        if wish.until is not None and wish.until < wish.since:
            yield _WishField(position, "slutDato").errors("må ikke ligge før startDato")
        elif wish.until is not None and wish.until < day:
            yield _WishField(position, "slutDato").errors("skal være i dag eller senere")


def _is_relative_path(webhook: str) -> bool:
    """Return whether the text is a path of at most 1,000 characters without `..` or `//`, also when percent-decoded."""
    parts = unquote(webhook).split("/")
    return len(webhook) <= _MAX_PATH and bool(_PATH.fullmatch(webhook)) and "//" not in webhook and ".." not in parts


def _system_errors(runtime: Runtime, wish: SubscriberSystemDto) -> Iterator[str]:
    if not UUID.fullmatch(wish.system_identifier):
        yield "systemIdentifier: skal være en uuid"
    if not wish.organisations:
        yield "organisationer: mindst én"
    for organisation in wish.organisations:
        if organisation.organisation_type not in runtime.contract.organisation_types:
            yield f"organisationer.organisationType: {organisation.organisation_type} findes ikke"
    try:
        parts = urlsplit(wish.base_url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as exc:
        yield f"baseUrl: {exc}"
        return
    written = _ADDRESS.fullmatch(wish.base_url)
    if (
        not written
        or parts.scheme not in ("http", "https")
        or not host
        or parts.username is not None
        or parts.query
        or parts.fragment
    ):
        yield "baseUrl: skal være http(s)://vært[:port][/sti]"
    elif not may_send_to(host, runtime.webhook_hosts):
        yield f"baseUrl: der sendes ikke til {host}; start med --webhook-host {host}"


def may_send_to(host: str, allowed: frozenset[str]) -> bool:
    """Return whether messages may be sent to the host: a loopback address, or a host allowed in the configuration."""
    if host in allowed:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
