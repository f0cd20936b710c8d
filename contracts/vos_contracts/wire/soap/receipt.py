"""The service receipt that answers a registration over SOAP, for both roles; the element order differs by service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from vos_contracts.contract import Contract
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.soap.identity import default_namespace, read_time


@dataclass(frozen=True, slots=True)
class Receipt:
    """A service receipt: the registration's id and the time of registration."""

    id: str
    instant: datetime


class ReceiptForm:
    """Writes and reads one service's receipts under the names of one contract."""

    def __init__(self, service: str, contract: Contract) -> None:
        names, self._namespace = contract.names, contract.names.namespace(service)

        def name(canonical: str) -> str:
            return f"{{{self._namespace}}}{names.element(service, canonical)}"

        self._receipt, self._id, self._instant = map(name, ("ServiceReceipt", "MessageIdentifier", "EventDate"))
        self._order = [name(value) for value in names.values[f"order.{service}.ServiceReceiptType"].split()]

    def write(self, operation: str, receipt: Receipt) -> etree._Element:
        """Write the answer of an operation."""
        element = etree.Element(f"{{{self._namespace}}}{operation}Response", nsmap=default_namespace(self._namespace))
        receipt_element = etree.SubElement(element, self._receipt)
        texts = {self._instant: receipt.instant.isoformat(), self._id: receipt.id}
        for name in self._order:
            etree.SubElement(receipt_element, name).text = texts[name]
        return element

    def read(self, element: etree._Element) -> Receipt:
        """Read an answer, whatever the order of its elements.

        Raises:
            RemoteWireError: the other side broke the contract.
        """
        receipt = element.find(self._receipt)
        id_, instant = (None, None) if receipt is None else (receipt.find(self._id), receipt.find(self._instant))
        if id_ is None or instant is None:
            rule = "svaret har ikke ServiceReceipt med MessageIdentifier og EventDate"
            raise RemoteWireError(ServiceError(INVALID_REQUEST, rule))
        return Receipt(id_.text or "", read_time(instant))
