"""Keys from a terminal without Enter, where the machine has such terminals; none elsewhere."""

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


class Taster:
    """The keyboard; open only while somebody waits, so that Ctrl-C and echo are as ever otherwise."""

    def __init__(self) -> None:
        self._foer: list[Any] | None = None
        self._ventende = ""

    def aabn(self) -> None:
        """Begin to hear single keys."""
        if _termios is not None and self._foer is None and sys.stdin.isatty():
            self._foer = _termios.tcgetattr(sys.stdin)
            tty.setcbreak(sys.stdin)

    def tast(self) -> str:
        """Return the key that was pressed, "" if none was."""
        if self._foer is None:
            return ""
        if not self._ventende and select.select([sys.stdin], [], [], 0)[0]:
            # past sys.stdin's buffer, where select does not see the rest of what was typed at once
            self._ventende = os.read(sys.stdin.fileno(), 1024).decode("utf-8", "ignore")
        tast, self._ventende = self._ventende[:1], self._ventende[1:]
        return tast

    def luk(self) -> None:
        """Leave the terminal as it was."""
        self._ventende = ""
        if _termios is not None and self._foer is not None:
            with contextlib.suppress(_termios.error):
                _termios.tcsetattr(sys.stdin, _termios.TCSADRAIN, self._foer)
            self._foer = None
