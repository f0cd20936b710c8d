"""The fuzz engine: Hypothesis draws examples within a budget of time and calls, and shrinks the first that fails.

The caller decides what an example is and when it fails: a history (`parity`), a message (`soap`), a block of recorded
calls or a reduced form of one call (`variants`).
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
"""Examples per Hypothesis run. Each run has a new seed, because within a run Hypothesis varies its earlier examples."""
SHRINK_LIMITS = 30.0, 2000
"""The most seconds and calls of shrinking, which the budget of the hunt does not include. At the limit, the smallest
example found so far is the result."""


def _show_nothing(used: int) -> None:
    """Show no progress."""


@dataclass
class Budget:
    """The seconds and calls that a hunt may use (None: unlimited). `show` is called with the number of calls so far."""

    seconds: float | None = None
    calls: int | None = None
    show: Callable[[int], None] = _show_nothing
    used: int = 0
    _started: float = field(default_factory=stopwatch.seconds)

    def spend(self, calls: int = 1) -> None:
        """Count calls that were made."""
        self.used += calls
        self.show(self.used if self.calls is None else min(self.used, self.calls))

    @property
    def calls_left(self) -> int:
        """The number of calls that may still be made."""
        return sys.maxsize if self.calls is None else max(self.calls - self.used, 0)

    @property
    def elapsed(self) -> float:
        """The seconds since the budget was created."""
        return stopwatch.seconds() - self._started

    @property
    def seconds_left(self) -> float:
        """The seconds that are left; negative when the time is over."""
        return float("inf") if self.seconds is None else self.seconds - self.elapsed

    @property
    def exhausted(self) -> bool:
        """Whether the seconds or the calls are used up."""
        return self.calls_left == 0 or self.seconds_left <= 0


INDEPENDENT = "generalproeve-independent"


class IndependentDraws(HypothesisProvider):
    """The draws of Hypothesis under another backend name, for which it does not make five near copies of each example.

    With the default backend only 14 of 84 blocks of 20 calls were new, so that many faults were missed.
    """


AVAILABLE_PROVIDERS[INDEPENDENT] = f"{__name__}.{IndependentDraws.__name__}"


class _HuntEnded(AssertionError):
    """Raised to end a Hypothesis run: an example failed, or no more are wanted."""


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
    """Call `play` with up to `count` examples, without shrinking, until it returns False.

    Raises:
        Exception: when `play` raises it; no further example is drawn.
    """
    ended = False
    failures: list[Exception] = []

    def test(example: Example) -> None:
        nonlocal ended
        if not ended:
            try:
                ended = not play(example)
            except Exception as failure:  # Hypothesis would take it for a failing example, and run it again
                failures.append(failure)
                ended = True
        if ended:
            raise _HuntEnded

    _run(strategy, test, seed, count, shrinks=False)
    if failures:
        raise failures[0]


def draw_examples(strategy: st.SearchStrategy[Example], count: int, seed: int) -> list[Example]:
    """Return up to `count` examples, the same ones for the same seed."""
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
    """Look for an example in which `judge` finds a breach; return the smallest one found, with its breach.

    No two examples with the same `key` are judged in one round. `shrink_limits` are seconds and calls.
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
            except Exception as failure:  # the judging failed, not the example: there is nothing to shrink
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
