"""Work that falls due as the stage clock advances (nightly runs, expiry of sequences, deliveries), in order of time.

Here: moving the clock forward over the due work, and catching up on overdue work. Not here: the work itself (`Source`:
`application.nightly_run`, `application.wsrm_queue`, `application.delivery`), and the loop that asks (`background.clockwork`).
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
    """A step that the driver must await; every other step is done when it is yielded."""

    on: Callable[[], Awaitable[None]]


ClockSteps = Generator[object, None, Mapping[str, int]]
"""Work in steps, so that calls are answered between them; returns how often each source was due, by name."""


_MAX_REPEATS = 1000
"""How often one source may be due at one instant, since calls made meanwhile can add work; more often is a bug."""

Target = Callable[[datetime], datetime]
"""Return the instant to move the clock to, given its present instant."""


class Source(Protocol):
    """A source of due work; add an implementation to the list in `bootstrap`."""

    @property
    def name(self) -> str:
        """The name in answers of the control API and in the journal."""
        ...

    def next_item(self) -> datetime | None:
        """Return the instant at which work is due next, past or future; None if there is none."""
        ...

    def carry_out(self, instant: datetime) -> Iterator[object]:
        """Do the work due at the instant, in steps; afterwards `next_item` differs, unless work was added meanwhile."""
        ...


class DueWork:
    """The due work of one clock; work due at the same instant is done in the order of the sources."""

    def __init__(self, clock: StageClock, sources: Sequence[Source]) -> None:
        self._clock = clock
        self._sources = sources

    def next_item(self) -> datetime | None:
        """Return the instant at which any source is due next."""
        return min(filter(None, (source.next_item() for source in self._sources)), key=_order, default=None)

    def set(self, target: Target, state: ClockMode) -> ClockSteps:
        """Move the clock to the target and leave it in the given mode; due work on the way is done at its own instant.

        The clock is frozen meanwhile. If a source fails, the clock stays at the instant of that work.

        Raises:
            TimeGoesOnlyForward: the target is in the past; nothing has been done. Errors of `target` pass through likewise.
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
        """Do the work that is due by now, in order of time, without moving the clock."""
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
    """Return the sort key of an instant: UTC, since two Danish times in the repeated hour do not compare as instants."""
    return instant.astimezone(UTC)
