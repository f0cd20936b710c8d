"""A broker in the process: a queue per business domain, subscribed to and acknowledged, gone with the process.

It is flat in memory: a queue that nobody listens to forgets its oldest events (the outbox has them still), and one whose
listeners do not keep up is full, so that the publisher waits. For one event loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence

from vos_reference.application.ports import Haendelsesbrev, MaeglerVaek

NAVN = "intern"
HOEJST = 1000
"""Events that one queue holds, at most."""


class InternMaegler:
    """The broker and its queues; while `nede` is set it is away, as a broker of another process can be."""

    navn = NAVN

    def __init__(self, domaener: Iterable[str], hoejst: int = HOEJST) -> None:
        self.nede = False
        self._koeer = {domaene: _Koe(hoejst) for domaene in domaener}

    async def publicer(self, breve: Sequence[Haendelsesbrev]) -> None:
        """See `Maegler.publicer`."""
        if self.nede:
            raise MaeglerVaek("the broker in the process is taken down")
        for domaene, koe in self._koeer.items():
            if not koe.har_plads(sum(en.domaene == domaene for en in breve)):
                raise MaeglerVaek(f"the queue of {domaene} is full, and its listeners do not take from it")
        for brev in breve:
            self._koeer[brev.domaene].laeg(brev)

    async def luk(self) -> None:
        """See `Maegler.luk`."""

    def abonner(self, domaene: str) -> Abonnement:
        """Listen to a domain's queue; several listeners share what comes."""
        return Abonnement(self._koeer[domaene])

    def venter(self, domaene: str) -> int:
        """Count what is in the domain's queue and taken by nobody."""
        return self._koeer[domaene].venter


class Abonnement:
    """One listener: what it took and has not acknowledged comes again, to it or another, when it closes."""

    def __init__(self, koe: _Koe) -> None:
        self._koe = koe
        self._ukvitteret: list[Haendelsesbrev] = []
        koe.lyttere += 1

    async def modtag(self) -> Haendelsesbrev:
        """Wait for the next event and take it."""
        brev = await self._koe.tag()
        self._ukvitteret.append(brev)
        return brev

    def kvitter(self, brev: Haendelsesbrev) -> None:
        """Acknowledge an event that was taken; ValueError for one that was not."""
        self._ukvitteret.remove(brev)
        self._koe.ude -= 1

    def luk(self) -> None:
        """Stop listening."""
        self._koe.lyttere -= 1
        self._koe.laeg_tilbage(self._ukvitteret)
        self._ukvitteret = []


class _Koe:
    def __init__(self, hoejst: int) -> None:
        self.lyttere = 0
        self.ude = 0
        self._hoejst = hoejst
        self._klar: deque[Haendelsesbrev] = deque()
        self._noget = asyncio.Event()

    @property
    def venter(self) -> int:
        return len(self._klar)

    def har_plads(self, antal: int) -> bool:
        return not self.lyttere or not antal or self.venter + self.ude + antal <= self._hoejst

    def laeg(self, brev: Haendelsesbrev) -> None:
        if self.venter >= self._hoejst:  # only where nobody listens: see `har_plads`
            self._klar.popleft()
        self._klar.append(brev)
        self._noget.set()

    async def tag(self) -> Haendelsesbrev:
        while not self._klar:
            self._noget.clear()
            await self._noget.wait()
        self.ude += 1
        return self._klar.popleft()

    def laeg_tilbage(self, breve: Sequence[Haendelsesbrev]) -> None:
        """Put them back in front, in the order of the outbox also where another listener gave some back before."""
        self.ude -= len(breve)
        self._klar = deque(sorted([*breve, *self._klar], key=lambda en: en.nr))
        if self._klar:
            self._noget.set()
