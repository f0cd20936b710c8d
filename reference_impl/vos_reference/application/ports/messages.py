"""What the WSRM queues need of the store: queues, sub-queues, subscriptions, messages, and transfers (sequences)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from vos_contracts.model.identity import Organisation


@dataclass(frozen=True, slots=True, order=True)
class Ejer:
    """Who owns a queue: one organisation per calling system (DECISIONS section 5)."""

    organisation: Organisation
    system: int


@dataclass(frozen=True, slots=True)
class Konvolut:
    """One message for one queue: its id, its type (the method that fetches it) and its stored body."""

    id: str
    beskedtype: str
    ejer: Ejer
    krop: bytes
    lagt: datetime


@dataclass(frozen=True, slots=True)
class Sekvens:
    """An open transfer of one owner's queue."""

    id: str
    ejer: Ejer
    underkoe: str
    aabnet: datetime


class MessageTransaction(Protocol):
    """The WSRM queues' part of one transaction; messages come back in the order in which they were queued."""

    def abonner(self, ejer: Ejer) -> None:
        """Give one system of an organisation its own queue; idempotent."""
        ...

    def abonner_besked(self, ejer: Ejer, beskedtype: str) -> None:
        """Let one system of an organisation subscribe to a message that is sent to subscribers only; idempotent."""
        ...

    def laeg_i_underkoe(self, ejer: Ejer, beskedtype: str, underkoe: str) -> None:
        """Put the owner's messages of that type into that sub-queue from now on; what waits stays where it is."""
        ...

    def findes_underkoe(self, ejer: Ejer, underkoe: str) -> bool:
        """Say whether messages are put into the owner's sub-queue of that name, or wait in it."""
        ...

    def abonnenter(self, organisation: Organisation, beskedtype: str) -> Sequence[Ejer]:
        """List the organisation's systems that subscribe to that message, by system."""
        ...

    def overtag_koe(self, fra: Ejer, til: Ejer) -> None:
        """Move what waits in one queue to another, in its order, and its sub-queues; open sequences of the first end."""
        ...

    def koeejere(self, organisation: Organisation) -> Sequence[Ejer]:
        """List the organisation's subscribed queues, by system; empty if none has subscribed."""
        ...

    def laeg_i_koe(self, konvolutter: Sequence[Konvolut]) -> None:
        """Append messages to their owners' queues, or to the sub-queue that their type is put into."""
        ...

    def noget_venter(self, ejer: Ejer, underkoe: str) -> bool:
        """Say whether messages wait there that no open sequence holds."""
        ...

    def aaben_sekvens(self, ejer: Ejer, underkoe: str) -> Sekvens | None:
        """Return the owner's open sequence of that sub-queue, if any."""
        ...

    def find_sekvens(self, sekvens_id: str) -> Sekvens | None:
        """Return an open sequence by id."""
        ...

    def opret_sekvens(self, sekvens: Sekvens, hoejst: int) -> None:
        """Open a sequence over the oldest waiting messages of its queue, at most that many."""
        ...

    def inventar(self, sekvens_id: str) -> Sequence[tuple[str, int]]:
        """Count a sequence's messages by type, in order of their first message."""
        ...

    def beskeder(self, sekvens_id: str, beskedtype: str) -> Sequence[Konvolut]:
        """List a sequence's messages of one type, oldest first."""
        ...

    def frigiv(self, sekvens_id: str) -> None:
        """End a sequence and give its messages back to their place in the queue."""
        ...

    def slet_sekvens(self, sekvens_id: str) -> int:
        """End a sequence and delete its messages; return how many."""
        ...

    def aeldste_sekvens(self) -> datetime | None:
        """Return when the oldest open sequence was opened, None if none is open."""
        ...

    def frigiv_aabnet_foer(self, tidspunkt: datetime) -> int:
        """Give back every sequence opened before that instant; return how many."""
        ...
