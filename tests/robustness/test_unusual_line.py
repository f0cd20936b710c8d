"""Unusual but valid HTTP: pipelining, calls in pieces, HTTP/1.0, HEAD, chunked bodies, Expect."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.adversary import FROZEN, Adversary, flag, read, status, statuses
from support.processes import stage_process

CALL = b"GET /v1/Kodeliste HTTP/1.1\r\nhost: x\r\n\r\n"
LAST = CALL.replace(b"host: x", b"host: x\r\nconnection: close")


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
    entry = b"POST /findes/ikke HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(body) + body
    assert statuses(adversary.raw(entry + LAST)) == [404, 200]
    assert statuses(adversary.raw(entry + LAST[:20], LAST[20:])) == [404, 200]


def test_http_1_0_gets_an_answer_and_no_connection(adversary: Adversary) -> None:
    response = adversary.raw(b"GET /v1/Kodeliste HTTP/1.0\r\n\r\n")
    assert status(response) == 200
    assert b"connection: close" in response


def test_head_gets_a_head_and_no_body(adversary: Adversary) -> None:
    for call in (LAST, CALL):
        head, _, rest = adversary.raw(call.replace(b"GET", b"HEAD") + LAST).partition(b"\r\n\r\n")
        assert status(head) == 405
        assert b"content-length: " in head
        assert status(rest) == (200 if call is CALL else 0)


def test_expect_100_continue_is_answered(adversary: Adversary) -> None:
    path, headers, body = adversary.registration()
    lines = [f"POST {path} HTTP/1.1", "host: x", f"content-length: {len(body)}", "expect: 100-continue", *headers]
    with adversary.connect() as sock:
        sock.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
        assert sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(body)
        assert statuses(read(sock)) == [200]


def test_a_chunked_body_is_read_and_its_trailers_are_ignored(adversary: Adversary) -> None:
    path, headers, body = adversary.registration()
    lines = [f"POST {path} HTTP/1.1", "host: x", "connection: close", "transfer-encoding: chunked", *headers]
    chunks = b"".join(b"1\r\n%c\r\n" % item for item in body)
    head = "\r\n".join(lines).encode() + b"\r\n\r\n"
    assert statuses(adversary.raw(head, chunks, b"0\r\nx-requestId: en anden\r\n\r\n")) == [200]


def test_trailers_have_the_same_limit_as_the_head(adversary: Adversary) -> None:
    entry = b"POST /v1/PersonVisitering/kontaktgruppe HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n"
    assert 431 in statuses(adversary.raw(entry + b"a: b\r\n" * 2000 + b"\r\n"))


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
