"""The target language: one string says which stage is played on (DECISIONS section 6).

`embedded:` is the reference in this process, with parameters after the colon: `embedded:release=2025-1`. Identity and
transport are separate: `identitet` is what a report names.
"""

from __future__ import annotations

from dataclasses import dataclass

from generalproeve.udgang import KanIkkeKoere
from vos_contracts.koder.udgave import STANDARD, PrsSoap


@dataclass(frozen=True, slots=True)
class Indlejret:
    """The reference, started by us: its release, and a forced back end if any."""

    udgave: str = STANDARD
    bagende: PrsSoap | None = None

    @property
    def identitet(self) -> str:
        """What a report calls the target."""
        return f"reference {self.udgave}" + (f", {self.bagende}" if self.bagende else "")


def laes(tekst: str) -> Indlejret:
    """Read a target; errors: KanIkkeKoere naming the part that is not understood."""
    art, kolon, rest = tekst.partition(":")
    if not kolon or art != "embedded":
        raise KanIkkeKoere(
            f"target {tekst!r}: only embedded:[release=RELEASE][,backend=klassisk|converter] can be played on so far"
        )
    vaerdier: dict[str, str] = {}
    for del_ in filter(None, rest.split(",")):
        noegle, lig, vaerdi = del_.partition("=")
        if not lig or noegle not in {"release", "backend"}:
            raise KanIkkeKoere(f"target {tekst!r}: {del_!r} is not release=RELEASE or backend=BACKEND")
        vaerdier[noegle] = vaerdi
    try:
        bagende = PrsSoap(vaerdier["backend"]) if "backend" in vaerdier else None
    except ValueError:
        raise KanIkkeKoere(f"target {tekst!r}: backend must be klassisk or converter") from None
    return Indlejret(vaerdier.get("release", STANDARD), bagende)
