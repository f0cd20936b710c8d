"""Who calls in a load run: one party's system, with its citizens, what it has registered of them, and its queue.

Every call is measured and noted, whatever comes of it. Not here: when to call (`trafik`, `par`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

from gevent.lock import Semaphore

from vos_contracts.base import stopwatch
from vos_contracts.kontrakt import indlaes
from vos_contracts.wire import mellemtider
from vos_contracts.wire.base import Kald, RemoteWireError, Svar, UnreachableError
from vos_load.handlinger import Handlinger, Ubrugelig
from vos_load.linje import Linjer
from vos_load.opgave import Opgave
from vos_load.optagelse import Optagelse
from vos_load.profil import AFSLUTTER, Handling, Kanal
from vos_simulators.inboxes.wsrm_poller import WsrmAfvist, WsrmPoller

SLOER = timedelta(seconds=1)
"""How far behind the target's clock we say that it is: nothing that we register lies in its future."""
RETTIDIG_MS = 100.0
"""A call begun later than that after it was due was not offered in time."""
UBESVARET = "ubesvaret"
Meld = Callable[[str, str, float, int, str], None]
"""Called with channel, operation, milliseconds, bytes of the answer and what went wrong."""


class Kalder:
    """One process's callers; `meld` hears of every call beside the notes that are taken.

    Of the processes that share the traffic each has citizens of its own, and the first alone empties the queue.
    """

    def __init__(self, opgave: Opgave, optagelse: Optagelse, meld: Meld, nummer: int = 0) -> None:
        self.opgave = opgave
        self.optagelse = optagelse
        self._meld = meld
        self.begyndt = stopwatch.seconds()
        self._kontrakt = indlaes(Path(opgave.kontrakt) if opgave.kontrakt else None)
        self.handlinger = Handlinger(self._kontrakt)
        self.linjer = Linjer(opgave.tjenester, opgave.adresser, opgave.tidsfrist, opgave.tls)
        self._poller = nummer == 0
        self._borgere: Iterator[str] = cycle(opgave.borgere[nummer :: opgave.andele])
        self._aabne: dict[Handling, dict[str, str]] = {en: {} for en in AFSLUTTER.values()}
        self._uden_gruppe: set[str] = set()
        self._optagne: set[str] = set()
        self._naaet: Counter[str] = Counter()
        self._koeen = Semaphore()

    def t(self) -> float:
        """Return the seconds since the run began."""
        return stopwatch.seconds() - self.begyndt

    def nu(self) -> datetime:
        """Return what the target's clock says, or a little less."""
        gaaet = timedelta() if self.opgave.ur_staar else timedelta(seconds=self.t())
        return self.opgave.ur + gaaet - SLOER

    def goer(self, handling: Handling, kanal: Kanal, forfald: float | None = None, *, luk_efter: bool = False) -> None:
        """Carry out one operation about the next citizen; `forfald` is when it was due, in seconds since the beginning."""
        if forfald is not None:
            self.optagelse.forfalden(forfald, max(self.t() - forfald, 0) * 1000, RETTIDIG_MS)
        try:
            if handling is Handling.TOEM_KOE:
                self._toem(forfald)
            else:
                self._goer(handling, kanal, forfald, luk_efter=luk_efter)
        except Exception as brud:  # our own bug: it is no answer, and the run says so
            self._noter(handling, kanal, 0.0, forfald, f"{type(brud).__name__}: {brud}", 0)

    def ubesvaret(self) -> None:
        """Note that a call had no answer when the run ended and the caller's patience too."""
        self.optagelse.kaldt(self.t(), UBESVARET, UBESVARET, 0.0, None, "intet svar, da kørslen var slut")

    def _goer(self, handling: Handling, kanal: Kanal, forfald: float | None, *, luk_efter: bool) -> None:
        cpr, id_ = "", ""
        if handling in AFSLUTTER:
            aabne = self._aabne[AFSLUTTER[handling]]
            cpr = next((en for en in aabne if en not in self._optagne), "")
            if cpr:
                id_ = aabne.pop(cpr)
                if handling is Handling.AFSLUT_KONTAKTGRUPPE:
                    self._aabne[Handling.OPRET_PERSONKATEGORI].pop(cpr, None)
                    self._uden_gruppe.add(cpr)
            else:  # what is to be ended must be made first
                handling = AFSLUTTER[handling]
        cpr = cpr or self._borger(handling)
        registrerer = handling in AFSLUTTER or handling in AFSLUTTER.values()
        if registrerer:
            self._optagne.add(cpr)
        try:
            self.kald(handling, kanal, kanal, cpr, id_, forfald, luk_efter=luk_efter)
        finally:
            if registrerer:
                self._optagne.discard(cpr)

    def kald(
        self,
        handling: Handling,
        kanal: Kanal,
        kolonne: str,
        cpr: str,
        id_: str = "",
        forfald: float | None = None,
        *,
        luk_efter: bool = False,
    ) -> tuple[str, float] | None:
        """Make one call and note it under that column; return the new id and the milliseconds, None for a failure."""
        nu = self.nu()
        kald = self.handlinger.kald(
            handling, kanal, cpr, self.opgave.identitet(nu), nu, id_=id_, nummer=self._naaet[cpr]
        )
        resultat: list[tuple[str, float]] = []

        def maalt(kald: Kald, svar: Svar | None, ms: float, fejl: str) -> None:
            nyt = ""
            if svar is not None:
                try:
                    nyt = self.handlinger.forstaa(handling, kanal, svar)
                    resultat.append((nyt, ms))
                except Ubrugelig as brud:
                    fejl = str(brud)
            self._noter(handling, kolonne, ms, forfald, fejl, 0 if svar is None else len(svar.krop))
            if nyt and handling in AFSLUTTER.values():
                self._husk(handling, cpr, nyt)

        self.linjer.send(kald, self.handlinger.tjeneste(kald), maalt, luk_efter=luk_efter)
        return resultat[0] if resultat else None

    def _borger(self, handling: Handling) -> str:
        """Return the next citizen that this can be done about: a category needs a contact group, and nothing is registered of
        one of whom something is being registered. Where everybody is taken, the next all the same.
        """
        kraever_gruppe = handling is Handling.OPRET_PERSONKATEGORI
        registrerer = handling in AFSLUTTER.values()
        for _ in self.opgave.borgere:
            cpr = next(self._borgere)
            if not (kraever_gruppe and cpr in self._uden_gruppe) and not (registrerer and cpr in self._optagne):
                return cpr
        return next(self._borgere)

    def _husk(self, handling: Handling, cpr: str, id_: str) -> None:
        """Remember what can be ended; a change of group may end the category, which then can not."""
        if handling is Handling.OPRET_KONTAKTGRUPPE:
            self._naaet[cpr] += 1
            self._uden_gruppe.discard(cpr)
            self._aabne[Handling.OPRET_PERSONKATEGORI].pop(cpr, None)
        self._aabne[handling].pop(cpr, None)
        self._aabne[handling][cpr] = id_

    def linjetid(self) -> float | None:
        """Return the milliseconds that the line and the target's front take for a call that nothing is done about."""
        tid: list[float] = []

        def maalt(kald: Kald, svar: Svar | None, ms: float, fejl: str) -> None:
            if svar is not None:
                tid.append(ms)

        self.linjer.send(Kald("GET", "/"), None, maalt)
        return tid[0] if tid else None

    def spoerg_om_tid(self, handling: Handling, kanal: Kanal, cpr: str) -> bool:
        """Make a call that asks the target where its time goes, and note that alone: it is no longer a caller's call.

        False when the target did not say.
        """
        sagt: list[dict[str, float]] = []
        nu = self.nu()
        kald = self.handlinger.kald(handling, kanal, cpr, self.opgave.identitet(nu), nu, nummer=self._naaet[cpr])
        self._naaet[cpr] += 1
        spurgt = Kald(kald.metode, kald.sti, {**kald.headers, mellemtider.SPOERGSMAAL: "1"}, kald.krop)

        def maalt(kald: Kald, svar: Svar | None, ms: float, fejl: str) -> None:
            dele = mellemtider.laes(svar.headers.get(mellemtider.SVAR, "")) if svar is not None else {}
            if dele:
                sagt.append(dele)
                self.optagelse.del_(dele)

        self.linjer.send(spurgt, self.handlinger.tjeneste(kald), maalt)
        return bool(sagt)

    def _toem(self, forfald: float | None) -> None:
        """Empty the queue as its owner does, every call by itself; one emptying at a time, and the others wait for it."""
        if not self._poller:
            return
        kald_i_alt = 0
        brudt = False

        def send(kald: Kald) -> Svar:
            svaret: list[Svar] = []

            def maalt(kald: Kald, svar: Svar | None, ms: float, fejl: str) -> None:
                nonlocal kald_i_alt, brudt
                if svar is not None and svar.status != 200:
                    fejl = f"status {svar.status}"
                brudt = bool(fejl)
                laengde = 0 if svar is None else len(svar.krop)
                self._noter(Handling.TOEM_KOE, Kanal.SOAP, ms, forfald if kald_i_alt == 0 else None, fejl, laengde)
                kald_i_alt += 1
                if svar is not None:
                    svaret.append(svar)

            self.linjer.send(kald, self.handlinger.tjeneste(kald), maalt)
            if not svaret:
                raise UnreachableError(kald.sti)
            return svaret[0]

        with self._koeen:
            try:
                poller = WsrmPoller(self.opgave.identitet(self.nu()), self._kontrakt, _Somtransport(send))
                inventar = poller.opret()
                for beskedtype, _ in inventar.poster:
                    poller.hent(inventar.id, beskedtype)
                (poller.afslut if inventar.poster else poller.luk)(inventar.id)
            except (WsrmAfvist, UnreachableError, RemoteWireError) as brud:
                if not brudt:  # an answer of 200 that is none
                    self.optagelse.kaldt(self.t(), Handling.TOEM_KOE, Kanal.SOAP, 0.0, None, str(brud))

    def _noter(
        self, handling: Handling, kolonne: str, ms: float, forfald: float | None, fejl: str, laengde: int
    ) -> None:
        t = self.t()
        self.optagelse.kaldt(t, handling, kolonne, ms, None if forfald is None else (t - forfald) * 1000, fejl)
        self._meld(kolonne, handling, ms, laengde, fejl)


class _Somtransport:
    """A function as a `Transport`."""

    def __init__(self, send: Callable[[Kald], Svar]) -> None:
        self.send = send
