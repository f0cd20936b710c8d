"""Named bad habits of those who receive: each lets through what such a receiver would take in, and keeps its own count.

A habit is called with what arrived, in the order it arrived, and returns what is taken in. Not here: what goes wrong because of
it - that is for the scenes to see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")
Uvane = Callable[[Sequence[T]], Sequence[T]]


def none() -> Uvane[T]:
    """Take in everything, in order."""
    return lambda ankommet: ankommet


def loses_every_second() -> Uvane[T]:
    """Lose the second, the fourth ... of all that arrives."""
    antal = 0

    def tag(ankommet: Sequence[T]) -> Sequence[T]:
        nonlocal antal
        beholdt = [en for nummer, en in enumerate(ankommet, antal) if nummer % 2 == 0]
        antal += len(ankommet)
        return beholdt

    return tag


def applies_out_of_order() -> Uvane[T]:
    """Take in what arrives together in the opposite order."""
    return lambda ankommet: ankommet[::-1]


def stops_listening() -> Uvane[T]:
    """Take in nothing more."""
    return lambda ankommet: ()


def hears_everything_twice() -> Uvane[T]:
    """Take in everything twice, as after a delivery whose receipt was lost; a receiver must bear that."""
    return lambda ankommet: [en for ny in ankommet for en in (ny, ny)]


HAENDELSESUVANER: Mapping[str, Callable[[], Uvane[object]]] = {
    "loses_every_second": loses_every_second,
    "applies_out_of_order": applies_out_of_order,
    "stops_listening": stops_listening,
    "hears_everything_twice": hears_everything_twice,
}
"""The habits of a business domain, by name."""
