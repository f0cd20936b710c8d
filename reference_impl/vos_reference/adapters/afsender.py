"""Post webservice messages over HTTP: one pooled keep-alive client, no redirects, no environment proxies, no hosts but
those that the stage was started with."""

from __future__ import annotations

from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vos_contracts.wire.wsb import INDHOLD
from vos_reference.application.drift import LOOPBACK
from vos_reference.application.wsbabonnement import maa_sendes_til
from vos_reference.domain.retry import Brast, Forsoegssvar, Svarede

if TYPE_CHECKING:
    import aiohttp

TIDSFRIST_S = 10.0
"""How long a receiver may take to answer, in seconds of the machine; STAR's limit is not public."""

_LAES_HOEJST = 65_536


class HttpAfsender:
    """A sender; its client is made at the first message, so that a stage without subscribers starts without it."""

    def __init__(self, tidsfrist: float = TIDSFRIST_S, vaerter: frozenset[str] = LOOPBACK) -> None:
        self._tidsfrist = tidsfrist
        self._vaerter = vaerter
        self._klient: aiohttp.ClientSession | None = None

    async def post(self, url: str, krop: bytes) -> Forsoegssvar:
        """Post and wait; every breach is an answer."""
        import aiohttp  # here, because it takes longer to import than the rest of the stage needs to start

        vaert = urlsplit(url).hostname or ""
        if not maa_sendes_til(vaert, self._vaerter):  # the system may be from an earlier run that was allowed more
            return Brast(f"der sendes ikke til {vaert}")
        if self._klient is None:
            self._klient = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                timeout=aiohttp.ClientTimeout(total=self._tidsfrist),
                headers=INDHOLD,
                trust_env=False,
                auto_decompress=False,  # a packed answer says nothing more, and may be vast
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        try:
            async with self._klient.post(url, data=krop, allow_redirects=False) as svar:
                retry_after = _ventetid(svar.headers.get("retry-after"), svar.headers.get("date"))
                if svar.content_length is None or svar.content_length > _LAES_HOEJST:
                    svar.close()  # its text says nothing; the connection is dropped rather than emptied
                else:
                    await svar.read()
                return Svarede(svar.status, retry_after)
        except TimeoutError:
            return Brast(f"intet svar inden {self._tidsfrist:g} sekunder")
        except (aiohttp.ClientError, OSError, ValueError) as brud:
            return Brast(f"{type(brud).__name__}: {brud}")

    async def luk(self) -> None:
        """Close the pooled connections."""
        if self._klient is not None:
            await self._klient.close()
            self._klient = None


def _ventetid(retry_after: str | None, date: str | None) -> timedelta | None:
    """Read Retry-After: seconds, or an instant by the receiver's own clock; None if it says nothing that can be read."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdigit() and len(retry_after) <= 9:
        return timedelta(seconds=int(retry_after))
    try:
        til, fra = parsedate_to_datetime(retry_after), parsedate_to_datetime(date or "")
    except ValueError:
        return None
    if til.tzinfo is None or fra.tzinfo is None:
        return None
    return max(til.astimezone(UTC) - fra.astimezone(UTC), timedelta())
