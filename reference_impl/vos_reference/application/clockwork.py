"""What falls due as time passes, in order of time: nightly runs, sequences left open, and whatever else joins (`Source`).

Here: moving the stage clock over what falls due, and catching up what is due already. Not here: what falls due
(`application.nightly_run`, `application.queue`), or when anybody asks (`background.clockwork`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from vos_contracts.control.stage import ClockMode
from vos_reference.clock import StageClock


@dataclass(frozen=True, slots=True)
class Wait:
    """A step of work that is to be waited for; every other step is done when it is yielded."""

    on: Callable[[], Awaitable[None]]


ClockSteps = Generator[object, None, Mapping[str, int]]
"""Work in steps, so that others come to between them; at the end how often each source fell due."""


_MAX_REPEATS = 1000
"""How often one source may fall due at one instant: calls that come in meanwhile may make more due there."""

Target = Callable[[datetime], datetime]
"""Where the clock is to stand, given where it stands."""


class Source(Protocol):
    """A source of what falls due; to join, implement it and stand in the list in `bootstrap`."""

    @property
    def name(self) -> str:
        """What it is called in answers and in the journal."""
        ...

    def next_item(self) -> datetime | None:
        """Return the instant of what falls due next, also when it has passed; None if nothing will."""
        ...

    def carry_out(self, instant: datetime) -> Iterator[object]:
        """Carry out what falls due then, in steps; afterwards `next_item` is another instant, unless more fell due meanwhile."""
        ...


class DueWork:
    """Moves one clock over what its sources say falls due; what falls due at the same instant goes in their order."""

    def __init__(self, clock: StageClock, sources: Sequence[Source]) -> None:
        self._clock = clock
        self._sources = sources

    def next_item(self) -> datetime | None:
        """Return the instant of what falls due next."""
        return min(filter(None, (source.next_item() for source in self._sources)), key=_order, default=None)

    def set(self, target: Target, state: ClockMode) -> ClockSteps:
        """Move the clock to where `target` says, and leave it in that state; everything on the way is done at its own instant.

        The clock stands still meanwhile, but for that. Errors: TimeGoesOnlyForward and what `target` raises, before anything is
        done; if a source fails, the clock is left where that was.
        """
        went = not self._clock.frozen
        now = self._clock.freeze()
        try:
            until = target(now)
            self._clock.only_forward(until)
            accepted = yield from self._carry_out(until, move=True)
            self._clock.assign(until)
        except BaseException:
            if went:
                self._clock.go()
            raise
        match state:
            case ClockMode.FROZEN:
                pass
            case ClockMode.OFFSET:
                self._clock.go()
            case ClockMode.REAL:
                self._clock.follow_machine()
        return accepted

    def catch_up(self) -> ClockSteps:
        """Carry out what is due by now, each at its own instant, without moving the clock."""
        return (yield from self._carry_out(self._clock.now(), move=False))

    def _carry_out(self, until: datetime, *, move: bool) -> ClockSteps:
        count: Counter[str] = Counter()
        fired: Counter[tuple[str, datetime]] = Counter()
        while True:
            waiting = [(item, source) for source in self._sources if (item := source.next_item()) is not None]
            instant, source = min(waiting, key=lambda pair: _order(pair[0]), default=(None, None))
            if instant is None or source is None or _order(instant) > _order(until):
                return count
            fired[source.name, instant] += 1
            assert fired[source.name, instant] <= _MAX_REPEATS, f"{source.name} falls due at {instant} forever"
            if move and _order(instant) > _order(self._clock.now()):
                self._clock.assign(instant)
            yield from source.carry_out(instant)
            count[source.name] += 1


def _order(instant: datetime) -> datetime:
    """Instants are ordered in UTC: two Danish times in the hour that comes twice are not ordered by the wall clock."""
    return instant.astimezone(UTC)
