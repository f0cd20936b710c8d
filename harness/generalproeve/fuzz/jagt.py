"""The hunt: make up one example after another within a budget, and shrink the first that breaks to the shortest that does.

Not here: what an example is, or what is a breach of it; the caller judges.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as med_seed
from hypothesis import strategies as st

from generalproeve.fuzz.budget import Budget

E = TypeVar("E")
B = TypeVar("B")

RUNDE = 100
"""Examples that are made up at a time; between rounds the chance is seeded anew, so that a long hunt does not tire."""
KRYMP_S = 30.0
"""Seconds that shrinking may take beside the budget."""
KRYMP_KALD = 2000
"""Calls that it may take: what is given is then the shortest so far."""


class _Brud(AssertionError):
    """One example broke."""


def jag(
    strategi: st.SearchStrategy[E],
    doem: Callable[[E], B | None],
    noegle: Callable[[E], bytes],
    seed: int,
    budget: Budget,
) -> tuple[E, B] | None:
    """Look for an example that `doem` finds a breach of; return the shortest known, with its breach as it was last seen.

    `noegle` names an example; what has once been judged broken is not judged again while it is shrunk.
    """
    runde = 0
    while not budget.opbrugt:
        fundet = _runde(strategi, doem, noegle, seed + runde, budget)
        if fundet is not None:
            return fundet
        runde += 1
    return None


def _runde(
    strategi: st.SearchStrategy[E],
    doem: Callable[[E], B | None],
    noegle: Callable[[E], bytes],
    seed: int,
    budget: Budget,
) -> tuple[E, B] | None:
    kendte: dict[bytes, B | None] = {}
    sidst: list[tuple[E, B]] = []
    brast: list[Exception] = []
    krymper = Budget(KRYMP_S, KRYMP_KALD)

    def proev(eksempel: E) -> None:
        nonlocal krymper
        navn = noegle(eksempel)
        if navn not in kendte:
            if brast or (krymper.opbrugt if sidst else budget.opbrugt):
                return
            foer = budget.brugt
            try:
                kendte[navn] = doem(eksempel)
            except Exception as fejl:  # no breach of the example's, and nothing to shrink
                brast.append(fejl)
                return
            if sidst:
                krymper.brug(budget.brugt - foer)
        brud = kendte[navn]
        if brud is not None:
            if not sidst:
                krymper = Budget(KRYMP_S, KRYMP_KALD)
            sidst[:] = [(eksempel, brud)]
            raise _Brud

    koer = med_seed(seed)(
        settings(
            max_examples=RUNDE,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        )(given(strategi)(proev))
    )
    with suppress(_Brud):
        koer()
    if sidst:
        return sidst[0]
    if brast:
        raise brast[0]
    return None
