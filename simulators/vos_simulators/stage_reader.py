"""Read events, state and history from a stage's control API as streams of pages, one page in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar
from urllib.parse import urlencode

import msgspec

from vos_contracts.control.operations import EventPage, ExtractPage, QueuedEvent, StatePage
from vos_contracts.wire.base import Call, Transport
from vos_simulators.control import ControlRefused

T = TypeVar("T")
PAGE = 1000


class OperationsReader:
    """Client of one stage's paged control resources.

    Raises:
        ControlRefused: the control API answered with another status than 200.
        UnreachableError: the control API did not answer.
        msgspec.DecodeError: a page is malformed.
    """

    def __init__(self, transport: Transport, page: int = PAGE) -> None:
        self._transport = transport
        self._page = page

    def events(self, domain: str, after: int) -> Iterator[QueuedEvent]:
        """Yield a domain's events after that number, up to the newest."""
        while True:
            page = self._fetch("events", EventPage, domain=domain, after=after)
            if not page.events:
                return
            yield from page.events
            after = page.next_item

    def state(self) -> Iterator[StatePage]:
        """Yield the state of every citizen, page by page."""
        after: str | None = ""
        while after is not None:
            page = self._fetch("state", StatePage, after=after)
            yield page
            after = page.next_item

    def registrations(self, after: int) -> Iterator[ExtractPage]:
        """Yield the rows of the history after that number; the last page is empty."""
        return self._pages("extract", after)

    def citizens(self, after: int) -> Iterator[ExtractPage]:
        """Yield the citizens created or changed after that number; the last page is empty."""
        return self._pages("extract/citizens", after)

    def _pages(self, name: str, after: int) -> Iterator[ExtractPage]:
        while True:
            page = self._fetch(name, ExtractPage, after=after)
            yield page
            if not page.registrations and not page.citizens:
                return
            after = page.next_item

    def _fetch(self, name: str, type_: type[T], **fields: str | int) -> T:
        call = Call("GET", f"/control/{name}?{urlencode({**fields, 'count': self._page})}")
        response = self._transport.send(call)
        if response.status != 200:
            raise ControlRefused(response.status, response.body)
        return msgspec.json.decode(response.body, type=type_)
