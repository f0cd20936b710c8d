"""Who is told what, as tables: WSRM, webservice messages (WSB) and domain events share one type of rule.

WSRM: epic AC 1005.17.28.10 and its commitment criteria; WSB: AC 1005.17.28.19; domain events: AC 1005.17.28.11. A CPR change
is told to those only who subscribe to its message; the other messages come without being asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

from vos_contracts.koder.aktoerer import Organisationstype
from vos_contracts.model.registration import Art
from vos_contracts.tabel import Tabel


class Beskedtype(StrEnum):
    """The WSRM messages of the epic; the value is the method that fetches them."""

    KONTAKTGRUPPE_V5 = "GetContactGroupVersion5"
    KONTAKTGRUPPE_V4 = "GetContactGroupVersion4"
    PERSONKATEGORI_V1 = "GetPersonCategoryVersion1"
    CPR_SKIFTET = "GetCprChanged"

    @property
    def art(self) -> Art | None:
        """The kind of registration that the message tells of; None for a CPR change."""
        return _ART.get(self)


_ART = {
    Beskedtype.KONTAKTGRUPPE_V5: Art.KONTAKTGRUPPE,
    Beskedtype.KONTAKTGRUPPE_V4: Art.KONTAKTGRUPPE,
    Beskedtype.PERSONKATEGORI_V1: Art.PERSONKATEGORI,
}


class Modtagerrolle(StrEnum):
    """Which of the citizen's authorities a message goes to."""

    JOBCENTER = "jobcenter"
    AKASSE = "akasse"

    @cached_property
    def organisationstype(self) -> Organisationstype:
        """The authority's type."""
        return Organisationstype[self.name]


class Naar(StrEnum):
    """What must have happened for a message to be sent."""

    ENHVER = "enhver"
    OVERGAAR_TIL = "overgaar_til"
    LUKKER_HELT = "lukker_helt"
    SKIFTER_FRA = "skifter_fra"
    CPRSKIFT = "cprskift"


S = TypeVar("S", bound=Beskedtype | Art)
R = TypeVar("R", bound=Modtagerrolle | str)


@dataclass(frozen=True)
class RecipientRule(Generic[S, R]):
    """One row: `subject` is told to `recipient` when this happens, for one contact group or for all.

    `subject` is a WSRM message or the kind of registration; `recipient` is an authority's role or a business domain's name.
    """

    subject: S
    recipient: R
    naar: Naar = Naar.ENHVER
    kontaktgruppe: int | None = None

    @cached_property
    def art(self) -> Art | None:
        """The kind of registration that the row is about; None for a CPR change."""
        return self.subject if isinstance(self.subject, Art) else self.subject.art


WsrmRule = RecipientRule[Beskedtype, Modtagerrolle]
WsbRule = RecipientRule[Art, Modtagerrolle]
EventRule = RecipientRule[Art, str]


def wsrm_rules(table: Tabel) -> Sequence[WsrmRule]:
    """Read the recipients of WSRM in the file's order.

    Raises:
        ValueError: a message, role or happening that is none.
    """
    return tuple(
        RecipientRule(Beskedtype(message), Modtagerrolle(role), Naar(when), int(group) if group else None)
        for message, role, when, group in table
    )


def wsb_rules(table: Tabel) -> Sequence[WsbRule]:
    """Read the recipients of WSB in the file's order.

    Raises:
        ValueError: a kind, role or happening that is none.
    """
    return tuple(
        RecipientRule(Art(kind), Modtagerrolle(role), Naar(when), int(group) if group else None)
        for kind, role, when, group in table
    )


def event_rules(table: Tabel) -> Sequence[EventRule]:
    """Read the business domains that hear of each kind, in the file's order.

    Raises:
        ValueError: a kind that is none.
    """
    return tuple(RecipientRule(Art(kind), domain) for domain, kind in table)


def subscribable(rules: Sequence[WsrmRule]) -> Mapping[Beskedtype, frozenset[Modtagerrolle]]:
    """List the messages that are sent to subscribers only, and whose organisations may subscribe."""
    messages = {rule.subject for rule in rules if rule.naar is Naar.CPRSKIFT}
    return {message: frozenset(rule.recipient for rule in rules if rule.subject is message) for message in messages}
