"""What the extra `load` brings: see that it is there, and make a seed where none was given."""

from __future__ import annotations

import secrets
from importlib.util import find_spec

from generalproeve.udgang import KanIkkeKoere

BIBLIOTEKER = ("locust", "numpy", "matplotlib", "psutil")


def kraev() -> None:
    """Errors: KanIkkeKoere saying what to install."""
    if any(find_spec(navn) is None for navn in BIBLIOTEKER):
        raise KanIkkeKoere("load needs its extra: pip install 'generalproeve[load]'")


def nyt_seed() -> int:
    """Return a number that nobody can foresee."""
    return secrets.randbelow(2**32)
