"""The messages that every recipient must have, derived from the history by the epic's rules.

- WSRM (AC 1005.17.28.10): the jobcenter gets versions 5 and 4 of every kontaktgruppe and version 1 of every personkategori,
  and nothing about a deletion, which no WSRM message can say.
  The akasse gets version 5 when a member enters group 13 or 23, and when a group 25 closes, with or without a successor.
- WSB (AC 1005.17.28.19, starwiki FYS/4342317058): the same events, to subscribers.
- Business domains (AC 1005.17.28.11): JobSearch and Kontaktforloeb get both kinds, Virksomhedsindsats only groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Kind
from vos_simulators.oracle.happened import Author, Happened

V5, V4, V1 = "GetContactGroupVersion5", "GetContactGroupVersion4", "GetPersonCategoryVersion1"
DOMAINS = {
    "JobSearch": (Kind.KONTAKTGRUPPE, Kind.PERSONKATEGORI),
    "Kontaktforloeb": (Kind.KONTAKTGRUPPE, Kind.PERSONKATEGORI),
    "Virksomhedsindsats": (Kind.KONTAKTGRUPPE,),
}
ENTERS, CLOSES = (13, 23), 25
OPEN, NOTHING = "åben", "intet"


class RegistrationLike(Protocol):
    """The fields that a row of the history and a message have in common."""

    @property
    def type(self) -> int:
        """The code of the kontaktgruppe or personkategori."""
        ...

    @property
    def event(self) -> datetime | None:
        """When the registered event took place; None if not given."""
        ...

    @property
    def start(self) -> datetime:
        """Start of the period."""
        ...

    @property
    def end(self) -> datetime | None:
        """End of the period; None if it is open."""
        ...


class MessageChannel(StrEnum):
    """How a message reaches its recipient."""

    WSRM = "WSRM"
    WSB = "WSB"
    EVENT = "hændelse"


@dataclass(frozen=True, slots=True, order=True)
class Recipient:
    """A recipient on one channel; `name` is the name in reports."""

    channel: MessageChannel
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.channel})"


Content = tuple[tuple[str, str], ...]
"""Field names and values of a message, in a form in which both sides are compared."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A message that the recipient must have; messages with the same `line` must arrive in order."""

    recipient: Recipient
    message: str
    id: str
    content: Content
    line: str
    cause: str


@dataclass(frozen=True, slots=True)
class WsbSubscriber:
    """A subscription to webservice messages: a system on behalf of an organisation, and the kinds."""

    system: str
    organisation: Organisation
    kinds: frozenset[Kind]

    @property
    def recipient(self) -> Recipient:
        """The subscriber as a recipient."""
        return Recipient(MessageChannel.WSB, f"{self.system} for {self.organisation}")


def expected(
    happened_events: Iterable[Happened], subscribers: Sequence[WsbSubscriber] = (), *, wsrm: bool = True
) -> list[Expected]:
    """Return the required messages in the order of the events; `wsrm` is False in a release without WSRM."""
    messages: list[Expected] = []
    known: set[str] = set()
    for event in happened_events:
        change = "deleted" if event.is_deleted else "changed" if event.id in known else "created"
        known.add(event.id)
        messages += _events(event, change)
        if event.set_up:
            continue
        if wsrm and not event.is_deleted:
            messages += _wsrm(event, change)
        messages += _wsb(event, change, subscribers)
    return messages


def _tells_akasse(item: Happened, change: str) -> bool:
    """Whether this is one of the four cases in which the akasse is told of a member."""
    if item.kind is not Kind.KONTAKTGRUPPE:
        return False
    enters = change == "created" and item.type in ENTERS
    return enters or (change == "changed" and item.type == CLOSES and item.end is not None)


def _wsrm(item: Happened, change: str) -> Iterator[Expected]:
    messages = (V5, V4) if item.kind is Kind.KONTAKTGRUPPE else (V1,)
    if item.jobcenter is not None:
        for message in messages:
            yield _expected(
                item, wsrm_recipient(item.jobcenter), message, wsrm_content(item.cpr, item, item.author), message
            )
    if item.akasse is not None and _tells_akasse(item, change):
        yield _expected(item, wsrm_recipient(item.akasse), V5, wsrm_content(item.cpr, item, item.author), V5)


def _wsb(item: Happened, change: str, subscribers: Iterable[WsbSubscriber]) -> Iterator[Expected]:
    for subscriber in subscribers:
        gets = subscriber.organisation == item.jobcenter or (
            subscriber.organisation == item.akasse and _tells_akasse(item, change)
        )
        if gets and item.kind in subscriber.kinds:
            content = wsb_content(item.cpr, change, item.registered)
            yield _expected(item, subscriber.recipient, item.kind.name, content, item.cpr)


def _events(item: Happened, change: str) -> Iterator[Expected]:
    for domain, kinds in DOMAINS.items():
        if item.kind in kinds:
            recipient = Recipient(MessageChannel.EVENT, domain)
            content = event_content(item.citizen_id, item.cpr, item, change, item.author.authority, item.registered)
            yield _expected(item, recipient, item.kind.value, content, item.id)


def _expected(item: Happened, recipient: Recipient, message: str, content: Content, line: str) -> Expected:
    return Expected(recipient, message, item.id, content, line, item.cause)


# contents in the form in which both sides are compared


def wsrm_recipient(organisation: Organisation) -> Recipient:
    """Return the recipient of an owner's WSRM queue."""
    return Recipient(MessageChannel.WSRM, str(organisation))


def wsrm_content(cpr: str, registration: RegistrationLike, author: Author) -> Content:
    """Return the content of a WSRM message."""
    return (
        ("cpr", cpr),
        ("type", str(registration.type)),
        ("event", _time(registration.event, NOTHING)),
        ("start", _time(registration.start)),
        ("end", _time(registration.end)),
        ("authority", str(author.authority)),
        ("system", str(author.system)),
        ("user", author.user),
    )


def wsb_content(cpr: str, change: str, registered: datetime) -> Content:
    """Return the content of a webservice message apart from kind and id."""
    return (("cpr", cpr), ("change", change), ("registered", _time(registered)))


def event_content(
    citizen_id: str,
    cpr: str,
    registration: RegistrationLike,
    change: str,
    authority: Organisation,
    registered: datetime,
) -> Content:
    """Return the content of a domain event."""
    return (
        ("citizen", citizen_id),
        ("cpr", cpr),
        ("type", str(registration.type)),
        ("event", _time(registration.event, NOTHING)),
        ("start", _time(registration.start)),
        ("end", _time(registration.end)),
        ("change", change),
        ("authority", str(authority)),
        ("registered", _time(registered)),
    )


def _time(instant: datetime | None, otherwise: str = OPEN) -> str:
    return otherwise if instant is None else instant.astimezone(UTC).isoformat(timespec="seconds")
