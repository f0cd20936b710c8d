"""Which messages everybody must have of what happened: the epic's rules, once more and by themselves.

- WSRM (AC 1005.17.28.10): the jobcentre gets versions 5 and 4 of every group and version 1 of every category; the fund gets
  version 5 when a member comes to group 13 or 23, and when a group 25 closes, altogether or for another group. Nothing else.
- WSB (AC 1005.17.28.19, starwiki FYS/4342317058): the same events, to those who subscribe.
- Business domains (AC 1005.17.28.11): JobSearch and Kontaktforloeb hear of both kinds, Virksomhedsindsats of groups only.
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
TRANSFERS_UNTIL, CLOSES = (13, 23), 25
OPEN, NOTHING = "åben", "intet"


class RegistrationLike(Protocol):
    """A registration as a row of the history or a message gives it."""

    @property
    def type(self) -> int:
        """Its code."""
        ...

    @property
    def event(self) -> datetime | None:
        """When what it tells of took place, None if nobody has said."""
        ...

    @property
    def start(self) -> datetime:
        """Its first instant."""
        ...

    @property
    def end(self) -> datetime | None:
        """Its end, None if it is open."""
        ...


class Deletable(RegistrationLike, Protocol):
    """One that says whether it was deleted."""

    @property
    def is_deleted(self) -> bool:
        """Whether it was deleted as erroneous."""
        ...


class Channel(StrEnum):
    """How a message reaches its recipient."""

    WSRM = "WSRM"
    WSB = "WSB"
    EVENT = "hændelse"


@dataclass(frozen=True, slots=True, order=True)
class Recipient:
    """A recipient on one channel, as reports name it."""

    channel: Channel
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.channel})"


Content = tuple[tuple[str, str], ...]
"""What a message says, field by field."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A message that the recipient must have; those of one `line` must come in order."""

    recipient: Recipient
    variant: str
    id: str
    content: Content
    line: str
    cause: str


@dataclass(frozen=True, slots=True)
class WsbSubscriber:
    """Who subscribes to webservice messages: a system on behalf of an authority, and to what."""

    system: str
    organisation: Organisation
    kinds: frozenset[Kind]

    @property
    def recipient(self) -> Recipient:
        """As reports name it."""
        return Recipient(Channel.WSB, f"{self.system} for {self.organisation}")


def expected(
    happened_events: Iterable[Happened], subscribers: Sequence[WsbSubscriber] = (), *, wsrm: bool = True
) -> list[Expected]:
    """Say which messages must be there, in the order in which what they tell of happened.

    `wsrm` is False in a release that has no WSRM any more.
    """
    everyone: list[Expected] = []
    known: set[str] = set()
    for event in happened_events:
        change = "deleted" if event.is_deleted else "changed" if event.id in known else "created"
        known.add(event.id)
        everyone += _events(event, change)
        if event.set_up:
            continue
        if wsrm:
            everyone += _wsrm(event, change)
        everyone += _wsb(event, change, subscribers)
    return everyone


def _akasse(item: Happened, change: str) -> bool:
    """One of the four cases in which a fund is told of its member."""
    if item.kind is not Kind.KONTAKTGRUPPE:
        return False
    comes_until = change == "created" and item.type in TRANSFERS_UNTIL
    return comes_until or (change == "changed" and item.type == CLOSES and item.end is not None)


def _wsrm(item: Happened, change: str) -> Iterator[Expected]:
    variant = (V5, V4) if item.kind is Kind.KONTAKTGRUPPE else (V1,)
    if item.jobcenter is not None:
        for message in variant:
            yield _expected(
                item, wsrm_recipient(item.jobcenter), message, wsrm_content(item.cpr, item, item.author), message
            )
    if item.akasse is not None and _akasse(item, change):
        yield _expected(item, wsrm_recipient(item.akasse), V5, wsrm_content(item.cpr, item, item.author), V5)


def _wsb(item: Happened, change: str, subscribers: Iterable[WsbSubscriber]) -> Iterator[Expected]:
    for subscriber in subscribers:
        gets = subscriber.organisation == item.jobcenter or (
            subscriber.organisation == item.akasse and _akasse(item, change)
        )
        if gets and item.kind in subscriber.kinds:
            yield _expected(item, subscriber.recipient, item.kind.name, wsb_content(item.cpr, change), item.cpr)


def _events(item: Happened, change: str) -> Iterator[Expected]:
    for domain, kinds in DOMAINS.items():
        if item.kind in kinds:
            recipient = Recipient(Channel.EVENT, domain)
            content = event_content(item.citizen_id, item.cpr, item, change, item.author.authority)
            yield _expected(item, recipient, item.kind.value, content, item.id)


def _expected(item: Happened, recipient: Recipient, variant: str, content: Content, line: str) -> Expected:
    return Expected(recipient, variant, item.id, content, line, item.cause)


# contents in the form in which both sides are compared

_DANISH_FIELDS = {
    "event": "haendelse",
    "end": "slut",
    "deleted": "slettet",
    "authority": "myndighed",
    "user": "bruger",
    "change": "aendring",
    "citizen": "borger",
    "old": "gammelt",
    "new": "nyt",
}


def field_in_danish(name: str) -> str:
    """Return a field's name as reports write it; `cpr`, `type`, `start` and `system` are the same in Danish."""
    return _DANISH_FIELDS.get(name, name)


def wsrm_recipient(organisation: Organisation) -> Recipient:
    """Name a queue by its owner."""
    return Recipient(Channel.WSRM, str(organisation))


def wsrm_content(cpr: str, deletable: Deletable, author: Author) -> Content:
    """Say what a WSRM message says."""
    return (
        ("cpr", cpr),
        ("type", str(deletable.type)),
        ("event", _time(deletable.event, NOTHING)),
        ("start", _time(deletable.start)),
        ("end", _time(deletable.end)),
        ("deleted", "yes" if deletable.is_deleted else "no"),
        ("authority", str(author.authority)),
        ("system", str(author.system)),
        ("user", author.user),
    )


def wsb_content(cpr: str, change: str) -> Content:
    """Say what a webservice message says beside what it is about."""
    return (("cpr", cpr), ("change", change))


def event_content(
    citizen_id: str, cpr: str, registration_like: RegistrationLike, change: str, authority: Organisation
) -> Content:
    """Say what a domain event says."""
    return (
        ("citizen", citizen_id),
        ("cpr", cpr),
        ("type", str(registration_like.type)),
        ("event", _time(registration_like.event, NOTHING)),
        ("start", _time(registration_like.start)),
        ("end", _time(registration_like.end)),
        ("change", change),
        ("authority", str(authority)),
    )


def _time(instant: datetime | None, otherwise: str = OPEN) -> str:
    return otherwise if instant is None else instant.astimezone(UTC).isoformat(timespec="seconds")
