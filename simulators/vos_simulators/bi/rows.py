"""Rows of a BI delivery: CPR numbers masked, whole, or pseudonymised together with all other identifiers of persons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from vos_contracts.control.operations import CitizenRow, RegistrationRow
from vos_contracts.model.cpr import birth_date, masked
from vos_simulators.bi.files import Row
from vos_simulators.bi.pseudonyms import Pseudonyms


class CitizenNaming(StrEnum):
    """How citizens are named in a delivery."""

    MASKED = "masked"
    WHOLE = "whole"
    PSEUDONYMS = "pseudonyms"


@dataclass(frozen=True, slots=True)
class RowWriter:
    """Converts rows; without `pseudonyms` CPR numbers are masked, or whole if `whole_cpr`."""

    pseudonyms: Pseudonyms | None = None
    whole_cpr: bool = False

    @property
    def naming(self) -> CitizenNaming:
        """How this writer names citizens."""
        if self.pseudonyms is not None:
            return CitizenNaming.PSEUDONYMS
        return CitizenNaming.WHOLE if self.whole_cpr else CitizenNaming.MASKED

    def registration(self, registration_row: RegistrationRow) -> Row:
        """Convert one row of the history; with pseudonyms the user's name is blank because it is free text."""
        row = msgspec.structs.asdict(registration_row) | {"kind": registration_row.kind.value}
        if self.pseudonyms is None:
            return row
        return row | {
            "citizen_id": self.pseudonyms.id("citizen", registration_row.citizen_id),
            "id": self.pseudonyms.id("registration", registration_row.id),
            "user_id": self.pseudonyms.id("user", registration_row.user_id),
            "user_name": "",
        }

    def citizen(self, citizen_row: CitizenRow) -> Row:
        """Convert one citizen; organisations are kept because they are not persons."""
        row = msgspec.structs.asdict(citizen_row) | {"memberships": "; ".join(citizen_row.memberships)}
        if self.pseudonyms is None:
            return row if self.whole_cpr else row | {"cpr": masked(citizen_row.cpr)}
        cpr = self.pseudonyms.cpr(citizen_row.cpr)
        born = birth_date(cpr)
        assert born is not None, "a pseudonym has a valid birth date"
        return row | {
            "citizen_id": self.pseudonyms.id("citizen", citizen_row.citizen_id),
            "cpr": cpr,
            "born": born,
            "dead": self.pseudonyms.dead(citizen_row.dead, born),
        }
