"""The bodies of IllnessRecoveryInformationService v8, both roles: what KSD tells of sickness benefit, groups 24 and 25.

SustenanceSystemCaseTypeIdentifier says whether the case is from work or from unemployment, by a table of the contract.
CreateIllness is documented (starwiki FYS/4592828519); the elements of CreateRecovery are assumed.
"""

from __future__ import annotations

from datetime import date

from lxml import etree

from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.neighbours import Raskmeld, Sygemeld
from vos_contracts.wire.base import samlet
from vos_contracts.wire.soap_kvittering import Kvitteringsform
from vos_contracts.wire.soap_nabo import CPR, RASK, Felter, NytId

SYGEMELD, RASKMELD = "CreateIllness", "CreateRecovery"
SAGSTYPE = "SustenanceSystemCaseTypeIdentifier"


class Ksdkrop:
    """Read and write the service's bodies for one contract."""

    tjeneste = "IllnessRecoveryInformationService"

    def __init__(self, kontrakt: Kontrakt) -> None:
        self._felter = Felter(self.tjeneste, kontrakt)
        self.kvittering = Kvitteringsform(self.tjeneste, kontrakt)

    def laes(self, operation: str, element: etree._Element, ny_id: NytId) -> tuple[str, Sygemeld | Raskmeld]:
        """Read a request.

        Errors: RemoteWireError with 1001, 1014, 4980 for an end without a cause, 9131 for an unknown case type.
        """
        laes = self._sygemeld if operation == SYGEMELD else self._raskmeld
        return samlet(lambda: self._felter.cpr(element), lambda: laes(element))

    def _sygemeld(self, element: etree._Element) -> Sygemeld | Raskmeld:
        sygdom = self._felter.et(element, "Illness")
        id_, (fra, til), kilde = samlet(
            lambda: self._felter.id(sygdom, "NemRefusionIdentifier"),
            lambda: self._periode(sygdom),
            lambda: self._felter.sygekilde(element, SAGSTYPE),
        )
        return Sygemeld(id=id_, kilde=kilde, fra=fra, til=til)

    def _periode(self, sygdom: etree._Element) -> tuple[date, date | None]:
        fra = self._felter.dag(sygdom, "IllnessStartDate")
        til = self._felter.dag_eller_ingen(sygdom, "IllnessEndDate")
        self._felter.aarsag(sygdom, til)
        return fra, til

    def _raskmeld(self, element: etree._Element) -> Sygemeld | Raskmeld:
        rask = self._felter.et(element, "Recovery")
        id_, dato = samlet(
            lambda: self._felter.id(rask, "NemRefusionIdentifier"), lambda: self._felter.dag(rask, "RecoveryDate")
        )
        return Raskmeld(id=id_, dato=dato)

    def skriv(self, cpr: str, kommando: Sygemeld | Raskmeld) -> tuple[str, etree._Element]:
        """Write the operation's name and the request that a command is."""
        match kommando:
            case Sygemeld():
                return SYGEMELD, self._skriv_sygemeld(cpr, kommando)
            case Raskmeld():
                return RASKMELD, self._skriv_raskmeld(cpr, kommando)

    def _skriv_sygemeld(self, cpr: str, kommando: Sygemeld) -> etree._Element:
        felter = self._felter
        element = felter.forespoergsel(SYGEMELD)
        felter.skriv(element, CPR, cpr)
        sygdom = felter.skriv(element, "Illness")
        felter.skriv(sygdom, "NemRefusionIdentifier", kommando.id)
        felter.skriv_dag(sygdom, "IllnessStartDate", kommando.fra)
        if kommando.til is not None:
            felter.skriv_dag(sygdom, "IllnessEndDate", kommando.til)
            felter.skriv_kode(sygdom, "AbsenceCauseTypeIdentifier", RASK)
        felter.skriv_sygekilde(element, SAGSTYPE, kommando.kilde)
        return element

    def _skriv_raskmeld(self, cpr: str, kommando: Raskmeld) -> etree._Element:
        felter = self._felter
        element = felter.forespoergsel(RASKMELD)
        felter.skriv(element, CPR, cpr)
        rask = felter.skriv(element, "Recovery")
        felter.skriv(rask, "NemRefusionIdentifier", kommando.id)
        felter.skriv_dag(rask, "RecoveryDate", kommando.dato)
        return element
