"""The line that a load user calls on: HTTP with connections that are kept, in gevent's way of waiting.

A `Transport` of the codecs, so that whatever speaks through one can be measured. Only for the process that Locust runs in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http.client import HTTPException
from urllib.parse import urlsplit

import gevent
from geventhttpclient import HTTPClient
from geventhttpclient.url import URL

from vos_contracts.base import stopwatch
from vos_contracts.wire.base import Kald, Svar, UnreachableError
from vos_load.opgave import Tls
from vos_simulators.access import uden_token

Maalt = Callable[[Kald, Svar | None, float, str], None]
"""Called with the call, its answer, the milliseconds it took, and what went wrong on the way."""

FORBINDELSER = 512
"""At most so many calls under way at a time, as many as the stage lets one client have."""


class Linje:
    """Kept connections to one address; `send` is timed from the first byte out to the last byte in."""

    def __init__(self, adresse: str, tidsfrist: float, tls: Tls) -> None:
        self._adresse = uden_token(adresse)
        self._rod = urlsplit(adresse).path.rstrip("/")
        kontekst: dict[str, object] = {}
        if adresse.startswith("https:"):
            kontekst = {"ssl_context_factory": tls.adgang().tls}
        self._klient = HTTPClient.from_url(
            URL(adresse), concurrency=FORBINDELSER, connection_timeout=tidsfrist, network_timeout=tidsfrist,
            headers={}, **kontekst,
        )  # fmt: skip
        # the client tries an unanswered GET as often as it may have connections; one was perhaps idle too long, not all
        self._klient._connection_pool.size = 0

    def send(self, kald: Kald) -> Svar:
        """Send and wait; errors: UnreachableError."""
        try:
            svar = self._klient.request(
                kald.metode, f"{self._rod}{kald.sti}", body=kald.krop or b"", headers=dict(kald.headers)
            )
            krop = bytes(svar.read())
        except (OSError, HTTPException, gevent.Timeout) as brud:
            raise UnreachableError(f"{self._adresse}: {type(brud).__name__}: {brud}") from brud
        return Svar(svar.status_code, {navn.lower(): str(vaerdi) for navn, vaerdi in svar.items()}, krop)

    def luk(self) -> None:
        """Close the connections that wait."""
        self._klient.close()


class Linjer:
    """One line per address, and who listens to all of them; `luk_efter` says that a call's connection is not kept."""

    def __init__(self, tjenester: str, adresser: Mapping[str, str], tidsfrist: float, tls: Tls) -> None:
        self._standard = Linje(tjenester, tidsfrist, tls)
        self._andre = {navn: Linje(adresse, tidsfrist, tls) for navn, adresse in adresser.items()}

    def send(self, kald: Kald, tjeneste: str | None, maalt: Maalt, *, luk_efter: bool = False) -> Svar | None:
        """Send a call, and tell the listener; None when no answer came."""
        linje = self._andre.get(tjeneste or "PersonVisiteringService", self._standard)
        if luk_efter:
            kald = Kald(kald.metode, kald.sti, {**kald.headers, "connection": "close"}, kald.krop)
        begyndt = stopwatch.seconds()
        try:
            svar = linje.send(kald)
        except UnreachableError as brud:
            maalt(kald, None, (stopwatch.seconds() - begyndt) * 1000, str(brud))
            return None
        maalt(kald, svar, (stopwatch.seconds() - begyndt) * 1000, "")
        return svar

    def luk(self) -> None:
        """Close all."""
        for linje in (self._standard, *self._andre.values()):
            linje.luk()
