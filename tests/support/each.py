"""One test for many items, which fails once and names every item that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def check_each(items: Iterable[T], check: Callable[[T], object], name: Callable[[T], str] = str) -> None:
    """Run the check on every item.

    Raises:
        AssertionError: there are no items, or the check failed for those that the message names.
    """
    checked, failures = 0, []
    for item in items:
        checked += 1
        try:
            check(item)
        except Exception as error:
            failures.append(f"{name(item)}: {type(error).__name__}: {error}")
    assert checked, "there is nothing to check"
    assert not failures, f"{len(failures)} of {checked} are wrong:\n" + "\n".join(failures)
