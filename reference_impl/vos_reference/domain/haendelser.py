"""What has happened, to a registration or to a citizen's number: the facts from which every message follows (`modtagere`)."""

from __future__ import annotations

from dataclasses import dataclass

from vos_contracts.model.identity import Identitet
from vos_reference.domain.person import Registrering


@dataclass(frozen=True, slots=True)
class Oprettet:
    """A registration was made."""

    registrering: Registrering


@dataclass(frozen=True, slots=True)
class Aendret:
    """The end of a registration was set; `efterfoelger` is the one that takes over, None if it closes altogether."""

    registrering: Registrering
    efterfoelger: Registrering | None = None


@dataclass(frozen=True, slots=True)
class Slettet:
    """A registration was deleted as erroneous."""

    registrering: Registrering


@dataclass(frozen=True, slots=True)
class CprSkiftet:
    """The citizen's data are found under a new number; it touches no registration."""

    gammelt: str
    nyt: str
    registrant: Identitet


Haendelse = Oprettet | Aendret | Slettet
