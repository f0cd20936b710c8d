"""Leave a scene out because this stage cannot play it, or skip it: the reason is said, never a silent green (DESIGN rule 2)."""

from __future__ import annotations

from typing import NoReturn

MARK = "udeladt: "


def omit(reason: str) -> NoReturn:
    """End the scene as omitted, with that reason."""
    skip_over(f"{MARK}{reason}")


def skip_over(reason: str) -> NoReturn:
    """End the scene as skipped, because somebody chose to."""
    import pytest  # here: a stage that no scene is played on need not wait for it

    pytest.skip(reason)
