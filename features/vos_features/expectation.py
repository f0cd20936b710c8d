"""Checks of the "Så" steps, with Danish messages that name the found and the expected value."""

from __future__ import annotations

from collections.abc import Iterable

from vos_contracts.tables.errors import ServiceError


def equal(what: str, found: object, should: object, verb: str = "være") -> None:
    """Check that a found value equals the expected one.

    Raises:
        AssertionError: they differ; the message names both in Danish.
    """
    if found != should:
        raise AssertionError(f"{what} {said(found)} og skulle {verb} {said(should)}")


def refused_with(errors: Iterable[ServiceError], code: int) -> None:
    """Check that a refusal has that error code and no other.

    Raises:
        AssertionError: it has other error codes.
    """
    equal("kaldet blev afvist med: fejlkoden er", sorted({error.code for error in errors}), [code])


def said(value: object) -> str:
    """Render a value for a message: lists with commas, rows with bars between cells, an empty list as "intet"."""
    if isinstance(value, list | tuple | set | frozenset):
        rows = any(isinstance(item, list | tuple) for item in value)
        parts = [" | ".join(map(str, item)) if isinstance(item, list | tuple) else str(item) for item in value]
        return ("; " if rows else ", ").join(parts) or "intet"
    return str(value)
