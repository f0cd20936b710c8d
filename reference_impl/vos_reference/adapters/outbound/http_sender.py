"""Post webservice messages over HTTP: one pooled keep-alive client, without redirects and without proxies of the environment.

A message is posted only to a host that the stage was started with.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vos_contracts.wire.messages.webhook import CONTENT
from vos_reference.application.runtime import LOOPBACK
from vos_reference.application.webhook_subscriptions import may_send_to
from vos_reference.domain.retry import Answered, AttemptResponse, NoAnswer

if TYPE_CHECKING:
    import aiohttp

TIMEOUT_S = 10.0
"""Timeout of one attempt, in seconds of the machine's clock. STAR's own limit is not public."""

_MAX_BODY_BYTES = 65_536


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
                headers=CONTENT,
                trust_env=False,
                auto_decompress=False,  # the body is not used, and a few kB may decompress to many MB
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        try:
            async with self._client.post(url, data=body, allow_redirects=False) as response:
                retry_after = _parse_retry_after(response.headers.get("retry-after"), response.headers.get("date"))
                if response.content_length is None or response.content_length > _MAX_BODY_BYTES:
                    response.close()  # the body is not used: closing is cheaper than reading it
                else:
                    await response.read()
                return Answered(response.status, retry_after)
        except TimeoutError:
            return NoAnswer(f"intet svar inden {self._timeout:g} sekunder")
        except (aiohttp.ClientError, OSError, ValueError) as exc:
            return NoAnswer(f"{type(exc).__name__}: {exc}")

    async def close(self) -> None:
        """Close the pooled connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None


def _parse_retry_after(retry_after: str | None, date: str | None) -> timedelta | None:
    """Parse Retry-After: seconds, or an HTTP date relative to the receiver's own Date header; None if it is unreadable."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdigit() and len(retry_after) <= 9:
        return timedelta(seconds=int(retry_after))
    try:
        until, since = parsedate_to_datetime(retry_after), parsedate_to_datetime(date or "")
    except ValueError:
        return None
    if until.tzinfo is None or since.tzinfo is None:
        return None
    return max(until.astimezone(UTC) - since.astimezone(UTC), timedelta())
