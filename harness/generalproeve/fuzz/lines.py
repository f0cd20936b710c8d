"""The connections to a fuzzed stage, who calls on them, the citizens called about, and what judging its answers needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from generalproeve.base.exit_codes import KanIkkeKoere, Uopnaaelig
from generalproeve.fuzz.connection import Connection
from generalproeve.opstilling import Opstillet
from vos_contracts.base.ids import ny_uuid
from vos_contracts.kontrakt import Kontrakt, indlaes
from vos_contracts.model.identity import Identitet
from vos_contracts.wire.base import Kald, RemoteWireError, Svar, Transport, UnreachableError
from vos_contracts.wire.rest_headers import Headers
from vos_features.capabilities import AF_STYRING
from vos_features.cast import identities
from vos_features.lines import Tjenestelinje
from vos_features.stage import Scenen
from vos_simulators.access import Adgang
from vos_simulators.control import Styring, StyringAfvist
from vos_simulators.parties import AKASSE
from vos_simulators.people import Folk, paa_scenen

UBESVARET = "ubesvaret"
ANTAL = 3
"""Citizens put on the stage."""
_ADRESSE = re.compile(r"^https?://\S+: ")
"""The stage's address, which differs from run to run."""


class UbesvaretError(RemoteWireError):
    """No answer came to a call, from a stage that is there."""

    def __init__(self, kald: Kald, brud: UnreachableError) -> None:
        super().__init__()
        self.kald = kald
        self._brud = brud

    def __str__(self) -> str:
        """Say so, and why."""
        return f"{UBESVARET}: {_ADRESSE.sub('', str(self._brud))}"


class Tjenester:
    """A `Transport`; `proev` asks for the stage itself, and raises UnreachableError where it is gone."""

    def __init__(self, linje: Transport, proev: Callable[[], None]) -> None:
        self._linje = linje
        self._proev = proev

    def send(self, kald: Kald) -> Svar:
        """Send and wait; errors: UbesvaretError, and UnreachableError where nobody is there."""
        try:
            return self._linje.send(kald)
        except UnreachableError as brud:
            self._proev()
            raise UbesvaretError(kald, brud) from brud


@dataclass(frozen=True, slots=True)
class Linjer:
    """Services and control API (None: it has none that may be used) of one stage, its contract, release and clock, and the
    seed of the run."""

    scenen: Scenen
    tjenester: Tjenester
    styring: Transport | None
    kontrakt: Kontrakt
    udgave: str
    bagende: str
    seed: int
    ur: datetime

    @property
    def kalder(self) -> Identitet:
        """Who calls."""
        return identities(self.ur, self.scenen.roller)[self.scenen.kalder]

    @property
    def adgang(self) -> Adgang:
        """What the caller shows on TLS."""
        return self.scenen.adgang_som(self.scenen.kalder)

    @property
    def uden_styring(self) -> str:
        """Say why the control API is not used; empty if it is."""
        if self.styring is not None:
            return ""
        if self.scenen.styring is None:
            return "scenen har intet kontrol-API"
        return f"profilen tillader ikke {', '.join(sorted(AF_STYRING - self.scenen.evner))}"


def findes(scenen: Scenen) -> None:
    """Errors: UnreachableError where nobody is there, at any of its addresses."""
    for adresse in dict.fromkeys((scenen.tjenester, *scenen.adresser.values())):
        with Connection(adresse, scenen.frist, scenen.adgang_som(scenen.kalder)) as linje:
            linje.send(Kald("GET", "/"))


@contextmanager
def aabnet(opstillet: Opstillet, seed: int) -> Iterator[Linjer]:
    """Open them; errors in the block become KanIkkeKoere or Uopnaaelig."""
    scenen, ramme = opstillet.scenen, opstillet.ramme
    kontrakt = indlaes(scenen.kontrakt)
    with ExitStack() as stak:

        def linje(adresse: str, adgang: Adgang) -> Transport:
            return stak.enter_context(Connection(adresse, scenen.frist, adgang))

        adgang = scenen.adgang_som(scenen.kalder)
        tjenester: Transport = linje(scenen.tjenester, adgang)
        if scenen.adresser:
            egne = {navn: linje(adresse, adgang) for navn, adresse in scenen.adresser.items()}
            tjenester = Tjenestelinje(kontrakt, tjenester, egne)
        styring = None
        if scenen.styring is not None and scenen.evner >= AF_STYRING:
            styring = linje(scenen.styring, scenen.adgang)
        try:
            yield Linjer(
                scenen=scenen,
                tjenester=Tjenester(tjenester, partial(findes, scenen)),
                styring=styring,
                kontrakt=kontrakt,
                udgave=ramme.udgave,
                bagende=str(ramme.bagende),
                seed=seed,
                ur=ramme.ur,
            )
        except StyringAfvist as afvist:
            raise KanIkkeKoere(f"control API: {afvist.regel}") from afvist
        except RemoteWireError as brud:  # of a call that is not itself tried
            raise KanIkkeKoere(f"target {ramme.maal}: an answer cannot be understood: {brud}") from brud
        except UnreachableError as brud:
            raise Uopnaaelig(f"target {ramme.maal}: {brud}") from brud


def borgere(linjer: Linjer) -> list[str]:
    """Return their CPR numbers, the same each time.

    A stage with a control API that may be used is emptied, and they are put on it; of another they are the pool's, and where
    it has none, numbers that nobody has.
    """
    if linjer.styring is None and linjer.scenen.pulje:
        return [en.cpr for en in linjer.scenen.pulje]
    folk = Folk(seed=6)
    alle = [folk.ny(40, linjer.ur.date()) for _ in range(ANTAL)]
    if linjer.styring is not None:
        styring = Styring(linjer.styring)
        styring.nulstil()
        styring.opsaet(*(paa_scenen(en, akasse=AKASSE) for en in alle))
    return [en.cpr for en in alle]


def gode_headers(linjer: Linjer) -> Callable[[int, bool], dict[str, str]]:
    """Return what makes the caller's headers about one of the citizens."""
    cpr, headers, identitet = borgere(linjer), Headers(linjer.kontrakt), linjer.kalder
    return lambda nummer, skrivende: headers.skriv(identitet, cpr[nummer % len(cpr)], ny_uuid() if skrivende else "")
