"""WSRM subscriptions: queues for single systems, sub-queues by message type, and messages sent to subscribers only."""

from __future__ import annotations

from collections.abc import Iterator

from vos_contracts.control.stage import SubscriptionDto
from vos_contracts.model.identity import Organisation
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.tables.recipients import MessageType, RecipientRole, subscribable
from vos_reference.application.ports import Owner, Transaction
from vos_reference.application.runtime import Runtime
from vos_reference.domain.decision import Refused, refused


def subscribe(runtime: Runtime, wish: SubscriptionDto) -> Refused | None:
    """Create a queue for the system, subscribe it to message types, or route message types to a sub-queue.

    Without message types it creates the queue. Returns every error of the request, or None.
    """
    owner = Owner(Organisation(wish.organisation_type, wish.organisation_code), wish.system)
    with runtime.store.transaction() as t:
        known = _sub_queue_errors if wish.sub_queue else _subscription_errors
        errors = [*_errors(runtime, t, owner, wish.message_types), *known(runtime, owner, wish.message_types)]
        if errors:
            return refused(*errors)
        if wish.sub_queue:
            queue = owner if owner in t.queue_owners(owner.organisation) else Owner(owner.organisation, 0)
            for message_type in wish.message_types:
                t.route_to_sub_queue(queue, message_type, wish.sub_queue)
            return None
        if not wish.message_types:
            if not t.queue_owners(
                owner.organisation
            ):  # the first system takes over the queue that the organisation had
                t.take_over_queue(Owner(owner.organisation, 0), owner)
            t.subscribe(owner)
        for message_type in wish.message_types:
            t.subscribe_message(owner, message_type)
    return None


def _errors(runtime: Runtime, t: Transaction, owner: Owner, message_types: tuple[str, ...]) -> Iterator[ServiceError]:
    if owner.organisation.type not in runtime.contract.organisation_types:
        yield ServiceError(INVALID_REQUEST, f"organisationType: {owner.organisation.type} findes ikke")
    own = t.queue_owners(owner.organisation)
    if message_types and own and owner not in own:
        yield ServiceError(
            INVALID_REQUEST, f"system: {owner.organisation} har køer pr. system, og {owner.system} har ingen"
        )


def _sub_queue_errors(runtime: Runtime, owner: Owner, message_types: tuple[str, ...]) -> Iterator[ServiceError]:
    if not message_types:
        yield ServiceError(INVALID_REQUEST, "beskedtyper: skal nævne dem, der lægges i underkøen")
    for name in message_types:
        if name not in set(MessageType):
            yield ServiceError(INVALID_REQUEST, f"beskedtyper: {name} findes ikke; kendte er {', '.join(MessageType)}")


def _subscription_errors(runtime: Runtime, owner: Owner, message_types: tuple[str, ...]) -> Iterator[ServiceError]:
    can = subscribable(runtime.contract.wsrm_recipients)
    for name in message_types:
        if name not in can:
            yield ServiceError(
                INVALID_REQUEST, f"beskedtyper: {name} sendes ikke på abonnement; det gør {', '.join(can)}"
            )
        elif owner.organisation.type not in {party.organisation_type for party in can[MessageType(name)]}:
            parties = ", ".join(party.value for party in sorted(can[MessageType(name)], key=_order))
            yield ServiceError(INVALID_REQUEST, f"organisationType: {name} kan kun abonneres af {parties}")


def _order(party: RecipientRole) -> int:
    return list(RecipientRole).index(party)
