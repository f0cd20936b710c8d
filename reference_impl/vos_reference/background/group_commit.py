"""Group commit: registrations of one event-loop iteration share a transaction, and each is answered after its commit.

What a registration does, and how a failing one is rolled back alone, is in `application.registration`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from vos_reference.application.registration import RegistrationCall, Result, register_combined
from vos_reference.application.runtime import Runtime
from vos_reference.background.write_turns import WriteTurns

LIMIT = 16
"""The most registrations in one commit; it bounds how long the first one waits for the others."""


class GroupCommit:
    """Collects the registrations of one event-loop iteration and commits them together."""

    def __init__(self, runtime: Runtime, turns: WriteTurns) -> None:
        self._runtime = runtime
        self._turns = turns
        self._waiting: list[tuple[RegistrationCall, asyncio.Future[Result]]] = []

    async def register(self, call: RegistrationCall) -> Result:
        """Carry out one registration together with the others of this loop iteration; a business error is an answer.

        Raises:
            StoreUnavailable: nothing of the registration was stored.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Result] = loop.create_future()
        self._waiting.append((call, answer))
        if len(self._waiting) == 1:
            loop.call_soon(self._turns.start, self._commit)
        return await answer

    def _commit(self) -> None:
        group, self._waiting = self._waiting[:LIMIT], self._waiting[LIMIT:]
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._turns.start, self._commit)
        results: Sequence[Result | Exception]
        try:
            results = register_combined(self._runtime, [call for call, _ in group])
        except Exception as failure:
            results = [failure] * len(group)
        for (_, answer), result in zip(group, results, strict=True):
            if answer.done():  # the caller disconnected
                continue
            if isinstance(result, Exception):
                answer.set_exception(result)
            else:
                answer.set_result(result)
