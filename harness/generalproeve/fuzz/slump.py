"""Chance, seeded, and what it chooses among: odd texts and values, and what is known to be on the stage.

Not here: what is done with them (`variantrest`, `variantsoap`).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from random import Random  # noqa: TID251 - seeded here for the variants, which must be cheap
from typing import TypeVar

T = TypeVar("T")

TEKSTER: tuple[str, ...] = (
    "", " ", "0", "-1", "1e400", "NaN", "null", "true", "[]", "{}", "0000000000", "9" * 40, "x" * 5000, "%00",
    "../../etc/passwd",
    "<script>alert(1)</script>", "]]>", "&amp;&lt;", "&#x0;", "' OR 1=1 --", "${jndi:ldap://x}", 'x"y\\z', "<b>x",
    "\U0001f600", "Ærø ✓", "\u202eabc", "\ufeff", "\ufffe", "İı", "ﬀ", "\u0301" * 20, "\u2028",
    "00000000-0000-0000-0000-000000000000", "http://127.0.0.1:9/x", "//x", "javascript:1", "file:///x", "urn:uuid:0",
    "2024-11-18T00:00:00+01:00", "2024-11-18",
    "2024-11-18T00:00:00", "2024-02-30T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z",
    "2024-11-18T24:00:00+14:00", "2024-11-18T00:00:60Z", "-0001-01-01T00:00:00",
)  # fmt: skip
RAA = ("x\r\nx-evil: 1", "x\ny", "\x00", "\x7f", "\x01\x02")
"""Texts that no header may carry."""
TAL: tuple[object, ...] = (0, 1, -1, 2, 13, 23, 99, 10000, 10001, 2**31, 2**63, -(2**64), 10**400, 1.5, 1e308, -0.0)
MAERKELIGE: tuple[object, ...] = (None, True, False, [], {}, [[]], {"a": {}}, "", "0", *TAL)

UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
CPR = re.compile(r"(?<![\w-])\d{10}(?![\w-])")
_HUSKES = 64
NYESTE = 2
"""Identifiers that are chosen as often as all those before them: what was opened last is still open."""


class Slump:
    """One chance: the same seed and the same answers of the stage give the same choices.

    `cpr` are the citizens who are there, `faste` identifiers that are left as they are.
    """

    def __init__(self, seed: int) -> None:
        self._slump = Random(seed)
        self.cpr: Sequence[str] = ()
        self.faste: frozenset[str] = frozenset()
        self._kendte: dict[str, deque[tuple[str, str]]] = {}
        self._borger = self._id = ""

    def en_af(self, antal: int) -> bool:
        """Say yes once in so many."""
        return self._slump.random() * antal < 1

    def under(self, antal: int) -> int:
        """Choose a number from 0 to one below it."""
        return int(self._slump.random() * antal)

    def vaelg(self, blandt: Sequence[T]) -> T:
        """Choose one."""
        return blandt[int(self._slump.random() * len(blandt))]

    def ny_id(self) -> str:
        """Make up an identifier that nobody has."""
        tal = f"{self._slump.getrandbits(128):032x}"
        return f"{tal[:8]}-{tal[8:12]}-4{tal[13:16]}-a{tal[17:20]}-{tal[20:]}"

    def begynd(self, slags: str) -> None:
        """Choose whom the next call is about, and which identifier, mostly one of that kind that is the citizen's."""
        kendte = self._kendte.get(slags)
        if kendte and not self.en_af(4):
            nyeste = self.under(min(len(kendte), NYESTE))
            self._id, self._borger = kendte[-1 - nyeste] if self.en_af(2) else self.vaelg(kendte)
        else:
            self._id, self._borger = self.ny_id(), ""
        self._borger = self._borger if self._borger in self.cpr else self.vaelg(self.cpr)

    def husk(self, slags: str, kald: str, svar: str) -> None:
        """Remember the identifiers in an answer, and whom they are of."""
        borger, ider = CPR.search(kald), UUID.findall(svar[-4000:])
        kendte = self._kendte.setdefault(slags, deque(maxlen=_HUSKES))
        kendte.extend((id_, borger[0] if borger else "") for id_ in ider[-4:])

    def glem(self) -> None:
        """Forget every identifier: the stage was emptied."""
        self._kendte.clear()

    def paa_scenen(self, tekst: str) -> str:
        """Put the citizen and the identifier of this call in the place of those that it was recorded with."""
        tekst = CPR.sub(lambda fund: fund[0] if self.en_af(20) else self._borger, tekst)
        return UUID.sub(lambda fund: fund[0] if fund[0] in self.faste or self.en_af(20) else self._id, tekst)

    def tekst(self, foer: str) -> str:
        """Make another text of one: an odd one, or the same with something wrong in it."""
        if not foer or self.en_af(2):
            return self.vaelg(TEKSTER)
        sted, hvad = self.under(len(foer)), self.under(5)
        match hvad:
            case 0:
                return foer[:sted] + foer[sted + 1 :]
            case 1:
                return foer[:sted] + self.vaelg(TEKSTER)[:40] + foer[sted:]
            case 2:
                return foer[:sted] + chr(33 + self.under(94)) + foer[sted + 1 :]
            case 3:
                return foer * (2 + self.under(30))
            case _:
                return foer.swapcase()

    def byte(self, foer: bytes) -> bytes:
        """Make other bytes: some changed, left out, or said twice."""
        if not foer:
            return self.vaelg(TEKSTER).encode("utf-8", "replace")
        sted, laengde = self.under(len(foer)), 1 + self.under(8)
        match self.under(5):
            case 0:
                return foer[:sted] + bytes([self.under(256)]) + foer[sted + 1 :]
            case 1:
                return foer[:sted] + foer[sted + laengde :]
            case 2:
                return foer[:sted] + foer[sted : sted + laengde] * 2 + foer[sted + laengde :]
            case 3:
                return foer[:sted]
            case _:
                return foer[:sted] + self.vaelg(TEKSTER).encode("utf-8", "replace") + foer[sted:]
