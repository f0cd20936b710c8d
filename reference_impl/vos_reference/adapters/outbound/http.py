"""Post webservice messages over HTTP: one pooled keep-alive client, no redirects, no environment proxies, no hosts but
those that the stage was started with."""

from __future__ import annotations

from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vos_contracts.wire.messages.webhook import CONTENT
from vos_reference.application.runtime import LOOPBACK
from vos_reference.application.webhook_subscriptions import may_sent_until
from vos_reference.domain.retry import Answered, AttemptResponse, Burst

if TYPE_CHECKING:
    import aiohttp

TIMEOUT_S = 10.0
"""How long a receiver may take to answer, in seconds of the machine; STAR's limit is not public."""

_READ_AT_MOST = 65_536


class HttpSender:
    """A sender; its client is made at the first message, so that a stage without subscribers starts without it."""

    def __init__(self, timeout: float = TIMEOUT_S, hosts: frozenset[str] = LOOPBACK) -> None:
        self._timeout = timeout
        self._hosts = hosts
        self._client: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: bytes) -> AttemptResponse:
        """Post and wait; every breach is an answer."""
        import aiohttp  # here, because it takes longer to import than the rest of the stage needs to start

        host = urlsplit(url).hostname or ""
        if not may_sent_until(host, self._hosts):  # the system may be from an earlier run that was allowed more
            return Burst(f"der sendes ikke til {host}")
        if self._client is None:
            self._client = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                timeout=aiohttp.ClientTimeout(total=self._timeout),
                headers=CONTENT,
                trust_env=False,
                auto_decompress=False,  # a packed answer says nothing more, and may be vast
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        try:
            async with self._client.post(url, data=body, allow_redirects=False) as response:
                retry_after = _wait_time(response.headers.get("retry-after"), response.headers.get("date"))
                if response.content_length is None or response.content_length > _READ_AT_MOST:
                    response.close()  # its text says nothing; the connection is dropped rather than emptied
                else:
                    await response.read()
                return Answered(response.status, retry_after)
        except TimeoutError:
            return Burst(f"intet svar inden {self._timeout:g} sekunder")
        except (aiohttp.ClientError, OSError, ValueError) as exc:
            return Burst(f"{type(exc).__name__}: {exc}")

    async def close(self) -> None:
        """Close the pooled connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None


def _wait_time(retry_after: str | None, date: str | None) -> timedelta | None:
    """Read Retry-After: seconds, or an instant by the receiver's own clock; None if it says nothing that can be read."""
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
