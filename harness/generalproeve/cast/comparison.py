"""Compare an observed call with the expected one: equal, a near miss (an attempt at the same call), or unrelated.

The tables below list the fields that a caller may choose. User metadata, request id and registration time are never
compared. Not here: parsing a call (`vos_contracts.wire.calls`).
"""

from __future__ import annotations

from dataclasses import dataclass

from vos_contracts.tables.names import Names
from vos_contracts.wire.calls import ID, ReadCall
from vos_contracts.wire.soap.schemas import SERVICE_VERSIONS

OPTIONAL = ("haendelsestidspunkt", "ContactGroupEventTime", "PersonCategoryEventTime", "NotificationDate")
"""Optional fields: absent on either side is no difference; canonical names, matched with the last step of a path."""
OWN_ID = (ID, "MessageIdentifier")
"""Identifiers that a caller may choose if none is expected."""
OWN_IN_ILLNESS = ("AbsenceIdentifier", "NemRefusionIdentifier")
"""Identifiers that the caller chooses in CreateIllness."""


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field that differs; `field` is a name on the wire, or a Danish word for a property of the call."""

    field: str
    expected: str
    actual: str

    def __str__(self) -> str:
        return f"{self.field}: ventet {self.expected or '(intet)'}, kom {self.actual or '(intet)'}"


class CallComparison:
    """Compares calls under the names of one contract."""

    def __init__(self, names: Names) -> None:
        def on_the_wire(canonical: tuple[str, ...]) -> frozenset[str]:
            elements = {names.element(service, name) for service in SERVICE_VERSIONS for name in canonical}
            return frozenset({*canonical, *elements, *(names.values.get(f"json.{name}", name) for name in canonical)})

        self._optional, self._own_id, self._own_in_illness = map(on_the_wire, (OPTIONAL, OWN_ID, OWN_IN_ILLNESS))

    def differences(self, expected: ReadCall, actual: ReadCall) -> list[FieldDifference]:
        """List the differences; empty if the call is the expected one."""
        unreadable = bool(actual.fault) and actual.caller is None and not expected.fault
        compared = [
            FieldDifference("kanal", expected.called.channel, actual.called.channel),
            FieldDifference("service", expected.called.service, actual.called.service),
            FieldDifference("operation", expected.asked, actual.asked),
        ]
        if expected.citizen:
            compared.append(FieldDifference("borger", expected.citizen, actual.citizen))
        if not unreadable:  # an unreadable caller is reported below, not as a wrong organisation
            compared += [
                FieldDifference("organisation", _organisation(expected), _organisation(actual)),
                FieldDifference("kaldende system", _system(expected), _system(actual)),
            ]
        found = [row for row in compared if row.expected != row.actual]
        if (expected.called.channel, expected.asked) == (actual.called.channel, actual.asked):
            for name in dict.fromkeys((*expected.fields, *actual.fields)):
                row = FieldDifference(name, expected.fields.get(name, ""), actual.fields.get(name, ""))
                if row.expected != row.actual and not self._allowed(expected, row):
                    found.append(row)
        if unreadable or (actual.fault and not expected.fault and not found):
            found.append(FieldDifference("gyldigt kald", "ja", actual.fault))
        return found

    def is_near_miss(self, expected: ReadCall, actual: ReadCall) -> bool:
        """Return whether a call is a near miss: about the same citizen, or the same operation if it names no citizen."""
        if actual.citizen:
            return actual.citizen == expected.citizen
        return _organisation(actual) in {_organisation(expected), ""} and actual.asked == expected.asked

    def _allowed(self, expected: ReadCall, row: FieldDifference) -> bool:
        name = row.field.rpartition("/")[2].partition("[")[0]
        if name in self._optional:
            return not row.expected or not row.actual
        if name in self._own_id:
            return not row.expected and expected.asked.startswith(("POST", "Create"))
        return name in self._own_in_illness and expected.asked == "CreateIllness"


def _organisation(call: ReadCall) -> str:
    return "" if call.caller is None else str(call.caller.active)


def _system(call: ReadCall) -> str:
    return "" if call.caller is None else str(call.caller.system)
