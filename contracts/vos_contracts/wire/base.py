"""Requests, answers and transports, and the errors of the wire.

Not here: the formats (`rest`, `soap`). A business refusal is a value, never one of these exceptions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, overload

from vos_contracts.tables.errors import ServiceError, sorted_by_code

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")


TWICE = "\n"
"""Separates the values of a header that came more than once; the value of a header cannot hold a line break itself."""
GIVEN_TWICE = "headeren står to gange"


@dataclass(frozen=True, slots=True)
class Call:
    """A request on the wire; header names in lower case, values without the blanks around them."""

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
    """Sends one call to a service and returns its answer; raises `UnreachableError` if there is none."""

    def send(self, call: Call) -> Response:
        """Send the call and return the answer."""
        ...


class AsyncTransport(Protocol):
    """The asynchronous counterpart of `Transport`."""

    async def send(self, call: Call) -> Response:
        """Send the call and return the answer."""
        ...


MAX_ERRORS, MAX_TEXT = 100, 1000
"""Limits on errors in one answer and characters in each description, so that an answer is never much larger than its call."""


def short(text: str) -> str:
    """Truncate a text that may repeat a caller's input."""
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…"


class LocalWireError(Exception):
    """Our own code tried to send something that the contract cannot express."""


class RemoteWireError(Exception):
    """The other side broke the contract; `errors` says how. `status` is the HTTP status to answer with, 0 for the table's."""

    def __init__(self, *errors: ServiceError, status: int = 0) -> None:
        super().__init__("; ".join(f"{error.code}: {error.description}" for error in errors))
        self.errors = errors
        self.status = status


@overload
def combined(a: Callable[[], A], b: Callable[[], B], /) -> tuple[A, B]: ...
@overload
def combined(a: Callable[[], A], b: Callable[[], B], c: Callable[[], C], /) -> tuple[A, B, C]: ...
def combined(*readers: Callable[[], object]) -> tuple[object, ...]:
    """Read several parts of one message, so that the errors of all parts are reported at once.

    Raises:
        RemoteWireError: the errors of all readers, sorted by code.
    """
    decoded: list[object] = []
    breach: list[RemoteWireError] = []
    for read in readers:
        try:
            decoded.append(read())
        except RemoteWireError as exc:
            breach.append(exc)
    if breach:
        raise RemoteWireError(
            *sorted_by_code(error for item in breach for error in item.errors), status=breach[0].status
        )
    return tuple(decoded)


class UnreachableError(Exception):
    """No answer arrived: the connection was refused or reset, or timed out."""


class NoListenerError(UnreachableError):
    """The connection was refused: nothing listens at the address."""


class Unavailable(Exception):
    """Our own side cannot answer now. Nothing was changed, and the call may be retried (503 with Retry-After).

    `description` tells the caller why, in Danish, where it is more than that.
    """

    def __init__(self, *arguments: object, description: str = "") -> None:
        super().__init__(*arguments or (description,))
        self.description = description
