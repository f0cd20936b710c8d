"""The facts of the contract that calls, responses and messages touch, and which of them are assumed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from generalproeve.report.failures import assumptions
from generalproeve.run.evidence import CallEvidence, MessageEvidence
from generalproeve.run.results import RunDescription, ScenarioResult, StepRecord
from generalproeve.run.touched.facts import TOUCHED, FactsReader
from support.builders import AKASSE, JOBCENTER, NOW, TODAY, contract, identity
from vos_contracts.base.ids import new_uuid
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Create, Delete, Kind, Update
from vos_contracts.tables.errors import ServiceError
from vos_contracts.tables.recipients import MessageType
from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.messages.wsrm import WsrmMessage
from vos_contracts.wire.soap import envelope
from vos_simulators.party import Channel, Party

CPR = "0203840021"
READER = FactsReader(contract())
PVS, PRS = "PersonVisiteringService", "PersonRegistrationService"
NOTHING = Response(200, {}, b'"x"')
REFUSED = Response(400, {}, b'{"fejl":[{"fejlkode":4644,"fejltekst":"nej"}]}')
FAULT = Response(500, {}, envelope.write_fault((ServiceError(8096), ServiceError(100028)), contract()))
Do = Callable[[Party], object]


class Recorded(Exception):
    """Ends the party's send once the call is recorded."""


class Recorder:
    """A transport that records the call instead of sending it."""

    def __init__(self) -> None:
        self.call: list[Call] = []

    def send(self, call: Call) -> Response:
        self.call.append(call)
        raise Recorded


def call(do: Do, who: Organisation = JOBCENTER) -> Call:
    recorder = Recorder()
    with pytest.raises(Recorded):
        do(Party(identity(who), contract(), recorder, new_uuid))
    return recorder.call[0]


def touched(
    call: Call, response: Response = NOTHING, text: str = "", scenario_text: str = ""
) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for fact in READER.touched(text, [CallEvidence(call, response, 0.0)], [], scenario_text):
        found.setdefault(fact.table, []).append(fact.key)
    return found


def create(channel: Channel, type_: int = 12, kind: Kind = Kind.KONTAKTGRUPPE, id_: str | None = None) -> Do:
    return lambda party: party.register(CPR, Create(kind, type_, TODAY, event=TODAY, id=id_), channel)


ID = "01a21d6a-bdbb-7790-8698-90995595380d"


@pytest.mark.parametrize(
    ("do", "service", "method"),
    [
        (create(Channel.PVS), PVS, "CreateKontaktgruppe"),
        (create(Channel.PVS, id_=ID), PVS, "CreateKontaktgruppeMedIdentifier"),
        (create(Channel.PVS, 5, Kind.PERSONKATEGORI), PVS, "CreatePersonkategori"),
        (create(Channel.PRS), PRS, "CreateContactGroup"),
        (create(Channel.PRS, 5, Kind.PERSONKATEGORI), PRS, "CreatePersonCategory"),
        (
            lambda party: party.register(CPR, Update(Kind.KONTAKTGRUPPE, ID, TODAY), Channel.PVS),
            PVS,
            "UpdateKontaktgruppe",
        ),
        (
            lambda party: party.register(CPR, Update(Kind.KONTAKTGRUPPE, ID, TODAY), Channel.PRS),
            PRS,
            "UpdateContactGroup",
        ),
        (lambda party: party.register(CPR, Delete(Kind.KONTAKTGRUPPE, ID), Channel.PVS), PVS, "DeleteKontaktgruppe"),
    ],
)
def test_a_call_touches_its_rows_of_the_access_table(do: Do, service: str, method: str) -> None:
    found = touched(call(do))["access"]
    assert found
    assert {key[:3] for key in found} == {(service, method, "8")}
    assert "access" not in touched(call(do, Organisation(24, "1")))


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("", "GetKontaktgrupper"), ("/historik", "GetKontaktgruppeHistorik"), (f"/{ID}", "GetKontaktgruppe"),
    ],
)  # fmt: skip
def test_reads_are_told_apart(path: str, method: str) -> None:
    headers = call(create(Channel.PVS)).headers
    found = touched(Call("GET", f"/v1/PersonVisitering/kontaktgruppe{path}?x=1", headers))["access"]
    assert {key[1] for key in found} == {method}


def test_a_refusal_touches_the_error_code_and_the_method_error() -> None:
    rest = touched(call(create(Channel.PVS)), REFUSED)
    assert rest["errors"] == [("4644",)]
    assert rest["method_errors"] == [(PVS, "CreateKontaktgruppe", "4644")]
    over_soap = touched(
        call(lambda party: party.register(CPR, Update(Kind.KONTAKTGRUPPE, ID, TODAY), Channel.PRS)), FAULT
    )
    assert over_soap["errors"] == [("8096",), ("100028",)]
    assert over_soap["method_errors"] == [(PRS, "UpdateContactGroup", code) for code in ("8096", "100028")]


