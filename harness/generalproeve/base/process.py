"""The process around a command: what of its surroundings is refused or made harmless, and how it ends.

A verdict must not depend on the caller's environment. A console that cannot show a character, or a reader that goes away, must
not end a run. A signal must let the command clean up after itself.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from types import FrameType
from typing import Any, TextIO

from generalproeve.base.exit_codes import CannotRun

_ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))
PYTEST_VARIABLES = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")
"""Variables by which the surroundings would choose other scenarios or other plugins."""


class Ended(KeyboardInterrupt):
    """The process was told to end by a signal other than Ctrl-C; `code` is the exit code for it."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.code = 128 + number


def prepare() -> None:
    """Refuse an interpreter that would give wrong verdicts, and make the console take every character.

    Raises:
        CannotRun: Python runs without assertions, from which verdicts come.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.stdout = _Stream(sys.stdout)
    if sys.flags.optimize:
        raise CannotRun(
            "PYTHONOPTIMIZE or python -O: Python then skips the assertions that verdicts come from; unset it"
        )


@contextmanager
def ending() -> Iterator[None]:
    """Let signals that end the process raise `Ended` in the block, so that folders and processes are cleaned up."""
    before: dict[int, Any] = {}

    def end(number: int, frame: FrameType | None) -> None:
        raise Ended(number)

    try:
        for number in _ENDING:
            if signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, end)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def without_variables(environment: MutableMapping[str, str], *names: str) -> Iterator[None]:
    """Take the variables out of the environment for the block."""
    taken = {name: environment.pop(name) for name in names if name in environment}
    try:
        yield
    finally:
        environment.update(taken)


class _Stream:
    """A text stream that goes on without a word when its reader has gone away, as in `| head`."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write the text, to nowhere if nobody reads any more."""
        return self._to_nowhere(lambda: self._stream.write(text)) or len(text)

    def flush(self) -> None:
        """Flush, to nowhere if nobody reads any more."""
        self._to_nowhere(self._stream.flush)

    def _to_nowhere(self, do: Callable[[], int | None]) -> int | None:
        try:
            return do()
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
            return do()
