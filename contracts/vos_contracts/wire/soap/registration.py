"""The bodies of PersonRegistrationService v9's four registrations for both roles, under the names of the contract.

In an update, type, event time and start time are accepted and ignored: they cannot be changed (epic AC 1005.17.28.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lxml import etree

from vos_contracts.contract import Contract
from vos_contracts.model.cpr import birth_date
from vos_contracts.model.registration import Create, Kind, Update
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire.base import RemoteWireError, combined
from vos_contracts.wire.soap.faults import INVALID_CPR
from vos_contracts.wire.soap.identity import CODE_LIST_ITEM, default_namespace, read_time
from vos_contracts.wire.soap.receipt import Receipt, ReceiptForm

SERVICE = "PersonRegistrationService"
ENTITY: Mapping[Kind, str] = {Kind.KONTAKTGRUPPE: "ContactGroup", Kind.PERSONKATEGORI: "PersonCategory"}
_OPERATIONS = {f"{verb}{entity}": (verb, kind) for kind, entity in ENTITY.items() for verb in ("Create", "Update")}


class _Names:
    """The element names of one contract in Clark notation."""

    def __init__(self, contract: Contract) -> None:
        names, self.namespace = contract.names, contract.names.namespace(SERVICE)

        def name(canonical: str) -> str:
            return f"{{{self.namespace}}}{names.element(SERVICE, canonical)}"

        self.cpr, self.id = name("PersonCivilRegistrationIdentifier"), name("MessageIdentifier")
        self.receipt = ReceiptForm(SERVICE, contract)
        self.entity = {kind: name(item) for kind, item in ENTITY.items()}
        self.fields = {
            kind: tuple(name(f"{item}{field}") for field in ("TypeIdentifier", "EventTime", "StartTime", "EndTime"))
            for kind, item in ENTITY.items()
        }
        self.nsmap = default_namespace(self.namespace)


_names: dict[str, _Names] = {}


def _names_for(contract: Contract) -> _Names:
    if contract.hash not in _names:
        _names[contract.hash] = _Names(contract)
    return _names[contract.hash]


def read_query(operation: str, element: etree._Element, contract: Contract) -> tuple[str, Create | Update]:
    """Read a valid request.

    Raises:
        RemoteWireError: 1001 for a CPR number that carries no date, 1014 for a time.
    """
    return combined(lambda: _read_cpr(element[0]), lambda: _read_command(operation, element[1], contract))


def _read_cpr(element: etree._Element) -> str:
    cpr = element.text or ""
    if birth_date(cpr) is None and cpr != "0000000000":
        raise RemoteWireError(ServiceError(INVALID_CPR, "PersonCivilRegistrationIdentifier: datoen findes ikke"))
    return cpr


def _read_command(operation: str, element: etree._Element, contract: Contract) -> Create | Update:
    n = _names_for(contract)
    verb, kind = _OPERATIONS[operation]
    type_name, event_name, start_name, end_name = n.fields[kind]
    found = {item.tag: item for item in element}
    id_ = (found[n.id].text or "").strip().lower() if n.id in found else None

    def time(name: str) -> datetime | None:
        return read_time(found[name]) if name in found else None

    if verb == "Update":
        return Update(kind, id_ or "", time(end_name))
    start, event, end = combined(lambda: read_time(found[start_name]), lambda: time(event_name), lambda: time(end_name))
    return Create(kind, int(found[type_name][0].text or ""), start, event, end, id_)


def write_query(cpr: str, command: Create | Update, contract: Contract) -> tuple[str, etree._Element]:
    """Return the operation's name and the request of a command."""
    n = _names_for(contract)
    operation = f"{'Create' if isinstance(command, Create) else 'Update'}{ENTITY[command.kind]}"
    element = etree.Element(f"{{{n.namespace}}}{operation}Request", nsmap=n.nsmap)
    etree.SubElement(element, n.cpr).text = cpr
    entity = etree.SubElement(element, n.entity[command.kind])
    type_name, event_name, start_name, end_name = n.fields[command.kind]
    if command.id is not None:
        etree.SubElement(entity, n.id).text = command.id
    if isinstance(command, Create):
        type_ = etree.SubElement(entity, type_name)
        etree.SubElement(type_, CODE_LIST_ITEM).text = str(command.type)
        if command.event is not None:
            etree.SubElement(entity, event_name).text = command.event.isoformat()
        etree.SubElement(entity, start_name).text = command.start.isoformat()
    if command.end is not None:
        etree.SubElement(entity, end_name).text = command.end.isoformat()
    return operation, element


def write_response(operation: str, receipt: Receipt, contract: Contract) -> etree._Element:
    """Write the receipt of an operation."""
    return _names_for(contract).receipt.write(operation, receipt)


def read_response(element: etree._Element, contract: Contract) -> Receipt:
    """Read a receipt, whatever the order of its elements.

    Raises:
        RemoteWireError: the other side broke the contract.
    """
    return _names_for(contract).receipt.read(element)
