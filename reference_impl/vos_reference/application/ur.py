"""What falls due as time passes, in order of time: nightly runs, sequences left open, and whatever else joins (`Kilde`).

Here: moving the stage clock over what falls due, and catching up what is due already. Not here: what falls due
(`application.natkoersel`, `application.koe`), or when anybody asks (`background.clockwork`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from vos_contracts.control.stage import Urtilstand
from vos_reference.clock import StageClock


@dataclass(frozen=True, slots=True)
class Vent:
    """A step of work that is to be waited for; every other step is done when it is yielded."""

    paa: Callable[[], Awaitable[None]]


Forloeb = Generator[object, None, Mapping[str, int]]
"""Work in steps, so that others come to between them; at the end how often each source fell due."""


_PAA_STEDET = 1000
"""How often one source may fall due at one instant: calls that come in meanwhile may make more due there."""

Maal = Callable[[datetime], datetime]
"""Where the clock is to stand, given where it stands."""


class Kilde(Protocol):
    """A source of what falls due; to join, implement it and stand in the list in `bootstrap`."""

    @property
    def navn(self) -> str:
        """What it is called in answers and in the journal."""
        ...

    def naeste(self) -> datetime | None:
        """Return the instant of what falls due next, also when it has passed; None if nothing will."""
        ...

    def udfoer(self, tidspunkt: datetime) -> Iterator[object]:
        """Carry out what falls due then, in steps; afterwards `naeste` is another instant, unless more fell due meanwhile."""
        ...


class Urvaerk:
    """Moves one clock over what its sources say falls due; what falls due at the same instant goes in their order."""

    def __init__(self, ur: StageClock, kilder: Sequence[Kilde]) -> None:
        self._ur = ur
        self._kilder = kilder

    def naeste(self) -> datetime | None:
        """Return the instant of what falls due next."""
        return min(filter(None, (kilde.naeste() for kilde in self._kilder)), key=_orden, default=None)

    def stil(self, maal: Maal, tilstand: Urtilstand) -> Forloeb:
        """Move the clock to where `maal` says, and leave it in that state; everything on the way is done at its own instant.

        The clock stands still meanwhile, but for that. Errors: TidenGaarKunFremad and what `maal` raises, before anything is
        done; if a source fails, the clock is left where that was.
        """
        gik = not self._ur.frosset
        nu = self._ur.frys()
        try:
            til = maal(nu)
            self._ur.kun_fremad(til)
            udfoert = yield from self._udfoer(til, flyt=True)
            self._ur.saet(til)
        except BaseException:
            if gik:
                self._ur.gaa()
            raise
        match tilstand:
            case Urtilstand.FROSSET:
                pass
            case Urtilstand.FORSKUDT:
                self._ur.gaa()
            case Urtilstand.REEL:
                self._ur.foelg_maskinen()
        return udfoert

    def indhent(self) -> Forloeb:
        """Carry out what is due by now, each at its own instant, without moving the clock."""
        return (yield from self._udfoer(self._ur.now(), flyt=False))

    def _udfoer(self, til: datetime, *, flyt: bool) -> Forloeb:
        antal: Counter[str] = Counter()
        paa_stedet: Counter[tuple[str, datetime]] = Counter()
        while True:
            venter = [(en, kilde) for kilde in self._kilder if (en := kilde.naeste()) is not None]
            tidspunkt, kilde = min(venter, key=lambda par: _orden(par[0]), default=(None, None))
            if tidspunkt is None or kilde is None or _orden(tidspunkt) > _orden(til):
                return antal
            paa_stedet[kilde.navn, tidspunkt] += 1
            assert paa_stedet[kilde.navn, tidspunkt] <= _PAA_STEDET, f"{kilde.navn} falls due at {tidspunkt} forever"
            if flyt and _orden(tidspunkt) > _orden(self._ur.now()):
                self._ur.saet(tidspunkt)
            yield from kilde.udfoer(tidspunkt)
            antal[kilde.navn] += 1


def _orden(tidspunkt: datetime) -> datetime:
    """Instants are ordered in UTC: two Danish times in the hour that comes twice are not ordered by the wall clock."""
    return tidspunkt.astimezone(UTC)
