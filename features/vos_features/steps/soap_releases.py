"""Steps that compare a SOAP service between releases: its documents, and its answers to the same calls.

Each answer is compared as XML, with CPR numbers, identifiers and times replaced: they differ from call to call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from pytest_bdd import parsers, then

from vos_contracts.control.stage import RegistrationDto
from vos_contracts.model.registration import Create, Kind, Update
from vos_contracts.wire.base import Call, Response, Transport
from vos_contracts.wire.soap import registration
from vos_contracts.wire.soap.schemas import services
from vos_features.scenario import YESTERDAY, Scenario
from vos_features.steps.step_types import TYPES
from vos_simulators.party import SoapLine
from vos_simulators.people import on_stage

_OPERATIONS = {
    "CreateContactGroup": (Create, Kind.KONTAKTGRUPPE),
    "UpdateContactGroup": (Update, Kind.KONTAKTGRUPPE),
    "CreatePersonCategory": (Create, Kind.PERSONKATEGORI),
    "UpdatePersonCategory": (Update, Kind.PERSONKATEGORI),
}
_UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
_CHANGING = re.compile(
    r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)?|\b\d{10}\b"
)
"""Identifiers, times and CPR numbers."""


@then(parsers.parse("udstiller {service:SoapService} de samme dokumenter i {releases:Releases}", extra_types=TYPES))
def documents_are_the_same(scenario: Scenario, service: str, releases: tuple[str, ...]) -> None:
    """The WSDL and every schema that it imports, directly or not, are the same bytes in each release."""
    first: dict[str, bytes] = {}
    for release in releases:
        scenario.stage.release.switch(release)
        found = dict(_documents(scenario, service))
        first = first or found
        assert sorted(found) == sorted(first), f"{service} udstiller andre dokumenter i {release} end i {releases[0]}"
        for name, content in found.items():
            assert content == first[name], f"{service} har en anden {name} i {release} end i {releases[0]}"


@then(
    parsers.parse(
        "svarer PersonRegistrationService {role:Party} det samme i {releases:Releases} på:", extra_types=TYPES
    )
)
def answers_are_the_same(scenario: Scenario, role: str, releases: tuple[str, ...], datatable: list[list[str]]) -> None:
    """Each call of the table, made for a new citizen with the group of its row, gets the same answer in each release."""
    _, *rows = datatable
    for group, operation, value in rows:
        first = ""
        for release in releases:
            scenario.stage.release.switch(release)
            answer = _answer(scenario, role, group, operation, value)
            first = first or answer
            assert answer == first, (
                f"{operation} {value} svarer {_short(answer)} i {release} og {_short(first)} i {releases[0]}"
            )


class _Recorder:
    """A `Transport` that keeps the latest response."""

    def __init__(self, line: Transport) -> None:
        self._line = line
        self.response: Response | None = None

    def send(self, call: Call) -> Response:
        self.response = self._line.send(call)
        return self.response


def _answer(scenario: Scenario, role: str, group: str, operation: str, value: str) -> str:
    """Put a new citizen on the stage, make the call, and return the status and the answer without what changes."""
    contract = scenario.stage.contract
    citizen = scenario.run.people.new(40, scenario.now.date())
    dto = on_stage(citizen)
    dto.kontaktgrupper = (RegistrationDto(type=int(group), start=scenario.day(YESTERDAY)),) if group else ()
    ((*ids,),) = scenario.stage.control.set_up(dto)
    command, kind = _OPERATIONS[operation]
    message = (
        Create(kind, int(value), scenario.now)
        if command is Create
        else Update(kind, ids[0] if value == "egen" else _UNKNOWN_ID, scenario.now)
    )
    recorder = _Recorder(scenario.stage.lines.services(role))
    line = SoapLine(scenario.party(role).identity, contract, recorder)
    line.send("PersonRegistrationService", *registration.write_query(citizen.cpr, message, contract))
    assert recorder.response is not None
    content = etree.tostring(etree.fromstring(recorder.response.body), method="c14n", exclusive=True).decode()
    return f"{recorder.response.status} {_CHANGING.sub('…', content)}"


def _short(answer: str) -> str:
    """Return the status and the texts of an answer, for a message."""
    status, _, xml = answer.partition(" ")
    texts = " ".join(str(text) for text in etree.fromstring(xml).itertext())
    return f'{status} "{" ".join(texts.split())}"'


def _documents(scenario: Scenario, service: str) -> Iterator[tuple[str, bytes]]:
    line = scenario.stage.lines.services()
    path = services(scenario.stage.contract)[service].path
    waiting, seen = ["wsdl"], {"wsdl"}
    while waiting:
        query = waiting.pop()
        response = line.send(Call("GET", f"{path}?{query}"))
        assert response.status == 200, f"{service} svarer {response.status} på ?{query}"
        yield query, response.body
        for element in etree.fromstring(response.body).iter("{*}import", "{*}include"):
            location = element.get("schemaLocation") or element.get("location") or ""
            imported = location.partition("?")[2]
            if imported and imported not in seen:
                seen.add(imported)
                waiting.append(imported)
