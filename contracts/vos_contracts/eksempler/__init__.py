"""Golden messages: for each operation a good request and answer, and one refusal per error code, as files beside this module.

They stand under the shipped names; an overlay does not change them. A folder is named for its operation, with the service
before it where two services have an operation of that name; a webservice message's for its entity.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable


@dataclass(frozen=True, slots=True)
class Eksempel:
    """One golden message; `mappe` is its folder."""

    kanal: str
    mappe: str
    navn: str
    indhold: bytes

    @property
    def operation(self) -> str:
        """The operation."""
        return self.mappe.rpartition(".")[2]

    def hoerer_til(self, tjeneste: str) -> bool:
        """Say whether the message may be that service's."""
        return self.mappe.rpartition(".")[0] in ("", tjeneste)


def alle() -> Iterator[Eksempel]:
    """List them by channel, operation and name."""
    rod = files("vos_contracts.eksempler")
    for kanal in ("rest", "soap", "wsb"):
        for operation in _mapper(rod.joinpath(kanal)):
            for fil in sorted(operation.iterdir(), key=lambda en: en.name):
                yield Eksempel(kanal, operation.name, fil.name, fil.read_bytes())


def _mapper(rod: Traversable) -> list[Traversable]:
    return sorted((en for en in rod.iterdir() if en.is_dir()), key=lambda en: en.name)
