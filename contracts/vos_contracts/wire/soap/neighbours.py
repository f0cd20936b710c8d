"""Shared reading and writing of the neighbour services' bodies: element names, Danish days, code values and identifiers.

A body has a dateTime where the internal interface has a day: the Danish day at that instant (`model.neighbours`). Not here:
the body of a single service (`tilmelding`, `illness`, `ksd`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from lxml import etree

from vos_contracts.contract import Contract
from vos_contracts.model.cpr import birth_date
from vos_contracts.model.neighbours import IllnessSource, NeighbourCommand
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.soap.faults import INVALID_CPR
from vos_contracts.wire.soap.identity import CODE_LIST_ITEM, default_namespace, read_time
from vos_contracts.wire.soap.receipt import ReceiptForm

CPR = "PersonCivilRegistrationIdentifier"
MISSING_CAUSE = 4980
INVALID_CODE = 9131
RECOVERY = 1
"""The cause that this project's callers give with an end date; the code list is not public."""
_DANISH_TIME = ZoneInfo("Europe/Copenhagen")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)

NewId = Callable[[], str]


class NeighbourBody(Protocol):
    """The bodies of one neighbour service, as the service reads and answers them."""

    service: str
    receipt: ReceiptForm

    def read(self, operation: str, element: etree._Element, new_id: NewId) -> tuple[str, NeighbourCommand]:
        """Read a schema-valid request; return the CPR number and the command.

        Raises:
            RemoteWireError: every breach that the schema cannot express.
        """
        ...


class Fields:
    """Reads and writes the elements of one service under the names of one contract."""

    def __init__(self, service: str, contract: Contract) -> None:
        self._service = service
        self._names = contract.names
        self._illness_sources = contract.illness_sources
        self._namespace = contract.names.namespace(service)

    def name(self, canonical: str) -> str:
        """Return an element's name in Clark notation."""
        return f"{{{self._namespace}}}{self._names.element(self._service, canonical)}"

    def find(self, element: etree._Element, canonical: str) -> etree._Element | None:
        """Return an optional element, or None."""
        return element.find(self.name(canonical))

    def child(self, element: etree._Element, canonical: str) -> etree._Element:
        """Return a required element."""
        found = self.find(element, canonical)
        assert found is not None, f"the schema requires {canonical}"
        return found

    def cpr(self, element: etree._Element) -> str:
        """Read the citizen's CPR number.

        Raises:
            RemoteWireError: 1001 for a number that carries no date.
        """
        cpr = self.child(element, CPR).text or ""
        if birth_date(cpr) is None and cpr != "0000000000":
            raise RemoteWireError(ServiceError(INVALID_CPR, f"{CPR}: datoen findes ikke"))
        return cpr

    def day(self, element: etree._Element, canonical: str) -> date:
        """Read an instant as its Danish day.

        Raises:
            RemoteWireError: 1014.
        """
        return read_time(self.child(element, canonical)).astimezone(_DANISH_TIME).date()

    def day_or_none(self, element: etree._Element, canonical: str) -> date | None:
        """Read an optional instant as its Danish day.

        Raises the same errors as `day`.
        """
        return None if self.find(element, canonical) is None else self.day(element, canonical)

    def same_day(self, element: etree._Element, canonical: str, day: date) -> None:
        """Check that an optional instant, if present, falls on that Danish day.

        Raises:
            RemoteWireError: 1014.
        """
        found = self.day_or_none(element, canonical)
        if found not in (None, day):
            rule = f"skal være raskmeldingens dag {day.isoformat()}, ikke {found}"
            raise RemoteWireError(ServiceError(INVALID_REQUEST, f"{canonical}: {rule}"))

    def code(self, element: etree._Element, canonical: str) -> int:
        """Read a value of a code list."""
        return int(self.child(element, canonical)[0].text or "")

    def id(self, element: etree._Element, canonical: str) -> str:
        """Read an identifier.

        Raises:
            RemoteWireError: 1014; checked here because the documented schema pattern allows any digits.
        """
        text = (self.child(element, canonical).text or "").strip().lower()
        if not _UUID.fullmatch(text):
            raise RemoteWireError(
                ServiceError(INVALID_REQUEST, f"{canonical}: skal være et guid med cifrene 0-9 og a-f")
            )
        return text

    def illness_source(self, element: etree._Element, canonical: str) -> IllnessSource:
        """Read where a report of sickness comes from.

        Raises:
            RemoteWireError: 9131 for a code that the contract's table does not hold.
        """
        code, sources = self.code(element, canonical), self._illness_sources[canonical]
        if code not in sources:
            rule = f"skal være en af {', '.join(map(str, sources))}, ikke {code}"
            raise RemoteWireError(ServiceError(INVALID_CODE, f"{canonical}: {rule}"))
        return sources[code]

    def cause(self, element: etree._Element, until: date | None) -> None:
        """Check that an end date has a cause.

        Raises:
            RemoteWireError: 4980.
        """
        if until is not None and self.find(element, "AbsenceCauseTypeIdentifier") is None:
            raise RemoteWireError(ServiceError(MISSING_CAUSE))

    def query(self, operation: str) -> etree._Element:
        """Create the request element of an operation."""
        return etree.Element(f"{{{self._namespace}}}{operation}Request", nsmap=default_namespace(self._namespace))

    def write(self, parent: etree._Element, canonical: str, text: str | None = None) -> etree._Element:
        """Append an element, with or without text."""
        element = etree.SubElement(parent, self.name(canonical))
        element.text = text
        return element

    def write_day(self, parent: etree._Element, canonical: str, day: date) -> None:
        """Append a day as its first instant in Danish time."""
        self.write(parent, canonical, datetime(day.year, day.month, day.day, tzinfo=_DANISH_TIME).isoformat())

    def write_code(self, parent: etree._Element, canonical: str, code: int) -> None:
        """Write a value of a code list."""
        etree.SubElement(self.write(parent, canonical), CODE_LIST_ITEM).text = str(code)

    def write_illness_source(self, parent: etree._Element, canonical: str, source: IllnessSource) -> None:
        """Write where a report of sickness comes from."""
        (code,) = (code for code, item in self._illness_sources[canonical].items() if item is source)
        self.write_code(parent, canonical, code)
