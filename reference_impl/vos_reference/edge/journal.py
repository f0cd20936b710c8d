"""The reference's part of the one stream: a capped buffer of entries, and the calls that come in at the edge.

Masking is for those who print or export; here every number stands as it came (DESIGN rule 6).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vos_contracts.base import stopwatch
from vos_contracts.control.journal import Post, Posttype
from vos_contracts.control.stage import JournalDto
from vos_contracts.navne import Navne
from vos_reference.clock import Clock

LOFT = 10_000
"""Entries kept."""

KROP_LOFT = 8_192
"""Bytes of a body kept in an entry."""


Raa = tuple[object, ...]
"""A call as it was: tuples of bytes, numbers and an instant, which the garbage collector stops looking at."""


class Journal:
    """A capped stream of entries, numbered from 1; a call is written out when somebody reads it."""

    def __init__(self, skriv_ud: Callable[[Raa], Post], loft: int = LOFT) -> None:
        self._poster: deque[Post | Raa] = deque(maxlen=loft)
        self._antal = 0
        self._skriv_ud = skriv_ud

    def __call__(self, post: Post | Raa) -> None:
        """Append an entry."""
        self._poster.append(post)
        self._antal += 1

    def efter(self, nummer: int) -> JournalDto:
        """Return the entries after that number."""
        foerste = self._antal - len(self._poster)
        springes_over = max(nummer - foerste, 0)
        poster = tuple(self._post(en) for en in tuple(self._poster)[springes_over:])
        return JournalDto(naeste=self._antal, tabt=max(foerste - nummer, 0), poster=poster)

    def _post(self, en: Post | Raa) -> Post:
        return en if isinstance(en, Post) else self._skriv_ud(en)


class Kaldsjournal:
    """Note every call and its answer around an application, before the caller has heard it to its end."""

    def __init__(self, app: ASGIApp, journal: Callable[[Raa], None], ur: Clock) -> None:
        self._app = app
        self._journal = journal
        self._ur = ur

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer and note what passed."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ind: list[bytes] = []
        ud: list[bytes] = []
        status = 0
        noteret = False
        begyndt = stopwatch.seconds()

        def noter() -> None:
            nonlocal noteret
            noteret = True
            self._journal(
                (
                    self._ur.now(),
                    scope["method"],
                    scope["path"],
                    tuple(scope["headers"]),
                    status,
                    stopwatch.seconds() - begyndt,
                    _klip(ind),
                    _klip(ud),
                )
            )

        async def modtag() -> Message:
            besked = await receive()
            ind.append(besked.get("body", b""))
            return besked

        async def afsend(besked: Message) -> None:
            nonlocal status
            status = besked.get("status", status)
            if besked["type"] == "http.response.body":
                ud.append(besked.get("body", b""))
                if not (noteret or besked.get("more_body", False)):
                    noter()
            await send(besked)

        await self._app(scope, modtag, afsend)
        if not noteret:
            noter()


def udskriver(navne: Navne) -> Callable[[Raa], Post]:
    """Return what writes a call out as an entry."""
    cpr = navne.header("cpr").lower().encode()
    kendte = {
        navne.header(navn).lower().encode(): navn
        for navn in ("organisationType", "organisationKode", "system", "requestId", "brugerId")
    }

    def skriv_ud(raa: Raa) -> Post:
        tidspunkt, metode, sti, par, status, sekunder, ind, ud = cast(_Kald, raa)
        headers = dict(par)
        data: dict[str, str | int] = {
            navn: headers[paa_linjen].decode("latin-1") for paa_linjen, navn in kendte.items() if paa_linjen in headers
        }
        data |= {
            "metode": metode,
            "sti": sti,
            "status": status,
            "mikrosekunder": round(sekunder * 1_000_000),
            "krop": ind.decode("utf-8", "replace"),
            "svar": ud.decode("utf-8", "replace"),
        }
        soapaction = headers.get(b"soapaction")
        if soapaction is not None:
            data["soapaction"] = soapaction.decode("latin-1")
        return Post(art=Posttype.KALD, tidspunkt=tidspunkt, cpr=headers.get(cpr, b"").decode("latin-1"), data=data)

    return skriv_ud


_Kald = tuple[datetime, str, str, tuple[tuple[bytes, bytes], ...], int, float, bytes, bytes]


def _klip(dele: list[bytes]) -> bytes:
    return (dele[0] if len(dele) == 1 else b"".join(dele))[:KROP_LOFT]
