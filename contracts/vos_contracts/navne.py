"""The names on the wire - headers, paths, JSON, XML, the broker's - as a table that an overlay may change.

Keys are `<kind>.<canonical name>`; the value is what stands on the wire. Not here: what a name means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vos_contracts.tabel import Sikkerhed, Tabel


@dataclass(frozen=True, slots=True)
class Navne:
    """Look up names on the wire by canonical name; KeyError for a name that is not in the table is our bug."""

    vaerdier: Mapping[str, str]
    antagne: frozenset[str]

    def header(self, navn: str) -> str:
        """The HTTP header as written; compare case-insensitively."""
        return self.vaerdier[f"header.{navn}"]

    def json(self, navn: str) -> str:
        """The JSON member of a canonical field."""
        return self.vaerdier[f"json.{navn}"]

    def sti(self, navn: str) -> str:
        """The path or path segment of a REST resource."""
        return self.vaerdier[f"sti.{navn}"]

    def namespace(self, navn: str) -> str:
        """The XML namespace of a service or a header."""
        return self.vaerdier[f"namespace.{navn}"]

    def maegler(self, navn: str) -> str:
        """The name of something on the broker."""
        return self.vaerdier[f"maegler.{navn}"]

    def emne(self, navn: str) -> str:
        """The word of a routing key."""
        return self.vaerdier[f"emne.{navn}"]

    def element(self, tjeneste: str, navn: str) -> str:
        """The local name of a service's XML element; the canonical name where the table has no row."""
        return self.vaerdier.get(f"element.{tjeneste}.{navn}", navn)

    def omdoebte(self, slags: str) -> Mapping[str, str]:
        """All names of one kind, canonical name to name on the wire."""
        forled = f"{slags}."
        return {
            noegle.removeprefix(forled): vaerdi for noegle, vaerdi in self.vaerdier.items() if noegle.startswith(forled)
        }


def navne(tabel: Tabel) -> Navne:
    """Read the names table."""
    return Navne(
        {noegle: raekke["vaerdi"] for (noegle,), raekke in tabel.items()},
        frozenset(noegle for (noegle,), raekke in tabel.items() if raekke.sikkerhed is Sikkerhed.ASSUMED),
    )
