"""The hunt by variants: recorded calls, half by REST and half by SOAP, each made into another, by the hundred a second.

Every answer is judged: never an internal error or none at all, only what the contract documents for the operation, nothing
carried out that the schema forbids, the same request id never twice, and nothing left by what was refused. The stage is emptied
every so often, so that it is as large after a million calls as after a thousand. Not here: what a variant is (`variantrest`,
`variantsoap`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from generalproeve.fuzz import sekvensproeve
from generalproeve.fuzz.budget import Budget
from generalproeve.fuzz.findings import Kaldsfund, Sendt
from generalproeve.fuzz.froe import SYSTEM, Froe, Optager, optag
from generalproeve.fuzz.lines import Linjer
from generalproeve.fuzz.rest_judges import GENTAGET, Efterladt, efterlod, gentaget
from generalproeve.fuzz.slump import UUID, Slump
from generalproeve.fuzz.tjenester import UbesvaretError
from generalproeve.fuzz.variantdommer import Dom, Variantdommer, uden_for_http
from generalproeve.fuzz.variantrest import Restvarianter
from generalproeve.fuzz.variantscene import REGEL, SEKVENSER, genspil, krymp, ryd
from generalproeve.fuzz.variantsoap import Soapvarianter
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_contracts.wire.calls import soap_service
from vos_contracts.wire.wsrm import OPRET

BLOK = 20
"""Calls that are made ahead of their answers; then the stage is asked what has come to it."""
UROERT = 6
"""In one block of so many all calls are as they were: what is carried out is judged as well, and the stage has something to
hold. They are kept together, so that of most blocks nothing is carried out, and nothing may be left."""
SEKVENS_HVER = 10
"""After one block of so many a sequence of the queue is opened, tried and ended."""
FORFRA = 2000
"""Calls before the stage is emptied."""
SEKVENS, SYGDOM = "sekvens", "sygdom"
"""An illness is named by who reports it."""
_SLAGS = {
    SEKVENS: ("wsrm",),
    "gruppe": ("kontaktgruppe", "contactgroup"),
    "kategori": ("personkategori", "personcategory"),
    SYGDOM: ("illness",),
}
REST, SOAP = "REST", "SOAP"
__all__ = ["REGEL", "REST", "SOAP", "Tal", "Varianter", "genspil", "hvorfor_ikke", "jag", "krymp"]


@dataclass
class Tal:
    """What was counted: calls by channel, also by status, and those that were carried out and may write."""

    kald: Counter[str] = field(default_factory=Counter)
    status: Counter[tuple[str, int]] = field(default_factory=Counter)
    udfoert: Counter[str] = field(default_factory=Counter)


def hvorfor_ikke(linjer: Linjer) -> str:
    """Say why it cannot be played on the stage; empty if it can."""
    return "" if linjer.styring is not None else f"{linjer.uden_styring}, og den skal tømmes undervejs"


def jag(linjer: Linjer, budget: Budget) -> Iterator[Kaldsfund]:
    """Hunt until the budget is spent; give the first finding of each operation and breach."""
    yield from Varianter(linjer, optag(linjer, budget)).jag(budget)


class Varianter:
    """A stream of variants to one stage, and what was counted of it."""

    def __init__(self, linjer: Linjer, froe: Froe) -> None:
        self._linjer, self._froe = linjer, froe
        self._slump = Slump(linjer.seed)
        self._slump.faste = frozenset({SYSTEM})
        self._rest = Restvarianter(linjer.kontrakt, self._slump)
        self._soap = Soapvarianter(linjer.kontrakt, self._slump)
        self._dommer = Variantdommer(linjer.kontrakt)
        self._givne: set[str] = set()
        self.tal = Tal()
        self._forfra()

    def jag(self, budget: Budget) -> Iterator[Kaldsfund]:
        """Go on until the budget is spent, and give what is found."""
        siden = 0
        for ubesvaret in self._froe.ubesvarede:
            yield from self._fund(ubesvaret.kald, self._dommer.ubesvaret(ubesvaret), 0)
        while not budget.opbrugt:
            uroerte = self._slump.en_af(UROERT)
            blok = [self._ny(nummer, uroert=uroerte) for nummer in range(min(BLOK, budget.kald_tilbage))]
            siden += len(blok)
            try:
                yield from self._spil(blok, budget)
                if self._slump.en_af(SEKVENS_HVER):
                    yield from self._sekvens(budget)
            except UbesvaretError as ubesvaret:
                yield from self._fund(ubesvaret.kald, self._dommer.ubesvaret(ubesvaret), 0)
                self._efterladt.nyt()  # nobody can say whether it was carried out
            if siden >= FORFRA:
                siden = 0
                self._forfra()

    def _ny(self, nummer: int, *, uroert: bool) -> tuple[str, Kald]:
        kanal = SOAP if nummer % 2 else REST
        froe = self._froe.soap if nummer % 2 else self._froe.rest
        optaget = self._slump.vaelg(self._slump.vaelg([*froe.values()]))
        self._slump.begynd(_slags(optaget))
        return kanal, (self._soap if nummer % 2 else self._rest).af(optaget, uroert=uroert)

    def _forfra(self) -> None:
        self._slump.cpr = ryd(self._linjer)
        self._slump.glem()
        self._efterladt = Efterladt(self._linjer)

    def _spil(self, blok: list[tuple[str, Kald]], budget: Budget) -> Iterator[Kaldsfund]:
        """Make some calls ahead of their answers, judge each, and ask what has come to the stage."""
        domme: list[tuple[Kald, Dom]] = []
        svarene = self._send([kald for _, kald in blok])
        for kanal, kald in blok:
            budget.brug()
            self.tal.kald[kanal] += 1
            svar = next(svarene)
            self.tal.status[kanal, svar.status] += 1
            dom = self._dommer.doem(kald, svar)
            yield from self._fund(kald, dom, svar.status)
            domme.append((kald, dom))
            self.tal.udfoert[kanal] += dom.udfoert
            if svar.status == 200:
                self._husk(kald, svar)
        yield from self._spoerg(domme)
        gentages = [(kald, dom) for kald, dom in domme if dom.gentages]
        if gentages and self._slump.en_af(4):
            yield from self._gentag(*self._slump.vaelg(gentages), budget)

    def _sekvens(self, budget: Budget) -> Iterator[Kaldsfund]:
        optager = Optager(self._linjer.tjenester)
        try:
            for brud in sekvensproeve.spil(self._linjer, optager, self._slump):
                yield from self._fund(optager.kald[-1], Dom(SEKVENSER, (brud,)), 0)
        except UbesvaretError:
            raise
        except RemoteWireError as fejl:
            brud = f"svaret kan ikke forstås: {fejl}"
            yield from self._fund(optager.kald[-1], Dom(SEKVENSER, (brud,)), 0)
        budget.brug(len(optager.kald))
        self.tal.kald.update(SOAP if soap_service(kald.sti) else REST for kald in optager.kald)
        self._efterladt.nyt()

    def _send(self, kald: list[Kald]) -> Iterator[Svar]:
        """Send them, those that are no HTTP each alone: what is refused before it is read ends the connection."""
        linje = self._linjer.tjenester
        for er_alene, nogle in groupby(kald, uden_for_http):
            if er_alene:
                yield from map(linje.send, nogle)
            else:
                yield from linje.send_alle(list(nogle))

    def _husk(self, kald: Kald, svar: Svar) -> None:
        slags, tekst = _slags(kald), _tekst(kald)
        if slags == SEKVENS and OPRET not in kald.headers.get("soapaction", ""):
            return  # messages hold identifiers of everything else
        self._slump.husk(slags, tekst, tekst if slags == SYGDOM else svar.krop.decode("utf-8", "replace"))

    def _gentag(self, kald: Kald, dom: Dom, budget: Budget) -> Iterator[Kaldsfund]:
        """Make the call again under the same request id: the answer is 412, and it does nothing."""
        budget.brug()
        self.tal.kald[REST] += 1
        svar = self._linjer.tjenester.send(kald)
        self.tal.status[REST, svar.status] += 1
        if svar.status != GENTAGET:
            yield from self._fund(kald, replace(dom, brud=(gentaget(svar.status),)), svar.status)
        yield from self._spoerg([(kald, replace(dom, brud=(), udfoert=svar.status == 200))])

    def _spoerg(self, blok: list[tuple[Kald, Dom]]) -> Iterator[Kaldsfund]:
        """Ask what has come to the stage since last time, and look for who left it, where nobody should have left any."""
        raekker, beskeder = self._efterladt.nyt()
        if not (raekker or beskeder) or any(dom.udfoert for _, dom in blok):
            return
        self._forfra()
        for kald, dom in blok:
            svar = self._linjer.tjenester.send(self._med_nyt_id(kald))
            raekker, beskeder = self._efterladt.nyt()
            if (raekker or beskeder) and not self._dommer.doem(kald, svar).udfoert:
                brud = (efterlod(svar.status, raekker, beskeder),)
                yield from self._fund(kald, replace(dom, brud=brud), svar.status)
                return
        sidste, dom = blok[-1]
        yield from self._fund(sidste, replace(dom, brud=(f"et af {len(blok)} afviste kald efterlod noget",)), 0)

    def _med_nyt_id(self, kald: Kald) -> Kald:
        kald_id = self._linjer.kontrakt.navne.header("requestId").lower()
        if not kald.headers.get(kald_id):
            return kald
        return replace(kald, headers={**kald.headers, kald_id: self._slump.ny_id()})

    def _fund(self, kald: Kald, dom: Dom, status: int) -> Iterator[Kaldsfund]:
        for brud in dom.brud:
            if dom.operation in self._givne:
                continue
            self._givne.add(dom.operation)
            linjer = self._linjer
            yield Kaldsfund(
                seed=linjer.seed,
                udgave=linjer.udgave,
                bagende=linjer.bagende,
                operation=dom.operation,
                regel=REGEL,
                brud=brud,
                kald=Sendt.af(kald),
                status=status,
            )


def _slags(kald: Kald) -> str:
    """Say what kind of identifier a call is about; a new one where it is the caller's to choose."""
    navn = f"{kald.sti} {kald.headers.get('soapaction', '')}".lower()
    if kald.metode == "POST" and UUID.search(kald.sti):
        return ""
    return next((slags for slags, ord_ in _SLAGS.items() if any(et in navn for et in ord_)), "")


def _tekst(kald: Kald) -> str:
    return f"{kald.sti} {' '.join(kald.headers.values())} {kald.krop.decode('utf-8', 'replace')}"
