"""The operations, systems, errors, groups and categories in calls, responses and messages, as keys of the contract's tables.

Used by `facts`. An unreadable message mentions nothing: judging it is the scenario's task.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from generalproeve.run.evidence import CallEvidence, MessageEvidence
from vos_contracts.contract import Contract
from vos_contracts.wire.calls import CallReader

_ROLES = {"8": "jobcenter", "2": "akasse"}
_GROUP, _CATEGORY, _ENROLMENT = (
    "ContactGroupTypeIdentifier",
    "PersonCategoryTypeIdentifier",
    "ClientCategoryTypeIdentifier",
)
_JSON = {"kontaktgruppeType": _GROUP, "personkategoriType": _CATEGORY}


@dataclass(slots=True)
class Mentioned:
    """The mentioned keys; `called` and `errors` are keys of the tables `access` and `method_errors`.

    `shown` are the groups in responses, by organisation type of the caller; `scenario_groups` those of the whole scenario.
    """

    called: set[tuple[str, ...]] = field(default_factory=set)
    systems: set[tuple[str, ...]] = field(default_factory=set)
    errors: set[tuple[str, ...]] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    categories: set[str] = field(default_factory=set)
    enrolment_categories: set[str] = field(default_factory=set)
    shown: dict[str, set[str]] = field(default_factory=dict)
    messages: set[tuple[str, str, str]] = field(default_factory=set)
    scenario_groups: set[str] = field(default_factory=set)


class MentionReader:
    """Finds the mentioned keys in evidence, under one contract."""

    def __init__(self, contract: Contract) -> None:
        self._names = contract.names
        self._calls = CallReader(contract)
        self._by_service: dict[str, Mapping[str, str]] = {}

    def read(self, calls: Sequence[CallEvidence], messages: Sequence[MessageEvidence]) -> Mentioned:
        """Return the keys that calls and messages mention."""
        mentioned = Mentioned()
        for evidence in calls:
            self._read_call(mentioned, evidence)
        for message in messages:
            role = _ROLES.get(message.recipient.partition("/")[0], "")
            mentioned.messages.add((message.message.message_type, role, message.message.topic))
        return mentioned

    def _read_call(self, mentioned: Mentioned, evidence: CallEvidence) -> None:
        call = evidence.read or self._calls.read(evidence.call)
        service, operation = call.called.service, call.called.operation
        if not operation or not call.organisation_type:
            return
        answer = self._calls.read_answer(evidence.response)
        mentioned.called.add((service, operation, call.organisation_type))
        if call.system is not None:
            mentioned.systems.add((str(call.system), service, operation))
        mentioned.errors |= {(service, operation, str(error.code)) for error in answer.errors}
        asked, answered = (list(self._types(service, said.fields)) for said in (call, answer))
        mentioned.groups |= {code for name, code in asked if name == _GROUP}
        mentioned.categories |= {code for name, code in (*asked, *answered) if name == _CATEGORY}
        mentioned.enrolment_categories |= {code for name, code in asked if name == _ENROLMENT}
        shown = {code for name, code in answered if name == _GROUP}
        mentioned.shown.setdefault(call.organisation_type, set()).update(shown)

    def _types(self, service: str, fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Yield canonical name and value of the type fields, in fields of either channel."""
        canonical = self._canonical(service)
        for path, value in fields.items():
            for step in path.split("/"):
                name = canonical.get(step.partition("[")[0])
                if name is not None:
                    yield name, value

    def _canonical(self, service: str) -> Mapping[str, str]:
        if service not in self._by_service:
            elements = {self._names.element(service, name): name for name in (_GROUP, _CATEGORY, _ENROLMENT)}
            members = {self._names.json(name): element for name, element in _JSON.items()}
            self._by_service[service] = elements | members
        return self._by_service[service]
