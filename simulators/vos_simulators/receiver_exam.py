"""Send an outside party's webhook a graded series of webservice messages, and say what was seen and what could not be.

What is sent is what DFDG sends, but for the malformed ones; every citizen is synthetic. Not here: how it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from vos_contracts.base import stopwatch
from vos_contracts.base.ids import ny_uuid
from vos_contracts.koder.wsb import Entitet
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Aendringstype
from vos_contracts.wire.base import Kald, NobodyThereError, Transport, UnreachableError
from vos_contracts.wire.wsb import INDHOLD, Wsb, WsbBesked
from vos_simulators.people import Folk

FORSOEG = 4
BYGE, FORBINDELSER = 200, 8
SEED = 4342317058
"""Gives the same citizens each time; none of them can be anyone."""


class Dom(StrEnum):
    """What a grade came to: as it must be, a breach, worth a remark, or not to be seen from outside."""

    BESTAAET = "bestået"
    BRUD = "brud"
    BEMAERKNING = "bemærkning"
    IKKE_SET = "ikke set"


@dataclass(frozen=True, slots=True)
class Set:
    """What one attempt saw: a status, or no answer and why; and the seconds it took."""

    status: int | None
    grund: str
    sekunder: float

    @property
    def taget(self) -> bool:
        """Whether the message counts as delivered."""
        return self.status is not None and 200 <= self.status < 300

    def __str__(self) -> str:
        return self.grund if self.status is None else f"status {self.status}"


@dataclass(frozen=True, slots=True)
class Karakter:
    """One grade: what was sent, what it came to, what was seen, and what cannot be seen from outside."""

    navn: str
    dom: Dom
    set: str
    ikke_set: str = ""


class Modtagerproeve:
    """One series against one webhook; errors of `koer`: NobodyThereError if nobody listens at the first message."""

    def __init__(self, kontrakt: Kontrakt, transport: Transport, sti: str, til: Organisation, now: datetime) -> None:
        self._wsb = Wsb(kontrakt)
        self._transport = transport
        self._sti = sti
        self._til = til
        self._now = now
        self._folk = Folk(SEED)
        self._svarede_5xx: bytes | None = None

    def koer(self, arter: Sequence[Entitet]) -> Iterator[Karakter]:
        """Play the series in order, the kinds that the authority may have."""
        for entitet in arter:
            for aendring in Aendringstype:
                krop = self._skriv(self._besked(entitet, aendring))
                foerste = (entitet, aendring) == (arter[0], Aendringstype.OPRETTET)
                yield self._en(f"{entitet.navn}, {_AENDRING[aendring]}", krop, kraev_svar=foerste)
        yield self._dublet(arter[0])
        yield self._foraeldet(arter[0])
        ukendt = self._besked(arter[0], Aendringstype.OPRETTET)
        yield replace(
            self._en("en borger, som modtageren ikke kender", self._skriv(ukendt)),
            ikke_set="om modtageren lægger beskeden til side eller læser den op",
        )
        yield self._byge(arter[0])
        for navn, oedelaeg in _UGYLDIGE.items():
            yield self._ugyldig(navn, oedelaeg(self._skriv(self._besked(arter[0], Aendringstype.OPRETTET))))
        yield self._efter_500()
        yield self._en("en almindelig besked til sidst", self._skriv(self._besked(arter[0], Aendringstype.OPRETTET)))

    def _besked(self, entitet: Entitet, aendring: Aendringstype) -> WsbBesked:
        cpr = self._folk.ny(40, self._now.date()).cpr
        return WsbBesked(ny_uuid(), entitet.id, entitet.navn, ny_uuid(), cpr, aendring, self._til, self._now)

    def _skriv(self, besked: WsbBesked) -> bytes:
        return self._wsb.skriv(besked)

    def _send(self, krop: bytes, *, kraev_svar: bool = False) -> Set:
        begyndt = stopwatch.seconds()
        try:
            svar = self._transport.send(Kald("POST", self._sti, INDHOLD, krop))
        except UnreachableError as brud:
            if kraev_svar and isinstance(brud, NobodyThereError):
                raise
            return Set(None, f"intet svar ({_aarsag(brud)})", stopwatch.seconds() - begyndt)
        if 500 <= svar.status < 600:
            self._svarede_5xx = krop
        return Set(svar.status, "", stopwatch.seconds() - begyndt)

    def _en(self, navn: str, krop: bytes, *, kraev_svar: bool = False) -> Karakter:
        set_ = self._send(krop, kraev_svar=kraev_svar)
        if set_.status is not None and set_.status >= 500 and (igen := self._send(krop)).taget:
            return Karakter(navn, Dom.BEMAERKNING, f"{_vis(set_)}, og gensendt {_vis(igen)}")
        return Karakter(navn, Dom.BESTAAET if set_.taget else Dom.BRUD, _vis(set_))

    def _dublet(self, entitet: Entitet) -> Karakter:
        krop = self._skriv(self._besked(entitet, Aendringstype.OPRETTET))
        foerste, anden = self._send(krop), self._send(krop)
        dom = Dom.BESTAAET if foerste.taget and anden.taget else Dom.BRUD
        return Karakter(
            "samme besked to gange", dom, f"{_vis(foerste)}, så {_vis(anden)}", "om den anden gang ændrede noget"
        )

    def _foraeldet(self, entitet: Entitet) -> Karakter:
        ny = self._besked(entitet, Aendringstype.AENDRET)
        gammel = replace(
            ny, besked_id=ny_uuid(), aendringstype=Aendringstype.OPRETTET, registreret=self._now - timedelta(days=1)
        )
        foerste, anden = self._send(self._skriv(ny)), self._send(self._skriv(gammel))
        dom = Dom.BESTAAET if foerste.taget and anden.taget else Dom.BRUD
        return Karakter(
            "en ældre besked efter en nyere", dom, f"{_vis(foerste)}, så {_vis(anden)}", "om det nyeste stadig gælder"
        )

    def _byge(self, entitet: Entitet) -> Karakter:
        kroppe = [self._skriv(self._besked(entitet, Aendringstype.OPRETTET)) for _ in range(BYGE)]
        with ThreadPoolExecutor(FORBINDELSER) as traade:
            alle = list(traade.map(self._send, kroppe))
        taget, tider = sum(en.taget for en in alle), [en.sekunder for en in alle]
        set_ = f"{taget} af {BYGE} taget, median {1000 * median(tider):.0f} ms, længst {1000 * max(tider):.0f} ms"
        andre = sorted({str(en) for en in alle if not en.taget})
        return Karakter(
            f"{BYGE} beskeder på {FORBINDELSER} forbindelser",
            Dom.BESTAAET if taget == BYGE else Dom.BRUD,
            "; ".join((set_, *andre)),
            "om alle blev gemt",
        )

    def _ugyldig(self, navn: str, krop: bytes) -> Karakter:
        foer = self._svarede_5xx
        set_ = self._send(krop)
        self._svarede_5xx = foer  # a malformed one is never sent again
        if set_.taget:
            return Karakter(navn, Dom.BEMAERKNING, f"{_vis(set_)}: taget imod, selv om den ikke kan læses")
        afvist = set_.status is not None and 400 <= set_.status < 500
        return Karakter(navn, Dom.BESTAAET if afvist else Dom.BRUD, _vis(set_))

    def _efter_500(self) -> Karakter:
        navn = "samme besked igen efter modtagerens 500"
        if self._svarede_5xx is None:
            return Karakter(navn, Dom.IKKE_SET, "modtageren svarede aldrig 5xx", "hvordan en gensendt besked tages")
        krop = self._svarede_5xx
        alle = []
        for _ in range(FORSOEG):
            alle.append(self._send(krop))
            if alle[-1].taget:
                break
        return Karakter(navn, Dom.BESTAAET if alle[-1].taget else Dom.BRUD, ", så ".join(map(_vis, alle)))


_AENDRING = {
    Aendringstype.OPRETTET: "oprettelse",
    Aendringstype.AENDRET: "opdatering",
    Aendringstype.SLETTET: "slet",
}
_UGYLDIGE: dict[str, Callable[[bytes], bytes]] = {
    "en ugyldig besked: ikke JSON": lambda krop: krop[: len(krop) // 2],
    "en ugyldig besked: uden metadata": lambda krop: b"{}",
    "en ugyldig besked: ikke UTF-8": lambda krop: krop.replace(b'"body"', b'"\xff\xfe"'),
}


def arter(kontrakt: Kontrakt, til: Organisation) -> tuple[Entitet, ...]:
    """List what an authority of that type is sent messages about."""
    faar = {regel.art for regel in kontrakt.wsb_recipients if regel.recipient.organisationstype == til.type}
    return tuple(en for art, en in kontrakt.wsb_entiteter.items() if art in faar)


def _vis(set_: Set) -> str:
    return f"{set_} ({1000 * set_.sekunder:.0f} ms)"


def _aarsag(brud: UnreachableError) -> str:
    return str(brud.__cause__ or brud) or type(brud.__cause__).__name__
