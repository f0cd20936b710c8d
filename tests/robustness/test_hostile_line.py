"""Hostile connections: slow, idle, endless or ambiguous. The stage closes them and keeps serving other callers."""

from __future__ import annotations

import contextlib
import resource
import socket
from collections.abc import Iterator

import pytest

from support.adversary import FROZEN, MIB, PATH, Adversary, flag, read, status, statuses, without_trace
from support.processes import stage_process

LIMITS = ("header_seconds=0.5", "body_seconds=0.5", "idle_seconds=0.5", "headers=8192", "connections=100")
MAX_GROWTH = 64 * MIB


@pytest.fixture(scope="module")
def _adversary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adversary]:
    with stage_process(*FROZEN, *flag(LIMITS), folder=tmp_path_factory.mktemp("stage")) as process:
        yield Adversary(process)


@pytest.fixture
def adversary(_adversary: Adversary) -> Iterator[Adversary]:
    with _adversary.unharmed(MAX_GROWTH):
        yield _adversary


def post_head(length: int = 0) -> bytes:
    head = f"POST {PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {length}"
    return f"{head}\r\n\r\n".encode()


def drip(sock: socket.socket, chunks: Iterator[bytes]) -> bytes:
    """Send chunk by chunk until the stage answers or closes the connection; return its answer."""
    sock.settimeout(0.1)
    for chunk in chunks:
        try:
            sock.sendall(chunk)
            if response := sock.recv(65536):
                return response + read(sock)
            return b""
        except TimeoutError:
            continue
        except ConnectionError:
            return b""
    raise AssertionError("the stage read every chunk without answering")


def test_headers_one_byte_at_a_time_time_out(adversary: Adversary) -> None:
    with adversary.connect() as sock:
        response = drip(sock, (bytes([item]) for item in post_head() * 5))
    assert status(response) == 408
    assert "for længe" in response.decode()


def test_a_body_that_never_ends_times_out(adversary: Adversary) -> None:
    with adversary.connect() as sock:
        sock.sendall(post_head(1000))
        assert status(drip(sock, (b" " for _ in range(500)))) == 408


def test_a_body_that_never_begins_times_out(adversary: Adversary) -> None:
    with adversary.connect() as sock:
        sock.sendall(post_head(1000))
        assert status(read(sock)) == 408


