"""The classic way of one SOAP read: straight to the application."""

from __future__ import annotations

from vos_contracts.koder.fejl import Fejl
from vos_contracts.laesninger import Kollektioner, Laesetjeneste, raekke
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Art
from vos_reference.application.drift import Drift
from vos_reference.application.laes import laes_kollektioner
from vos_reference.application.ports import StoreUtilgaengelig
from vos_reference.domain.decision import Afvist


class KlassiskLaesning:
    """The application's reads behind the SOAP edge."""

    def __init__(self, drift: Drift) -> None:
        self._drift = drift

    async def laes(self, tjeneste: Laesetjeneste, cpr: str, identitet: Identitet) -> Kollektioner | tuple[Fejl, ...]:
        """Read in this process."""
        try:
            svar = laes_kollektioner(self._drift, tjeneste, cpr, identitet)
        except StoreUtilgaengelig:
            return (Fejl(1011),)
        if isinstance(svar, Afvist):
            return svar.fejl
        return Kollektioner(*(tuple(raekke(en) for en in svar[art]) for art in Art))
