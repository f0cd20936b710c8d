"""The scenarios that a run plays, their names, their order, and the share of one worker process."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from generalproeve.base.exit_codes import CannotRun
from vos_contracts.base.ids import new_uuid
from vos_features import SCENARIOS

T = TypeVar("T")
RANDOM = "random"


@dataclass(frozen=True, slots=True)
class Selection:
    """Scenarios of the requirements `keys` whose feature or name contains `name`; all by default.

    `order` is the seed of a random order, "" for that of the files. Worker `nr` of `of` plays every `of`th scenario.
    """

    keys: tuple[str, ...] = ()
    name: str = ""
    order: str = ""
    nr: int = 0
    of: int = 1

    def share(self, nr: int, of: int) -> Selection:
        """Return the share of worker `nr` of `of`."""
        return replace(self, nr=nr, of=of)

    def arrange(self, scenarios: Sequence[tuple[str, T]]) -> list[T]:
        """Return the share in its order; `scenarios` are pairs of name and scenario."""
        ordered = list(scenarios)
        if self.order:
            ordered.sort(key=lambda pair: hashlib.sha256(f"{self.order} {pair[0]}".encode()).digest())
        return [scenario for _, scenario in ordered[self.nr :: self.of]]


def read_order(text: str) -> str:
    """Read `random`, `random:SEED` or `file`; return the seed (new for `random`), or "" for `file`.

    Raises:
        CannotRun: the text is none of the three.
    """
    kind, _, seed = text.partition(":")
    if text == "file":
        return ""
    if kind != RANDOM:
        raise CannotRun(f"--order {text}: must be file, random or random:SEED")
    return seed or new_uuid()[-8:]


def scenario_names() -> Iterator[tuple[str, str]]:
    """Yield feature and name of every scenario, one pair per example."""
    from pytest_bdd.feature import get_features  # lazy: a command that plays nothing starts without pytest

    for feature in get_features([str(SCENARIOS)]):
        for scenario in feature.scenarios.values():
            examples = [example for table in scenario.examples for example in table.as_contexts()]
            for example in examples or [{}]:
                yield feature.name or "", inserted(scenario.name, {name: str(value) for name, value in example.items()})


def inserted(text: str, example: Mapping[str, str]) -> str:
    """Replace each `<column>` of a scenario outline by the value in the example."""
    for name, value in example.items():
        text = text.replace(f"<{name}>", value)
    return text
