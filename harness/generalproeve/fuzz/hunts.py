"""The one fuzz engine: Hypothesis draws examples within a budget of time and calls, and shrinks the first that breaks.

What an example is, and what breaks it, is the caller's: histories (`parity`), messages (`soap`), blocks of recorded calls and
the parts of one call (`variants`).
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
"""Examples drawn per Hypothesis run. Each round has a new seed: within a run Hypothesis varies what it has drawn before."""
SHRINK_LIMITS = 30.0, 2000
"""Seconds and calls that shrinking may take beside the budget; the smallest example so far is then the result."""


def _show_nothing(used: int) -> None:
    """Ignore the progress."""


@dataclass
class Budget:
    """Seconds and calls of one hunt; None is unlimited. `show` is told how many calls were made."""

    seconds: float | None = None
    calls: int | None = None
    show: Callable[[int], None] = _show_nothing
    used: int = 0
    _started: float = field(default_factory=stopwatch.seconds)

    def spend(self, calls: int = 1) -> None:
        """Count calls."""
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
        """Say whether the hunt must end."""
        return self.calls_left == 0 or self.seconds_left <= 0


INDEPENDENT = "generalproeve-independent"


class IndependentDraws(HypothesisProvider):
    """Hypothesis' own draws, as a backend of another name, for which it leaves out making five near copies of each example.

    Of 84 blocks of 20 calls only 14 were new with the default backend, and the faults that a quarter of them finds were missed.
    """


AVAILABLE_PROVIDERS[INDEPENDENT] = f"{__name__}.{IndependentDraws.__name__}"


class _HuntEnded(AssertionError):
    """Ends a Hypothesis run: an example broke, or no more are wanted."""


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
    """Play that many examples, without shrinking, until `play` says no.

    Raises:
        Exception: whatever `play` raises, at once.
    """
    ended = False
    failures: list[Exception] = []

    def test(example: Example) -> None:
        nonlocal ended
        if not ended:
            try:
                ended = not play(example)
            except Exception as failure:  # Hypothesis would take it for a broken example, and play it again
                failures.append(failure)
                ended = True
        if ended:
            raise _HuntEnded

    _run(strategy, test, seed, count, shrinks=False)
    if failures:
        raise failures[0]


def draw_examples(strategy: st.SearchStrategy[Example], count: int, seed: int) -> list[Example]:
    """Draw that many examples, the same for the same seed."""
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
    """Look for an example that `judge` finds a breach of; return the smallest known, with its breach as last seen.

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
            except Exception as failure:  # not the example's fault, and nothing to shrink
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
