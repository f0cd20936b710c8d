"""The bodies of IllnessRecoveryInformationService v8 for both roles: KSD's reports of sickness benefit (groups 24 and 25).

SustenanceSystemCaseTypeIdentifier says whether the case comes from work or from unemployment (table `illness_source`).
CreateIllness is documented (starwiki FYS/4592828519); the elements of CreateRecovery are assumed.
"""

from __future__ import annotations

from datetime import date

from lxml import etree

from vos_contracts.contract import Contract
from vos_contracts.model.neighbours import ReportIllness, ReportRecovery
from vos_contracts.wire.base import combined
from vos_contracts.wire.soap.neighbours import CPR, RECOVERY, Fields, NewId
from vos_contracts.wire.soap.receipt import ReceiptForm

REPORT_ILLNESS, REPORT_RECOVERY = "CreateIllness", "CreateRecovery"
CASE_TYPE = "SustenanceSystemCaseTypeIdentifier"


class KsdBody:
    """Reads and writes the service's bodies under the names of one contract."""

    service = "IllnessRecoveryInformationService"

    def __init__(self, contract: Contract) -> None:
        self._fields = Fields(self.service, contract)
        self.receipt = ReceiptForm(self.service, contract)

    def read(
        self, operation: str, element: etree._Element, new_id: NewId
    ) -> tuple[str, ReportIllness | ReportRecovery]:
        """Read a request.

        Raises:
            RemoteWireError: 1001, 1014, 4980 for an end without a cause, 9131 for an unknown case type.
        """
        read = self._report_illness if operation == REPORT_ILLNESS else self._report_recovery
        return combined(lambda: self._fields.cpr(element), lambda: read(element))

    def _report_illness(self, element: etree._Element) -> ReportIllness | ReportRecovery:
        illness = self._fields.child(element, "Illness")
        id_, (since, until), source = combined(
            lambda: self._fields.id(illness, "NemRefusionIdentifier"),
            lambda: self._period(illness),
            lambda: self._fields.illness_source(element, CASE_TYPE),
        )
        return ReportIllness(id=id_, source=source, since=since, until=until)

    def _period(self, illness: etree._Element) -> tuple[date, date | None]:
        since = self._fields.day(illness, "IllnessStartDate")
        until = self._fields.day_or_none(illness, "IllnessEndDate")
        self._fields.cause(illness, until)
        return since, until

    def _report_recovery(self, element: etree._Element) -> ReportIllness | ReportRecovery:
        recovery = self._fields.child(element, "Recovery")
        id_, on_date = combined(
            lambda: self._fields.id(recovery, "NemRefusionIdentifier"),
            lambda: self._fields.day(recovery, "RecoveryDate"),
        )
        return ReportRecovery(id=id_, on_date=on_date)

    def write(self, cpr: str, command: ReportIllness | ReportRecovery) -> tuple[str, etree._Element]:
        """Return the operation's name and the request of a command."""
        match command:
            case ReportIllness():
                return REPORT_ILLNESS, self._write_report_illness(cpr, command)
            case ReportRecovery():
                return REPORT_RECOVERY, self._write_report_recovery(cpr, command)

    def _write_report_illness(self, cpr: str, command: ReportIllness) -> etree._Element:
        fields = self._fields
        element = fields.query(REPORT_ILLNESS)
        fields.write(element, CPR, cpr)
        illness = fields.write(element, "Illness")
        fields.write(illness, "NemRefusionIdentifier", command.id)
        fields.write_day(illness, "IllnessStartDate", command.since)
        if command.until is not None:
            fields.write_day(illness, "IllnessEndDate", command.until)
            fields.write_code(illness, "AbsenceCauseTypeIdentifier", RECOVERY)
        fields.write_illness_source(element, CASE_TYPE, command.source)
        return element

    def _write_report_recovery(self, cpr: str, command: ReportRecovery) -> etree._Element:
        fields = self._fields
        element = fields.query(REPORT_RECOVERY)
        fields.write(element, CPR, cpr)
        recovery = fields.write(element, "Recovery")
        fields.write(recovery, "NemRefusionIdentifier", command.id)
        fields.write_day(recovery, "RecoveryDate", command.on_date)
        return element
