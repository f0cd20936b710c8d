"""Unusual but valid HTTP: pipelining, calls in pieces, HTTP/1.0, HEAD, upgrades, chunked bodies, Expect."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.adversary import FROZEN, Adversary, flag, read, status, statuses
from support.processes import stage_process

CALL = b"GET /v1/Kodeliste HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
LAST = CALL.replace(b"host: 127.0.0.1", b"host: 127.0.0.1\r\nconnection: close")


@pytest.fixture(scope="module")
def adversary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adversary]:
    with stage_process(
        *FROZEN, *flag(("headers=8192", "idle_seconds=0.5")), folder=tmp_path_factory.mktemp("stage")
    ) as process:
        yield Adversary(process)


def test_pipelined_calls_are_answered_in_order(adversary: Adversary) -> None:
    unknown_path = CALL.replace(b"/v1/Kodeliste", b"/findes/ikke")
    assert statuses(adversary.raw(CALL + unknown_path + CALL + unknown_path + LAST)) == [200, 404, 200, 404, 200]


def test_a_call_in_pieces_is_the_same_call(adversary: Adversary) -> None:
    whole = adversary.raw(LAST)
    for cut in range(1, len(LAST)):
        assert adversary.raw(LAST[:cut], LAST[cut:]) == whole


def test_the_end_of_a_call_may_come_with_the_start_of_the_next(adversary: Adversary) -> None:
    assert statuses(adversary.raw(CALL + LAST[:20], LAST[20:])) == [200, 200]


def test_a_large_body_does_not_count_towards_the_next_head(adversary: Adversary) -> None:
    body = b" " * 20_000
    call = b"POST /findes/ikke HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: %d\r\n\r\n" % len(body) + body
    assert statuses(adversary.raw(call + LAST)) == [404, 200]
    assert statuses(adversary.raw(call + LAST[:20], LAST[20:])) == [404, 200]


def test_http_1_0_gets_an_answer_and_its_connection_is_closed(adversary: Adversary) -> None:
    response = adversary.raw(b"GET /v1/Kodeliste HTTP/1.0\r\n\r\n")
    assert status(response) == 200
    assert b"connection: close" in response


@pytest.mark.parametrize(
    ("path", "control"),
    [
        ("/v1/Kodeliste", False), ("/v1/Kodeliste/findes-ikke", False), ("/openapi.json", False),
        ("/PjakTassWCFtService/9/PersonRegistrationService.svc?wsdl", False), ("/v1/PersonVisitering/kontaktgruppe", False),
        ("/PjakTassWCFtService/8/UnemploymentEnrollmentService.svc?wsdl", False), ("/findes/ikke", False),
        ("/control/status", True), ("/control/extract", True), ("/control/latency", True), ("/control/findes-ikke", True),
    ],
)  # fmt: skip
def test_head_is_answered_as_get_without_a_body(adversary: Adversary, path: str, control: bool) -> None:
    last = LAST.replace(b"/v1/Kodeliste", path.encode())
    head, _, head_body = adversary.raw(last.replace(b"GET", b"HEAD"), control=control).partition(b"\r\n\r\n")
    as_get, _, body = adversary.raw(last, control=control).partition(b"\r\n\r\n")
    assert body
    assert head_body == b""
    assert head == as_get
    both = last.replace(b"GET", b"HEAD").replace(b"\r\nconnection: close", b"") + last
    assert adversary.raw(both, control=control).endswith(as_get + b"\r\n\r\n" + body), (
        "the answers to HEAD and GET on one connection differ from those to each alone"
    )


@pytest.mark.parametrize("upgrade", ["h2c", "websocket", "TLS/1.2", "h2c, websocket"])
@pytest.mark.parametrize("connection", ["upgrade", "Upgrade, HTTP2-Settings", "keep-alive,UPGRADE"])
def test_a_request_that_asks_for_an_upgrade_keeps_its_body(adversary: Adversary, upgrade: str, connection: str) -> None:
    upgrade_headers = (f"upgrade: {upgrade}", f"connection: {connection}", "http2-settings: AAMAAABk")
    path, headers, body = adversary.registration()
    whole = request("POST", path, *headers, *upgrade_headers, body=body)
    assert statuses(adversary.raw(whole + LAST)) == [200, 200]
    path, headers, body = adversary.registration()
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    head = request("POST", path, *headers, *upgrade_headers, "transfer-encoding: chunked")
    assert statuses(adversary.raw(head, chunked[:9], chunked[9:] + LAST)) == [200, 200]
    assert statuses(adversary.raw(request("GET", "/v1/Kodeliste", *upgrade_headers) + LAST)) == [200, 200]


def test_a_request_that_asks_for_an_upgrade_may_come_in_pieces(adversary: Adversary) -> None:
    upgrade_headers = ("upgrade: h2c", "connection: upgrade")
    path, headers, body = adversary.registration()
    whole = request("POST", path, *headers, *upgrade_headers, body=body)
    assert statuses(adversary.raw(*(whole[i : i + 7] for i in range(0, len(whole), 7)), LAST)) == [200, 200]


def test_the_control_api_and_soap_ignore_an_upgrade_too(adversary: Adversary) -> None:
    upgrade_headers = ("upgrade: h2c", "connection: upgrade", "host: 127.0.0.1")
    clock = b'{"forward": 60}'
    put = request("PUT", "/control/clock", *upgrade_headers, "content-type: application/json", body=clock, host="")
    get = request("GET", "/control/status", "host: 127.0.0.1", "connection: close", host="")
    assert statuses(adversary.raw(put + get, control=True)) == [200, 200]
    soap = request(
        "POST",
        "/PjakTassWCFtService/9/PersonRegistrationService.svc",
        *upgrade_headers,
        "content-type: text/xml",
        body=b"<a/>",
        host="",
    )
    response = adversary.raw(soap + LAST)
    assert statuses(response) == [500, 200]
    assert "skal være Envelope".encode() in response


def request(method: str, path: str, *headers: str, body: bytes = b"", host: str = "127.0.0.1") -> bytes:
    """Return a request as bytes, with its length if it has a body."""
    lines = [f"{method} {path} HTTP/1.1", *([f"host: {host}"] if host else []), *headers]
    if body:
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join((*lines, "", "")).encode() + body


def test_expect_100_continue_is_answered(adversary: Adversary) -> None:
    path, headers, body = adversary.registration()
    lines = [
        f"POST {path} HTTP/1.1",
        "host: 127.0.0.1",
        f"content-length: {len(body)}",
        "expect: 100-continue",
        *headers,
    ]
    with adversary.connect() as sock:
        sock.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
        assert sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(body)
        assert statuses(read(sock)) == [200]


def test_a_chunked_body_is_read_and_its_trailers_are_ignored(adversary: Adversary) -> None:
    path, headers, body = adversary.registration()
    lines = [f"POST {path} HTTP/1.1", "host: 127.0.0.1", "connection: close", "transfer-encoding: chunked", *headers]
    chunks = b"".join(b"1\r\n%c\r\n" % item for item in body)
    head = "\r\n".join(lines).encode() + b"\r\n\r\n"
    assert statuses(adversary.raw(head, chunks, b"0\r\nx-requestId: en anden\r\n\r\n")) == [200]


def test_trailers_have_the_same_limit_as_the_head(adversary: Adversary) -> None:
    head = request("POST", "/v1/PersonVisitering/kontaktgruppe", "transfer-encoding: chunked")
    assert 431 in statuses(adversary.raw(head + b"0\r\n" + b"a: b\r\n" * 2000 + b"\r\n"))


def test_an_idle_connection_is_closed_and_one_in_use_is_kept(adversary: Adversary) -> None:
    with adversary.connect() as sock:
        for _ in range(3):
            sock.sendall(CALL)
            response = b""
            while not response.endswith(b"}]"):
                response += sock.recv(65536)
            assert statuses(response) == [200]
        rest = read(sock)
    assert statuses(rest) == []
