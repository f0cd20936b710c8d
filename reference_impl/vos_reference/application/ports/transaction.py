"""What the application needs of the world; each docstring is the contract that every adapter's tests inherit.

Not here: any implementation (`vos_reference.adapters`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from vos_contracts.model.identity import Organisation
from vos_contracts.wire.base import Utilgaengelig
from vos_reference.application.ports.events import Driftstransaktion
from vos_reference.application.ports.runs import Koersel
from vos_reference.application.ports.webhooks import Wsbtransaktion
from vos_reference.domain.batchjob import Forfald, Job
from vos_reference.domain.person import Person


class CprOpslag(Enum):
    """Why a CPR number gave no citizen: never seen (1010), or seen but without a citizen (4404)."""

    UKENDT = "ukendt"
    UDEN_BORGER = "uden borger"


class StoreUtilgaengelig(Utilgaengelig):
    """The store cannot be reached now; nothing was changed and the call may be tried again."""


class StoreOptaget(ValueError):
    """Something with that identity is already in the store; nothing was changed."""


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


class Transaktion(Driftstransaktion, Wsbtransaktion, Protocol):
    """All that happens between begin and commit; on an exception nothing of it has happened.

    - A reader in a transaction sees its own writes, and no other transaction's unfinished ones.
    - Registrations are appended and never altered; they come back in the order in which they were appended.
    - Messages come back in the order in which they were queued.
    """

    def for_sig(self) -> AbstractContextManager[None]:
        """Begin a part: on an exception nothing of it has happened; after StoreUtilgaengelig nothing of the whole may stand."""
        ...

    def husk_kald(self, kald_id: str, now: datetime, siden: datetime) -> bool:
        """Remember a request id; False, and nothing changed, if it was remembered at or after `siden`."""
        ...

    def find_person(self, cpr: str) -> Person | CprOpslag:
        """Find a citizen with everything a rule may ask for."""
        ...

    def registrering_findes(self, registrering_id: str) -> bool:
        """Say whether any citizen has a registration with that id, deleted or not."""
        ...

    def gem(self, foer: Person, efter: Person, forfald: Forfald) -> None:
        """Store what a decision changed: `efter` differs from the stored `foer`, its history only by rows at the end.

        With another CPR number the pointer moves: the old number is known and has no citizen.

        `forfald` replaces what falls due for the citizen. Raise StoreOptaget if `efter` has a CPR number of somebody else's.
        """
        ...

    def opret_person(self, person: Person, forfald: Forfald = ()) -> None:
        """Store a new citizen whole; raise StoreOptaget if the id or the CPR number is taken."""
        ...

    def personer_efter(self, person_id: str, antal: int) -> Sequence[Person]:
        """List the next citizens whose id comes after that one, in the order of ids; "" begins."""
        ...

    def forfaldne(self, job: Job, dag: date, antal: int) -> Sequence[Person]:
        """List citizens for whom that job falls due on that day or before, the longest due first."""
        ...

    def antal_forfaldne(self, job: Job, dag: date) -> int:
        """Count citizens for whom that job falls due on that day or before."""
        ...

    def gem_koersel(self, koersel: Koersel) -> None:
        """Store a run as it now stands, new or begun before."""
        ...

    def seneste_koersel(self) -> Koersel | None:
        """Return the run that was begun last, if any; only that one can be unfinished."""
        ...

    def seneste_nat(self) -> date | None:
        """Return the latest day whose nightly run is begun, or that lies before the stage."""
        ...

    def seneste_tidspunkt(self) -> datetime | None:
        """Return the latest instant of the clock, a run or the newest row of the history; None in an empty store."""
        ...

    def uret_naaede(self, tidspunkt: datetime) -> None:
        """Remember where the clock was moved to, in place of where it stood before."""
        ...

    def kend_cpr(self, cpr: str) -> None:
        """Know a CPR number that has no citizen; raise StoreOptaget if it has one."""
        ...

    def antal_personer(self) -> int:
        """Count citizens."""
        ...

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

    def nulstil(self) -> None:
        """Forget everything: citizens, registrations, request ids, queues."""
        ...


class Store(Protocol):
    """The store: transactions, and knowing whether it can be reached."""

    def transaktion(self) -> AbstractContextManager[Transaktion]:
        """Begin a transaction that commits at the end of the block; raise StoreUtilgaengelig if it cannot."""
        ...

    def write_beside(self, after: list[Callable[[], None]]) -> AbstractContextManager[Transaktion]:
        """Begin as `transaktion` does, in any thread, one at a time; reads in the store's own thread go on meanwhile.

        What is to follow the commit is put into `after`, for the caller to call in the store's own thread.
        """
        ...

    def laesning(self) -> AbstractContextManager[Transaktion]:
        """Begin a read of one consistent state; writing in it is a bug."""
        ...

    def vedligehold(self) -> None:
        """Do upkeep that can wait, in any thread, also when closed; raise StoreUtilgaengelig if it cannot be done now."""
        ...

    def luk(self) -> None:
        """Close the store; calling it twice is harmless."""
        ...


class IdSource(Protocol):
    """Mint identifiers: lower-case uuid text, never the same twice."""

    def ny(self) -> str:
        """Mint one."""
        ...
