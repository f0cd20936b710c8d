"""Error codes: the number, a Danish and an English text, and an HTTP status.

REST and SOAP give the same number ("Fejlkoder bevares", epic AC 1005.17.28.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vos_contracts.tables.table import Certainty, Table

INVALID_REQUEST = 1014


@dataclass(frozen=True, slots=True, order=True)
class ServiceError:
    """One error of a refusal: its number and, where it helps the caller, the field and the rule."""

    code: int
    description: str = ""


@dataclass(frozen=True, slots=True)
class ErrorText:
    """The texts and the HTTP status of one error number, and how certain they are."""

    code: int
    danish: str
    english: str
    http_status: int
    certainty: Certainty = Certainty.ASSUMED

    @property
    def rest(self) -> str:
        """The text in a REST answer: Danish, else English, else the number."""
        return self.danish or self.english or f"Fejl {self.code}"

    @property
    def soap(self) -> str:
        """The text in a SOAP fault: English, else Danish, else the number."""
        return self.english or self.danish or f"Fejl {self.code}"

    @property
    def is_known(self) -> bool:
        """Whether the epic or a public page has a text, so that a service must answer with it."""
        return self.certainty is not Certainty.ASSUMED and bool(self.danish or self.english)


def error_texts(table: Table) -> Mapping[int, ErrorText]:
    """Read the error table by number."""
    return {
        int(row["code"]): ErrorText(
            int(row["code"]), row["danish"], row["english"], int(row["http_status"]), row.certainty
        )
        for row in table.values()
    }


def sorted_by_code(errors: Iterable[ServiceError]) -> tuple[ServiceError, ...]:
    """Sort errors by number and drop duplicates."""
    return tuple(sorted(set(errors)))
