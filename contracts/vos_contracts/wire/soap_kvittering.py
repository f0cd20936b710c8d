"""The service receipt that answers a registration by SOAP, both roles; the order of its parts differs by service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.soap_identitet import laes_tid, standardrum


@dataclass(frozen=True, slots=True)
class Kvittering:
    """A service receipt: the registration's id and when it was carried out."""

    id: str
    tidspunkt: datetime


class Kvitteringsform:
    """Write and read one service's receipts under the names of one contract."""

    def __init__(self, tjeneste: str, kontrakt: Kontrakt) -> None:
        navne, self._rum = kontrakt.navne, kontrakt.navne.namespace(tjeneste)

        def navn(kanonisk: str) -> str:
            return f"{{{self._rum}}}{navne.element(tjeneste, kanonisk)}"

        self._receipt, self._id, self._tidspunkt = map(navn, ("ServiceReceipt", "MessageIdentifier", "EventDate"))
        self._orden = [navn(en) for en in navne.vaerdier[f"raekkefoelge.{tjeneste}.ServiceReceiptType"].split()]

    def skriv(self, operation: str, kvittering: Kvittering) -> etree._Element:
        """Write the answer to an operation."""
        element = etree.Element(f"{{{self._rum}}}{operation}Response", nsmap=standardrum(self._rum))
        receipt = etree.SubElement(element, self._receipt)
        tekster = {self._tidspunkt: kvittering.tidspunkt.isoformat(), self._id: kvittering.id}
        for navn in self._orden:
            etree.SubElement(receipt, navn).text = tekster[navn]
        return element

    def laes(self, element: etree._Element) -> Kvittering:
        """Read the answer, in whichever order its parts come; errors: RemoteWireError."""
        receipt = element.find(self._receipt)
        id_, tidspunkt = (None, None) if receipt is None else (receipt.find(self._id), receipt.find(self._tidspunkt))
        if id_ is None or tidspunkt is None:
            regel = "svaret har ikke ServiceReceipt med MessageIdentifier og EventDate"
            raise RemoteWireError(Fejl(VALIDERER_IKKE, regel))
        return Kvittering(id_.text or "", laes_tid(tidspunkt))
