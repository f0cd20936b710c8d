"""Registrations that come at the same time share a commit, and each is answered after it.

A commit writes the same pages over again, whoever's registrations lie on them: the disk has one line for all. Not here: what a
registration does, or what one that fails undoes (`application.handle`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from vos_reference.application.drift import Drift
from vos_reference.application.handle import Registreringskald, Resultat, registrer_samlet

HOEJST = 16
"""Registrations in one commit, so that the first of many is not answered with the last."""


class Samler:
    """Carries out what has come in one turn of the event loop."""

    def __init__(self, drift: Drift) -> None:
        self._drift = drift
        self._venter: list[tuple[Registreringskald, asyncio.Future[Resultat]]] = []

    async def registrer(self, kald: Registreringskald) -> Resultat:
        """Carry out one registration together with those that are ready now.

        Errors: StoreUtilgaengelig; every business error is in the answer.
        """
        loop = asyncio.get_running_loop()
        svar: asyncio.Future[Resultat] = loop.create_future()
        self._venter.append((kald, svar))
        if len(self._venter) == 1:
            loop.call_soon(self._udfoer)
        return await svar

    def _udfoer(self) -> None:
        nu, self._venter = self._venter[:HOEJST], self._venter[HOEJST:]
        if self._venter:
            asyncio.get_running_loop().call_soon(self._udfoer)
        resultater: Sequence[Resultat | Exception]
        try:
            resultater = registrer_samlet(self._drift, [kald for kald, _ in nu])
        except Exception as brud:
            resultater = [brud] * len(nu)
        for (_, svar), resultat in zip(nu, resultater, strict=True):
            if svar.done():  # the caller has gone
                continue
            if isinstance(resultat, Exception):
                svar.set_exception(resultat)
            else:
                svar.set_result(resultat)
