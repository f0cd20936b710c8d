"""The fuzz engine: Hypothesis draws examples within a budget of time and calls, and shrinks the first that breaks.

The caller defines the examples and the judge: histories (`parity`), messages (`soap`), blocks of recorded calls and the
parts of one call (`variants`).
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as with_seed
from hypothesis import strategies as st
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider

from vos_contracts.base import stopwatch

Example = TypeVar("Example")
Breach = TypeVar("Breach")

ROUND = 100
"""Examples drawn per Hypothesis run. Each round has a new seed, because Hypothesis mostly varies earlier examples of a run."""
SHRINK_LIMITS = 30.0, 2000
"""Seconds and calls that shrinking may use on top of the budget; then the smallest example so far is the result."""


def _show_nothing(used: int) -> None:
    """Show no progress."""


@dataclass
class Budget:
    """The seconds and calls that one hunt may use; None is unlimited. `show` gets the number of calls so far."""

    seconds: float | None = None
    calls: int | None = None
    show: Callable[[int], None] = _show_nothing
    used: int = 0
    _started: float = field(default_factory=stopwatch.seconds)

    def spend(self, calls: int = 1) -> None:
        """Count that many calls as made."""
        self.used += calls
        self.show(self.used if self.calls is None else min(self.used, self.calls))

    @property
    def calls_left(self) -> int:
        """Return the calls that may still be made."""
        return sys.maxsize if self.calls is None else max(self.calls - self.used, 0)

    @property
    def elapsed(self) -> float:
        """Return the seconds since the budget was made."""
        return stopwatch.seconds() - self._started

    @property
    def seconds_left(self) -> float:
        """Return the seconds that are left."""
        return float("inf") if self.seconds is None else self.seconds - self.elapsed

    @property
    def exhausted(self) -> bool:
        """Whether the hunt must end."""
        return self.calls_left == 0 or self.seconds_left <= 0


INDEPENDENT = "generalproeve-independent"


class IndependentDraws(HypothesisProvider):
    """Hypothesis' own draws under another backend name: for its default backend it makes five near copies of each example.

    With the default backend only 14 of 84 blocks of 20 calls were new, and faults that every fourth block finds were missed.
    """


AVAILABLE_PROVIDERS[INDEPENDENT] = f"{__name__}.{IndependentDraws.__name__}"


class _HuntEnded(AssertionError):
    """Ends a Hypothesis run early: an example broke, or the caller wants no more."""


def _run(
    strategy: st.SearchStrategy[Example], test: Callable[[Example], None], seed: int, count: int, *, shrinks: bool
) -> None:
    run = settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink) if shrinks else (Phase.generate,),
        backend="hypothesis" if shrinks else INDEPENDENT,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )(given(strategy)(test))
    with warnings.catch_warnings(), suppress(_HuntEnded):
        warnings.simplefilter("ignore")
        with_seed(seed)(run)()


def play_each(
    strategy: st.SearchStrategy[Example], play: Callable[[Example], bool], seed: int, count: int = ROUND
) -> None:
    """Play up to `count` examples, without shrinking, until `play` returns False.

    Raises:
        Exception: `play` raised it; no further example is played.
    """
    ended = False
    failures: list[Exception] = []

    def test(example: Example) -> None:
        nonlocal ended
        if not ended:
            try:
                ended = not play(example)
            except Exception as failure:  # Hypothesis would count it as a broken example and replay it
                failures.append(failure)
                ended = True
        if ended:
            raise _HuntEnded

    _run(strategy, test, seed, count, shrinks=False)
    if failures:
        raise failures[0]


def draw_examples(strategy: st.SearchStrategy[Example], count: int, seed: int) -> list[Example]:
    """Draw that many examples; the same seed gives the same examples."""
    drawn: list[Example] = []

    def keep(example: Example) -> bool:
        drawn.append(example)
        return True

    play_each(strategy, keep, seed, count)
    return drawn


def hunt(
    strategy: st.SearchStrategy[Example],
    judge: Callable[[Example], Breach | None],
    key: Callable[[Example], bytes],
    seed: int,
    budget: Budget,
    shrink_limits: tuple[float, int] = SHRINK_LIMITS,
) -> tuple[Example, Breach] | None:
    """Search for an example in which `judge` finds a breach; return the smallest one found, with its breach.

    `key` identifies an example: no example is judged twice in a round.
    """
    round_seed = seed
    while not budget.exhausted:
        found = _hunt_round(strategy, judge, key, round_seed, budget, shrink_limits)
        if found is not None:
            return found
        round_seed += 1
    return None


def _hunt_round(
    strategy: st.SearchStrategy[Example],
    judge: Callable[[Example], Breach | None],
    key: Callable[[Example], bytes],
    seed: int,
    budget: Budget,
    shrink_limits: tuple[float, int],
) -> tuple[Example, Breach] | None:
    judged: dict[bytes, Breach | None] = {}
    smallest: list[tuple[Example, Breach]] = []
    failures: list[Exception] = []
    shrinking = budget

    def test(example: Example) -> None:
        nonlocal shrinking
        name = key(example)
        if name not in judged:
            if failures or shrinking.exhausted:
                return
            before = budget.used
            try:
                judged[name] = judge(example)
            except Exception as failure:  # a failure of the run, not a breach that could be shrunk
                failures.append(failure)
                return
            if smallest:
                shrinking.spend(budget.used - before)
        breach = judged[name]
        if breach is not None:
            if not smallest:
                shrinking = Budget(*shrink_limits)
            smallest[:] = [(example, breach)]
            raise _HuntEnded

    _run(strategy, test, seed, ROUND, shrinks=True)
    if smallest:
        return smallest[0]
    if failures:
        raise failures[0]
    return None
