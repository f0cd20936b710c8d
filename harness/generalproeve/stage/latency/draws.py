"""The one place that draws lots: seeded, so that the same seed gives the same lots in the same order."""

from __future__ import annotations

import random  # noqa: TID251 - the one place
from collections.abc import Callable

Lot = Callable[[], float]
"""Draw the next lot: a number from 0 up to, and never, 1."""


def new(seed: str) -> Lot:
    """Begin a row of lots of its own."""
    return random.Random(seed).random
