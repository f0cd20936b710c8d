"""Cells of CSV files that people open in a spreadsheet: a text that would be read as a formula is defused."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def defused(text: str) -> str:
    """Return the text, with an apostrophe before it if a spreadsheet would run it; a number is left as it is."""
    if not text.startswith(_FORMULA):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text
