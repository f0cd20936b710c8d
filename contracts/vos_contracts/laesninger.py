"""What the reading services answer with, as values: the collections of PSS v20 and PHS v4, the status, the code lists.

Not here: PersonVisiteringService's reads (`operationer.Visning`), and how any of it stands on a wire (`wire`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from vos_contracts.koder.kontaktgruppe import Kode
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Art, Visning


class Laesetjeneste(StrEnum):
    """The two SOAP services that read; the value is the service's name."""

    STATUS = "PersonStatusService"
    HISTORIK = "PersonHistoryService"

    @property
    def operation(self) -> str:
        """The operation that reads."""
        return {Laesetjeneste.STATUS: "GetVariablePersonStatus", Laesetjeneste.HISTORIK: "GetPersonHistory"}[self]

    @property
    def metode(self) -> str:
        """The method as the access table names it."""
        return f"{self}.{self.operation}"


@dataclass(frozen=True, slots=True)
class Raekke:
    """A registration or a row of its history as SOAP shows it: a `Visning` without the time of registration."""

    art: Art
    id: str
    type: int
    haendelse: datetime | None
    start: datetime
    slut: datetime | None
    er_slettet: bool
    er_aktuel: bool
    myndighed: Organisation


def raekke(en: Visning) -> Raekke:
    """Return what SOAP shows of it."""
    return Raekke(en.art, en.id, en.type, en.haendelse, en.start, en.slut, en.er_slettet, en.er_aktuel, en.myndighed)


@dataclass(frozen=True, slots=True)
class Kollektioner:
    """The contact groups and the categories of one answer; both are always there, possibly empty."""

    kontaktgrupper: tuple[Raekke, ...] = ()
    personkategorier: tuple[Raekke, ...] = ()

    def af(self, art: Art) -> tuple[Raekke, ...]:
        """Return the collection of that kind."""
        return {Art.KONTAKTGRUPPE: self.kontaktgrupper, Art.PERSONKATEGORI: self.personkategorier}[art]

    def kun(self, arter: Collection[Art]) -> Kollektioner:
        """Return the answer with what was not asked for left empty."""
        return replace(
            self,
            kontaktgrupper=self.kontaktgrupper if Art.KONTAKTGRUPPE in arter else (),
            personkategorier=self.personkategorier if Art.PERSONKATEGORI in arter else (),
        )


@dataclass(frozen=True, slots=True)
class Tillaegsvisning:
    """One aktivitetstillaeg; `slut` is the first instant without it."""

    id: str
    start: datetime
    slut: datetime | None


@dataclass(frozen=True, slots=True)
class Status:
    """What VisiteringOgStatusStatusService says of a citizen now; health limitations are not part of this project."""

    tillaeg: tuple[Tillaegsvisning, ...]
    kontaktgrupper: tuple[Visning, ...]
    personkategorier: tuple[Visning, ...]


@dataclass(frozen=True, slots=True)
class Kodeliste:
    """A code list with all its values, also those that are expired or not yet valid."""

    navn: str
    vaerdier: tuple[Kode, ...]


KONTAKTGRUPPER = "KontaktgruppeTypeCodeList"
"""The list's name in the epic (AC 1005.17.28.8)."""
PERSONKATEGORIER = "PersonkategoriTypeCodeList"
"""By analogy with the other list's name."""


def kodelister(kontrakt: Kontrakt) -> Mapping[str, Kodeliste]:
    """Return the code lists that the domain publishes (AC 1005.17.28.7), by name."""
    koder = {KONTAKTGRUPPER: kontrakt.kontaktgrupper, PERSONKATEGORIER: kontrakt.personkategorier}
    return {navn: Kodeliste(navn, tuple(en.values())) for navn, en in koder.items()}
