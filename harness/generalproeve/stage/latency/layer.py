"""The layer that keeps to a model: it lets a call be answered, and holds the answer back until its time; or lets it go wrong.

Outermost around the services. The described time is the whole of it, from the call's last byte until its answer: what the
work took is part of it, and a call that worked longer is answered at once. Not here: which rule is about a call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from generalproeve.protokol import AFBRYD
from generalproeve.stage.latency import draws
from generalproeve.stage.latency.distribution import Fordeling
from generalproeve.stage.latency.draws import Lod
from generalproeve.stage.latency.lookup import KONVERTEREDE, Opslag
from generalproeve.stage.latency.measurement import Kaldsudgang, Maaling
from generalproeve.stage.latency.model import Fejlpost, Model
from vos_contracts.base import stopwatch
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.wire.asgi import ASGIApp, Message, Receive, Scope, Send
from vos_contracts.wire.calls import CallChannel, CalledOperation

KORN_S = 0.0005
"""A timer is rounded to the nearest millisecond, and half of one is much of a service's four."""


class Bagendevalg(Protocol):
    """What stands behind the converted SOAP services now."""

    @property
    def prs_soap(self) -> PrsSoap:
        """Behind the registrations."""
        ...

    @property
    def laese_soap(self) -> PrsSoap:
        """Behind the reads."""
        ...


Noter = Callable[[Mapping[str, str | int]], None]
"""Note in the stage's journal that a call went wrong on purpose."""


@dataclass(slots=True)
class Regel:
    """One rule at work: the n-th call that it is about gets the n-th lots, whatever else goes on."""

    nummer: int
    fordeling: Fordeling
    fejl: Fejlpost
    lod: Lod
    maaling: Maaling = field(default_factory=Maaling)

    def traek(self) -> tuple[Kaldsudgang, float]:
        """Draw how a call comes out, and its time in seconds."""
        lod, sekunder = self.lod(), self.fordeling.fraktil(self.lod())
        fejl = self.fejl
        for udgang, andel in (
            (Kaldsudgang.FEJL, fejl.error_share),
            (Kaldsudgang.NULSTILLET, fejl.reset_share),
            (Kaldsudgang.TAVS, fejl.timeout_share),
        ):
            if lod < andel:
                return udgang, sekunder
            lod -= andel
        return Kaldsudgang.BESVARET, sekunder


class Lag:
    """An ASGI application that answers as the model says; `fejlende` say no in each channel's own shape."""

    def __init__(
        self,
        app: ASGIApp,
        model: Model,
        opslag: Opslag,
        fejlende: Mapping[CallChannel, ASGIApp],
        bagende: Bagendevalg,
        noter: Noter,
    ) -> None:
        self._app = app
        self._opslag = opslag
        self._fejlende = fejlende
        self._bagende = bagende
        self._noter = noter
        self.model = model
        seed = model.post.seed
        self.regler = tuple(
            Regel(nummer, fordeling, post.faults or Fejlpost(), draws.ny(f"{seed}/{nummer}"))
            for nummer, (post, fordeling) in enumerate(zip(model.post.rule, model.fordelinger, strict=True))
        )
        self._efter_kald = {noegle: self.regler[nr] for noegle, nr in opslag.regler(model).items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the call be answered in its time."""
        kaldet = self._opslag(scope)
        regel = None if kaldet is None else self._efter_kald.get((kaldet, self._bagenden(kaldet)))
        if kaldet is None or regel is None:
            await self._app(scope, receive, send)
            return
        udgang, sekunder = regel.traek()
        regel.maaling.endte(udgang)
        if udgang is not Kaldsudgang.BESVARET:
            self._noter(_fejldata(scope, kaldet, regel, udgang))
        holdt = _Holdt(regel, sekunder, receive, send)
        match udgang:
            case Kaldsudgang.BESVARET:
                await self._app(scope, holdt.modtag, holdt.afsend)
            case Kaldsudgang.FEJL:
                await self._fejlende[kaldet.channel](scope, holdt.modtag, holdt.afsend)
            case Kaldsudgang.NULSTILLET | Kaldsudgang.TAVS:
                if _udfoeres(regel, udgang):
                    await self._app(scope, holdt.modtag, _ingen)
                else:
                    await holdt.hoer()
                if udgang is Kaldsudgang.TAVS:
                    holdt.sekunder = regel.fejl.timeout_s
                await holdt.ti_stille()
                scope["extensions"][AFBRYD](nulstil=udgang is Kaldsudgang.NULSTILLET)
                await _til_forbindelsen_er_vaek(receive)

    def _bagenden(self, kaldet: CalledOperation) -> PrsSoap | None:
        navn = KONVERTEREDE.get(kaldet.service)
        bagende: PrsSoap | None = None if navn is None else getattr(self._bagende, navn)
        return bagende


class _Holdt:
    """The two ends of one call that is held back."""

    def __init__(self, regel: Regel, sekunder: float, receive: Receive, send: Send) -> None:
        self._maaling = regel.maaling
        self.sekunder = sekunder
        self._receive = receive
        self._send = send
        self._kom = stopwatch.seconds()

    async def modtag(self) -> Message:
        """Receive, and count from the last byte: a caller's own slowness is not the service's."""
        besked = await self._receive()
        if besked["type"] == "http.request" and not besked.get("more_body", False):
            self._kom = stopwatch.seconds()
        return besked

    async def hoer(self) -> None:
        """Read the call to its end, and do nothing with it."""
        while (await self.modtag()).get("more_body", False):
            pass

    async def afsend(self, besked: Message) -> None:
        """Send, the beginning of the answer not before its time."""
        if besked["type"] == "http.response.start":
            arbejdet = stopwatch.seconds() - self._kom
            await self._vent()
            self._maaling.svarede(self.sekunder, arbejdet, stopwatch.seconds() - self._kom)
        await self._send(besked)

    async def ti_stille(self) -> None:
        """Say nothing for as long as it takes, or until the caller gives up."""
        try:
            async with asyncio.timeout(max(self._kom + self.sekunder - stopwatch.seconds(), 0.0)):
                await _til_forbindelsen_er_vaek(self._receive)
        except TimeoutError:
            await self._vent()

    async def _vent(self) -> None:
        """Wait out the time: by a timer to within its grain, and then by asking the clock."""
        while (rest := self._kom + self.sekunder - stopwatch.seconds()) > 0:
            await asyncio.sleep(rest - KORN_S if rest > KORN_S else 0)


async def _ingen(besked: Message) -> None:
    """Send nothing: the work is done, and nobody hears of it."""


async def _til_forbindelsen_er_vaek(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _udfoeres(regel: Regel, udgang: Kaldsudgang) -> bool:
    return regel.fejl.reset_after if udgang is Kaldsudgang.NULSTILLET else regel.fejl.timeout_after


def _fejldata(scope: Scope, kaldet: CalledOperation, regel: Regel, udgang: Kaldsudgang) -> Mapping[str, str | int]:
    return {
        "udgang": udgang.value,
        "udfoeres": "ja" if udgang is not Kaldsudgang.FEJL and _udfoeres(regel, udgang) else "nej",
        "regel": regel.nummer,
        "metode": scope["method"],
        "sti": scope["path"],
        "tjeneste": kaldet.service,
        "operation": kaldet.operation,
    }
