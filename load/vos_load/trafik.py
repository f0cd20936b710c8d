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
        vaegte = np.array([vaegt for _, _, vaegt in par])
        self._andele = _processens(vaegte / vaegte.sum(), [en is Handling.TOEM_KOE for en, _, _ in par], kalder, nummer)
        self._lod = lod
        self._nye = kalder.opgave.profil.new_connection_share
        self._laager: list[tuple[Handling, Kanal]] = []

    def naeste(self) -> tuple[Handling, Kanal]:
        """Draw an operation and its channel."""
        if not self._laager:
            self._laager = [self._valg[int(en)] for en in self._lod.choice(len(self._valg), 500, p=self._andele)]
        return self._laager.pop()

    def luk_efter(self) -> bool:
        """Draw whether the call's connection is closed after it, as some clients do."""
        return self._nye > 0 and bool(self._lod.random() < self._nye)


def _processens(andele: np.ndarray, er_koe: list[bool], kalder: Kalder, nummer: int) -> np.ndarray:
    """Return one process's shares: the first empties the queue for all of them, and the others do the more of the rest.

    Where the queue is more than one process's share of the traffic, the first does nothing else, and the queue gets less.
    """
    koe = np.array(er_koe)
    antal, i_koeen = kalder.opgave.andele, float(andele[koe].sum())
    if antal == 1 or not i_koeen or i_koeen == 1:
        return andele
    egen = min(i_koeen * antal, 1.0) if nummer == 0 else 0.0
    resten = andele * ~koe
    return np.asarray(np.where(koe, andele / i_koeen * egen, resten / resten.sum() * (1 - egen)))


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
        pulje.spawn(kalder.goer, handling, kanal, forfald, luk_efter=blanding.luk_efter())
    gevent.sleep(max(opgave.sekunder - kalder.t(), 0))
    pulje.join(opgave.tidsfrist)
    for _ in range(len(pulje)):
        kalder.ubesvaret()
    pulje.kill()


def lukket(kalder: Kalder, blanding: Blanding, taenk: Callable[[], None]) -> None:
    """Be one user who calls, waits for the answer and thinks, until the run's time is up."""
    while kalder.t() < kalder.opgave.sekunder:
        handling, kanal = blanding.naeste()
        kalder.goer(handling, kanal, luk_efter=blanding.luk_efter())
        taenk()
