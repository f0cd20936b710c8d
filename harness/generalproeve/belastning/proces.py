"""A process of ours for as long as a block lasts: what it complains of goes to a file, which never fills as a pipe does."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

STOP_S = 20.0
"""How long it may take to end when it is asked to; then it is killed."""


@contextlib.contextmanager
def proces(
    kommando: Sequence[str], fejlene: Path, *, hoeres: bool = True, egen_session: bool = False
) -> Iterator[subprocess.Popen[str]]:
    """Start it, and end it with the block; `hoeres`: what it says is read. In a session of its own no Ctrl-C reaches it."""
    with fejlene.open("w", encoding="utf-8") as aaben:
        startet = subprocess.Popen(
            kommando, stdout=subprocess.PIPE if hoeres else subprocess.DEVNULL, stderr=aaben, text=True,
            start_new_session=egen_session,
        )  # fmt: skip
    try:
        yield startet
    finally:
        if startet.poll() is None:
            startet.terminate()
            try:
                startet.wait(STOP_S)
            except subprocess.TimeoutExpired:
                startet.kill()
                startet.wait()
