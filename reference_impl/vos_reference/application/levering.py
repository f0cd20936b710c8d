"""Delivery of webservice messages: what is due, to whom, and what an attempt came to (starwiki 4149806919).

Straight-line and without waiting: `background.delivery` makes the attempts between `hent` and `afslut`. A message is forgotten
when its receiver has taken it, so that a kill at any point means a repeat and never a loss.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, assert_never

from vos_contracts.control.journal import Post, Posttype
from vos_reference.application.drift import Drift
from vos_reference.application.ports import Forsendelse, Wsbkonvolut, Wsbmodtager
from vos_reference.application.ur import Vent
from vos_reference.domain.retry import Forsoegssvar, Leveret, Opgivet, Udskudt, afgoer
from vos_reference.domain.tid import senere


class Afsender(Protocol):
    """Post a message to an address; whatever goes wrong is an answer and never an exception."""

    async def post(self, url: str, krop: bytes) -> Forsoegssvar:
        """Post and wait, not longer than the sender's own limit."""
        ...

    async def luk(self) -> None:
        """Close its connections."""
        ...


@dataclass(frozen=True, slots=True)
class Forsoegt:
    """An attempt that was made."""

    forsendelse: Forsendelse
    svar: Forsoegssvar


def hent(
    drift: Drift, samtidige: int, undervejs: Collection[Forsendelse], modtagere: Iterable[Wsbmodtager] | None = None
) -> Sequence[Forsendelse]:
    """List what may be tried now, of these receivers or of all; with what is under way at most `samtidige` for each."""
    now = drift.ur.now()
    numre = {en.nr for en in undervejs}
    optaget = Counter(en.konvolut.modtager for en in undervejs)
    fundne: list[Forsendelse] = []
    with drift.store.laesning() as t:
        for modtager in t.forfaldne_modtagere(now) if modtagere is None else modtagere:
            ledige = samtidige - optaget[modtager]
            if ledige > 0:
                forfaldne = t.forfaldne_forsendelser(modtager, now, samtidige)
                fundne += [en for en in forfaldne if en.nr not in numre][:ledige]
    return fundne


def afslut(drift: Drift, forsoegte: Iterable[Forsoegt]) -> None:
    """Store what the attempts came to, all in one transaction, and tell the journal."""
    now = drift.ur.now()
    poster: list[Post] = []
    with drift.store.transaktion() as t:
        for en in forsoegte:
            nr, forsoeg = en.forsendelse.nr, en.forsendelse.forsoeg + 1
            udfald = afgoer(en.svar, forsoeg, drift.wsb_tilstand)
            match udfald:
                case Leveret():
                    t.leveret(nr, now)
                    resultat = "leveret"
                case Udskudt(ventetid=ventetid, grund=grund):
                    naeste = senere(now, ventetid)
                    t.udskyd(nr, naeste, grund)
                    resultat = f"{grund}; igen {naeste.isoformat()}"
                case Opgivet(grund=grund):
                    t.opgiv(nr, now, grund)
                    resultat = f"{grund}; opgivet"
                case _:
                    assert_never(udfald)
            poster.append(_post(en.forsendelse.konvolut, now, forsoeg, resultat))
    for post in poster:
        drift.journal(post)


class Ro(Protocol):
    """Whoever sends what is due, and can wait until nothing more is due at the clock's instant."""

    async def indtil_ro(self) -> None:
        """Wait until everything that is due by now has been tried."""
        ...


class Leveringer:
    """Attempts as something that falls due while the clock is moved (`application.ur`); while it goes, they are made anyway."""

    navn = "wsb"

    def __init__(self, drift: Drift, ro: Ro) -> None:
        self._drift = drift
        self._ro = ro

    def naeste(self) -> datetime | None:
        """Return the next instant at which a message is due, if the clock stands still."""
        if not self._drift.ur.frosset:
            return None
        with self._drift.store.laesning() as t:
            return t.naeste_forsoeg()

    def udfoer(self, tidspunkt: datetime) -> Iterator[Vent]:
        """Make the attempts that are due by then."""
        yield Vent(self._ro.indtil_ro)


def _post(konvolut: Wsbkonvolut, now: datetime, forsoeg: int, resultat: str) -> Post:
    data: dict[str, str | int] = {
        "besked": konvolut.id,
        "system": konvolut.modtager.system,
        "modtager": str(konvolut.modtager.organisation),
        "forsoeg": forsoeg,
        "resultat": resultat,
    }
    return Post(art=Posttype.WSB_FORSOEG, tidspunkt=now, data=data)
