"""Every reader of content from outside takes time that is linear in its size, whether the content is valid or not.

One test per reader and kind of content compares the CPU time of the content with that of four times as much, each the
shortest of several rounds. A linear reader needs about 4 times the time, a quadratic one 16 times.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
import pytest

from generalproeve.base.exit_codes import CannotRun
from generalproeve.base.masking import mask, mask_json, visible
from generalproeve.report import expected, reading
from generalproeve.settings import configuration
from generalproeve.stage.gatekeeper import Gatekeeper
from generalproeve.stage.latency import model
from support.builders import NOW, TODAY, contract, identity
from support.direct import Direct
from support.stores import empty_store
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import load
from vos_contracts.model.registration import Create, Kind
from vos_contracts.tables.table import TABLE_FORMS, TableError, lay_over
from vos_contracts.tables.table import load as load_table
from vos_contracts.wire.asgi.body import BodyLimits, require_unambiguous
from vos_contracts.wire.base import Call, RemoteWireError, Response
from vos_contracts.wire.calls import CallReader
from vos_contracts.wire.messages.events import decode_event
from vos_contracts.wire.messages.webhook import WebhookCodec
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.soap import envelope, registration
from vos_contracts.wire.soap.schemas import services
from vos_reference.bootstrap import Application, build
from vos_reference.config import Configuration

TIMES = 4
MAX_FACTOR = 10
"""The largest factor that counts as linear: 4, and room for processor caches; n log n gives 4.7, n squared 16."""
MIN_NS = 20_000_000
"""The shortest time that can be measured reliably."""
LARGEST = 1_000_000
ROUNDS = 3
LIMITS = BodyLimits(body=64 * 1024 * 1024)
Content = Callable[[int], bytes]
Work = Callable[[int], Callable[[], object]]


def factor(work: Work, largest: int = LARGEST) -> float:
    """Return how many times as much CPU time `TIMES` times the content takes.

    The content grows until it takes `MIN_NS`; if the largest does not, the factor is 1.
    """
    size = 1000
    while (took := _shortest(work(size))) < MIN_NS:
        size *= 2
        if size > largest:
            return 1
    return _shortest(work(size * TIMES)) / took


def _shortest(task: Callable[[], object]) -> int:
    shortest = 0
    gc.collect()
    gc.disable()  # a garbage collection of the process does not depend on the content
    try:
        for _ in range(ROUNDS):
            began = time.thread_time_ns()
            task()
            took = time.thread_time_ns() - began
            shortest = took if shortest == 0 else min(took, shortest)
    finally:
        gc.enable()
    return shortest


def _or_refused(task: Callable[[], object]) -> Callable[[], object]:
    """Return the task with its refusals as results, since accepting and refusing must both be linear."""

    def attempt() -> object:
        try:
            return task()
        except (RemoteWireError, CannotRun, TableError, msgspec.MsgspecError, ValueError) as exc:
            return exc

    return attempt


def assert_linear(work: Work, largest: int = LARGEST) -> None:
    measured = factor(lambda size: _or_refused(work(size)), largest)
    assert measured < MAX_FACTOR, f"{TIMES} times the content takes {measured:.1f} times as long"


def quick(kinds: Iterable[str], *chosen: str) -> list[object]:
    """Return the kinds as parameters; all but the chosen ones are marked slow."""
    return [kind if kind in chosen else pytest.param(kind, marks=pytest.mark.slow) for kind in kinds]


JSON_BODIES: dict[str, Content] = {
    "open string of escaped quotes": lambda n: b"[" * 65 + b'"' + b'\\"' * n,
    "open string of backslashes": lambda n: b"[" * 65 + b'"' + b"\\" * (2 * n + 1),
    "quotes": lambda n: b"[" * 65 + b'"' * n,
    "strings": lambda n: b"[" * 65 + b'"a\\"b",' * n,
    "open brackets": lambda n: b"[" * n,
    "pairs of brackets": lambda n: b"[" * 60 + b"[{}]," * n,
    "members": lambda n: b"{" + b",".join(b'"m%d":0' % i for i in range(n)) + b"}",
    "members, the last one twice": lambda n: (
        b"{" + b",".join(b'"m%d":0' % i for i in range(n)) + b',"m%d":0}' % (n - 1)
    ),
    "digits": lambda n: b'{"kontaktgruppeType":' + b"1" * n + b"}",
    "a long text": lambda n: b'{"kontaktgruppeType":13,"starttidspunkt":"' + b"x" * n + b'"}',
    "spaces": lambda n: b'{"kontaktgruppeType":' + b" " * n + b"13}",
    "escapes": lambda n: b'{"kontaktgruppeType":13,"starttidspunkt":"' + b"\\u0041" * n + b'"}',
    "bytes that are not UTF-8": lambda n: b'{"kontaktgruppeType":13,"starttidspunkt":"' + b"\xff" * n + b'"}',
}
XML_PARTS: dict[str, Content] = {
    "namespaces": lambda n: b" ".join(b'xmlns:n%d="u%d"' % (i, i) for i in range(n)),
    "attributes": lambda n: b" ".join(b'a%d="%d"' % (i, i) for i in range(n)),
    "attributes of namespaces": lambda n: b'xmlns:n="u" ' + b" ".join(b'n:a%d="%d"' % (i, i) for i in range(n)),
}
XML_ELEMENTS: dict[str, Content] = {
    "elements": lambda n: b"<a/>" * n,
    "elements with namespaces of their own": lambda n: b"".join(b'<a xmlns="u%d"/>' % i for i in range(n)),
    "elements with attributes": lambda n: b'<a b="1" c="2"/>' * n,
    "texts": lambda n: b"<a>x</a>" * n,
    "character references": lambda n: b"<a>" + b"&#65;" * n + b"</a>",
    "CDATA sections": lambda n: b"<a>" + b"<![CDATA[x]]>" * n + b"</a>",
    "comments": lambda n: b"<!--x-->" * n,
    "processing instructions": lambda n: b"<?x y?>" * n,
    "open elements": lambda n: b"<a>" * n,
    "ampersands": lambda n: b"&" * n,
}


@pytest.fixture(scope="module")
def application() -> Iterator[Application]:
    application = build(Configuration(db=None, clock=NOW, body_limits=LIMITS), contract(), empty_store())  # type: ignore[arg-type]  # no file
    yield application
    application.close()


def rest_call(body: bytes) -> Call:
    call = Rest(load()).call_register("0101900001", Create(Kind.KONTAKTGRUPPE, 13, TODAY), identity(), new_uuid())
    return Call(call.method, call.path, call.headers, body)


@pytest.mark.parametrize("kind", quick(JSON_BODIES, "open string of escaped quotes", "members"))
@pytest.mark.parametrize(
    "path", ["", *(pytest.param(path, marks=pytest.mark.slow) for path in ("/v1/abonnement/sync", "/control/people"))]
)
def test_a_json_body(application: Application, kind: str, path: str) -> None:
    app = Direct(application.control if path.startswith("/control") else application.services)

    def work(size: int) -> Callable[[], object]:
        call = rest_call(JSON_BODIES[kind](size))
        sent = Call("POST", path or call.path, call.headers, call.body)
        return lambda: _refused(app.send(sent), 200)

    assert_linear(work)


@pytest.mark.parametrize("kind", ["members", "members, the last one twice"])
def test_the_search_for_duplicate_members(kind: str) -> None:
    def work(size: int) -> Callable[[], object]:
        body = JSON_BODIES[kind](size)
        return lambda: require_unambiguous(body)

    assert_linear(work)


def _refused(response: Response, status: int) -> Response:
    assert response.status != status, "the content was accepted"
    return response


def soap_body(attributes: bytes = b"", in_body: bytes = b"", in_header: bytes = b"") -> bytes:
    _, element = registration.write_query("0101900001", Create(Kind.KONTAKTGRUPPE, 13, TODAY), load())
    body = envelope.write_call(identity(), element)
    return (
        body.replace(b"<s:Body>", b"<s:Body " + attributes + b">")
        .replace(b"</ns0:CreateContactGroupRequest>", in_body + b"</ns0:CreateContactGroupRequest>")
        .replace(b"</s:Header>", in_header + b"</s:Header>")
    )


@pytest.mark.parametrize("kind", quick([*XML_PARTS, *XML_ELEMENTS], "namespaces", "elements"))
@pytest.mark.parametrize(
    "place", ["Body", *(pytest.param(place, marks=pytest.mark.slow) for place in ("request", "Header"))]
)
def test_a_soap_envelope(kind: str, place: str) -> None:
    service = services(load())["PersonRegistrationService"]

    def work(size: int) -> Callable[[], object]:
        if kind in XML_PARTS:
            content = XML_PARTS[kind](size)
            body = {
                "Body": lambda: soap_body(attributes=content),
                "request": lambda: soap_body().replace(b"Request ", b"Request " + content + b" ", 1),
                "Header": lambda: soap_body(in_header=b"<x:y xmlns:x='urn:x' " + content + b"/>"),
            }[place]()
        else:
            content = XML_ELEMENTS[kind](size)
            body = {
                "Body": lambda: soap_body().replace(b"</s:Body>", content + b"</s:Body>"),
                "request": lambda: soap_body(in_body=content),
                "Header": lambda: soap_body(in_header=content),
            }[place]()
        return lambda: envelope.read_call(service, body, None, contract(), 0, LIMITS)

    assert_linear(work)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*XML_PARTS, *XML_ELEMENTS])
def test_an_answer_of_another_soap_service(kind: str) -> None:
    def work(size: int) -> Callable[[], object]:
        content = (XML_PARTS.get(kind) or XML_ELEMENTS[kind])(size)
        body = soap_body(attributes=content) if kind in XML_PARTS else soap_body(in_body=content)
        return lambda: envelope.read_response(body)

    assert_linear(work)


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["lines", "one line"])
def test_a_fault_of_several_errors(shape: str) -> None:
    def work(size: int) -> Callable[[], object]:
        text = "".join(f"{1000 + i}: fejl\n" for i in range(size)) if shape == "lines" else "1014: " + "x: " * size
        fault = (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode>'
            '<detail><FaultDetails xmlns="http://service.bm.dk/xml/schemas/2011/01/12/"><ErrorCode>1014</ErrorCode>'
            f"<Message>{text}</Message></FaultDetails></detail></s:Fault></s:Body></s:Envelope>"
        ).encode()
        return lambda: envelope.read_response(fault)

    assert_linear(work)


HEADER_VALUES: dict[str, Callable[[int], str]] = {
    "blanks": lambda n: " " * n + "x",
    "at signs": lambda n: "a@" * n,
    "a long word": lambda n: "x" * n,
    "digits": lambda n: "1" * n,
    "semicolons": lambda n: "; " * n,
    "charset": lambda n: "; charset" * n,
    "charset and blanks": lambda n: ";" + " " * n + "charset" + " " * n,
    "letters beyond ASCII": lambda n: "Å" * n,
    "percent": lambda n: "%41" * n,
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", HEADER_VALUES)
def test_the_headers_of_a_call(application: Application, kind: str) -> None:
    app, call = Direct(application.services), rest_call(b"{}")

    def work(size: int) -> Callable[[], object]:
        names = {*call.headers, "x-useremail"} - {"content-type"}
        headers = {name: HEADER_VALUES[kind](size) for name in names}
        return lambda: app.send(Call("POST", call.path, headers, call.body))

    def content_type(size: int) -> Callable[[], object]:
        headers = {**call.headers, "content-type": HEADER_VALUES[kind](size)}
        return lambda: app.send(Call("POST", call.path, headers, call.body))

    assert_linear(work, largest=100_000)
    assert_linear(content_type)


@pytest.mark.slow
@pytest.mark.parametrize("query", ["a=1&", "after=1&", "%41", "&", "="])
@pytest.mark.parametrize("path", ["/control/events", "/control/extract", "/control/journal"])
def test_a_query(application: Application, path: str, query: str) -> None:
    app = Direct(application.control)
    assert_linear(lambda size: lambda: app.send(Call("GET", f"{path}?{query * size}", {}, b"")))


@pytest.mark.parametrize("kind", quick(["bearer", "basic", "host", "origin"], "bearer"))
def test_the_access_check_of_the_control_api(kind: str) -> None:
    async def app(scope: object, receive: object, send: Callable[[dict[str, object]], object]) -> None:
        raise AssertionError("a call without access reached the application")

    gate = Direct(Gatekeeper(app, token="x" * 20))

    def work(size: int) -> Callable[[], object]:
        value = {"bearer": "Bearer " + "x" * size, "basic": "Basic " + "eHg6" * size, "host": "a." * size,
                 "origin": "http://" + "a:" * size}[kind]  # fmt: skip
        name = {"bearer": "authorization", "basic": "authorization"}.get(kind, kind)
        return lambda: gate.send(Call("GET", "/control/status", {"host": "127.0.0.1", name: value}, b""))

    assert_linear(work)


MESSAGES: dict[str, Content] = {**JSON_BODIES, "list": lambda n: b"[" + b"0," * n + b"0]"}


@pytest.mark.slow
@pytest.mark.parametrize("kind", MESSAGES)
def test_a_message_that_is_received(kind: str) -> None:
    codec = WebhookCodec(contract())

    def webhook(size: int) -> Callable[[], object]:
        body = MESSAGES[kind](size)
        return lambda: codec.read(body)

    def event(size: int) -> Callable[[], object]:
        body = MESSAGES[kind](size)
        return lambda: decode_event(body)

    assert_linear(webhook)
    assert_linear(event)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*JSON_BODIES, *XML_ELEMENTS])
def test_a_call_of_a_party_as_it_is_described(kind: str) -> None:
    reader = CallReader(contract())

    def work(size: int) -> Callable[[], object]:
        if kind in JSON_BODIES:
            call = rest_call(JSON_BODIES[kind](size))
        else:
            path = services(load())["PersonRegistrationService"].path
            call = Call("POST", path, {"content-type": "text/xml"}, soap_body(in_body=XML_ELEMENTS[kind](size)))
        response = Response(400, {"content-type": "application/json"}, call.body)
        return lambda: (reader.read(call), reader.read_answer(response))

    assert_linear(work)


TABLES: dict[str, Callable[[int], str]] = {
    "rows": lambda n: "code,http\n" + "".join(f"{i},400\n" for i in range(n)),
    "one row many times": lambda n: "code,http\n" + "1014,400\n" * n,
    "columns": lambda n: ",".join(f"c{i}" for i in range(n)) + "\n",
    "cells": lambda n: "code,http\n" + "1," * n,
    "quotes": lambda n: "code,http\n" + '"' * n,
    "one long cell": lambda n: "code,http\n1014," + "x" * n,
    "line breaks in a cell": lambda n: 'code,http\n"' + "\n" * n,
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", TABLES)
def test_an_overlay(kind: str) -> None:
    form = TABLE_FORMS["errors"]
    table = load_table(form)
    assert_linear(lambda size: _then(TABLES[kind](size), lambda text: lay_over(form, table, text, "errors.csv")))


def _then(text: str, read: Callable[[str], object]) -> Callable[[], object]:
    return lambda: read(text)


TOMLS: dict[str, Callable[[int], str]] = {
    "keys": lambda n: "".join(f"k{i} = 1\n" for i in range(n)),
    "tables": lambda n: "".join(f"[t{i}]\na = 1\n" for i in range(n)),
    "entries": lambda n: '[[difference]]\nfeature = "f"\nscenario = "s"\nreason = "r"\nverdict = "failed"\n' * n,
    "a long text": lambda n: f'k = "{"x" * n}"\n',
    "variables": lambda n: f'k = "{"${A}" * n}"\n',
    "open variables": lambda n: f'k = "{"${A" * n}"\n',
    "list": lambda n: "k = [" + "1," * n + "]\n",
    "open list": lambda n: "k = [" + "1," * n,
    "comments": lambda n: "# x\n" * n,
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", TOMLS)
def test_the_files_in_toml(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "file.toml"

    def written(size: int) -> Path:
        file.write_text(TOMLS[kind](size), "utf-8")
        return file

    def settings(size: int) -> Callable[[], object]:
        written(size)
        return lambda: configuration.read(file, {"A": "1"})

    def differences(size: int) -> Callable[[], object]:
        written(size)
        return lambda: expected.read(file)

    def latency(size: int) -> Callable[[], object]:
        written(size)
        return lambda: model.load(file)

    for work in (settings, differences, latency):
        assert_linear(work)


@pytest.mark.slow
def test_the_journal_of_an_earlier_run(tmp_path: Path) -> None:
    def work(size: int) -> Callable[[], object]:
        verdict = {"kind": "verdict", "feature": "f", "verdict": "passed", "explanation": "", "milliseconds": 1}
        lines = [{"kind": "begun"}, *({**verdict, "scenario": f"s{i % 7}"} for i in range(size)), {"kind": "ended"}]
        (tmp_path / "journal.ndjson").write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
        return lambda: reading.read(tmp_path)

    assert_linear(work)


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["0101901234 ", "010190-", "01019012345", "1", "\x1b", "\u202e", "a", "123e4567-e89b-12d3-a456-", "-"]
)
def test_a_text_that_is_masked(piece: str) -> None:
    assert_linear(lambda size: _then(piece * size, lambda text: (mask(text), visible(text), mask_json([text]))))


def test_a_quadratic_reader_is_caught() -> None:
    """The check itself finds a reader that goes through everything read so far for each new piece."""

    def quadratic(size: int) -> Callable[[], object]:
        return lambda: [None for number in range(size) if number in list(range(number))[:-1]]

    assert factor(quadratic) > MAX_FACTOR
    assert factor(lambda size: lambda: sum(range(size * 10))) < MAX_FACTOR
