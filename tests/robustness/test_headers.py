"""Request headers: blanks around a value are ignored, a repeated header is refused, and so are calls from other sites.

The latter are DNS rebinding, cross-site requests of a browser, and a SOAP body without a content type.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.adversary import FROZEN, Adversary, status
from support.builders import TODAY, identity
from support.processes import stage_process
from vos_contracts.contract import load
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.soap import envelope, registration
from vos_contracts.wire.soap.schemas import services

PRS = services(load())["PersonRegistrationService"]
ACTION = f"soapaction: {PRS.operations['CreateContactGroup'].soapaction}"
XML = "content-type: text/xml; charset=utf-8"
OTHER_VALUES = {
    "x-civilregistrationidentifier": "0101900009",
    "x-requestid": "et-andet-id",
    "x-organisationtypeidentifier": "2",
    "x-organisationcode": "82",
    "x-userfullname": "En Anden",
    "x-requestusertypeidentifier": "1",
    "x-useridentifier": "anden",
    "x-useremail": "anden@example.com",
    "x-requestorganisationtypeidentifier": "2",
    "x-requestorganisationcode": "82",
    "x-registrationdatetime": "2024-11-04T09:00:00+01:00",
    "content-type": "text/plain",
}
FOREIGN = ("origin: http://evil.example", "sec-fetch-site: cross-site", "origin: null", "sec-fetch-site: same-site")


@pytest.fixture(scope="module")
def adversary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adversary]:
    with stage_process(*FROZEN, "--host-name", "scenen.example", folder=tmp_path_factory.mktemp("stage")) as process:
        yield Adversary(process)


def soap_call(adversary: Adversary, *headers: str) -> bytes:
    _, rest, _ = adversary.registration()
    cpr = next(header.partition(": ")[2] for header in rest if header.startswith("x-civilregistrationidentifier"))
    _, element = registration.write_query(cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY), load())
    return adversary.call("POST", PRS.path, *headers, body=envelope.write_call(identity(), element))


@pytest.mark.parametrize("blanks", [" ", "\t", " \t  "])
@pytest.mark.parametrize("name", [name for name in OTHER_VALUES if name != "x-useremail"])
def test_blanks_around_a_value_do_not_count(adversary: Adversary, name: str, blanks: str) -> None:
    path, headers, body = adversary.registration()
    padded = [f"{header}{blanks}" if header.startswith(f"{name}:") else header for header in headers]
    assert padded != headers
    padded = [header.replace(": ", f":{blanks}", 1) if header.startswith(f"{name}:") else header for header in padded]
    response = adversary.call("POST", path, *padded, body=body)
    assert status(response) == 200, response


@pytest.mark.parametrize("other", ["same", "another"])
@pytest.mark.parametrize("name", OTHER_VALUES)
def test_a_header_that_comes_twice_is_refused_by_name(adversary: Adversary, name: str, other: str) -> None:
    path, headers, body = adversary.registration(x_useremail="tt@example.com")
    value = next(header.partition(": ")[2] for header in headers if header.startswith(f"{name}:"))
    again = f"{name}: {OTHER_VALUES[name] if other == 'another' else value}"
    is_parameter = name in ("x-civilregistrationidentifier", "x-requestid", "content-type")
    for repeated in ([*headers, again], [again, *headers]):
        response = adversary.call("POST", path, *repeated, body=body)
        assert status(response) == (400 if is_parameter else 401), response
        assert name in response.decode().lower()
        assert "headeren står to gange" in response.decode()
    assert status(adversary.call("POST", path, *headers, body=body)) == 200


def test_the_calling_system_is_named_once_on_soap_too(adversary: Adversary) -> None:
    system = "x-clientsystemidentifier: 1001"
    assert status(soap_call(adversary, XML, ACTION, system)) == 200
    response = soap_call(adversary, XML, ACTION, system, "x-clientsystemidentifier: 2001")
    assert status(response) == 500
    assert "headeren står to gange" in response.decode()


@pytest.mark.parametrize("name", ["soapaction", "content-type"])
def test_a_soap_header_field_that_comes_twice_is_refused(adversary: Adversary, name: str) -> None:
    response = soap_call(adversary, XML, ACTION, {"soapaction": ACTION, "content-type": XML}[name])
    assert status(response) == 500
    assert f"{name}: headeren står to gange" in response.decode()


def test_other_headers_may_come_twice(adversary: Adversary) -> None:
    path, headers, body = adversary.registration()
    lists = (
        "accept: */*",
        "accept: text/plain",
        "via: 1.1 a",
        "via: 1.1 b",
        "x-forwarded-for: 1",
        "x-forwarded-for: 2",
    )
    assert status(adversary.call("POST", path, *headers, *lists, body=body)) == 200


@pytest.mark.parametrize("foreign", FOREIGN)
def test_a_page_of_another_site_cannot_call_the_services(adversary: Adversary, foreign: str) -> None:
    path, headers, body = adversary.registration()
    assert status(adversary.call("POST", path, *headers, foreign, body=body)) == 403
    assert status(soap_call(adversary, XML, ACTION, foreign)) == 403
    assert status(adversary.call("GET", "/v1/Kodeliste", foreign)) == 403
    assert status(adversary.call("POST", path, *headers, "sec-fetch-site: same-origin", body=body)) == 200


def test_a_soap_call_without_a_content_type_is_refused(adversary: Adversary) -> None:
    """A browser sends `fetch(url, {mode: "no-cors", body: new Blob([...])})` without one and without a preflight."""
    response = soap_call(adversary, ACTION)
    assert status(response) == 500
    assert "content-type: headeren mangler" in response.decode()


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8480", "127.0.0.1.evil.example", ""])
def test_a_foreign_host_name_is_refused_by_the_services(adversary: Adversary, host: str) -> None:
    call = f"GET /v1/Kodeliste HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n".encode()
    assert status(adversary.raw(call)) == 403


@pytest.mark.parametrize(
    "host", ["localhost:1", "127.0.0.1", "[::1]:8480", "10.1.2.3", "scenen.example", "SCENEN.example:80"]
)
def test_addresses_and_configured_names_are_accepted(adversary: Adversary, host: str) -> None:
    call = f"GET /v1/Kodeliste HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n".encode()
    assert status(adversary.raw(call)) == 200


def test_a_call_without_host_by_http_1_0_is_accepted(adversary: Adversary) -> None:
    assert status(adversary.raw(b"GET /v1/Kodeliste HTTP/1.0\r\n\r\n")) == 200
