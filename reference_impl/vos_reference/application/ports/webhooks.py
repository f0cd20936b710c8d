"""What webservice messages need of the store: subscriber systems, subscriptions, and the lines that messages wait in.

Each docstring is the contract that every adapter's tests inherit. A line is one receiver's
messages about one citizen: only its oldest waiting message can be due, so that order holds however often it fails.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from vos_contracts.model.identity import Organisation


@dataclass(frozen=True, slots=True)
class Subscribersystem:
    """A system that may subscribe: its id, where it listens, and the authorities it may subscribe for."""

    id: str
    base_url: str
    organisationer: tuple[Organisation, ...]


@dataclass(frozen=True, slots=True, order=True)
class Wsbmodtager:
    """Who receives: a subscriber system on behalf of one authority."""

    system: str
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class Abonnement:
    """One subscription: whose, to which entity, at which relative path, from and to which day, both included."""

    modtager: Wsbmodtager
    entitet_id: int
    webhook: str
    fra: date
    til: date | None


@dataclass(frozen=True, slots=True)
class Wsbkonvolut:
    """One message to one receiver: its id, its entity, whose line it waits in, its body as it is posted."""

    id: str
    modtager: Wsbmodtager
    entitet_id: int
    borger_id: str
    krop: bytes
    lagt: datetime


@dataclass(frozen=True, slots=True)
class Forsendelse:
    """A message that is due: its number, its address, and how often it has failed."""

    nr: int
    konvolut: Wsbkonvolut
    url: str
    forsoeg: int


@dataclass(frozen=True, slots=True)
class Modtagerstand:
    """How many messages wait for a receiver, how many were given up, and when the next is due."""

    modtager: Wsbmodtager
    venter: int
    doede: int
    naeste: datetime | None


@dataclass(frozen=True, slots=True)
class Doedbesked:
    """A message that was given up after that many attempts, and why."""

    konvolut: Wsbkonvolut
    forsoeg: int
    grund: str


def adresse(base_url: str, webhook: str) -> str:
    """Join the system's base address and the subscription's relative path."""
    return f"{base_url.rstrip('/')}/{webhook.lstrip('/')}"


class WebhookTransaction(Protocol):
    """The messages' part of one transaction. Numbers grow and are never used twice, also not after `nulstil`."""

    def gem_subscribersystem(self, system: Subscribersystem) -> None:
        """Store a system, new or as it now stands."""
        ...

    def find_subscribersystem(self, system_id: str) -> Subscribersystem | None:
        """Find a system by its id."""
        ...

    def abonnementer(self, system_id: str) -> Sequence[Abonnement]:
        """List a system's subscriptions, by authority and entity."""
        ...

    def slet_abonnement(self, abonnement: Abonnement) -> None:
        """Remove a subscription and its messages that were not delivered; the lines behind them go on at `lagt`."""
        ...

    def gem_abonnement(self, abonnement: Abonnement) -> None:
        """Store a subscription; one of the same receiver to the same entity is replaced and keeps its messages."""
        ...

    def gaeldende_abonnementer(self, organisation: Organisation, entitet_id: int, dag: date) -> Sequence[Abonnement]:
        """List the subscriptions of that authority to that entity that are in force that day, by system."""
        ...

    def laeg_wsb(self, konvolutter: Sequence[Wsbkonvolut]) -> None:
        """Append messages to their lines; one that is alone in its line is due at once."""
        ...

    def forfaldne_modtagere(self, now: datetime) -> Sequence[Wsbmodtager]:
        """List the receivers that have a message due by now."""
        ...

    def forfaldne_forsendelser(self, modtager: Wsbmodtager, now: datetime, antal: int) -> Sequence[Forsendelse]:
        """List a receiver's messages that are due by now, the longest due first, at most one of each line."""
        ...

    def leveret(self, nr: int, now: datetime) -> None:
        """Forget a delivered message; the next in its line is due now. Nothing happens if it is gone already."""
        ...

    def udskyd(self, nr: int, naeste: datetime, grund: str) -> None:
        """Count a failed attempt and try again then; the line waits behind it."""
        ...

    def opgiv(self, nr: int, now: datetime, grund: str) -> None:
        """Count a failed attempt and set the message aside; the next in its line is due now."""
        ...

    def genspil(self, besked_ider: Collection[str] | None) -> int:
        """Put these dead letters, all if None, at the end of their lines as if never tried; return how many."""
        ...

    def doede(self, antal: int) -> Sequence[Doedbesked]:
        """List dead letters, oldest first."""
        ...

    def modtagerstande(self) -> Sequence[Modtagerstand]:
        """Say how every receiver stands that has a subscription or a message, in order."""
        ...

    def naeste_forsoeg(self) -> datetime | None:
        """Return when the next message is due, also when that has passed; None if none waits."""
        ...
