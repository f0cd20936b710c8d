"""What every transport sees, and the two ways a wire can be broken.

Not here: any format (`rest`, `soap`). The two errors never mix with a business refusal, which is a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, overload

from vos_contracts.tables.errors import ServiceError, sorted_by_code

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Call:
    """A request on the wire; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer on the wire; header names in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Transport(Protocol):
    """Carry one call to a service and bring its answer; raise `UnreachableError` when none comes."""

    def send(self, call: Call) -> Response:
        """Send and wait."""
        ...


class AsyncTransport(Protocol):
    """The same for code that runs in an event loop."""

    async def send(self, call: Call) -> Response:
        """Send and wait."""
        ...


ERRORS_AT_MOST, TEXT_AT_MOST = 100, 1000
"""Errors in one answer, and characters of what each says: an answer is never much larger than the call."""


def short(text: str) -> str:
    """Cut what a caller has made long."""
    return text if len(text) <= TEXT_AT_MOST else f"{text[:TEXT_AT_MOST]}…"


class LocalWireError(Exception):
    """Our own code asked for something that the contract cannot carry."""


class RemoteWireError(Exception):
    """The other side broke the contract; `errors` says how, `status` hints at the HTTP status (0: the table decides)."""

    def __init__(self, *errors: ServiceError, status: int = 0) -> None:
        super().__init__("; ".join(f"{error.code}: {error.description}" for error in errors))
        self.errors = errors
        self.status = status


@overload
def combined(a: Callable[[], A], b: Callable[[], B], /) -> tuple[A, B]: ...
@overload
def combined(a: Callable[[], A], b: Callable[[], B], c: Callable[[], C], /) -> tuple[A, B, C]: ...
def combined(*readers: Callable[[], object]) -> tuple[object, ...]:
    """Read several parts of one message; errors: RemoteWireError with the breaches of all of them."""
    was_read: list[object] = []
    breach: list[RemoteWireError] = []
    for read in readers:
        try:
            was_read.append(read())
        except RemoteWireError as exc:
            breach.append(exc)
    if breach:
        raise RemoteWireError(
            *sorted_by_code(error for item in breach for error in item.errors), status=breach[0].status
        )
    return tuple(was_read)


class UnreachableError(Exception):
    """No answer could be observed: refused, reset or timed out."""


class NobodyThereError(UnreachableError):
    """No connection could be made: nobody listens at the address."""


class Unavailable(Exception):
    """Our own side cannot answer now; nothing was changed and the call may be tried again (503 with Retry-After)."""
