"""The classic way of one SOAP registration: no REST call in between; the domain knows the channel (100028, 100029)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from vos_contracts.koder.fejl import Fejl
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Opdater, Opret
from vos_contracts.wire.soap_kvittering import Kvittering
from vos_reference.application.drift import Drift
from vos_reference.application.ports import StoreUtilgaengelig
from vos_reference.application.registration import GentagetKald, Registreringskald, Resultat
from vos_reference.domain.decision import Afvist, Kalder, Udfoert


class Klassisk:
    """The application behind the SOAP edge; `registrer` carries out a registration and returns after its commit."""

    def __init__(self, drift: Drift, registrer: Callable[[Registreringskald], Awaitable[Resultat]]) -> None:
        self._drift = drift
        self._registrer = registrer

    async def registrer(
        self, cpr: str, kommando: Opret | Opdater, identitet: Identitet
    ) -> Kvittering | tuple[Fejl, ...]:
        """Carry out one registration in this process."""
        drift = self._drift
        kalder = Kalder(identitet, klassisk_soap=True)
        try:
            resultat = await self._registrer(Registreringskald(cpr, kommando, kalder, drift.ider()))
        except StoreUtilgaengelig:
            return (Fejl(1011),)
        match resultat:
            case Udfoert():
                return Kvittering(resultat.id, drift.ur.now())
            case Afvist():
                return resultat.fejl
            case GentagetKald():
                raise AssertionError("a minted request id came back")
