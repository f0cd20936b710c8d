"""The bodies of UnemploymentEnrollmentService v8 for both roles: create and end a tilmelding (starwiki ISB/2394423423).

Profession and e-mail are job wishes, which do not belong to this domain; they are accepted and ignored.
"""

from __future__ import annotations

from lxml import etree

from vos_contracts.contract import Contract
from vos_contracts.model.neighbours import CreateTilmelding, EndTilmelding
from vos_contracts.wire.base import combined
from vos_contracts.wire.soap.neighbours import CPR, Fields, NewId
from vos_contracts.wire.soap.receipt import ReceiptForm

ENROL, CANCEL_ENROLMENT = "UnemploymentEnrollment", "CancelUnemploymentEnrollment"


class EnrolmentBody:
    """Reads and writes the service's bodies under the names of one contract; the CPR number is inside the wrapper element."""

    service = "UnemploymentEnrollmentService"

    def __init__(self, contract: Contract) -> None:
        self._fields = Fields(self.service, contract)
        self.receipt = ReceiptForm(self.service, contract)

    def read(
        self, operation: str, element: etree._Element, new_id: NewId
    ) -> tuple[str, CreateTilmelding | EndTilmelding]:
        """Read a request.

        Raises:
            RemoteWireError: 1001 or 1014.
        """
        content = self._fields.child(element, operation)
        read = self._enrol if operation == ENROL else self._cancel_enrolment
        return combined(lambda: self._fields.cpr(content), lambda: read(content))

    def _enrol(self, element: etree._Element) -> CreateTilmelding | EndTilmelding:
        fields = self._fields
        return CreateTilmelding(
            category=fields.code(element, "ClientCategoryTypeIdentifier"),
            unemployment_degree=fields.code(element, "CurrentUnemploymentStatusTypeIdentifier"),
            on_date=fields.day(element, "EnrollmentDate"),
        )

    def _cancel_enrolment(self, element: etree._Element) -> CreateTilmelding | EndTilmelding:
        on_date = self._fields.day(element, "CancellationDate")
        return EndTilmelding(on_date=on_date, cause=self._fields.code(element, "CauseTypeIdentifier"))

    def write(self, cpr: str, command: CreateTilmelding | EndTilmelding) -> tuple[str, etree._Element]:
        """Return the operation's name and the request of a command."""
        fields, operation = self._fields, ENROL if isinstance(command, CreateTilmelding) else CANCEL_ENROLMENT
        element = fields.query(operation)
        content = fields.write(element, operation)
        fields.write(content, CPR, cpr)
        match command:
            case CreateTilmelding():
                fields.write_code(content, "ClientCategoryTypeIdentifier", command.category)
                fields.write_day(content, "EnrollmentDate", command.on_date)
                fields.write_code(content, "CurrentUnemploymentStatusTypeIdentifier", command.unemployment_degree)
            case EndTilmelding():
                fields.write_day(content, "CancellationDate", command.on_date)
                fields.write_code(content, "CauseTypeIdentifier", command.cause)
        return operation, element
