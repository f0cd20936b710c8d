"""Single key presses from a terminal, without Enter; never any on Windows, which has no termios."""

from __future__ import annotations

import contextlib
import os
import select
import sys
from types import ModuleType
from typing import Any

_termios: ModuleType | None
try:
    import termios as _termios
    import tty
except ImportError:  # Windows
    _termios = None


class Keyboard:
    """The keyboard; open only while a call is awaited, so that echo and line editing work as usual otherwise."""

    def __init__(self) -> None:
        self._before: list[Any] | None = None
        self._pending = ""

    def open(self) -> None:
        """Begin to read single keys."""
        if _termios is not None and self._before is None and sys.stdin.isatty():
            self._before = _termios.tcgetattr(sys.stdin)
            tty.setcbreak(sys.stdin)

    def key(self) -> str:
        """Return the next pressed key, or "" without waiting for one."""
        if self._before is None:
            return ""
        if not self._pending and select.select([sys.stdin], [], [], 0)[0]:
            # os.read bypasses the buffer of sys.stdin: select() does not see bytes that are buffered there
            self._pending = os.read(sys.stdin.fileno(), 1024).decode("utf-8", "ignore")
        key, self._pending = self._pending[:1], self._pending[1:]
        return key

    def close(self) -> None:
        """Restore the terminal."""
        self._pending = ""
        if _termios is not None and self._before is not None:
            with contextlib.suppress(_termios.error):
                _termios.tcsetattr(sys.stdin, _termios.TCSADRAIN, self._before)
            self._before = None
