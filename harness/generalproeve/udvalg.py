"""Which scenes a run plays, in which order, and which share of them one process of several plays."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from generalproeve.base.exit_codes import KanIkkeKoere
from vos_contracts.base.ids import ny_uuid

T = TypeVar("T")
TILFAELDIG = "random"


@dataclass(frozen=True, slots=True)
class Udvalg:
    """Those of a requirement, those whose feature or name holds a text; else all. `orden` is a seed, "" the order of the files.

    `nr` of `af` processes plays every `af`th scene.
    """

    noegler: tuple[str, ...] = ()
    navn: str = ""
    orden: str = ""
    nr: int = 0
    af: int = 1

    def del_(self, nr: int, af: int) -> Udvalg:
        """Return the share of one process."""
        return replace(self, nr=nr, af=af)

    def ordn(self, scener: Sequence[tuple[str, T]]) -> list[T]:
        """Return the share in its order; each scene comes with its name."""
        alle = list(scener)
        if self.orden:
            alle.sort(key=lambda par: hashlib.sha256(f"{self.orden} {par[0]}".encode()).digest())
        return [scene for _, scene in alle[self.nr :: self.af]]


def laes_orden(tekst: str) -> str:
    """Read `random`, `random:SEED` or `file`; return the seed, a new one where none is given. Errors: KanIkkeKoere."""
    art, _, seed = tekst.partition(":")
    if tekst == "file":
        return ""
    if art != TILFAELDIG:
        raise KanIkkeKoere(f"--order {tekst}: must be file, random or random:SEED")
    return seed or ny_uuid()[-8:]
