"""Answers of the reading services as values: the collections of PSS v20 and PHS v4, the status, and the code lists.

Not here: the reads of PersonVisiteringService (`registration.View`) and the wire formats (`wire`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Kind, RegistrationView
from vos_contracts.tables.kontaktgruppe import Code


class ReadService(StrEnum):
    """The two SOAP services that only read; the value is the service's name."""

    STATUS = "PersonStatusService"
    HISTORY = "PersonHistoryService"

    @property
    def operation(self) -> str:
        """The name of the service's read operation."""
        return {ReadService.STATUS: "GetVariablePersonStatus", ReadService.HISTORY: "GetPersonHistory"}[self]

    @property
    def method(self) -> str:
        """The method as the access table names it."""
        return f"{self}.{self.operation}"


class StatusPart(StrEnum):
    """The parts of a PSS answer beside the two collections, by the documented element that asks for each."""

    CORE = "Core"
    ADDRESS_CONTACT = "AddressContact"
    AUTHORITY = "Authority"
    CV = "CV"


@dataclass(frozen=True, slots=True)
class MasterData:
    """What PSS shows of a citizen beside the registrations, as far as its fields are public: codes of its authorities.

    `tilmeldekategori` is that of the current enrolment (PersonSearchResult, starwiki FYS/4592861376).
    """

    tilmeldekategori: int | None = None
    kommune: str | None = None
    jobcenter: str | None = None


@dataclass(frozen=True, slots=True)
class CollectionRow:
    """A registration or a row of its history as SOAP shows it: a `RegistrationView` without the time of registration."""

    kind: Kind
    id: str
    type: int
    event: datetime | None
    start: datetime
    end: datetime | None
    is_deleted: bool
    is_current: bool
    authority: Organisation


def row(view: RegistrationView) -> CollectionRow:
    """Return the part of a view that SOAP shows."""
    return CollectionRow(
        view.kind,
        view.id,
        view.type,
        view.event,
        view.start,
        view.end,
        view.is_deleted,
        view.is_current,
        view.authority,
    )


@dataclass(frozen=True, slots=True)
class Collections:
    """The kontaktgrupper and personkategorier of one answer; both are present, possibly empty."""

    kontaktgrupper: tuple[CollectionRow, ...] = ()
    personkategorier: tuple[CollectionRow, ...] = ()
    parts: frozenset[StatusPart] = frozenset()
    """The parts of a PSS answer that are present beside the collections."""
    master: MasterData = MasterData()

    def of(self, kind: Kind) -> tuple[CollectionRow, ...]:
        """Return the collection of that kind."""
        return {Kind.KONTAKTGRUPPE: self.kontaktgrupper, Kind.PERSONKATEGORI: self.personkategorier}[kind]

    def only(self, kinds: Collection[Kind], parts: frozenset[StatusPart] = frozenset()) -> Collections:
        """Return the answer with the collections of other kinds emptied, and with these parts."""
        return replace(
            self,
            parts=parts,
            kontaktgrupper=self.kontaktgrupper if Kind.KONTAKTGRUPPE in kinds else (),
            personkategorier=self.personkategorier if Kind.PERSONKATEGORI in kinds else (),
        )


@dataclass(frozen=True, slots=True)
class PersonReading:
    """What a SOAP read has to show of a citizen, before the caller's choice of parts."""

    registrations: Mapping[Kind, tuple[RegistrationView, ...]]
    master: MasterData = MasterData()

    def collections(self) -> Collections:
        """Return the answer with both collections."""
        groups, categories = (tuple(row(view) for view in self.registrations[kind]) for kind in Kind)
        return Collections(groups, categories, master=self.master)


@dataclass(frozen=True, slots=True)
class AktivitetstillaegView:
    """One aktivitetstillaeg; `end` is the first instant without it."""

    id: str
    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Helbredsbegraensning:
    """A health limitation as the status service shows it (starwiki pageId 4215701505); `end` is the first instant without it.

    `description` and `impossible_tasks` may be absent: limitations from before the fields became mandatory lack them.
    """

    id: str
    start: datetime
    end: datetime | None
    registered: datetime
    is_documented: bool
    description: str | None = None
    impossible_tasks: str | None = None
    correction_comment: str | None = None

    def is_valid(self, now: datetime) -> bool:
        """Return whether the instant is in the period."""
        return self.start <= now and (self.end is None or now < self.end)


@dataclass(frozen=True, slots=True)
class CitizenStatus:
    """The current answer of VisiteringOgStatusStatusService for a citizen."""

    helbredsbegraensninger: tuple[Helbredsbegraensning, ...]
    aktivitetstillaeg: tuple[AktivitetstillaegView, ...]
    kontaktgrupper: tuple[RegistrationView, ...]
    personkategorier: tuple[RegistrationView, ...]


@dataclass(frozen=True, slots=True)
class CodeList:
    """A code list with all its values, including expired and not yet valid ones."""

    name: str
    values: tuple[Code, ...]


KONTAKTGRUPPER = "KontaktgruppeTypeCodeList"
"""The list's name in the epic (AC 1005.17.28.8)."""
PERSONKATEGORIER = "PersonkategoriTypeCodeList"
"""Assumed, by analogy with the other list's name."""


def code_lists(contract: Contract) -> Mapping[str, CodeList]:
    """Return the code lists that the domain publishes (AC 1005.17.28.7), by name."""
    lists = {KONTAKTGRUPPER: contract.kontaktgrupper, PERSONKATEGORIER: contract.personkategorier}
    return {name: CodeList(name, tuple(table.values())) for name, table in lists.items()}
