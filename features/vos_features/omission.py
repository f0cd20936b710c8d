"""Omit a scenario that this stage cannot play, or skip it; both always give a reason."""

from __future__ import annotations

from typing import NoReturn

MARK = "udeladt: "


def omit(reason: str) -> NoReturn:
    """End the scenario as omitted, with that reason in Danish."""
    skip_over(f"{MARK}{reason}")


def skip_over(reason: str) -> NoReturn:
    """End the scenario as skipped by choice, with that reason in Danish."""
    import pytest  # lazy: a stage that plays no scenario does not import pytest

    pytest.skip(reason)
