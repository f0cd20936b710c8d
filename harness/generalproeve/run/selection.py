"""Which scenes a run plays, in which order, and which share of them one process of several plays."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from generalproeve.base.exit_codes import CannotRun
from vos_contracts.base.ids import new_uuid

T = TypeVar("T")
RANDOM = "random"


@dataclass(frozen=True, slots=True)
class Selection:
    """Those of a requirement, those whose feature or name holds a text; else all. `order` is a seed, "" the order of the files.

    `nr` of `of` processes plays every `of`th scene.
    """

    keys: tuple[str, ...] = ()
    name: str = ""
    order: str = ""
    nr: int = 0
    of: int = 1

    def part_(self, nr: int, of: int) -> Selection:
        """Return the share of one process."""
        return replace(self, nr=nr, of=of)

    def arrange(self, scenarios: Sequence[tuple[str, T]]) -> list[T]:
        """Return the share in its order; each scene comes with its name."""
        everyone = list(scenarios)
        if self.order:
            everyone.sort(key=lambda pair: hashlib.sha256(f"{self.order} {pair[0]}".encode()).digest())
        return [stage for _, stage in everyone[self.nr :: self.of]]


def read_order(text: str) -> str:
    """Read `random`, `random:SEED` or `file`; return the seed, a new one where none is given. Errors: CannotRun."""
    kind, _, seed = text.partition(":")
    if text == "file":
        return ""
    if kind != RANDOM:
        raise CannotRun(f"--order {text}: must be file, random or random:SEED")
    return seed or new_uuid()[-8:]
