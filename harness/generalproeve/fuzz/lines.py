"""The lines to a stage that is fuzzed, who calls on them, and what must be known of it to judge its answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from generalproeve.base.exit_codes import KanIkkeKoere, Uopnaaelig
from generalproeve.fuzz.forbindelse import Forbindelse
from generalproeve.fuzz.tjenester import Tjenester
from generalproeve.opstilling import Opstillet
from vos_contracts.kontrakt import Kontrakt, indlaes
from vos_contracts.model.identity import Identitet
from vos_contracts.wire.base import Kald, RemoteWireError, Transport, UnreachableError
from vos_features.capabilities import AF_STYRING
from vos_features.cast import identities
from vos_features.lines import Tjenestelinje
from vos_features.stage import Scenen
from vos_simulators.access import Adgang
from vos_simulators.control import StyringAfvist


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
        with Forbindelse(adresse, scenen.frist, scenen.adgang_som(scenen.kalder)) as linje:
            linje.send(Kald("GET", "/"))


@contextmanager
def aabnet(opstillet: Opstillet, seed: int) -> Iterator[Linjer]:
    """Open them; errors in the block become KanIkkeKoere or Uopnaaelig."""
    scenen, ramme = opstillet.scenen, opstillet.ramme
    kontrakt = indlaes(scenen.kontrakt)
    with ExitStack() as stak:

        def linje(adresse: str, adgang: Adgang) -> Transport:
            return stak.enter_context(Forbindelse(adresse, scenen.frist, adgang))

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
