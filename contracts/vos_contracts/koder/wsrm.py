"""Who is told what over WSRM, as a table (epic AC 1005.17.28.10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from vos_contracts.tabel import Tabel


class Beskedtype(StrEnum):
    """The WSRM messages of the epic; the value is the method that fetches them."""

    KONTAKTGRUPPE_V5 = "GetContactGroupVersion5"
    KONTAKTGRUPPE_V4 = "GetContactGroupVersion4"
    PERSONKATEGORI_V1 = "GetPersonCategoryVersion1"


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
