"""Keys from a terminal without Enter, where the machine has such terminals; none elsewhere."""

from __future__ import annotations

import contextlib
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

    def aabn(self) -> None:
        """Begin to hear single keys."""
        if _termios is not None and self._foer is None and sys.stdin.isatty():
            self._foer = _termios.tcgetattr(sys.stdin)
            tty.setcbreak(sys.stdin)

    def tast(self) -> str:
        """Return the key that was pressed, "" if none was."""
        if self._foer is None or not select.select([sys.stdin], [], [], 0)[0]:
            return ""
        return sys.stdin.read(1)

    def luk(self) -> None:
        """Leave the terminal as it was."""
        if _termios is not None and self._foer is not None:
            with contextlib.suppress(_termios.error):
                _termios.tcsetattr(sys.stdin, _termios.TCSADRAIN, self._foer)
            self._foer = None
