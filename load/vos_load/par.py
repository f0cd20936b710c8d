"""The comparison: the same operations on each channel in turn, one call at a time, so that whatever else the machine does
strikes all of them alike.

A round goes through the channels in a drawn order, and each channel's block of calls has citizens of its own who have met
what the other channels' citizens have. Not here: what the times mean (`statistik`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from vos_contracts.base import stopwatch
from vos_contracts.koder.udgave import PrsSoap
from vos_load.kalder import Kalder
from vos_load.opgave import antal_spurgte
from vos_load.optagelse import LINJEN
from vos_load.profil import AFSLUTTER, Handling, Kanal, Kolonne, Par

Tving = Callable[[PrsSoap | None], None]
"""Force what stands behind SOAP."""
SPOERGSMAAL = 5
"""Calls a round that ask where the time goes."""
BAGENDER = {Kolonne.CONVERTER: PrsSoap.CONVERTER, Kolonne.KLASSISK: PrsSoap.KLASSISK}


class Parspil:
    """Plays one comparison; `naaet` hears how many rounds are done, the warm-up round not counted."""

    def __init__(self, kalder: Kalder, par: Par, tving: Tving, naaet: Callable[[int], None]) -> None:
        self._kalder = kalder
        self._par = par
        self._tving = tving
        self._naaet = naaet
        opgave = kalder.opgave
        antal = len(opgave.kanaler)
        spurgte = antal_spurgte(opgave)
        self._spurgte = opgave.borgere[:spurgte]
        self._borgere = {kanal: opgave.borgere[spurgte:][nummer::antal] for nummer, kanal in enumerate(opgave.kanaler)}
        self._lod = np.random.default_rng(opgave.seed)

    def spil(self) -> int:
        """Play until the rounds are done or the time is up; return how many rounds were played."""
        opgave = self._kalder.opgave
        for runde in range(-1, self._par.rounds):  # the first warms everybody up and is not counted
            if runde >= 0 and self._kalder.t() > opgave.sekunder:
                return runde
            orden = [opgave.kanaler[int(nummer)] for nummer in self._lod.permutation(len(opgave.kanaler))]
            for kanal in orden:
                if kanal in BAGENDER:
                    self._tving(BAGENDER[kanal])
                self._linjen(runde)
                self._runde(runde, kanal, self._udsnit(kanal, runde + 1))
                if kanal is Kolonne.CONVERTER and runde >= 0:
                    self._spoerg(runde)
            if runde < 0:
                self._kalder.optagelse.tag()
                self._kalder.begyndt = stopwatch.seconds()
            self._naaet(runde + 1)
        return self._par.rounds

    def _linjen(self, runde: int) -> None:
        """Time the line itself, before every channel's block; services at addresses of their own have no one line."""
        if self._kalder.opgave.adresser:
            return
        tider = [ms for _ in range(max(self._par.block // 2, 2)) if (ms := self._kalder.linjetid()) is not None]
        if tider and runde >= 0:
            self._kalder.optagelse.blok(runde, LINJEN, LINJEN, tider)

    def _spoerg(self, runde: int) -> None:
        """Ask where the converter's time goes, about citizens of whom nothing else is measured."""
        for nummer in range(SPOERGSMAAL if self._spurgte else 0):
            cpr = self._spurgte[(runde * SPOERGSMAAL + nummer) % len(self._spurgte)]
            if not self._kalder.spoerg_om_tid(Handling.OPRET_KONTAKTGRUPPE, Kanal.SOAP, cpr):
                self._spurgte = ()  # it does not tell, and is not asked again
                return

    def _udsnit(self, kanal: Kolonne, nummer: int) -> Sequence[str]:
        """Return a round's citizens; they come again when all have had their turn."""
        alle, antal = self._borgere[kanal], self._par.block
        return [alle[(nummer * antal + plads) % len(alle)] for plads in range(antal)]

    def _runde(self, runde: int, kanal: Kolonne, borgere: Sequence[str]) -> None:
        ider: dict[tuple[Handling, str], str] = {}
        paa = Kanal.REST if kanal is Kolonne.REST else Kanal.SOAP
        for handling in self._par.operations:
            tider: list[float] = []
            for cpr in borgere:
                id_ = ider.get((AFSLUTTER[handling], cpr), "") if handling in AFSLUTTER else ""
                if handling in AFSLUTTER and not id_:
                    continue  # it could not be made, which is noted already
                svar = self._kalder.kald(handling, paa, kanal, cpr, id_)
                if svar is not None:
                    ider[handling, cpr] = svar[0]
                    tider.append(svar[1])
            if tider and runde >= 0:
                self._kalder.optagelse.blok(runde, handling, kanal, tider)
