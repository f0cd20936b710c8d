"""The bodies of IllnessCompositeService v5, both roles: illness, and recovery with an enrolment and a contact group.

EndDate is the last day of a closed illness; in a recovery it is the day of recovery, the first without illness. All that a
recovery registers carries that day (starwiki ISB/2398814258, pageId 4496785476; the parts' elements are assumed).
"""

from __future__ import annotations

from datetime import date

from lxml import etree

from vos_contracts.contract import Contract
from vos_contracts.model.neighbours import GroupChange, IllnessSource, ReEnrolment, ReportIllness, ReportRecovery
from vos_contracts.wire.base import combined
from vos_contracts.wire.soap.neighbours import CPR, RECOVERY, Fields, NewId
from vos_contracts.wire.soap.receipt import ReceiptForm

REPORT_ILLNESS, REPORT_RECOVERY = "CreateIllness", "CreateRecovery"


class IllnessBody:
    """Reads and writes the service's bodies under the names of one contract."""

    service = "IllnessCompositeService"

    def __init__(self, contract: Contract) -> None:
        self._fields = Fields(self.service, contract)
        self.receipt = ReceiptForm(self.service, contract)

    def read(
        self, operation: str, element: etree._Element, new_id: NewId
    ) -> tuple[str, ReportIllness | ReportRecovery]:
        """Read a request; an absence without an identifier gets a new one.

        Raises:
            RemoteWireError: 1001, 1014, 4980 for an end without a cause, 9131 for an absence other than sickness.
        """
        entry = self._fields.child(element, "AbsenceItem")
        if operation == REPORT_ILLNESS:
            return combined(lambda: self._fields.cpr(element), lambda: self._report_illness(entry, new_id))
        return combined(lambda: self._fields.cpr(element), lambda: self._report_recovery(element, entry))

    def _report_illness(self, entry: etree._Element, new_id: NewId) -> ReportIllness | ReportRecovery:
        fields = self._fields
        has_id = fields.find(entry, "AbsenceIdentifier") is not None
        id_, (since, until), source = combined(
            lambda: fields.id(entry, "AbsenceIdentifier") if has_id else new_id(),
            lambda: self._period(entry),
            lambda: fields.illness_source(entry, "AbsenceTypeIdentifier"),
        )
        return ReportIllness(id=id_, source=source, since=since, until=until)

    def _period(self, entry: etree._Element) -> tuple[date, date | None]:
        since, until = self._fields.day(entry, "StartDate"), self._fields.day_or_none(entry, "EndDate")
        self._fields.cause(entry, until)
        return since, until

    def _report_recovery(self, element: etree._Element, entry: etree._Element) -> ReportIllness | ReportRecovery:
        fields = self._fields
        id_, on_date, _ = combined(
            lambda: fields.id(entry, "AbsenceIdentifier"),
            lambda: fields.day(entry, "EndDate"),
            lambda: fields.illness_source(entry, "AbsenceTypeIdentifier"),
        )
        tilmelding, group = combined(lambda: self._tilmelding(element, on_date), lambda: self._group(element, on_date))
        return ReportRecovery(id=id_, on_date=on_date, tilmelding=tilmelding, group=group)

    def _tilmelding(self, element: etree._Element, on_date: date) -> ReEnrolment | None:
        fields = self._fields
        part = fields.find(element, "UnemploymentEnrollment")
        if part is None:
            return None
        fields.same_day(part, "EnrollmentDate", on_date)
        return ReEnrolment(
            category=fields.code(part, "ClientCategoryTypeIdentifier"),
            unemployment_degree=fields.code(part, "CurrentUnemploymentStatusTypeIdentifier"),
        )

    def _group(self, element: etree._Element, on_date: date) -> GroupChange | None:
        fields = self._fields
        part = fields.find(element, "ContactGroup")
        if part is None:
            return None
        for field in ("ContactGroupEventTime", "ContactGroupStartTime", "ContactGroupEndTime"):
            fields.same_day(part, field, on_date)
        opens = fields.find(part, "ContactGroupTypeIdentifier") is not None
        return GroupChange(type=fields.code(part, "ContactGroupTypeIdentifier") if opens else None)

    def write(
        self, cpr: str, command: ReportIllness | ReportRecovery, since: date | None = None
    ) -> tuple[str, etree._Element]:
        """Return the operation's name and the request of a command; `since` is the first day of what a recovery ends."""
        match command:
            case ReportIllness():
                return REPORT_ILLNESS, self._write_report_illness(cpr, command)
            case ReportRecovery():
                return REPORT_RECOVERY, self._write_report_recovery(cpr, command, since or command.on_date)

    def _write_report_illness(self, cpr: str, command: ReportIllness) -> etree._Element:
        element = self._fields.query(REPORT_ILLNESS)
        self._fields.write(element, CPR, cpr)
        self._write_entry(element, command.id, command.since, command.until)
        return element

    def _write_report_recovery(self, cpr: str, command: ReportRecovery, since: date) -> etree._Element:
        fields, on_date = self._fields, command.on_date
        element = fields.query(REPORT_RECOVERY)
        fields.write(element, CPR, cpr)
        self._write_entry(element, command.id, since, on_date)
        if command.tilmelding is not None:
            part = fields.write(element, "UnemploymentEnrollment")
            fields.write_code(part, "ClientCategoryTypeIdentifier", command.tilmelding.category)
            fields.write_day(part, "EnrollmentDate", on_date)
            fields.write_code(part, "CurrentUnemploymentStatusTypeIdentifier", command.tilmelding.unemployment_degree)
        if command.group is not None:
            part = fields.write(element, "ContactGroup")
            if command.group.type is None:
                fields.write_day(part, "ContactGroupEndTime", on_date)
            else:
                fields.write_code(part, "ContactGroupTypeIdentifier", command.group.type)
                fields.write_day(part, "ContactGroupEventTime", on_date)
                fields.write_day(part, "ContactGroupStartTime", on_date)
        return element

    def _write_entry(self, element: etree._Element, id_: str, since: date, until: date | None) -> None:
        fields = self._fields
        entry = fields.write(element, "AbsenceItem")
        fields.write(entry, "AbsenceIdentifier", id_)
        fields.write_day(entry, "StartDate", since)
        if until is not None:
            fields.write_day(entry, "EndDate", until)
        fields.write_illness_source(entry, "AbsenceTypeIdentifier", IllnessSource.FRAVAER)
        if until is not None:
            fields.write_code(entry, "AbsenceCauseTypeIdentifier", RECOVERY)
        fields.write_day(entry, "NotificationDate", until or since)
