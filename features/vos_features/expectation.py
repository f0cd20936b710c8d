"""How a "Så" step says what it has found and what should be there, in the words of the scene."""

from __future__ import annotations

from collections.abc import Iterable

from vos_contracts.koder.fejl import Fejl


def lig(hvad: str, fundet: object, skulle: object, verbum: str = "være") -> None:
    """Demand that what was found is what should be; errors: AssertionError that says both."""
    if fundet != skulle:
        raise AssertionError(f"{hvad} {sagt(fundet)} og skulle {verbum} {sagt(skulle)}")


def afvist_med(fejl: Iterable[Fejl], kode: int) -> None:
    """Demand that a refusal has that number alone; errors: as `lig`."""
    lig("kaldet blev afvist med: fejlkoden er", sorted({en.kode for en in fejl}), [kode])


def sagt(vaerdi: object) -> str:
    """Say a value in the scene's words: lists with commas, rows with bars between the cells, nothing as "intet"."""
    if isinstance(vaerdi, list | tuple | set | frozenset):
        raekker = any(isinstance(en, list | tuple) for en in vaerdi)
        dele = [" | ".join(map(str, en)) if isinstance(en, list | tuple) else str(en) for en in vaerdi]
        return ("; " if raekker else ", ").join(dele) or "intet"
    return str(vaerdi)
