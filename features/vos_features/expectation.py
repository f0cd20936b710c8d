"""Checks of the "Så" steps, with Danish messages that name the found and the expected value."""

from __future__ import annotations

from collections.abc import Mapping

from vos_contracts.tables.errors import ErrorText
from vos_contracts.wire.rest.registration import Refusal


def equal(what: str, found: object, should: object, verb: str = "være") -> None:
    """Check that a found value equals the expected one.

    Raises:
        AssertionError: they differ; the message names both in Danish.
    """
    if found != should:
        raise AssertionError(f"{what} {said(found)} og skulle {verb} {said(should)}")


def refused_with(refusal: Refusal, known: Mapping[int, ErrorText], *codes: int) -> None:
    """Check that a refusal has exactly these error codes, in order, and the texts that the contract knows for them.

    Raises:
        AssertionError: it has other error codes, or another text for a code whose text is from the epic or a public page.
    """
    found = list(dict.fromkeys(error.code for error in refusal.errors))
    if len(codes) == 1:
        found.sort()
    equal("kaldet blev afvist med: fejlkoden er", found, list(codes))
    for error, text in zip(refusal.errors, refusal.texts, strict=False):
        entry = known.get(error.code)
        if entry is None or not entry.is_known:
            continue
        should = entry.soap if refusal.by_soap else entry.rest
        is_right = text == should or (refusal.by_soap and text.startswith(f"{should}: "))  # the service's own addition
        assert is_right, f"fejlteksten til {error.code} er {text!r} og skulle være {should!r}"


def said(value: object) -> str:
    """Render a value for a message: lists with commas, rows with bars between cells, an empty list as "intet"."""
    if isinstance(value, list | tuple | set | frozenset):
        rows = any(isinstance(item, list | tuple) for item in value)
        parts = [" | ".join(map(str, item)) if isinstance(item, list | tuple) else str(item) for item in value]
        return ("; " if rows else ", ").join(parts) or "intet"
    return str(value)
