"""The classic way of one SOAP registration: no REST call in between; the domain knows the channel (100028, 100029)."""

from __future__ import annotations

from vos_contracts.identitet import Identitet
from vos_contracts.koder.fejl import Fejl
from vos_contracts.operationer import Opdater, Opret
from vos_contracts.wire.soap_kvittering import Kvittering
from vos_reference.application.drift import Drift
from vos_reference.application.handle import GentagetKald, registrer
from vos_reference.application.ports import StoreUtilgaengelig
from vos_reference.domain.beslutning import Afvist, Kalder, Udfoert


class Klassisk:
    """The application behind the SOAP edge."""

    def __init__(self, drift: Drift) -> None:
        self._drift = drift

    async def registrer(
        self, cpr: str, kommando: Opret | Opdater, identitet: Identitet
    ) -> Kvittering | tuple[Fejl, ...]:
        """Carry out one registration in this process."""
        drift = self._drift
        kalder = Kalder(identitet, klassisk_soap=True)
        try:
            resultat = registrer(drift, cpr, kommando, kalder, drift.ider.ny())
        except StoreUtilgaengelig:
            return (Fejl(1011),)
        match resultat:
            case Udfoert():
                return Kvittering(resultat.id, drift.ur.now())
            case Afvist():
                return resultat.fejl
            case GentagetKald():
                raise AssertionError("a minted request id came back")
