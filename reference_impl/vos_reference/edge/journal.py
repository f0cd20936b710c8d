"""The journal: a capped buffer of entries, and the middleware that notes every call.

CPR numbers are stored unmasked. Code that prints or exports entries masks them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vos_contracts.base import stopwatch
from vos_contracts.contract import Contract
from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.control.stage import JournalDto
from vos_contracts.wire.base import Call
from vos_contracts.wire.leniency import LeniencyFinder
from vos_reference.clock import Clock

CEILING = 10_000
"""The most entries that are kept."""

BODY_CEILING = 8_192
"""The most bytes of a body that are kept in an entry."""


Raw = tuple[object, ...]
"""A recorded call as a tuple of immutable values, which the garbage collector soon stops tracking."""


class Journal:
    """A capped stream of entries, numbered from 1; a raw call becomes an entry when it is read."""

    def __init__(self, write_out: Callable[[Raw], JournalEntry], ceiling: int = CEILING) -> None:
        self._entries: deque[JournalEntry | Raw] = deque(maxlen=ceiling)
        self._count = 0
        self._write_out = write_out

    def __call__(self, entry: JournalEntry | Raw) -> None:
        """Append an entry."""
        self._entries.append(entry)
        self._count += 1

    def after(self, number: int) -> JournalDto:
        """Return the entries after that number, and how many of them were dropped."""
        first = self._count - len(self._entries)
        skipped = max(number - first, 0)
        entries = tuple(self._entry(entry) for entry in tuple(self._entries)[skipped:])
        return JournalDto(next_item=self._count, lost=max(first - number, 0), entries=entries)

    def _entry(self, journal_entry: JournalEntry | Raw) -> JournalEntry:
        return journal_entry if isinstance(journal_entry, JournalEntry) else self._write_out(journal_entry)


class CallJournal:
    """ASGI middleware: note each call and its answer before the last part of the answer is sent."""

    def __init__(self, app: ASGIApp, journal: Callable[[Raw], None], clock: Clock) -> None:
        self._app = app
        self._journal = journal
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on and note request and answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        received: list[bytes] = []
        sent: list[bytes] = []
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
                    _clip(received),
                    _clip(sent),
                )
            )

        async def recording_receive() -> Message:
            message = await receive()
            received.append(message.get("body", b""))
            return message

        async def recording_send(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            if message["type"] == "http.response.body":
                sent.append(message.get("body", b""))
                if not (noted or message.get("more_body", False)):
                    note()
            await send(message)

        await self._app(scope, recording_receive, recording_send)
        if not noted:
            note()


def printer(contract: Contract) -> Callable[[Raw], JournalEntry]:
    """Return the function that turns a raw call into an entry, with the header names of the contract.

    `lenient` in its data has the keys of the contract's leniencies that the call uses, separated by spaces.
    """
    names, finder = contract.names, LeniencyFinder(contract)
    cpr = names.header("cpr").lower().encode()
    known = {
        names.header(name).lower().encode(): name
        for name in ("organisationType", "organisationCode", "system", "requestId", "userId")
    }

    def write_out(raw: Raw) -> JournalEntry:
        instant, method, path, header_pairs, status, seconds, received, sent = cast(_Call, raw)
        headers = dict(header_pairs)
        data: dict[str, str | int] = {
            name: headers[header].decode("latin-1") for header, name in known.items() if header in headers
        }
        data |= {
            "method": method,
            "path": path,
            "status": status,
            "microseconds": round(seconds * 1_000_000),
            "body": received.decode("utf-8", "replace"),
            "response": sent.decode("utf-8", "replace"),
        }
        texts = {name.decode("latin-1"): value.decode("latin-1") for name, value in header_pairs}
        if lenient := finder.find(Call(method, path, texts, received)):
            data["lenient"] = " ".join(lenient)
        soapaction = headers.get(b"soapaction")
        if soapaction is not None:
            data["soapaction"] = soapaction.decode("latin-1")
        return JournalEntry(
            kind=EntryType.CALL, instant=instant, cpr=headers.get(cpr, b"").decode("latin-1"), data=data
        )

    return write_out


_Call = tuple[datetime, str, str, tuple[tuple[bytes, bytes], ...], int, float, bytes, bytes]


def _clip(parts: list[bytes]) -> bytes:
    return (parts[0] if len(parts) == 1 else b"".join(parts))[:BODY_CEILING]
