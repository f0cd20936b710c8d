"""Recipients as tables: WSRM, webservice messages (WSB) and domain events share one type of rule.

WSRM: epic AC 1005.17.28.10 and its commitment criteria; WSB: AC 1005.17.28.19; domain events: AC 1005.17.28.11. The
message about a CPR change goes to its subscribers only; all other messages are sent without a subscription.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

from vos_contracts.model.registration import Kind
from vos_contracts.tables.access import OrganisationType
from vos_contracts.tables.table import Table


class MessageType(StrEnum):
    """The WSRM messages of the epic; the value is the method that fetches them."""

    KONTAKTGRUPPE_V5 = "GetContactGroupVersion5"
    KONTAKTGRUPPE_V4 = "GetContactGroupVersion4"
    PERSONKATEGORI_V1 = "GetPersonCategoryVersion1"
    CPR_CHANGED = "GetCprChanged"

    @property
    def kind(self) -> Kind | None:
        """The kind of registration that the message is about; None for a CPR change."""
        return _KIND.get(self)


_KIND = {
    MessageType.KONTAKTGRUPPE_V5: Kind.KONTAKTGRUPPE,
    MessageType.KONTAKTGRUPPE_V4: Kind.KONTAKTGRUPPE,
    MessageType.PERSONKATEGORI_V1: Kind.PERSONKATEGORI,
}


class RecipientRole(StrEnum):
    """The authority of the citizen that a message goes to."""

    JOBCENTER = "jobcenter"
    AKASSE = "akasse"

    @cached_property
    def organisation_type(self) -> OrganisationType:
        """The authority's type."""
        return OrganisationType[self.name]


class When(StrEnum):
    """The change that triggers a message: any, a kontaktgruppe's start, its end without or with a successor, a CPR change."""

    ANY = "any"
    GROUP_STARTS = "group_starts"
    GROUP_ENDS = "group_ends"
    GROUP_REPLACED = "group_replaced"
    CPR_CHANGE = "cpr_change"


S = TypeVar("S", bound=MessageType | Kind)
R = TypeVar("R", bound=RecipientRole | str)


@dataclass(frozen=True)
class RecipientRule(Generic[S, R]):
    """One row: `recipient` is told about `subject` when `when` happens, in one kontaktgruppe or, if None, in all.

    `subject` is a WSRM message or the kind of registration; `recipient` is an authority's role or a business domain's name.
    """

    subject: S
    recipient: R
    when: When = When.ANY
    kontaktgruppe: int | None = None

    @cached_property
    def kind(self) -> Kind | None:
        """The kind of registration that the row is about; None for a CPR change."""
        return self.subject if isinstance(self.subject, Kind) else self.subject.kind


WsrmRule = RecipientRule[MessageType, RecipientRole]
WsbRule = RecipientRule[Kind, RecipientRole]
EventRule = RecipientRule[Kind, str]


def wsrm_rules(table: Table) -> Sequence[WsrmRule]:
    """Read the recipients of WSRM in the file's order.

    Raises:
        ValueError: a message, role or `when` value is unknown.
    """
    return tuple(
        RecipientRule(MessageType(message), RecipientRole(role), When(when), int(group) if group else None)
        for message, role, when, group in table
    )


def wsrm_systems(table: Table) -> Mapping[int, frozenset[MessageType]]:
    """Read the WSRM messages about registrations that each calling system gets in a queue of its own.

    A system without a row gets all that its organisation is told.

    Raises:
        ValueError: a message is unknown.
    """
    messages: dict[int, set[MessageType]] = {}
    for system, message in table:
        messages.setdefault(int(system), set()).add(MessageType(message))
    return {system: frozenset(found) for system, found in messages.items()}


def wsb_rules(table: Table) -> Sequence[WsbRule]:
    """Read the recipients of WSB in the file's order.

    Raises:
        ValueError: a kind, role or `when` value is unknown.
    """
    return tuple(
        RecipientRule(Kind(kind), RecipientRole(role), When(when), int(group) if group else None)
        for kind, role, when, group in table
    )


def event_rules(table: Table) -> Sequence[EventRule]:
    """Read the business domains that receive events of each kind, in the file's order.

    Raises:
        ValueError: a kind is unknown.
    """
    return tuple(RecipientRule(Kind(kind), domain) for domain, kind in table)


def subscribable(rules: Sequence[WsrmRule]) -> Mapping[MessageType, frozenset[RecipientRole]]:
    """Return the messages that are sent to subscribers only, with the authorities that may subscribe to each."""
    messages = {rule.subject for rule in rules if rule.when is When.CPR_CHANGE}
    return {message: frozenset(rule.recipient for rule in rules if rule.subject is message) for message in messages}
