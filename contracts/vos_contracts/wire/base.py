"""What every transport sees, and the two ways a wire can be broken.

Not here: any format (`rest`, `soap`). The two errors never mix with a business refusal, which is a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, overload

from vos_contracts.koder.fejl import Fejl, sorteret

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Kald:
    """A request on the wire; header names in lower case."""

    metode: str
    sti: str
    headers: Mapping[str, str] = field(default_factory=dict)
    krop: bytes = b""


@dataclass(frozen=True, slots=True)
class Svar:
    """An answer on the wire; header names in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    krop: bytes = b""


class Transport(Protocol):
    """Carry one call to a service and bring its answer; raise `UnreachableError` when none comes."""

    def send(self, kald: Kald) -> Svar:
        """Send and wait."""
        ...


class AsyncTransport(Protocol):
    """The same for code that runs in an event loop."""

    async def send(self, kald: Kald) -> Svar:
        """Send and wait."""
        ...


FEJL_HOEJST, TEKST_HOEJST = 100, 1000
"""Errors in one answer, and characters of what each says: an answer is never much larger than the call."""


def kort(tekst: str) -> str:
    """Cut what a caller has made long."""
    return tekst if len(tekst) <= TEKST_HOEJST else f"{tekst[:TEKST_HOEJST]}…"


class LocalWireError(Exception):
    """Our own code asked for something that the contract cannot carry."""


class RemoteWireError(Exception):
    """The other side broke the contract; `fejl` says how, `status` hints at the HTTP status (0: the table decides)."""

    def __init__(self, *fejl: Fejl, status: int = 0) -> None:
        super().__init__("; ".join(f"{en.kode}: {en.beskrivelse}" for en in fejl))
        self.fejl = fejl
        self.status = status


@overload
def samlet(a: Callable[[], A], b: Callable[[], B], /) -> tuple[A, B]: ...
@overload
def samlet(a: Callable[[], A], b: Callable[[], B], c: Callable[[], C], /) -> tuple[A, B, C]: ...
def samlet(*laesere: Callable[[], object]) -> tuple[object, ...]:
    """Read several parts of one message; errors: RemoteWireError with the breaches of all of them."""
    laest: list[object] = []
    brud: list[RemoteWireError] = []
    for laes in laesere:
        try:
            laest.append(laes())
        except RemoteWireError as et:
            brud.append(et)
    if brud:
        raise RemoteWireError(*sorteret(fejl for et in brud for fejl in et.fejl), status=brud[0].status)
    return tuple(laest)


class UnreachableError(Exception):
    """No answer could be observed: refused, reset or timed out."""


class NobodyThereError(UnreachableError):
    """No connection could be made: nobody listens at the address."""


class Utilgaengelig(Exception):
    """Our own side cannot answer now; nothing was changed and the call may be tried again (503 with Retry-After)."""
