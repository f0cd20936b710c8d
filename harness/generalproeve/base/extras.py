"""The optional extras of the package: whether one is installed, and the seed of a run that needs one."""

from __future__ import annotations

import secrets
from importlib.util import find_spec
from typing import Literal

from generalproeve.base.exit_codes import CannotRun

Extra = Literal["fuzz", "load"]

LIBRARIES: dict[Extra, tuple[str, ...]] = {
    "fuzz": ("hypothesis", "schemathesis"),
    "load": ("locust", "numpy", "matplotlib", "psutil"),
}
"""The top-level modules that each extra installs; the versions are in pyproject.toml."""


def require_extra(extra: Extra) -> None:
    """Check that the libraries of an extra can be imported.

    Raises:
        CannotRun: one is missing; the message is the command that installs it.
    """
    if any(find_spec(library) is None for library in LIBRARIES[extra]):
        raise CannotRun(f"{extra} needs its extra: pip install 'generalproeve[{extra}]'")


def new_seed() -> int:
    """Return an unpredictable 32-bit seed."""
    return secrets.randbelow(2**32)
