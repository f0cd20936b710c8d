"""How a "Så" step says what it has found and what should be there, in the words of the scene."""

from __future__ import annotations

from collections.abc import Iterable

from vos_contracts.koder.fejl import Fejl


def lig(hvad: str, fundet: object, skulle: object) -> None:
    """Demand that what was found is what should be; errors: AssertionError that says both."""
    if fundet != skulle:
        raise AssertionError(f"{hvad} {_sagt(fundet)} og skulle være {_sagt(skulle)}")


def afvist_med(fejl: Iterable[Fejl], kode: int) -> None:
    """Demand that a refusal has that number alone; errors: as `lig`."""
    lig("kaldet blev afvist med: fejlkoden er", sorted({en.kode for en in fejl}), [kode])


def _sagt(vaerdi: object) -> str:
    if isinstance(vaerdi, list | tuple | set | frozenset):
        return ", ".join(map(_sagt, vaerdi)) or "intet"
    return str(vaerdi)
