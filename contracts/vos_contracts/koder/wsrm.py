"""Who is told what over WSRM, as a table (epic AC 1005.17.28.10 and its commitment criteria).

A CPR change is told to those only who subscribe to its message; the others come without being asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from vos_contracts.tabel import Tabel


class Beskedtype(StrEnum):
    """The WSRM messages of the epic; the value is the method that fetches them."""

    KONTAKTGRUPPE_V5 = "GetContactGroupVersion5"
    KONTAKTGRUPPE_V4 = "GetContactGroupVersion4"
    PERSONKATEGORI_V1 = "GetPersonCategoryVersion1"
    CPR_SKIFTET = "GetCprChanged"


class Modtagerrolle(StrEnum):
    """Whose organisation of the citizen a message goes to."""

    JOBCENTER = "jobcenter"
    AKASSE = "akasse"


class Naar(StrEnum):
    """What must have happened for a message to be sent."""

    ENHVER = "enhver"
    OVERGAAR_TIL = "overgaar_til"
    LUKKER_HELT = "lukker_helt"
    SKIFTER_FRA = "skifter_fra"
    CPRSKIFT = "cprskift"


@dataclass(frozen=True, slots=True)
class Modtagerregel:
    """One row: this message goes to that role when this happens, for one contact group or for all."""

    besked: Beskedtype
    rolle: Modtagerrolle
    naar: Naar
    kontaktgruppe: int | None


def modtagerregler(tabel: Tabel) -> Sequence[Modtagerregel]:
    """Read the recipients' table in the file's order."""
    return tuple(
        Modtagerregel(Beskedtype(besked), Modtagerrolle(modtager), Naar(naar), int(gruppe) if gruppe else None)
        for besked, modtager, naar, gruppe in tabel
    )


def abonnerbare(regler: Sequence[Modtagerregel]) -> Mapping[Beskedtype, frozenset[Modtagerrolle]]:
    """List the messages that are sent to subscribers only, and whose organisations may subscribe."""
    beskeder = {regel.besked for regel in regler if regel.naar is Naar.CPRSKIFT}
    return {besked: frozenset(regel.rolle for regel in regler if regel.besked is besked) for besked in beskeder}
