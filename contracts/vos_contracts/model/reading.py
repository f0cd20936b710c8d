"""What the reading services answer with, as values: the collections of PSS v20 and PHS v4, the status, the code lists.

Not here: PersonVisiteringService's reads (`operations.View`), and how any of it stands on a wire (`wire`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Kind, View
from vos_contracts.tables.kontaktgruppe import Code


class ReadService(StrEnum):
    """The two SOAP services that read; the value is the service's name."""

    STATUS = "PersonStatusService"
    HISTORY = "PersonHistoryService"

    @property
    def operation(self) -> str:
        """The operation that reads."""
        return {ReadService.STATUS: "GetVariablePersonStatus", ReadService.HISTORY: "GetPersonHistory"}[self]

    @property
    def method(self) -> str:
        """The method as the access table names it."""
        return f"{self}.{self.operation}"


@dataclass(frozen=True, slots=True)
class Row:
    """A registration or a row of its history as SOAP shows it: a `View` without the time of registration."""

    kind: Kind
    id: str
    type: int
    event: datetime | None
    start: datetime
    end: datetime | None
    is_deleted: bool
    is_current: bool
    authority: Organisation


def row(view: View) -> Row:
    """Return what SOAP shows of it."""
    return Row(
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
    """The contact groups and the categories of one answer; both are always there, possibly empty."""

    kontaktgrupper: tuple[Row, ...] = ()
    personkategorier: tuple[Row, ...] = ()

    def of(self, kind: Kind) -> tuple[Row, ...]:
        """Return the collection of that kind."""
        return {Kind.KONTAKTGRUPPE: self.kontaktgrupper, Kind.PERSONKATEGORI: self.personkategorier}[kind]

    def only(self, kinds: Collection[Kind]) -> Collections:
        """Return the answer with what was not asked for left empty."""
        return replace(
            self,
            kontaktgrupper=self.kontaktgrupper if Kind.KONTAKTGRUPPE in kinds else (),
            personkategorier=self.personkategorier if Kind.PERSONKATEGORI in kinds else (),
        )


@dataclass(frozen=True, slots=True)
class AktivitetstillaegView:
    """One aktivitetstillaeg; `end` is the first instant without it."""

    id: str
    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Status:
    """What VisiteringOgStatusStatusService says of a citizen now; health limitations are not part of this project."""

    aktivitetstillaeg: tuple[AktivitetstillaegView, ...]
    kontaktgrupper: tuple[View, ...]
    personkategorier: tuple[View, ...]


@dataclass(frozen=True, slots=True)
class CodeList:
    """A code list with all its values, also those that are expired or not yet valid."""

    name: str
    values: tuple[Code, ...]


KONTAKTGRUPPER = "KontaktgruppeTypeCodeList"
"""The list's name in the epic (AC 1005.17.28.8)."""
PERSONKATEGORIER = "PersonkategoriTypeCodeList"
"""By analogy with the other list's name."""


def code_lists(contract: Contract) -> Mapping[str, CodeList]:
    """Return the code lists that the domain publishes (AC 1005.17.28.7), by name."""
    tables = {KONTAKTGRUPPER: contract.kontaktgrupper, PERSONKATEGORIER: contract.personkategorier}
    return {name: CodeList(name, tuple(table.values())) for name, table in tables.items()}
