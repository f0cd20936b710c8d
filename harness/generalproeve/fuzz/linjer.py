"""The lines to a stage that is fuzzed, and what must be known of it to judge its answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

from generalproeve.fuzz.forbindelse import Forbindelse, egnet
from generalproeve.opstilling import Opstillet
from generalproeve.udgang import KanIkkeKoere, Uopnaaelig
from vos_contracts.kontrakt import Kontrakt, indlaes
from vos_contracts.wire.base import Transport, UnreachableError
from vos_simulators.styring import StyringAfvist
from vos_simulators.transport import HttpTransport


@dataclass(frozen=True, slots=True)
class Linjer:
    """Services and control API (None: it has none) of one stage, its contract and release, and the seed of the run."""

    tjenester: Transport
    styring: Transport | None
    kontrakt: Kontrakt
    udgave: str
    bagende: str
    seed: int
    adresse: str
    ur: datetime


@contextmanager
def aabnet(opstillet: Opstillet, seed: int) -> Iterator[Linjer]:
    """Open them; errors in the block become KanIkkeKoere or Uopnaaelig."""
    scenen, ramme = opstillet.scenen, opstillet.ramme
    if scenen.adresser:
        raise KanIkkeKoere(f"target {ramme.maal}: services with addresses of their own cannot be fuzzed yet")
    with ExitStack() as stak:

        def linje(adresse: str) -> Transport:
            if egnet(adresse):
                return stak.enter_context(Forbindelse(adresse, scenen.frist))
            return stak.enter_context(HttpTransport(adresse, tidsfrist=scenen.frist, adgang=scenen.adgang))

        styring = None if scenen.styring is None else linje(scenen.styring)
        try:
            yield Linjer(
                linje(scenen.tjenester),
                styring,
                indlaes(scenen.kontrakt),
                ramme.udgave,
                str(ramme.bagende),
                seed,
                scenen.tjenester,
                ramme.ur,
            )
        except StyringAfvist as afvist:
            raise KanIkkeKoere(f"control API: {afvist.regel}") from afvist
        except UnreachableError as brud:
            raise Uopnaaelig(f"target {ramme.maal}: {brud}") from brud
