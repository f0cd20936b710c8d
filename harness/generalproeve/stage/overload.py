"""ASGI middleware that sheds calls beyond a bounded queue: 503 with Retry-After, before the call is read.

It counts the calls that have arrived whole at the services and are not answered; a slow body and a latency model hold no place.
The journal has one entry when shedding begins, and one with the number of calls when it has ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from vos_contracts.contract import Contract
from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire.asgi.endpoint import TRY_AGAIN_S, ASGIApp, Message, Receive, Scope, Send, send_response
from vos_contracts.wire.asgi.soap import XML
from vos_contracts.wire.base import Response
from vos_contracts.wire.calls import soap_service
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap.envelope import INTERNAL_ERRORS


class HasNow(Protocol):
    """The stage clock."""

    def now(self) -> datetime:
        """Return the instant on the stage clock."""
        ...


class Overload:
    """At most `limit` calls are worked on or wait; the next one is answered with 503 at once, and nothing is carried out.

    A SOAP call gets a fault, any other the JSON of a refusal, both with 1011.
    """

    def __init__(
        self, app: ASGIApp, limit: int, journal: Callable[[JournalEntry], None], clock: HasNow, contract: Contract
    ) -> None:
        self._app = app
        self._limit = limit
        self._journal = journal
        self._clock = clock
        self._waiting = 0
        self._shed = 0
        text = f"scenen er overbelastet: {limit} kald venter allerede; intet er udført"
        errors = [ServiceError(INTERNAL_ERRORS, text)]
        refusal, retry = Rest(contract).write_errors(errors, 503), {"retry-after": TRY_AGAIN_S}
        self._refusal = Response(refusal.status, {**refusal.headers, **retry}, refusal.body)
        self._fault = Response(503, {"content-type": XML, **retry}, envelope.write_fault(errors, contract))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, or shed it."""
        if self._waiting >= self._limit:
            await self._refuse(scope, send)
            return
        first = await receive()
        unread = [first]
        complete = False

        def count(message: Message) -> None:
            nonlocal complete
            if not (complete or message.get("more_body", False)):
                complete = True
                self._waiting += 1

        async def counting_receive() -> Message:
            message = unread.pop() if unread else await receive()
            count(message)
            return message

        if not first.get("more_body", False):
            if self._waiting >= self._limit:
                await self._refuse(scope, send)
                return
            count(first)
        try:
            await asyncio.sleep(0)  # all calls of this loop iteration are counted before one is worked on
            await self._app(scope, counting_receive, send)
        finally:
            self._waiting -= complete
            if self._shed and self._waiting <= self._limit // 2:
                shed, self._shed = self._shed, 0
                self._note(state="recovered", shed=shed)

    async def _refuse(self, scope: Scope, send: Send) -> None:
        if not self._shed:
            self._note(state="shedding", limit=self._limit)
        self._shed += 1
        await send_response(send, self._fault if soap_service(scope["path"]) else self._refusal)

    def _note(self, **data: str | int) -> None:
        self._journal(JournalEntry(kind=EntryType.OVERLOAD, instant=self._clock.now(), data=data))
