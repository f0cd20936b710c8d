"""Named habits of a webhook: how it answers each message that comes, and whether it has taken it in all the same.

A habit is called with the message, None for one that could not be read, and the number of calls before it. Each keeps its own
count per message where it counts.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from vos_contracts.wire.wsb import WsbBesked


@dataclass(frozen=True, slots=True)
class Svarmaade:
    """An answer, after waiting that long; `taget` says whether the message was taken in before."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    taget: bool = True
    sekunder: float = 0.0
    afbrydes: threading.Event = field(default_factory=threading.Event)

    def vent(self) -> None:
        """Wait as a slow receiver does, or until it is told to go on."""
        if self.sekunder:
            self.afbrydes.wait(self.sekunder)


@dataclass(frozen=True, slots=True)
class Afbryd(Svarmaade):
    """End the connection without an answer, by a reset if so."""

    nulstil: bool = False


@dataclass(frozen=True, slots=True)
class Vroevl(Svarmaade):
    """Answer with bytes that are no HTTP."""

    bytes: bytes = b"\x00\xff det er ikke HTTP \r\n\r\n"


Uvane = Callable[[WsbBesked | None, int], Svarmaade]


def tager_imod() -> Uvane:
    """Take in everything; what cannot be read is answered with 400."""
    return lambda besked, nummer: Svarmaade(200) if besked is not None else Svarmaade(400, taget=False)


def _foerst(antal: int, fejl: Svarmaade) -> Uvane:
    """Fail so many times with each message, then take it in."""
    gange: Counter[str] = Counter()

    def svar(besked: WsbBesked | None, nummer: int) -> Svarmaade:
        if besked is None:
            return Svarmaade(400, taget=False)
        gange[besked.besked_id] += 1
        return fejl if gange[besked.besked_id] <= antal else Svarmaade(200)

    return svar


def svarer(status: int, antal: int = 1_000_000) -> Uvane:
    """Answer with that status, the first times or always, and take nothing in."""
    return _foerst(antal, Svarmaade(status, taget=False))


def nulstiller(antal: int = 1) -> Uvane:
    """Take the message in and reset the connection without an answer, the first times."""
    return _foerst(antal, Afbryd(nulstil=True))


def svarer_intet(antal: int = 1) -> Uvane:
    """Take the message in and close the connection without an answer, the first times."""
    return _foerst(antal, Afbryd())


def vroevler(antal: int = 1) -> Uvane:
    """Take the message in and answer with what is no HTTP, the first times."""
    return _foerst(antal, Vroevl())


def langsom(sekunder: float, antal: int = 1_000_000) -> Uvane:
    """Take the message in and answer late."""
    return _foerst(antal, Svarmaade(200, sekunder=sekunder))


def omdirigerer(til: str, antal: int = 1_000_000) -> Uvane:
    """Send the caller elsewhere and take nothing in."""
    return _foerst(antal, Svarmaade(307, (("location", til),), taget=False))


def vent_lidt(sekunder: int, antal: int = 1) -> Uvane:
    """Answer 503 with Retry-After and take nothing in, the first times."""
    return _foerst(antal, Svarmaade(503, (("retry-after", str(sekunder)),), taget=False))


MODTAGERUVANER: Mapping[str, Callable[[], Uvane]] = {
    "tager imod": tager_imod,
    "svarer 500 to gange": lambda: svarer(500, 2),
    "svarer 500 fire gange": lambda: svarer(500, 4),
    "svarer 404 to gange": lambda: svarer(404, 2),
    "svarer 300 to gange": lambda: svarer(300, 2),
    "nulstiller forbindelsen": nulstiller,
    "svarer intet": svarer_intet,
    "svarer vrøvl": vroevler,
    "beder om to minutter": lambda: vent_lidt(120),
    "omdirigerer to gange": lambda: omdirigerer("http://127.0.0.1:9/andetsteds", 2),
}
"""The habits of a webhook, by the name that scenes give them."""
