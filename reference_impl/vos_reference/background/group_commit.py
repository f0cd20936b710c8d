"""Group commit: registrations that come in one turn of the event loop share a transaction, and each is answered after it.

Not here: what a registration does, or what one that fails undoes (`application.handle`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from vos_reference.application.registration import RegistrationCall, Result, register_combined
from vos_reference.application.runtime import Runtime
from vos_reference.background.write_turns import WriteTurns

LIMIT = 16
"""Registrations in one commit, so that the first of many is not answered with the last."""


class GroupCommit:
    """Carries out what has come in one turn of the event loop."""

    def __init__(self, runtime: Runtime, turns: WriteTurns) -> None:
        self._runtime = runtime
        self._turns = turns
        self._waiting: list[tuple[RegistrationCall, asyncio.Future[Result]]] = []

    async def register(self, call: RegistrationCall) -> Result:
        """Carry out one registration together with those that are ready now; every business error is in the answer.

        Raises:
            StoreUnavailable: nothing of it was stored.
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
            if answer.done():  # the caller has gone
                continue
            if isinstance(result, Exception):
                answer.set_exception(result)
            else:
                answer.set_result(result)
