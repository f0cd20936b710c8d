"""Traffic: calls that come when they are due whatever the answers do (open), or users who wait for theirs (closed).

The open kind measures from when a call was due, so that a stall strikes all who were due meanwhile: coordinated omission
does not hide it. The closed kind cannot, and its report says so.
"""

from __future__ import annotations

from collections.abc import Callable

import gevent
import gevent.pool
import numpy as np

from vos_load.kalder import Kalder
from vos_load.kurve import ankomster
from vos_load.profil import Handling, Kanal

RETTIDIG_MS = 100.0
"""A call begun later than that after it was due was not offered in time."""
SAMTIDIGE = 500


class Blanding:
    """Draws what is called next."""

    def __init__(self, kalder: Kalder, lod: np.random.Generator, nummer: int = 0) -> None:
        par = [
            (handling, kanal, vaegt)
            for kanal, handlinger in kalder.opgave.profil.mix.items()
            for handling, vaegt in handlinger.items()
        ]
        self._valg = [(handling, kanal) for handling, kanal, _ in par]
        vaegte = np.array([vaegt * self._udjaevnet(kalder.opgave.andele, nummer, en) for en, _, vaegt in par])
        self._andele = vaegte / vaegte.sum()
        self._lod = lod
        self._nye = kalder.opgave.profil.new_connection_share
        self._laager: list[tuple[Handling, Kanal]] = []

    @staticmethod
    def _udjaevnet(andele: int, nummer: int, handling: Handling) -> float:
        """The process that empties the queue does it for all of them."""
        if handling is not Handling.TOEM_KOE:
            return 1.0
        return float(andele) if nummer == 0 else 0.0

    def naeste(self) -> tuple[Handling, Kanal]:
        """Draw an operation and its channel."""
        if not self._laager:
            self._laager = [self._valg[int(en)] for en in self._lod.choice(len(self._valg), 500, p=self._andele)]
        return self._laager.pop()

    def luk_efter(self) -> bool:
        """Draw whether the call's connection is closed after it, as some clients do."""
        return self._nye > 0 and bool(self._lod.random() < self._nye)


def aabent(kalder: Kalder, nummer: int) -> None:
    """Make the calls of one process when they are due, until the run's time is up and all have their answer."""
    opgave = kalder.opgave
    assert opgave.profil.rate is not None, "open traffic has a rate"
    lod = np.random.default_rng([opgave.seed, nummer])
    blanding = Blanding(kalder, lod, nummer)
    pulje = gevent.pool.Pool(SAMTIDIGE)
    for forfald in ankomster(opgave.profil.rate, opgave.sekunder, lod, 1 / opgave.andele):
        ventetid = forfald - kalder.t()
        if ventetid > 0:
            gevent.sleep(ventetid)
        handling, kanal = blanding.naeste()
        pulje.wait_available()
        kalder.optagelse.forfalden(forfald, max(kalder.t() - forfald, 0) * 1000, RETTIDIG_MS)
        pulje.spawn(kalder.goer, handling, kanal, forfald, luk_efter=blanding.luk_efter())
    gevent.sleep(max(opgave.sekunder - kalder.t(), 0))
    pulje.join(opgave.tidsfrist)


def lukket(kalder: Kalder, blanding: Blanding, taenk: Callable[[], None]) -> None:
    """Be one user who calls, waits for the answer and thinks, until the run's time is up."""
    while kalder.t() < kalder.opgave.sekunder:
        handling, kanal = blanding.naeste()
        kalder.goer(handling, kanal, luk_efter=blanding.luk_efter())
        taenk()
