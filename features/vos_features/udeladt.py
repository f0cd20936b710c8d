"""Leave a scene out because this stage cannot play it, or skip it: the reason is said, never a silent green (DESIGN rule 2)."""

from __future__ import annotations

from typing import NoReturn

import pytest

MAERKE = "udeladt: "
Udeladt = pytest.skip.Exception
"""What ends a scene that is left out."""


def udelad(grund: str) -> NoReturn:
    """End the scene as omitted, with that reason."""
    pytest.skip(f"{MAERKE}{grund}")


def spring_over(grund: str) -> NoReturn:
    """End the scene as skipped, because somebody chose to."""
    pytest.skip(grund)
