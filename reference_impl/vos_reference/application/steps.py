"""A step of long work that may run outside the thread of the event loop; the threads are in `vos_reference.background`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
AfterCommit = list[Callable[[], None]]
"""Calls to make after the commit of a transaction, in the thread of the event loop."""


class ThreadStep(Generic[T]):
    """Work that a generator yields before it asks for the result, so that its driver can run it in a thread.

    If the driver does not, `result` does the work in place.
    """

    def __init__(self, work: Callable[[AfterCommit], T]) -> None:
        self._work = work
        self._after: AfterCommit = []
        self._value: tuple[T] | None = None
        self._failure: Exception | None = None

    def carry_out(self) -> None:
        """Do the work, in any thread; an exception is kept for `result`."""
        try:
            self._value = (self._work(self._after),)
        except Exception as failure:
            self._failure = failure

    def finish(self) -> None:
        """Make the calls after the commit; in the thread of the event loop, before any other transaction."""
        after, self._after = self._after, []
        for call in after:
            call()

    def result(self) -> T:
        """Return the result of the work.

        Raises:
            Exception: the exception of the work.
        """
        if self._value is None and self._failure is None:
            self.carry_out()
            self.finish()
        if self._failure is not None:
            raise self._failure
        assert self._value is not None, "carry_out has set a value or a failure"
        return self._value[0]
