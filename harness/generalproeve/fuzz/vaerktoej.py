"""What the extra `fuzz` brings: see that it is there, and make a seed where none was given."""

from __future__ import annotations

import secrets
from importlib.util import find_spec

from generalproeve.udgang import KanIkkeKoere


def kraev() -> None:
    """Errors: KanIkkeKoere saying what to install."""
    if find_spec("hypothesis") is None or find_spec("schemathesis") is None:
        raise KanIkkeKoere("fuzz needs its extra: pip install 'generalproeve[fuzz]'")


def nyt_seed() -> int:
    """Return a number that nobody can foresee."""
    return secrets.randbelow(2**32)
