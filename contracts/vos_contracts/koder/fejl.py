"""Error codes: one number, a Danish and an English text, an HTTP status; and a refusal's one line.

The same number is given over REST and SOAP ("Fejlkoder bevares", epic AC 1005.17.28.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vos_contracts.tabel import Tabel

VALIDERER_IKKE = 1014


@dataclass(frozen=True, slots=True, order=True)
class Fejl:
    """One established error: its number and, where it helps the caller, the field and the rule."""

    kode: int
    beskrivelse: str = ""


@dataclass(frozen=True, slots=True)
class Fejltekst:
    """What the contract says of one error number."""

    kode: int
    dansk: str
    engelsk: str
    http_status: int

    @property
    def rest(self) -> str:
        """The text of a REST answer: Danish, else English, else the number alone."""
        return self.dansk or self.engelsk or f"Fejl {self.kode}"

    @property
    def soap(self) -> str:
        """The text of a SOAP fault: English where the facts have one, else Danish."""
        return self.engelsk or self.dansk or f"Fejl {self.kode}"


def fejltekster(tabel: Tabel) -> Mapping[int, Fejltekst]:
    """Read the error table by number."""
    return {
        int(raekke["kode"]): Fejltekst(
            int(raekke["kode"]), raekke["dansk"], raekke["engelsk"], int(raekke["http_status"])
        )
        for raekke in tabel.values()
    }


def sorteret(fejl: Iterable[Fejl]) -> tuple[Fejl, ...]:
    """Sort errors by number and drop those that say the same (DECISIONS: sorted by code)."""
    return tuple(sorted(set(fejl)))
