"""The reference's part of the one stream: a capped buffer of entries, and the calls that come in at the edge.

Masking is for those who print or export; here every number stands as it came (DESIGN rule 6).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vos_contracts import stopur
from vos_contracts.journalpost import Post, Posttype
from vos_contracts.navne import Navne
from vos_contracts.styring import JournalDto
from vos_reference.clock import Clock

LOFT = 10_000
"""Entries kept."""

KROP_LOFT = 8_192
"""Bytes of a body kept in an entry."""


Raa = tuple[object, ...]
"""A call as it was: tuples of bytes, numbers and an instant, which the garbage collector stops looking at."""


class Journal:
    """A capped stream of entries, numbered from 1; a call is written out when somebody reads it."""

    def __init__(self, loft: int = LOFT) -> None:
        self._poster: deque[Post | Raa] = deque(maxlen=loft)
        self._antal = 0
        self.skriv_ud: Callable[[Raa], Post] | None = None

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
        if isinstance(en, Post):
            return en
        assert self.skriv_ud is not None, "calls are noted only by who can write them out"
        return self.skriv_ud(en)


class Kaldsjournal:
    """Note every call and its answer around an application."""

    def __init__(self, app: ASGIApp, journal: Journal, ur: Clock, navne: Navne) -> None:
        self._app = app
        self._journal = journal
        self._ur = ur
        journal.skriv_ud = self._post
        self._cpr = navne.header("cpr").lower().encode()
        self._headers = {
            navne.header(navn).lower().encode(): navn
            for navn in ("organisationType", "organisationKode", "system", "requestId", "brugerId")
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer and note what passed."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ind: list[bytes] = []
        ud: list[bytes] = []
        status = 0

        async def modtag() -> Message:
            besked = await receive()
            ind.append(besked.get("body", b""))
            return besked

        async def afsend(besked: Message) -> None:
            nonlocal status
            status = besked.get("status", status)
            ud.append(besked.get("body", b""))
            await send(besked)

        begyndt = stopur.nu()
        await self._app(scope, modtag, afsend)
        self._journal(
            (
                self._ur.now(),
                scope["method"],
                scope["path"],
                tuple(scope["headers"]),
                status,
                stopur.nu() - begyndt,
                _klip(ind),
                _klip(ud),
            )
        )

    def _post(self, raa: Raa) -> Post:
        tidspunkt, metode, sti, par, status, sekunder, ind, ud = cast(_Kald, raa)
        headers = dict(par)
        data: dict[str, str | int] = {
            navn: headers[paa_linjen].decode("latin-1")
            for paa_linjen, navn in self._headers.items()
            if paa_linjen in headers
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
        return Post(
            art=Posttype.KALD, tidspunkt=tidspunkt, cpr=headers.get(self._cpr, b"").decode("latin-1"), data=data
        )


_Kald = tuple[datetime, str, str, tuple[tuple[bytes, bytes], ...], int, float, bytes, bytes]


def _klip(dele: list[bytes]) -> bytes:
    return (dele[0] if len(dele) == 1 else b"".join(dele))[:KROP_LOFT]