@pytest.mark.parametrize("channel", [Channel.PVS, Channel.PRS])
def test_a_kontaktgruppe_touches_its_name_and_rules(channel: Channel) -> None:
    found = touched(call(create(channel)))
    assert found["kontaktgruppe"] == [("12",)]
    assert found["kontaktgruppe_rule"] == [
        ("12", "age_below", "30"), ("12", "default_category", "8"), ("12", "becomes_at_30", "2"),
    ]  # fmt: skip
    assert "kontaktgruppe_rule" not in touched(call(create(channel, 13)))


@pytest.mark.parametrize("channel", [Channel.PVS, Channel.PRS])
def test_a_personkategori_touches_the_combination_and_the_enrolment_rule(channel: Channel) -> None:
    category = call(create(channel, 5, Kind.PERSONKATEGORI))
    found = touched(category, scenario_text="Givet en borger i kontaktgruppe 3\nNår ...")
    assert found["combination"] == [("3", "5")]
    assert found["kontaktgruppe_rule"] == [("3", "category_requires_no_enrolment", "5")]
    assert found["personkategori"] == [("5",)]
    assert "combination" not in touched(category)


def test_a_response_to_an_akasse_touches_the_groups_that_it_may_see() -> None:
    response = Response(200, {}, b'[{"kontaktgruppeType": 13}, {"kontaktgruppeType": 12}]')
    akasse, jobcenter = (
        touched(Call("GET", "/v1/PersonVisitering/kontaktgruppe", call(create(Channel.PVS), who).headers), response)
        for who in (AKASSE, JOBCENTER)
    )
    assert [key[:2] for key in akasse["kontaktgruppe_rule"]] == [("13", "visible_to_akasse")]
    assert "kontaktgruppe_rule" not in jobcenter


def test_a_blocked_system_touches_its_row() -> None:
    category = call(create(Channel.PVS, 5, Kind.PERSONKATEGORI))
    from_lss = replace(category, headers={**category.headers, "x-clientsystemidentifier": "3002"})
    assert touched(from_lss)["client_system_blocked"] == [("3002", PVS, "CreatePersonkategori")]


@pytest.mark.parametrize(
    ("message_type", "recipient", "type_", "rules"),
    [
        (MessageType.KONTAKTGRUPPE_V5, JOBCENTER, 4, [("jobcenter", "any", "")]),
        (MessageType.KONTAKTGRUPPE_V5, AKASSE, 13, [("akasse", "group_starts", "13")]),
        (
            MessageType.KONTAKTGRUPPE_V5,
            AKASSE,
            25,
            [("akasse", "group_ends", "25"), ("akasse", "group_replaced", "25")],
        ),
        (MessageType.KONTAKTGRUPPE_V5, AKASSE, 4, []),
        (MessageType.PERSONKATEGORI_V1, AKASSE, 5, []),
    ],
)
def test_a_message_touches_the_rule_of_its_recipient(
    message_type: MessageType, recipient: Organisation, type_: int, rules: list[tuple[str, ...]]
) -> None:
    message = WsrmMessage(
        message_id="b", message_type=message_type, registrant=identity(), cpr=CPR, id=ID, type=type_,
        event=None, start=TODAY, end=None,
    )  # fmt: skip
    assert [fact.key for fact in READER.touched("", [], [MessageEvidence(str(recipient), message)])] == [
        (message_type.value, *rule) for rule in rules
    ]


@pytest.mark.parametrize("body", [b"", b"{", b"<", b"\xff", b"[]", b"<!DOCTYPE x><x/>", b"null"])
@pytest.mark.parametrize(
    "path", ["/v1/PersonVisitering/kontaktgruppe", "/PjakTassWCFtService/9/PersonRegistrationService.svc", "/x"]
)
def test_an_unreadable_call_touches_nothing(body: bytes, path: str) -> None:
    assert touched(Call("POST", path, {}, body), Response(200, {}, body)) == {}


def test_assumed_facts_are_listed_with_the_verdict() -> None:
    description = RunDescription(
        "t", "2024-4", "converter", NOW, "0", "h", None, (), assumptions={"REST": ("a", "b"), "X": ("c",)}
    )
    evidence = CallEvidence(call(create(Channel.PVS)), NOTHING, 0.0)
    step = StepRecord("Når ...", calls=[evidence], facts=READER.touched("", [evidence], []))
    stage = ScenarioResult("E", "S", (), {}, [step, step])
    assert [item.certainty for item in stage.assumed] == ["assumed"] * len(stage.assumed)
    assert assumptions(stage, description) == [
        "organisationstype 8 må kalde PersonVisiteringService.CreateKontaktgruppe (egne) (access)",
        "organisationstype 8 må kalde PersonVisiteringService.CreateKontaktgruppe (anden aktørs egne) (access)",
        "kontaktgruppe 12: standardkategori 8 (kontaktgruppe_rule)",
        "2 navne i REST",
    ]


def test_every_table_exists() -> None:
    assert set(TOUCHED) <= set(contract().tables)
