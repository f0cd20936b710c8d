"""How a "Så" step says what it has found and what should be there, in the words of the scene."""

from __future__ import annotations

from collections.abc import Iterable

from vos_contracts.tables.errors import ServiceError


def equal(what: str, found: object, should: object, verb: str = "være") -> None:
    """Demand that what was found is what should be.

    Raises:
        AssertionError that says both
    """
    if found != should:
        raise AssertionError(f"{what} {said(found)} og skulle {verb} {said(should)}")


def refused_with(errors: Iterable[ServiceError], code: int) -> None:
    """Demand that a refusal has that number alone.

    Raises:
        as `equal`
    """
    equal("kaldet blev afvist med: fejlkoden er", sorted({error.code for error in errors}), [code])


def said(value: object) -> str:
    """Say a value in the scene's words: lists with commas, rows with bars between the cells, nothing as "intet"."""
    if isinstance(value, list | tuple | set | frozenset):
        rows = any(isinstance(item, list | tuple) for item in value)
        parts = [" | ".join(map(str, item)) if isinstance(item, list | tuple) else str(item) for item in value]
        return ("; " if rows else ", ").join(parts) or "intet"
    return str(value)
