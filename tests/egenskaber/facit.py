"""What must be told of new history rows, written from the epic's rules and not from the code that sends.

AC 1005.17.28.10: jobcentres get everything; a-kasser get version 5 in four cases and never a person category.
AC 1005.17.28.11: the business domains hear of everything, Virksomhedsindsats of groups only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vos_contracts.koder.haendelse import Aendringstype
from vos_contracts.operationer import Art
from vos_reference.domain.person import Person, Registrering

V5, V4, V1 = "GetContactGroupVersion5", "GetContactGroupVersion4", "GetPersonCategoryVersion1"
HOERER = {"JobSearch": tuple(Art), "Kontaktforloeb": tuple(Art), "Virksomhedsindsats": (Art.KONTAKTGRUPPE,)}


@dataclass(frozen=True)
class Ventet:
    """One message that a party must have."""

    besked: str
    id: str
    type: int
    lukket: bool
    myndighed: str
    bruger: str


@dataclass(frozen=True)
class Hoert:
    """One event that a business domain must hear."""

    aendring: Aendringstype
    art: Art
    id: str
    type: int
    lukket: bool
    myndighed: str
    cpr: str
    borger: str


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


def domaenets(domaene: str, foer: Sequence[Registrering], efter: Person) -> Iterator[Hoert]:
    """One event for each row that is new, under the number that the citizen has now."""
    kendte = {raekke.id for raekke in foer}
    for raekke in efter.historik[len(foer) :]:
        aendring = Aendringstype.AENDRET if raekke.id in kendte else Aendringstype.OPRETTET
        if raekke.er_slettet:
            aendring = Aendringstype.SLETTET
        kendte.add(raekke.id)
        if raekke.art in HOERER[domaene]:
            lukket, myndighed = raekke.slut is not None, str(raekke.registrant.aktiv)
            yield Hoert(aendring, raekke.art, raekke.id, raekke.type, lukket, myndighed, efter.cpr, efter.id)


def _ventet(besked: str, raekke: Registrering) -> Ventet:
    lukket = raekke.slut is not None
    registrant = raekke.registrant
    return Ventet(besked, raekke.id, raekke.type, lukket, str(registrant.aktiv), registrant.bruger.id)
