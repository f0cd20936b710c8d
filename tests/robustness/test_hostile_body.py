"""Hostile bodies: XML and JSON that is deeply nested, huge, compressed or ambiguous, or that refers to files."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.adversary import FROZEN, MIB, Adversary, flag, status, without_trace
from support.builders import JOBCENTER, TODAY, identity
from support.processes import stage_process
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import load
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.rest.subscriptions import Subscriptions, SubscriptionWish
from vos_contracts.wire.soap import envelope, registration

MAX_GROWTH = 512 * MIB
"""Allowed growth of memory with a body limit of 20 MB, 20 times the default limit."""
PRS = "/PjakTassWCFtService/9/PersonRegistrationService.svc"
XML = "content-type: text/xml; charset=utf-8"


@pytest.fixture(scope="module")
def _adversary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adversary]:
    with stage_process(*FROZEN, *flag(["body=20000000"]), folder=tmp_path_factory.mktemp("stage")) as process:
        yield Adversary(process)


@pytest.fixture
def adversary(_adversary: Adversary) -> Iterator[Adversary]:
    """A stage with a high body limit, so that only the limits of the parsers apply."""
    with _adversary.unharmed(MAX_GROWTH):
        yield _adversary


def message(content: str = "", prolog: str = "") -> bytes:
    """Return a valid SOAP call with `prolog` before it and `content` at the end of its request element."""
    _, element = registration.write_query("0806842578", Create(Kind.KONTAKTGRUPPE, 13, TODAY), load())
    text = envelope.write_call(identity(), element).decode().split("?>", 1)[1]
    last = text.rindex("</", 0, text.rindex("</s:Body>"))
    return (prolog + text[:last] + content + text[last:]).encode()


ENTITY_LAYERS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "body",
    [
        message(prolog="<!DOCTYPE a>"),
        message(prolog='<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">'),
        message("&x;", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'),
        message("&x;", '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p; <!ENTITY x "y">]>'),
        message("&l11;", f'<!DOCTYPE a [<!ENTITY l0 "haha">{ENTITY_LAYERS}]>'),
        message("&x;" * 1000, f'<!DOCTYPE a [<!ENTITY x "{"a" * 10_000}">]>'),
        message("&x;", '<!DOCTYPE a [<!ENTITY x "&y;"><!ENTITY y "&x;">]>'),
        message("&x;"),
        message("&#0;"),
        message("<a>" * 10_000 + "</a>" * 10_000),
        message("<a>" * 10_000),
        message("<a>" * 60 + "</a>" * 60),
        message("<a " + " ".join(f'a{n}=""' for n in range(1_000_000)) + "/>"),
        message("<a " + " ".join(f'xmlns:a{n}="u{n}"' for n in range(50_000)) + "/>"),
        message("<a/>" * 500_000),
        message(f"<{'a' * MIB}/>"),
        message("9" * 5 * MIB),
        message(f"<![CDATA[{'x' * 11 * MIB}]]>"),
        message("<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/hostname' parse='text'/>"),
        message(prolog="<?xml-stylesheet href='file:///etc/hostname'?>", content="<a/>"),
        message().decode().encode("utf-16"),
        b"\x1f\x8b\x08" + b"\0" * 100,
    ],
    ids=["doctype", "external dtd", "entity from file", "parameter entity", "billion laughs", "quadratic blowup",
         "entity cycle", "undefined entity", "null character", "deep", "deep and open", "60 levels", "million attributes",
         "namespaces", "many elements", "long name", "long number", "long cdata", "xinclude", "stylesheet", "utf-16", "gzip"],
)  # fmt: skip
def test_soap_refuses_hostile_xml_and_fetches_nothing(adversary: Adversary, body: bytes) -> None:
    response = adversary.call("POST", PRS, XML, body=body)
    assert status(response) == 500
    assert b"<ErrorCode>1014</ErrorCode>" in response
    assert b"haha" not in response
    assert len(response) < 4096
    assert without_trace(response)


@pytest.mark.parametrize("source", ["internal", "file"])
def test_the_value_of_an_entity_is_never_shown(adversary: Adversary, tmp_path: Path, source: str) -> None:
    """The entity is the value of a field whose invalid values are repeated in the answer."""
    (tmp_path / "file").write_text("secret", "utf-8")
    declaration = '"secret"' if source == "internal" else f'SYSTEM "{(tmp_path / "file").as_uri()}"'
    body = message(prolog=f"<!DOCTYPE a [<!ENTITY x {declaration}>]>").decode()
    assert ">13<" in body
    response = adversary.call("POST", PRS, XML, body=body.replace(">13<", ">&x;<").encode())
    assert b"<ErrorCode>1014</ErrorCode>" in response
    assert b"secret" not in response


def test_a_long_name_is_not_repeated_in_full(adversary: Adversary) -> None:
    for headers, body in (
        (["soapaction: " + "a" * 5000, XML], message()),
        ([XML], b"<" + b"a" * MIB + b"/>"),
    ):
        assert len(adversary.call("POST", PRS, *headers, body=body)) < 8192


def body(**changed: object) -> dict[str, object]:
    return {"kontaktgruppeType": 13, "starttidspunkt": TODAY.isoformat(), **changed}


DEEP_LIST = "[" * 10_000 + "]" * 10_000
DEEP_OBJECT = '{"a":' * 10_000 + "1" + "}" * 10_000


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (DEEP_LIST, "64 niveauer"),
        (DEEP_OBJECT, "64 niveauer"),
        ("[" * 1_000_000, "64 niveauer"),
        ('{"a":' * 100_000, "64 niveauer"),
        (json.dumps(body(kontaktgruppeType=int("9" * 4000))), "kontaktgruppeType: skal være et helt tal"),
        ('{"kontaktgruppeType":1e999999}', ""),
        ('{"kontaktgruppeType":' + "9" * MIB + "}", ""),
        ('{"kontaktgruppeType":-0.0000' + "1" * 100_000 + "}", ""),
        (json.dumps(body(starttidspunkt="2" * 5 * MIB)), "starttidspunkt"),
        (json.dumps(body(starttidspunkt="9999-12-31T23:59:59.999999-14:00")), "starttidspunkt"),
        (json.dumps({f"f{n}": n for n in range(500_000)}), "findes ikke"),
        (json.dumps(body(**{"x" * MIB: 1})), "xxx…"),
        (json.dumps(body())[:-1] + ',"kontaktgruppeType":12}', "kontaktgruppeType: feltet står to gange"),
        ('{"kontaktgruppeType":12,' + json.dumps(body())[1:], "kontaktgruppeType: feltet står to gange"),
        (json.dumps(body())[:-1] + ',"kontaktgruppe\\u0054ype":12}', "kontaktgruppeType: feltet står to gange"),
        (json.dumps(body()) + json.dumps(body()), "ikke gyldig JSON"),
        (json.dumps(body()).replace("13", "NaN"), "ikke gyldig JSON"),
        ('{"\\ud800":1}', ""),
        (json.dumps(body(**{"__proto__": {}, "\u0000": 1, "\u202e": 2})), "findes ikke"),
    ],
    ids=["deep list", "deep object", "open lists", "open objects", "large number", "large exponent", "megabyte of digits",
         "long fraction", "long text", "last day", "many fields", "long name", "duplicate at the end",
         "duplicate at the start", "escaped duplicate", "two documents", "NaN", "half a surrogate pair",
         "invisible characters"],
)  # fmt: skip
def test_hostile_json_is_refused_with_the_rule(adversary: Adversary, content: str, rule: str) -> None:
    path, headers, _ = adversary.registration()
    response = adversary.call("POST", path, *headers, body=content.encode())
    assert status(response) == 400
    assert b'"fejlkode":1014' in response
    assert rule in response.decode()
    assert without_trace(response)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "GZIP", "gzip, gzip", "identity, gzip"])
def test_a_compressed_body_is_not_decompressed(adversary: Adversary, encoding: str) -> None:
    """The body is 50 MiB of blanks, which are 50 KiB when compressed."""
    bomb = gzip.compress(b" " * 50 * MIB)
    path, headers, _ = adversary.registration()
    assert status(adversary.call("POST", path, *headers, f"content-encoding: {encoding}", body=bomb)) == 415
    assert b"content-encoding" in adversary.call("POST", PRS, XML, f"content-encoding: {encoding}", body=bomb)
    response = adversary.call("POST", "/control/people", f"content-encoding: {encoding}", body=bomb, control=True)
    assert status(response) == 415


@pytest.mark.parametrize(
    "charset", ["iso-8859-1", "latin-1", "utf-16", '"ISO-8859-1"', "utf-7", "windows-1252", "unknown"]
)
def test_another_charset_than_utf_8_is_refused(adversary: Adversary, charset: str) -> None:
    path, headers, content = adversary.registration(content_type=f"application/json; charset={charset}")
    response = adversary.call("POST", path, *headers, body=content)
    assert (status(response), b"charset" in response) == (415, True)
    response = adversary.call("POST", PRS, f"content-type: text/xml;charset={charset}", body=message())
    assert (status(response), b"charset" in response) == (500, True)


@pytest.mark.parametrize(
    ("header", "body"), [("x: y", b"[" * 2000), ("content-encoding: gzip", b"x"), ("x: y", b"\xff")]
)
def test_the_body_of_a_get_is_not_read(adversary: Adversary, header: str, body: bytes) -> None:
    """The body of a GET has no meaning (RFC 9110 9.3.1), so the call is answered as if it had none."""
    for path in ("/v1/Kodeliste", "/v1/Kodeliste/KontaktgruppeTypeCodeList", f"{PRS}?wsdl"):
        assert status(adversary.call("GET", path, header, body=body)) == 200


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_utf_8_may_be_named(adversary: Adversary, charset: str) -> None:
    path, headers, content = adversary.registration(content_type=f"application/json; charset={charset}")
    assert status(adversary.call("POST", path, *headers, body=content)) == 200


SUBSCRIPTION = {
    "orgType": 8,
    "orgCode": "10100",
    "entityType": 100008,
    "webhookUrl": "/x",
    "startDato": "2024-01-01T00:00:00",
}
SYSTEM = "0193e6a0-0000-7000-8000-0000000000aa"


def listing(*subscriptions: object, system: object = SYSTEM) -> str:
    return json.dumps({"systemIdentifier": system, "abonnementer": subscriptions})


@pytest.mark.parametrize(
    "content",
    [
        "", "null", "[]", '"x"', "{}", listing(None), listing([]), listing({}), listing(SUBSCRIPTION, None),
        listing(system=None),
        json.dumps({"systemIdentifier": SYSTEM, "abonnementer": SUBSCRIPTION}),
        json.dumps({"systemIdentifier": SYSTEM, "abonnementer": None}),
        listing({**SUBSCRIPTION, "unknown": 1}),
        listing(*[SUBSCRIPTION] * 10_001),
        listing(*[SUBSCRIPTION] * 9_999),
        *(listing({**SUBSCRIPTION, field: value}) for field, value in (
            ("orgType", "8"), ("orgType", 8.5), ("orgType", -(2**63)), ("orgType", 2**63), ("orgType", 10**40),
            ("orgType", True), ("orgCode", None), ("orgCode", 10**40), ("orgCode", "\u0000"), ("orgCode", "x" * 100_000),
            ("entityType", -1), ("entityType", 2**64), ("entityType", None), ("webhookUrl", None), ("webhookUrl", "a\u0000b"),
            ("webhookUrl", "http:\\\\andre.example"), ("webhookUrl", "//andre.example"), ("webhookUrl", "/\\andre.example"),
            ("webhookUrl", "/a\r\nhost: andre"), ("webhookUrl", "/?a=b"), ("webhookUrl", "/%0d%0a" + "\u202e"),
            ("webhookUrl", "/../../control/reset"), ("webhookUrl", "/%2e%2e/x"), ("webhookUrl", "/" + "a" * 100_000),
            ("startDato", "0001-01-01T00:00:00+14:00"), ("startDato", "9999-12-31T23:59:59-14:00"), ("startDato", 0),
            ("startDato", "i dag"), ("slutDato", "9999-12-31T23:59:59-14:00"), ("slutDato", "0001-01-01T00:00:00"),
        )),
        f'{{"systemIdentifier":"{SYSTEM}","abonnementer":[],"abonnementer":[{json.dumps(SUBSCRIPTION)}]}}',
        f'{{"systemIdentifier":"{SYSTEM}","abonnementer":[{json.dumps(SUBSCRIPTION)[:-1]},"orgType":2}}]}}',
        f'{{"systemIdentifier":"{SYSTEM}","abonnementer":{DEEP_LIST}}}',
    ],
)  # fmt: skip
def test_a_malformed_subscription_list_changes_nothing(adversary: Adversary, content: str) -> None:
    """The list is refused with the rule, and the existing subscription is kept."""
    rest = Rest(load())
    subscriptions = Subscriptions(load(), rest)
    headers = [f"{name}: {item}" for name, item in rest.headers.write(identity(), call_id=new_uuid()).items()]
    headers.append("content-type: application/json")
    system = {"systemIdentifier": SYSTEM, "baseUrl": "http://127.0.0.1:9/hook",
              "organisations": [{"organisationType": 8, "organisationCode": "10100"}]}  # fmt: skip
    set_up = adversary.call("PUT", "/control/subscriber-systems", body=json.dumps(system).encode(), control=True)
    assert status(set_up) == 204
    good = subscriptions.call(
        SYSTEM, [SubscriptionWish(JOBCENTER, 100008, "/staar", TODAY.date())], identity(), new_uuid()
    )
    assert status(adversary.call("POST", good.path, *headers, body=good.body)) == 200
    response = adversary.call("POST", good.path, *headers, body=content.encode())
    assert status(response) == 400, response[:2000]
    assert b'"fejlkode":' in response
    assert without_trace(response)
    assert b'"uaendrede":1' in adversary.call("POST", good.path, *headers, body=good.body)


@pytest.mark.parametrize(
    ("method", "path", "content"),
    [
        ("GET", "journal?after=" + "9" * 5000, ""), ("GET", "journal?after=%b2", ""), ("GET", "journal?after=-1", ""),
        ("GET", "journal?after=1&after=2", ""), ("GET", "extract?count=0", ""), ("GET", "state?count=%00", ""),
        ("POST", "subscriptions", '{"organisationType":8,"organisationCode":"10100","system":99999999999999999999}'),
        ("POST", "subscriptions", '{"organisationType":8,"organisationCode":"10100","system":-1}'),
        ("POST", "subscriptions", '{"organisationType":8,"organisationCode":"\\u0000","system":1}'),
        ("PUT", "release", '{"release":"2024-4","release":"2024-3"}'), ("PUT", "release", '{"release":' + DEEP_LIST + "}"),
        ("POST", "people", DEEP_OBJECT), ("PUT", "clock", '{"forward":1e308}'),
        ("PUT", "clock", '{"forward":"P' + "9" * 5000 + 'Y"}'),
        ("PUT", "clock", '{"instant":"9999-12-31T23:59:59.999999Z"}'),
        ("POST", "people", '{"people":[{"cpr":"0806842578","tilmeldekategori":99999999999999999999999}]}'),
        ("POST", "cpr-change", '{"old":"\\u0000","new":"' + "9" * MIB + '"}'),
    ],
)  # fmt: skip
def test_the_control_api_refuses_in_the_same_way(adversary: Adversary, method: str, path: str, content: str) -> None:
    response = adversary.call(method, f"/control/{path}", body=content.encode(), control=True)
    assert status(response) == 400, response[:2000]
    assert without_trace(response)


def test_the_body_limits_can_be_set(tmp_path_factory: pytest.TempPathFactory) -> None:
    with stage_process(*FROZEN, *flag(["body=4096", "depth=8"]), folder=tmp_path_factory.mktemp("small")) as process:
        adversary = Adversary(process)
        path, headers, _ = adversary.registration()
        assert status(adversary.call("POST", path, *headers, body=b" " * 4097)) == 413
        response = adversary.call("POST", path, *headers, body=b"[" * 9 + b"]" * 9)
        assert (status(response), b"8 niveauer" in response) == (400, True)
        response = adversary.call("POST", PRS, XML, body=b"<a>" * 9 + b"</a>" * 9)
        assert b"8 niveauer" in response
        adversary.neighbour_served()
