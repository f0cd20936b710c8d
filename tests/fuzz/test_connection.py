"""The raw HTTP client: complete and truncated answers, and when it opens a new connection."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator, Sequence

import pytest

from generalproeve.fuzz.connection import Connection
from vos_contracts.wire.base import Call, NoListenerError, UnreachableError

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nX-Kind: a\r\n\r\nok"
CALL = Call("POST", "/x", {"a": "b\x01"}, b"body")


@contextlib.contextmanager
def server(*connections: Sequence[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    """Serve the given answers, one list for each connection; yield the address and the list of received requests."""
    received: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for answers in connections:
            sock, _ = listener.accept()
            with sock:
                for answer in answers:
                    received.append(sock.recv(65_536))
                    sock.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/base", received
    finally:
        thread.join(timeout=10)
        listener.close()


@pytest.mark.parametrize(
    ("method", "answer", "body"),
    [
        ("POST", OK, b"ok"),
        ("POST", b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n3;x\r\nmay\r\n0\r\n\r\n", b"okmay"),
        ("POST", b"HTTP/1.1 200 OK\r\n\r\nuntil the end", b"until the end"),
        ("HEAD", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", b""),
        ("POST", b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    ],
)
def test_a_complete_answer_is_read(method: str, answer: bytes, body: bytes) -> None:
    with server([answer]) as (address, _), Connection(address, 10) as connection:
        assert connection.send(Call(method, "/x")).body == body


def test_a_call_is_sent_unchanged_and_the_connection_is_reused() -> None:
    with server([OK, OK]) as (address, received), Connection(address, 10) as connection:
        answer = connection.send(CALL)
        assert (answer.status, answer.headers["x-kind"], answer.body) == (200, "a", b"ok")
        connection.send(Call("GET", "/y"))
    assert received[0].startswith(b"POST /base/x HTTP/1.1\r\nhost: 127.0.0.1:")
    assert received[0].endswith(b"\r\na: b\x01\r\ncontent-length: 4\r\n\r\nbody")
    assert received[1].startswith(b"GET /base/y HTTP/1.1\r\n")


def test_a_connection_closed_by_the_server_is_opened_again() -> None:
    with server([OK], [OK]) as (address, received), Connection(address, 10) as connection:
        assert [connection.send(CALL).status for _ in range(2)] == [200, 200]
    assert received.count(received[0]) >= 2


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\ncontent-le", OK[:-1], b"no HTTP at all\r\n\r\n"])
def test_a_truncated_answer_is_an_error(answer: bytes) -> None:
    with server([answer]) as (address, _), Connection(address, 10) as connection, pytest.raises(UnreachableError):
        connection.send(CALL)


def test_an_address_without_a_server_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with Connection(f"http://127.0.0.1:{port}", 10) as connection, pytest.raises(NoListenerError):
        connection.send(CALL)
