"""Leave a scene out because this stage cannot play it, or skip it: the reason is said, never a silent green (DESIGN rule 2)."""

from __future__ import annotations

from typing import NoReturn

MAERKE = "udeladt: "


def udelad(grund: str) -> NoReturn:
    """End the scene as omitted, with that reason."""
    spring_over(f"{MAERKE}{grund}")


def spring_over(grund: str) -> NoReturn:
    """End the scene as skipped, because somebody chose to."""
    import pytest  # here: a stage that no scene is played on need not wait for it

    pytest.skip(grund)
