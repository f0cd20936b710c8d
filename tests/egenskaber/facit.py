"""What must be told of new history rows, written from the epic's rules and not from the code that sends.

AC 1005.17.28.10: jobcentres get everything; a-kasser get version 5 in four cases and never a person category.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vos_contracts.operationer import Art
from vos_reference.domain.person import Registrering

V5, V4, V1 = "GetContactGroupVersion5", "GetContactGroupVersion4", "GetPersonCategoryVersion1"


@dataclass(frozen=True)
class Ventet:
    """One message that a party must have."""

    besked: str
    id: str
    type: int
    lukket: bool
    myndighed: str
    bruger: str


def jobcentrets(nye: Iterable[Registrering]) -> Iterator[Ventet]:
    """Every registration and every change, of groups in both versions."""
    for raekke in nye:
        for besked in (V5, V4) if raekke.art is Art.KONTAKTGRUPPE else (V1,):
            yield _ventet(besked, raekke)


def akassens(foer: Sequence[Registrering], nye: Sequence[Registrering]) -> Iterator[Ventet]:
    """A member who comes to 13 or 23, and one whose 25 closes, altogether or for another group."""
    kendte = {raekke.id for raekke in foer}
    for raekke in nye:
        if raekke.art is not Art.KONTAKTGRUPPE or raekke.er_slettet:
            continue
        ny = raekke.id not in kendte
        kendte.add(raekke.id)
        if (ny and raekke.type in (13, 23)) or (not ny and raekke.type == 25 and raekke.slut is not None):
            yield _ventet(V5, raekke)


def _ventet(besked: str, raekke: Registrering) -> Ventet:
    lukket = raekke.slut is not None
    registrant = raekke.registrant
    return Ventet(besked, raekke.id, raekke.type, lukket, str(registrant.aktiv), registrant.bruger.id)
