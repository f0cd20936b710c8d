"""The reference's part of the one stream: a capped buffer of entries, and the calls that come in at the edge.

Masking is for those who print or export; here every number stands as it came (DESIGN rule 6).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vos_contracts.base import stopwatch
from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.control.stage import JournalDto
from vos_contracts.tables.names import Names
from vos_reference.clock import Clock

CEILING = 10_000
"""Entries kept."""

BODY_CEILING = 8_192
"""Bytes of a body kept in an entry."""


Raw = tuple[object, ...]
"""A call as it was: tuples of bytes, numbers and an instant, which the garbage collector stops looking at."""


class Journal:
    """A capped stream of entries, numbered from 1; a call is written out when somebody reads it."""

    def __init__(self, write_out: Callable[[Raw], JournalEntry], ceiling: int = CEILING) -> None:
        self._entries: deque[JournalEntry | Raw] = deque(maxlen=ceiling)
        self._count = 0
        self._write_out = write_out

    def __call__(self, entry: JournalEntry | Raw) -> None:
        """Append an entry."""
        self._entries.append(entry)
        self._count += 1

    def after(self, number: int) -> JournalDto:
        """Return the entries after that number."""
        first = self._count - len(self._entries)
        skipped_over = max(number - first, 0)
        entries = tuple(self._entry(item) for item in tuple(self._entries)[skipped_over:])
        return JournalDto(next_item=self._count, lost=max(first - number, 0), entries=entries)

    def _entry(self, journal_entry: JournalEntry | Raw) -> JournalEntry:
        return journal_entry if isinstance(journal_entry, JournalEntry) else self._write_out(journal_entry)


class CallJournal:
    """Note every call and its answer around an application, before the caller has heard it to its end."""

    def __init__(self, app: ASGIApp, journal: Callable[[Raw], None], clock: Clock) -> None:
        self._app = app
        self._journal = journal
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer and note what passed."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        in_: list[bytes] = []
        out: list[bytes] = []
        status = 0
        noted = False
        begun = stopwatch.seconds()

        def note() -> None:
            nonlocal noted
            noted = True
            self._journal(
                (
                    self._clock.now(),
                    scope["method"],
                    scope["path"],
                    tuple(scope["headers"]),
                    status,
                    stopwatch.seconds() - begun,
                    _klip(in_),
                    _klip(out),
                )
            )

        async def receive_body() -> Message:
            message = await receive()
            in_.append(message.get("body", b""))
            return message

        async def dispatch(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            if message["type"] == "http.response.body":
                out.append(message.get("body", b""))
                if not (noted or message.get("more_body", False)):
                    note()
            await send(message)

        await self._app(scope, receive_body, dispatch)
        if not noted:
            note()


def printer(names: Names) -> Callable[[Raw], JournalEntry]:
    """Return what writes a call out as an entry."""
    cpr = names.header("cpr").lower().encode()
    known = {
        names.header(name).lower().encode(): name
        for name in ("organisationType", "organisationCode", "system", "requestId", "userId")
    }

    def write_out(raw: Raw) -> JournalEntry:
        instant, method, path, pair, status, seconds, in_, out = cast(_Call, raw)
        headers = dict(pair)
        data: dict[str, str | int] = {
            name: headers[on_line].decode("latin-1") for on_line, name in known.items() if on_line in headers
        }
        data |= {
            "method": method,
            "path": path,
            "status": status,
            "microseconds": round(seconds * 1_000_000),
            "body": in_.decode("utf-8", "replace"),
            "response": out.decode("utf-8", "replace"),
        }
        soapaction = headers.get(b"soapaction")
        if soapaction is not None:
            data["soapaction"] = soapaction.decode("latin-1")
        return JournalEntry(
            kind=EntryType.CALL, instant=instant, cpr=headers.get(cpr, b"").decode("latin-1"), data=data
        )

    return write_out


_Call = tuple[datetime, str, str, tuple[tuple[bytes, bytes], ...], int, float, bytes, bytes]


def _klip(parts: list[bytes]) -> bytes:
    return (parts[0] if len(parts) == 1 else b"".join(parts))[:BODY_CEILING]
