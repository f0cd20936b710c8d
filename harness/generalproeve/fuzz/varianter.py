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

from generalproeve.fuzz.budget import Budget
from generalproeve.fuzz.froe import SYSTEM, Froe, optag
from generalproeve.fuzz.fund import Kaldsfund, Sendt
from generalproeve.fuzz.linjer import Linjer
from generalproeve.fuzz.rest import borgere
from generalproeve.fuzz.restdommer import Efterladt
from generalproeve.fuzz.slump import UUID, Slump
from generalproeve.fuzz.variantdommer import Dom, Variantdommer
from generalproeve.fuzz.variantrest import Restvarianter
from generalproeve.fuzz.variantsoap import Soapvarianter
from vos_contracts import stopur
from vos_contracts.wire.base import Kald, UnreachableError
from vos_simulators.personer import JOBCENTER
from vos_simulators.styring import Styring

BLOK = 20
"""Calls at most before the stage is asked what has come to it."""
FORFRA = 2000
"""Calls before the stage is emptied."""
UBESVARET = "ubesvaret"
SYGDOM = "sygdom"
"""An illness is named by who reports it."""
_SLAGS = {
    "sekvens": ("wsrm",),
    "gruppe": ("kontaktgruppe", "contactgroup"),
    "kategori": ("personkategori", "personcategory"),
    SYGDOM: ("illness",),
}
REST, SOAP = "REST", "SOAP"


@dataclass
class Tal:
    """What was counted: calls by channel, also by status, the slowest answer in seconds, blocks that were asked about."""

    kald: Counter[str] = field(default_factory=Counter)
    status: Counter[tuple[str, int]] = field(default_factory=Counter)
    udfoert: Counter[str] = field(default_factory=Counter)
    langsomst: float = 0.0
    blokke: int = 0


def hvorfor_ikke(linjer: Linjer) -> str:
    """Say why it cannot be played on the stage; empty if it can."""
    return "" if linjer.styring is not None else "scenen har intet kontrol-API, og den skal tømmes undervejs"


def jag(linjer: Linjer, budget: Budget) -> Iterator[Kaldsfund]:
    """Hunt until the budget is spent; give the first finding of each operation and breach."""
    yield from Varianter(linjer, optag(linjer)).jag(budget)


class Varianter:
    """A stream of variants to one stage, and what was counted of it."""

    def __init__(self, linjer: Linjer, froe: Froe) -> None:
        assert linjer.styring is not None, "see hvorfor_ikke"
        self._linjer, self._froe = linjer, froe
        self._styring = Styring(linjer.styring)
        self._slump = Slump(linjer.seed)
        self._slump.faste = frozenset({SYSTEM})
        self._rest = Restvarianter(linjer.kontrakt, self._slump)
        self._soap = Soapvarianter(linjer.kontrakt, self._slump)
        self._dommer = Variantdommer(linjer.kontrakt)
        self._blok: list[tuple[Kald, Dom]] = []
        self._givne: set[tuple[str, str]] = set()
        self.tal = Tal()
        self._forfra()

    def jag(self, budget: Budget) -> Iterator[Kaldsfund]:
        """Go on until the budget is spent, and give what is found."""
        nummer = 0
        while not budget.opbrugt:
            kanal = SOAP if nummer % 2 else REST
            froe, varianter = (self._froe.soap, self._soap) if nummer % 2 else (self._froe.rest, self._rest)
            optaget = self._slump.vaelg(self._slump.vaelg([*froe.values()]))
            self._slump.begynd(_slags(optaget))
            kald = varianter.af(optaget)
            yield from self._et(kanal, kald, budget)
            nummer += 1
            if nummer % FORFRA == 0:
                yield from self._spoerg()
                self._forfra()
        yield from self._spoerg()

    def _forfra(self) -> None:
        self._slump.cpr = [en.cpr for en in borgere(self._linjer)]
        self._styring.subscribersystem(SYSTEM, "http://127.0.0.1:9", JOBCENTER)
        self._slump.glem()
        self._efterladt = Efterladt(self._linjer)

    def _et(self, kanal: str, kald: Kald, budget: Budget) -> Iterator[Kaldsfund]:
        budget.brug()
        self.tal.kald[kanal] += 1
        begyndt = stopur.nu()
        try:
            svar = self._linjer.tjenester.send(kald)
        except UnreachableError as brud:
            if self._findes():
                yield from self._fund(kald, Dom(kanal, UBESVARET, (str(brud),)), 0)
                return
            raise
        finally:
            self.tal.langsomst = max(self.tal.langsomst, stopur.nu() - begyndt)
        self.tal.status[kanal, svar.status] += 1
        dom = self._dommer.doem(kald, svar)
        yield from self._fund(kald, dom, svar.status)
        self._blok.append((kald, dom))
        self.tal.udfoert[kanal] += dom.udfoert
        if svar.status == 200:
            slags, tekst = _slags(kald), _tekst(kald)
            self._slump.husk(slags, tekst, tekst if slags == SYGDOM else svar.krop.decode("utf-8", "replace"))
        if dom.gentages and self._slump.en_af(10):
            yield from self._spoerg()
            yield from self._gentag(kanal, kald, dom, budget)
        elif dom.udfoert or len(self._blok) >= BLOK:
            yield from self._spoerg()

    def _findes(self) -> bool:
        """Say whether the stage is there at all; that it is not is no finding, or the last one."""
        try:
            self._styring.status()
        except UnreachableError:
            return False
        return True

    def _gentag(self, kanal: str, kald: Kald, dom: Dom, budget: Budget) -> Iterator[Kaldsfund]:
        """Make the call again under the same request id: the answer is 412, and it does nothing."""
        budget.brug()
        self.tal.kald[kanal] += 1
        svar = self._linjer.tjenester.send(kald)
        self.tal.status[kanal, svar.status] += 1
        if svar.status != 412:
            brud = f"samme request-id igen gav {svar.status}, ikke 412"
            yield from self._fund(kald, replace(dom, brud=(brud,)), svar.status)
        self._blok.append((kald, replace(dom, brud=(), udfoert=svar.status == 200)))
        yield from self._spoerg()

    def _spoerg(self) -> Iterator[Kaldsfund]:
        """Ask what has come to the stage since last time, and look for who left it, where nobody should have left any."""
        blok, self._blok = self._blok, []
        if not blok:
            return
        self.tal.blokke += 1
        raekker, beskeder = self._efterladt.nyt()
        if not (raekker or beskeder) or any(dom.udfoert for _, dom in blok):
            return
        for kald, dom in blok:
            svar = self._linjer.tjenester.send(self._med_nyt_id(kald))
            raekker, beskeder = self._efterladt.nyt()
            if (raekker or beskeder) and not self._dommer.doem(kald, svar).udfoert:
                brud = f"et afvist kald ({svar.status}) efterlod {raekker} rækker og {beskeder} beskeder"
                yield from self._fund(kald, replace(dom, brud=(brud,)), svar.status)
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
            if (dom.operation, dom.regel) in self._givne:
                continue
            self._givne.add((dom.operation, dom.regel))
            linjer = self._linjer
            yield Kaldsfund(
                seed=linjer.seed,
                udgave=linjer.udgave,
                bagende=linjer.bagende,
                operation=dom.operation,
                regel=dom.regel,
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
