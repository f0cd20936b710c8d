"""Post webservice messages over HTTP: one pooled keep-alive client, without redirects and without proxies of the environment.

A message is posted only to a host that the stage was started with.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vos_contracts.wire.messages.webhook import CONTENT
from vos_reference.application.runtime import LOOPBACK
from vos_reference.application.webhook_subscriptions import may_send_to
from vos_reference.clock import SystemClock
from vos_reference.domain.retry import Answered, AttemptResponse, NoAnswer

if TYPE_CHECKING:
    import aiohttp

TIMEOUT_S = 10.0
"""Timeout of one attempt, in seconds of the machine's clock. STAR's own limit is not public."""

_MAX_BODY_BYTES = 65_536
_MAX_HEADER_BYTES, _MAX_HEADERS = 1_048_576, 10_000
"""The longest status line or header of an answer, and the most headers; beyond them it would count as no answer at all."""
_MAX_DIGITS = 9
_SHOWN = 100


class HttpSender:
    """Post messages with one `aiohttp` client, which is created at the first message.

    A stage without subscribers never imports aiohttp.
    """

    def __init__(self, timeout: float = TIMEOUT_S, hosts: frozenset[str] = LOOPBACK) -> None:
        self._timeout = timeout
        self._hosts = hosts
        self._client: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: bytes) -> AttemptResponse:
        """Post the body and wait for the answer; a failure of any kind is returned as `NoAnswer`, never raised."""
        import aiohttp  # lazy: importing aiohttp takes longer than starting the rest of the stage

        host = urlsplit(url).hostname or ""
        if not may_send_to(host, self._hosts):  # the database may hold a system of an earlier start with more hosts
            return NoAnswer(f"der sendes ikke til {host}")
        if self._client is None:
            self._client = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                timeout=aiohttp.ClientTimeout(total=self._timeout),
                max_line_size=_MAX_HEADER_BYTES,
                max_field_size=_MAX_HEADER_BYTES,
                max_headers=_MAX_HEADERS,
                headers=CONTENT,
                trust_env=False,
                auto_decompress=False,  # the body is not used, and a few kB may decompress to many MB
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        status, retry_after, unreadable = 0, None, ""
        try:
            async with self._client.post(url, data=body, allow_redirects=False) as response:
                status = response.status
                retry_after, unreadable = _read_retry_after(response.headers)
                if response.content_length is None or response.content_length > _MAX_BODY_BYTES:
                    response.close()  # the body is not used: closing is cheaper than reading it
                else:
                    await response.read()
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as exc:
            timed_out = isinstance(exc, TimeoutError)
            reason = f"intet svar inden {self._timeout:g} sekunder" if timed_out else f"{type(exc).__name__}: {exc}"
            if not status:
                return NoAnswer(reason)
            unreadable = "; ".join(filter(None, (unreadable, f"kroppen: {reason}")))  # what was answered is known
        return Answered(status, retry_after, unreadable)

    async def close(self) -> None:
        """Close the pooled connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None


def _read_retry_after(headers: Mapping[str, str]) -> tuple[timedelta | None, str]:
    """Read Retry-After, and say what could not be read of it.

    It is seconds, or an HTTP date (RFC 9110 section 10.2.3), which is relative to the receiver's own Date header, or to this
    machine's clock where there is none. A time that no timedelta can hold is as long as one can be.
    """
    text = headers.get("retry-after", "").strip()
    if not text:
        return None, ""
    if text.isascii() and text.isdigit():
        return (timedelta(seconds=int(text)) if len(text) <= _MAX_DIGITS else timedelta.max), ""
    until = _http_date(text)
    if until is None:
        return None, f"Retry-After: {text[:_SHOWN]} er hverken sekunder eller en HTTP-dato"
    since = _http_date(headers.get("date", "")) or SystemClock().now()
    return max(until.astimezone(UTC) - since.astimezone(UTC), timedelta()), ""


def _http_date(text: str) -> datetime | None:
    """Read a date that a datetime in UTC can hold; None for any other text."""
    try:
        date = parsedate_to_datetime(text)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