def test_an_idle_client_loses_its_connection(adversary: Adversary) -> None:
    with adversary.connect() as sock:
        assert read(sock) == b""
    with adversary.connect() as sock:
        sock.sendall(b"GET /openapi.json HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
        assert statuses(read(sock)) == [200]


@pytest.mark.parametrize(
    "head",
    [
        b"x-a: " + b"a" * MIB + b"\r\n",
        b"a: b\r\n" * 100_000,
        b"cookie: " + b"a" * 8192 + b"\r\n",
    ],
    ids=["one long header", "many headers", "just above the limit"],
)
def test_too_many_headers_are_refused(adversary: Adversary, head: bytes) -> None:
    response = adversary.raw(b"GET /openapi.json HTTP/1.1\r\nhost: 127.0.0.1\r\n" + head + b"\r\n")
    assert status(response) in (431, 0)  # a TCP reset may overtake the answer while data is in flight


def test_an_endless_header_is_refused(adversary: Adversary) -> None:
    response = adversary.raw(b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-a: ", *[b"a" * MIB] * 200)
    assert status(response) in (431, 0)


def test_an_endless_path_is_refused(adversary: Adversary) -> None:
    assert status(adversary.raw(b"GET /", *[b"a" * 16_000] * 200)) in (431, 0)


def test_headers_below_the_limit_are_accepted(adversary: Adversary) -> None:
    assert status(adversary.call("GET", "/openapi.json", f"x-a: {'a' * 7000}")) == 200


SMUGGLED = b"GET /openapi.json HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
POST_HEAD = f"POST {PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\n".encode()


@pytest.mark.parametrize(
    "call",
    [
        POST_HEAD + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        POST_HEAD + b"transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
        POST_HEAD + b"content-length: 0\r\ncontent-length: 41\r\n\r\n",
        POST_HEAD + b"content-length: 0, 41\r\n\r\n",
        POST_HEAD + b"content-length: +0\r\n\r\n",
        POST_HEAD + b"content-length: 99999999999999999999999\r\n\r\n",
        POST_HEAD + b"transfer-encoding : chunked\r\n\r\n0\r\n\r\n",
        POST_HEAD + b"transfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
        POST_HEAD + b"transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        POST_HEAD + b"transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        POST_HEAD + b"transfer-encoding: identity\r\n\r\n",
        POST_HEAD + b"x-a: 1\r\n content-length: 5\r\n\r\n",
        POST_HEAD + b"x-a: 1\ncontent-length: 5\r\n\r\n",
        POST_HEAD + b"x-a: 1\rcontent-length: 5\r\n\r\n",
        POST_HEAD + b"x-a: 1\0\r\n\r\n",
        POST_HEAD.replace(b"\r\n", b"\n") + b"\n",
        POST_HEAD + b"transfer-encoding: chunked\r\n\r\n1;a\nX\r\n0\r\n\r\n",
        POST_HEAD + b"transfer-encoding: chunked\r\n\r\n-1\r\n\r\n",
        POST_HEAD + b"transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        POST_HEAD + b"host: y\r\n\r\n",
        POST_HEAD.replace(b"host: 127.0.0.1\r\n", b"") + b"\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"CONNECT andre.example:443 HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/9.9\r\nhost: 127.0.0.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 200,
    ],
)  # fmt: skip
def test_ambiguous_requests_are_refused_and_nothing_is_smuggled_behind_them(adversary: Adversary, call: bytes) -> None:
    """Two parsers could read each of these requests differently, so nothing after it on the connection is parsed."""
    response = adversary.raw(call + SMUGGLED)
    assert statuses(response) in ([400], [501]), response
    assert b'"fejlkode":1014' in response
    assert without_trace(response)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/PersonVisitering%2fkontaktgruppe", 400), ("/v1/PersonVisitering%5Ckontaktgruppe", 400),
        (f"{PATH}%00", 404), (f"{PATH}%0aloglinje", 404), ("/%1b[31m", 404), ("/%7f", 404),
        ("/v1/../v1/PersonVisitering/kontaktgruppe", 404), ("/v1/%2e%2e/v1/PersonVisitering/kontaktgruppe", 404),
        (f"/{PATH}", 404), (f"{PATH}/", 401), ("/v1//PersonVisitering/kontaktgruppe", 404), ("/..", 404), ("/%ff%fe", 404),
        ("/%e2%80%ae", 404), (f"{PATH};a=b", 404), (f"{PATH}%252f", 404), ("/openapi.json/%2e%2e", 404),
        ("/v1/Kodeliste/..%2f..%2fudgave", 400), ("/v1/Kodeliste/%2e%2e", 400), ("/swagger/%2e%2e/openapi.json", 404),
        ("/PjakTassWCFtService/9/%2e%2e/9/PersonRegistrationService.svc?wsdl", 404),
    ],
)  # fmt: skip
def test_a_path_is_not_normalised(adversary: Adversary, path: str, expected: int) -> None:
    response = adversary.call("GET", path)
    assert status(response) == expected, response
    assert without_trace(response)


@pytest.mark.parametrize("target", ["/", "/openapi.json", "127.0.0.1:80"])
def test_a_tunnel_is_refused(adversary: Adversary, target: str) -> None:
    response = adversary.raw(f"CONNECT {target} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode() + SMUGGLED)
    assert statuses(response) in ([400], [501]), response


@pytest.mark.slow
def test_thousands_of_idle_connections_do_not_block_a_caller(tmp_path_factory: pytest.TempPathFactory) -> None:
    """There are more connections than file descriptors: the stage closes those idle for longest to accept a caller."""
    own, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    count = min(5000, hard - 200)
    resource.setrlimit(resource.RLIMIT_NOFILE, (count // 2, hard))  # inherited by the stage
    try:
        with stage_process(*FROZEN, *flag(["header_seconds=600", "connections=5000"]),
                            folder=tmp_path_factory.mktemp("stage")) as process, contextlib.ExitStack() as stack:  # fmt: skip
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(own, count + 200), hard))
            adversary = Adversary(process)
            for number in range(count):
                sock = stack.enter_context(adversary.connect())
                if number % 2:
                    with contextlib.suppress(ConnectionError):
                        sock.sendall(b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n")  # an incomplete call
            adversary.neighbour_served()
            adversary.neighbour_served()
            assert adversary.memory() < 400 * MIB
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (own, hard))
