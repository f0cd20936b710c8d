"""Invalid input is refused with an error that names the fault, changes nothing, and the next call works."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from lxml import etree

from generalproeve.stage.stage import Stage
from support.builders import TODAY, YESTERDAY, identity
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import load
from vos_contracts.model.cpr import fulfils_modulus_11
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.base import Call
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.soap import envelope, registration
from vos_contracts.wire.soap.schemas import services
from vos_simulators.control import Control
from vos_simulators.people import Citizen

PRS = services(load())["PersonRegistrationService"]
ACTION = PRS.operations["CreateContactGroup"].soapaction
MIB = 1024 * 1024


@pytest.fixture
def http(stage: Stage) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stage.services, timeout=30) as client:
        yield client


class RestCreate:
    """A valid REST create, which tests send with faults, and a following call that must work."""

    def __init__(self, http: httpx.Client, citizen: Citizen) -> None:
        self.http = http
        self.call: Call = Rest(load()).call_register(
            citizen.cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY), identity(), new_uuid()
        )

    def send(self, body: bytes | None = None, *, without: str = "", **headers: str) -> httpx.Response:
        sent = {name: value for name, value in self.call.headers.items() if name != without}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.post(self.call.path, headers=sent, content=self.call.body if body is None else body)

    def errors(self, response: httpx.Response, status: int) -> list[tuple[int, str]]:
        assert response.status_code == status, response.text
        assert response.headers["content-type"] == "application/json"
        return [(item["fejlkode"], item.get("beskrivelse", "")) for item in response.json()["fejl"]]

    def next_works(self) -> None:
        assert self.send().status_code == 200


@pytest.fixture
def rest(http: httpx.Client, new_citizen: Callable[..., Citizen]) -> Iterator[RestCreate]:
    create = RestCreate(http, new_citizen())
    yield create
    create.next_works()


def test_rest_names_unknown_missing_and_mistyped_fields_at_once(rest: RestCreate) -> None:
    body = json.dumps({"kontaktgruppeType": "tretten", "unknown": 1}).encode()
    assert rest.errors(rest.send(body), 400) == [
        (1014, "kontaktgruppeType: skal være et helt tal 0-10000"),
        (1014, "starttidspunkt: feltet mangler"),
        (1014, "unknown: feltet findes ikke; kendte felter er kontaktgruppeType, starttidspunkt, haendelsestidspunkt, "
               "sluttidspunkt"),
    ]  # fmt: skip


def test_rest_refuses_an_instant_without_offset(rest: RestCreate) -> None:
    body = json.dumps({"kontaktgruppeType": 13, "starttidspunkt": "2024-11-18T00:00:00"}).encode()
    ((code, description),) = rest.errors(rest.send(body), 400)
    assert code == 1014
    assert description.startswith("starttidspunkt: skal være en date-time med offset")


@pytest.mark.parametrize(
    ("body", "description"),
    [
        (b"\xff\xfe{}", "kroppen er ikke UTF-8 (byte 0)"),
        (b'{"a":', "kroppen er ikke gyldig JSON"),
        (b"", "kroppen er ikke gyldig JSON"),
        (b"[]", "kroppen skal være et JSON-objekt"),
        (b"[" * 100_000, "objekter og lister må højst ligge 64 niveauer dybt"),
    ],
    ids=["ikke UTF-8", "halv JSON", "empty", "listing", "deep"],
)
def test_rest_refuses_an_unreadable_body(rest: RestCreate, body: bytes, description: str) -> None:
    assert rest.errors(rest.send(body), 400) == [(1014, description)]


def test_rest_refuses_ten_megabytes(rest: RestCreate) -> None:
    ((code, description),) = rest.errors(rest.send(b" " * 10 * MIB), 413)
    assert (code, description) == (1014, f"kroppen må højst være {MIB} byte")


def test_rest_refuses_ten_megabytes_without_a_length(rest: RestCreate) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(10):
            yield b" " * MIB

    headers = {name: value for name, value in rest.call.headers.items() if name != "content-length"}
    response = rest.http.post(rest.call.path, headers=headers, content=parts())
    assert rest.errors(response, 413)[0][0] == 1014


def test_rest_refuses_another_media_type(rest: RestCreate) -> None:
    assert rest.errors(rest.send(content_type="text/plain"), 415) == [
        (1014, "content-type: skal være application/json")
    ]


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        ("x-civilregistrationidentifier", 400, 1014), ("x-requestid", 400, 1014), ("x-organisationcode", 401, 1100),
        ("x-organisationtypeidentifier", 401, 1100), ("x-userfullname", 401, 1100), ("x-useridentifier", 401, 1100),
        ("x-registrationdatetime", 401, 1100), ("x-requestorganisationcode", 401, 1100),
    ],
)  # fmt: skip
def test_rest_names_a_missing_header(rest: RestCreate, header: str, status: int, code: int) -> None:
    ((found, description),) = rest.errors(rest.send(without=header), status)
    assert found == code
    assert description.lower() == f"{header}: headeren mangler"


def test_rest_checks_the_identity_first(rest: RestCreate) -> None:
    """A call without identity gets no error about its broken body."""
    codes = [code for code, _ in rest.errors(rest.send(b"{", without="x-organisationcode"), 401)]
    assert codes == [1100]


def test_rest_refuses_a_long_request_id(rest: RestCreate) -> None:
    assert rest.errors(rest.send(x_requestid="x" * 47), 400) == [(1014, "x-requestId: højst 46 tegn")]


def test_rest_refuses_an_unknown_path_and_method(http: httpx.Client) -> None:
    response = http.get("/v1/PersonVisitering/findes-ikke")
    assert response.status_code == 404
    assert "findes-ikke" in response.json()["fejl"][0]["beskrivelse"]
    response = http.patch("/v1/PersonVisitering/kontaktgruppe")
    assert (response.status_code, response.headers["allow"]) == (405, "POST, GET, HEAD")


def test_a_repeated_request_id_is_412_and_changes_nothing(
    http: httpx.Client, new_citizen: Callable[..., Citizen]
) -> None:
    create = RestCreate(http, new_citizen())
    assert create.send().status_code == 200
    before = http.get(f"{create.call.path}/historik", headers=dict(create.call.headers)).json()
    assert create.errors(create.send(), 412)[0][0] == 1014
    assert http.get(f"{create.call.path}/historik", headers=dict(create.call.headers)).json() == before


def test_a_refused_call_does_not_use_up_its_request_id(http: httpx.Client, new_citizen: Callable[..., Citizen]) -> None:
    create = RestCreate(http, new_citizen())
    wrong = json.dumps({"kontaktgruppeType": 13, "starttidspunkt": YESTERDAY.isoformat()}).encode()
    assert create.errors(create.send(wrong), 400)[0][0] == 4703
    assert create.errors(create.send(wrong), 400)[0][0] == 4703, "the same answer as the first time"
    assert create.send().status_code == 200
    assert create.errors(create.send(wrong), 412)[0][0] == 1014, "the id of an accepted call, whatever the repeat holds"


class SoapCalls:
    """A valid SOAP create, which tests send with faults, and a following call that must work."""

    def __init__(self, http: httpx.Client, citizen: Citizen) -> None:
        self.http = http
        _, self.element = registration.write_query(citizen.cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY), load())
        self.body = envelope.write_call(identity(), self.element)

    def send(self, body: bytes | None = None, **headers: str) -> httpx.Response:
        standard = {"content-type": "text/xml; charset=utf-8", "soapaction": f'"{ACTION}"'}
        return self.http.post(
            PRS.path, headers=standard | {k.replace("_", "-"): v for k, v in headers.items()},
            content=self.body if body is None else body,
        )  # fmt: skip

    def errors(self, body: bytes | None = None, **headers: str) -> tuple[int, str]:
        response = self.send(body, **headers)
        assert response.status_code == 500, response.text
        assert response.headers["content-type"].startswith("text/xml")
        fault = envelope.read_response(response.content)
        assert isinstance(fault, envelope.Fault)
        assert b"Traceback" not in response.content
        return fault.errors[0].code, fault.text

    def with_(self, old: str, new: str) -> bytes:
        assert old in self.body.decode()
        return self.body.decode().replace(old, new).encode()


@pytest.fixture
def soap_calls(http: httpx.Client, new_citizen: Callable[..., Citizen]) -> Iterator[SoapCalls]:
    calls = SoapCalls(http, new_citizen())
    yield calls
    assert calls.send().status_code == 200


def test_soap_refuses_a_doctype(soap_calls: SoapCalls) -> None:
    body = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + soap_calls.body.split(b"?>", 1)[1]
    assert soap_calls.errors(body) == (1014, "Failed to validate message: DOCTYPE er ikke tilladt")


def test_soap_refuses_an_entity_bomb(soap_calls: SoapCalls) -> None:
    layer = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    bomb = f'<!DOCTYPE a [<!ENTITY l0 "ha">{layer}]><a>&l9;</a>'
    code, text = soap_calls.errors(bomb.encode())
    assert (code, "DOCTYPE" in text or "velformet" in text) == (1014, True)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", "kroppen er tom"), (b"<a", "ikke velformet XML"), (b"ikke xml", "ikke velformet XML"),
        ("<a>ø</a>".encode("latin-1"), "kroppen er ikke UTF-8"),
        ('<?xml version="1.0" encoding="iso-8859-1"?><a>ø</a>'.encode("latin-1"), "skal være UTF-8"),
        (b"<a/>", "skal være Envelope"),
    ],
)  # fmt: skip
def test_soap_refuses_an_unreadable_body(soap_calls: SoapCalls, body: bytes, text: str) -> None:
    code, said = soap_calls.errors(body)
    assert code == 1014
    assert text in said


def test_soap_refuses_ten_megabytes(soap_calls: SoapCalls) -> None:
    assert soap_calls.errors(b" " * 10 * MIB) == (1014, f"Failed to validate message: kroppen må højst være {MIB} byte")


def test_soap_names_an_unknown_element(soap_calls: SoapCalls) -> None:
    code, text = soap_calls.errors(
        soap_calls.with_("<ContactGroupStartTime>", "<Ukendt>1</Ukendt><ContactGroupStartTime>")
    )
    assert code == 1014
    assert "Ukendt" in text
    assert "{" not in text


def test_soap_names_several_errors_of_the_body_at_once(soap_calls: SoapCalls) -> None:
    body = soap_calls.with_(f">{TODAY.isoformat()}<", ">i dag<").replace(b">13<", b">tretten<")
    code, text = soap_calls.errors(body)
    assert code == 1014
    assert "ContactGroupStartTime" in text
    assert "CodeListItemIdentifier" in text


def test_soap_names_both_missing_headers(soap_calls: SoapCalls) -> None:
    root = etree.fromstring(soap_calls.body)
    root.remove(root[0])
    code, text = soap_calls.errors(etree.tostring(root))
    assert code == 8232
    assert "8232: SOAP message is missing ActiveOrganisationHeader" in text
    assert "8233: SOAP message is missing RequestUserMetadataHeader" in text


@pytest.mark.parametrize(
    ("old", "new", "code", "field"),
    [
        (":OrganisationCode>10100</", ":OrganisationCode></", 8234, "OrganisationCode"),
        ("Test Testesen", "x" * 141, 8235, "UserFullName"),
        ("Test Testesen", "Test\nTestesen", 8235, "UserFullName"),
        ("Test Testesen", "Test\u0085", 8235, "UserFullName"),
        (":OrganisationCode>10100</", ":OrganisationCode>10\t100</", 8234, "OrganisationCode"),
        ("http://rep.oio.dk/ams.dk/xml/schemas/2005/09/01/", "http://forkert/", 8232, "ActiveOrganisationHeader"),
    ],
)
def test_soap_names_a_wrong_header(soap_calls: SoapCalls, old: str, new: str, code: int, field: str) -> None:
    found, text = soap_calls.errors(soap_calls.with_(old, new))
    assert found == code
    assert field in text


def test_soap_refuses_a_soapaction_of_another_operation(soap_calls: SoapCalls) -> None:
    code, text = soap_calls.errors(soapaction=PRS.operations["UpdateContactGroup"].soapaction)
    assert code == 1014
    assert "CreateContactGroup" in text


@pytest.mark.parametrize("action", ["", '""', ACTION, f'"{ACTION}"'])
def test_soap_accepts_soapaction_with_and_without_quotes(
    http: httpx.Client, new_citizen: Callable[..., Citizen], action: str
) -> None:
    assert SoapCalls(http, new_citizen()).send(soapaction=action).status_code == 200


def test_soap_accepts_other_prefixes_and_a_bom(http: httpx.Client, new_citizen: Callable[..., Citizen]) -> None:
    for change in (
        lambda body: b"\xef\xbb\xbf" + body,
        lambda body: body.replace(b"<s:", b"<e:").replace(b"</s:", b"</e:").replace(b"xmlns:s=", b"xmlns:e="),
    ):
        soap_calls = SoapCalls(http, new_citizen())
        assert soap_calls.send(change(soap_calls.body)).status_code == 200


def test_soap_refuses_a_soap_12_envelope(soap_calls: SoapCalls) -> None:
    body = soap_calls.with_("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope")
    assert soap_calls.errors(body)[1].endswith("konvolutten er SOAP 1.2; tjenesten taler SOAP 1.1")


def test_soap_refuses_an_unknown_must_understand_header(soap_calls: SoapCalls) -> None:
    body = soap_calls.with_("<s:Header>", '<s:Header><x:Ny xmlns:x="urn:x" s:mustUnderstand="1"/>')
    assert "Ny" in soap_calls.errors(body)[1]
    assert soap_calls.errors(soap_calls.with_("<s:Body>", "<s:Body><a/>"))[1].endswith("præcis ét element, ikke 2")


def test_soap_lists_the_known_operations_for_an_unknown_one(soap_calls: SoapCalls) -> None:
    code, text = soap_calls.errors(
        soap_calls.with_("CreateContactGroupRequest", "DeleteContactGroupRequest"), soapaction=""
    )
    assert code == 1014
    assert "CreateContactGroup, UpdateContactGroup" in text


def test_soap_refuses_a_withdrawn_service(soap_calls: SoapCalls, control: Control) -> None:
    control.change_release("2025-2")
    assert "udgået fra 2025-2" in soap_calls.errors()[1]
    control.change_release("2024-4")


class TestControl:
    def refused(self, stage: Stage, method: str, path: str, body: Any) -> str:
        response = httpx.request(method, f"{stage.control}/control/{path}", json=body)
        assert response.status_code == 400, response.text
        return str(response.json()["fejl"][0]["fejltekst"])

    def test_a_cpr_number_of_a_possible_person_is_refused(self, stage: Stage, control: Control) -> None:
        fulfils = next(cpr for cpr in (f"020384{n:04}" for n in range(1, 100)) if fulfils_modulus_11(cpr))
        for cpr in ("0101801234", fulfils):
            before = control.status().people
            assert "kan tilhøre et menneske" in self.refused(stage, "POST", "people", {"people": [{"cpr": cpr}]})
            assert control.status().people == before

    def test_the_clock_moves_only_forward(self, stage: Stage) -> None:
        text = self.refused(stage, "PUT", "clock", {"instant": "2020-01-01T00:00:00+01:00"})
        assert text.startswith("instant: uret står på 2024-11-18T09:00:00+01:00 og kan ikke stilles tilbage")
        assert "offset" in self.refused(stage, "PUT", "clock", {"instant": "2030-01-01T00:00:00"})

    def test_an_unknown_release_field_or_code_is_refused(self, stage: Stage) -> None:
        assert "2024-3, 2024-4, 2025-1, 2025-2" in self.refused(stage, "PUT", "release", {"release": "2030-1"})
        assert "unknown" in self.refused(stage, "PUT", "release", {"release": "2024-4", "unknown": 1})
        person = {"cpr": "0203840021", "kontaktgrupper": [{"type": 9}]}
        assert self.refused(stage, "POST", "people", {"people": [person]}) == "kontaktgrupper.type: 9 findes ikke"

    def test_citizens_are_put_on_the_stage_all_or_none(self, stage: Stage, control: Control) -> None:
        double = {"people": [{"cpr": "0203840021"}, {"cpr": "0203840021"}]}
        assert httpx.post(f"{stage.control}/control/people", json=double).status_code == 400
        assert control.status().people == 0

    @pytest.mark.parametrize(
        ("person", "says"),
        [
            ({"kontaktgrupper": [{"type": 1}, {"type": 2}]}, "kontaktgrupper: kun én kan være åben"),
            ({"personkategorier": [{"type": 4}, {"type": 5}]}, "personkategorier: kun én kan være åben"),
            ({"kontaktgrupper": [{"type": 1, "id": "x"}]}, "kontaktgrupper.id: skal være en uuid"),
            ({"kontaktgrupper": [{"type": 1, "start": "9999-12-31T23:59:59-10:00"}]}, "start og slut skal have offset"),
            ({"kontaktgrupper": [{"type": 1, "start": "2024-01-01T00:00:00"}]}, "start og slut skal have offset"),
            (
                {"kontaktgrupper": [{"type": 1, "start": "2024-01-02T00:00:00Z", "end": "2024-01-01T00:00:00Z"}]},
                "kontaktgrupper.slut: må ikke ligge før start",
            ),
            (
                {"guests": [{"organisationType": 99, "organisationCode": "1"}]},
                "gaester.organisationType: 99 findes ikke",
            ),
            ({"fravaer": [{"type": 99}]}, "fravaer.type: 99 findes ikke"),
            (
                {"helbredsbegraensninger": [{"start": "2024-01-02T00:00:00Z", "end": "2024-01-01T00:00:00Z"}]},
                "helbredsbegraensninger.slut: må ikke ligge før start",
            ),
            ({"helbredsbegraensninger": [{"start": "2024-01-01T00:00:00"}]}, "start og slut skal have offset"),
            ({"helbredsbegraensninger": [{"description": "x" * 1501}]}, "1500"),
            ({"helbredsbegraensninger": [{"description": ""}]}, "length >= 1"),
        ],
    )
    def test_an_impossible_citizen_is_refused(self, stage: Stage, person: dict[str, object], says: str) -> None:
        assert says in self.refused(stage, "POST", "people", {"people": [{"cpr": "0203840021", **person}]})

    def test_an_id_belongs_to_one_registration(self, stage: Stage, control: Control) -> None:
        id_ = "00000000-0000-0000-0000-0000000000cc"
        first = {"cpr": "0203840021", "kontaktgrupper": [{"type": 1, "id": id_}]}
        other = {"cpr": "0303840008", "kontaktgrupper": [{"type": 1, "id": id_}]}
        assert "står to gange" in self.refused(stage, "POST", "people", {"people": [first, other]})
        assert httpx.post(f"{stage.control}/control/people", json={"people": [first]}).status_code == 200
        assert id_ in self.refused(stage, "POST", "people", {"people": [other]})
        assert control.status().people == 1
