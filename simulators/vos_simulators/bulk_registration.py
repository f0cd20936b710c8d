"""Bulk registration: people onto the stage, then each one's registrations through the public services, several at a time.

DFDG knows citizens from CPR, so they come through the control API; everything about them comes as any caller's call would.
Not here: who registers what (`vos_simulators.datakanon`), nor how progress is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

from vos_contracts.base.ids import ny_uuid
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.wire.base import Transport
from vos_contracts.wire.rest import Afslag
from vos_simulators import datakanon, parties
from vos_simulators.control import Styring
from vos_simulators.datakanon import Testborger
from vos_simulators.parties import AKASSE
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import paa_scenen

PORTION = 250
"""How many are put on the stage in one call."""


@dataclass
class Optaelling:
    """How many citizens were registered, with how many registrations by method, and what was refused by error code."""

    personer: int = 0
    registreringer: Counter[str] = field(default_factory=Counter)
    afslag: Counter[int] = field(default_factory=Counter)

    def noter(self, svar: Mapping[str, str | Afslag]) -> None:
        """Count one citizen's answers."""
        self.personer += 1
        for metode, en in svar.items():
            if isinstance(en, Afslag):
                self.afslag.update(fejl.kode for fejl in en.fejl)
            else:
                self.registreringer[metode] += 1


def masseopret(
    styring: Styring,
    tjenester: Transport,
    kontrakt: Kontrakt,
    *,
    antal: int,
    seed: int,
    kanal: Kanal = Kanal.PVS,
    forbindelser: int = 8,
    optagne: Collection[str] = (),
    fremgang: Callable[[Optaelling], None] = lambda optaelling: None,
) -> Optaelling:
    """Register that many citizens, none of whom is among `optagne`; `fremgang` hears of each portion.

    Errors: StyringAfvist, UnreachableError, RemoteWireError.
    """
    optaelling = Optaelling()
    alle = datakanon.testborgere(seed, styring.status().ur.date(), kontrakt)
    folk = (en for en in alle if en.borger.cpr not in optagne)
    with ThreadPoolExecutor(forbindelser, thread_name_prefix="datakanon") as flere:
        while optaelling.personer < antal:
            portion = list(islice(folk, min(PORTION, antal - optaelling.personer)))
            _paa_scenen(styring, portion)
            now = styring.status().ur
            aktoer = Aktoer(parties.DATAKANON.identity(parties.STAR, now), kontrakt, tjenester, ny_uuid)
            for svar in flere.map(lambda en: datakanon.registrer(aktoer, en, now, kanal), portion):  # noqa: B023 - done before the next portion
                optaelling.noter(svar)
            fremgang(optaelling)
    return optaelling


def _paa_scenen(styring: Styring, portion: Sequence[Testborger]) -> None:
    styring.opsaet(*(paa_scenen(en.borger, akasse=AKASSE if en.medlem else None) for en in portion))
