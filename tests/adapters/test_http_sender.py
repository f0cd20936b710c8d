"""The HTTP sender against receivers with odd answers, on real sockets: a status is a status, whatever comes with it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, timedelta
from email.utils import format_datetime

import pytest

from vos_reference.adapters.outbound.http_sender import HttpSender
from vos_reference.clock import SystemClock
from vos_reference.domain.retry import Answered, AttemptResponse, NoAnswer

DATE = "Mon, 18 Nov 2024 08:00:00 GMT"


@contextlib.contextmanager
def receiver(answer: bytes) -> Iterator[str]:
    """Answer one call on loopback with those bytes, and close the connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                head = b""
                while b"\r\n\r\n" not in head:
                    head += connection.recv(65536)
                connection.sendall(answer)
                connection.shutdown(socket.SHUT_WR)
                connection.recv(65536)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hook"
        thread.join(10)


def post(answer: bytes) -> AttemptResponse:
    async def once(url: str) -> AttemptResponse:
        sender = HttpSender(timeout=5)
        try:
            return await sender.post(url, b"{}")
        finally:
            await sender.close()

    with receiver(answer) as url:
        return asyncio.run(once(url))


def answer(*headers: str, status: str = "503 Busy", body: bytes = b"") -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"content-length: {len(body)}"]
    return "\r\n".join((*lines, "", "")).encode("latin-1") + body


@pytest.mark.parametrize(
    ("retry_after", "date", "wanted"),
    [
        ("30", DATE, timedelta(seconds=30)),
        (" 30 ", None, timedelta(seconds=30)),
        ("0", None, timedelta()),
        ("999999999", None, timedelta(seconds=999_999_999)),
        ("9" * 40, None, timedelta.max),
        ("Mon, 18 Nov 2024 08:00:30 GMT", DATE, timedelta(seconds=30)),
        ("Mon, 18 Nov 2024 09:00:30 +0100", DATE, timedelta(seconds=30)),
        ("Monday, 18-Nov-24 08:00:30 GMT", DATE, timedelta(seconds=30)),
        ("Mon, 18 Nov 2024 08:00:30 -0000", DATE, timedelta(seconds=30)),
        ("Sun, 17 Nov 2024 08:00:30 GMT", DATE, timedelta()),
        ("Fri, 31 Dec 9999 23:59:59 GMT", DATE, timedelta(days=2_912_851, hours=15, minutes=59, seconds=59)),
    ],
)
def test_retry_after_is_heeded_as_seconds_and_as_a_date(retry_after: str, date: str | None, wanted: timedelta) -> None:
    headers = (f"retry-after: {retry_after}", *([f"date: {date}"] if date else []))
    assert post(answer(*headers)) == Answered(503, wanted)


@pytest.mark.parametrize("date", [None, "i går"])
def test_a_date_without_the_receivers_own_is_by_this_machines_clock(date: str | None) -> None:
    until = SystemClock().now().astimezone(UTC) + timedelta(hours=1)
    headers = (f"retry-after: {format_datetime(until, usegmt=True)}", *([f"date: {date}"] if date else []))
    response = post(answer(*headers))
    assert isinstance(response, Answered)
    assert response.retry_after is not None
    assert timedelta(minutes=59) < response.retry_after <= timedelta(hours=1)


@pytest.mark.parametrize(
    "retry_after",
    [
        "Fri, 31 Dec 9999 23:59:59 -0100", "Mon, 01 Jan 2024 00:00:00 +99999999999999999",
        "snart", "-5", "1.5", "٣٠", "Mon, 32 Nov 2024 08:00:00 GMT", "x" * 5000,
    ],
)  # fmt: skip
def test_a_retry_after_that_cannot_be_read_is_told_and_the_status_decides(retry_after: str) -> None:
    response = post(answer(f"date: {DATE}", f"retry-after: {retry_after.encode().decode('latin-1')}"))
    assert isinstance(response, Answered)
    assert (response.status, response.retry_after) == (503, None)
    assert response.unreadable.startswith("Retry-After: ")
    assert len(response.unreadable) < 200


@pytest.mark.parametrize(
    "sent",
    [
        answer("x-large: " + "a" * 200_000, status="200 OK"),
        answer(*(f"x-{nr}: {nr}" for nr in range(500)), status="204 No Content"),
        answer("retry-after: Fri, 31 Dec 9999 23:59:59 -0100", status="202 Accepted"),
        answer("set-cookie: \x01\x02", status="200 OK"),
        answer("content-type: æøå/æøå; charset=?", "content-encoding: gzip", status="200 OK", body=b"not gzip"),
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nless",
        b"HTTP/1.1 299 Whatever\r\n\r\n",
        b"HTTP/1.0 200\r\n\r\n",
    ],
)
def test_a_2xx_is_a_2xx_whatever_comes_with_it(sent: bytes) -> None:
    response = post(sent)
    assert isinstance(response, Answered), response
    assert 200 <= response.status < 300


def test_what_cannot_be_read_of_a_body_is_told() -> None:
    response = post(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nless")
    assert isinstance(response, Answered)
    assert response.unreadable.startswith("kroppen: ")


@pytest.mark.parametrize("sent", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 abc OK\r\n\r\n"])
def test_an_answer_without_a_status_is_no_answer(sent: bytes) -> None:
    assert isinstance(post(sent), NoAnswer)
