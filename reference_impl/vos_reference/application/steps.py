"""A step of long work that need not be done in the event loop's thread.

Not here: who has a thread (`vos_reference.background`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
AfterCommit = list[Callable[[], None]]
"""What is to be called once a transaction is committed, in the event loop's thread."""


class ThreadStep(Generic[T]):
    """Work that a generator yields before it asks for the result: a driver may carry it out in a thread meanwhile.

    Where the driver does not, `result` does the work in place.
    """

    def __init__(self, work: Callable[[AfterCommit], T]) -> None:
        self._work = work
        self._after: AfterCommit = []
        self._value: tuple[T] | None = None
        self._failure: Exception | None = None

    def carry_out(self) -> None:
        """Do the work, in any thread; what it raises is kept for `result`."""
        try:
            self._value = (self._work(self._after),)
        except Exception as failure:
            self._failure = failure

    def finish(self) -> None:
        """Call what follows the commit; in the event loop's thread, before anybody else writes."""
        after, self._after = self._after, []
        for call in after:
            call()

    def result(self) -> T:
        """Return what the work came to.

        Raises:
            Exception: what the work raised.
        """
        if self._value is None and self._failure is None:
            self.carry_out()
            self.finish()
        if self._failure is not None:
            raise self._failure
        assert self._value is not None, "carried out"
        return self._value[0]
