"""What operations reads of a stage in pages, through the control API: events, the truth, rows for BI (epic AC .4, .11, .14).

Ours, not STAR's. Every page says where the next one begins, so that a reader needs no more memory than a page. Numbers grow
and are never used twice, also not after the stage was emptied.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from vos_contracts.koder.aktoerer import Organisationstype
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Art
from vos_contracts.wire.haendelser import Domaenehaendelse

OPSAETTER = Organisation(Organisationstype.STAR, "0")
"""Who stands as registrant of what was put on the stage through the control API."""

SIDE, SIDE_LOFT = 1000, 5000
"""How many a page holds where the reader does not say, and at most."""


class _Dto(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What all messages here have in common."""


class LagtHaendelse(_Dto, frozen=True, kw_only=True):
    """One event to one domain, and its number in the outbox."""

    nr: int
    haendelse: Domaenehaendelse


class Haendelsesside(_Dto, frozen=True, kw_only=True):
    """A domain's next events, oldest first; `naeste` is the number to ask after."""

    naeste: int
    haendelser: tuple[LagtHaendelse, ...]


class Stand(_Dto, frozen=True, kw_only=True):
    """An open registration as somebody believes that it stands; a real domain's view may know its type only."""

    type: int
    id: str = ""
    start: datetime | None = None
    slut: datetime | None = None


class Borgerstand(_Dto, frozen=True, kw_only=True):
    """What is open for one citizen; at most one of each kind, in our own truth."""

    borger_id: str = ""
    cpr: str = ""
    kontaktgrupper: tuple[Stand, ...] = ()
    personkategorier: tuple[Stand, ...] = ()

    def stande(self, art: Art) -> tuple[Stand, ...]:
        """Return the open ones of that kind."""
        return self.kontaktgrupper if art is Art.KONTAKTGRUPPE else self.personkategorier


class Tilstandsside(_Dto, frozen=True, kw_only=True):
    """The next citizens and how they stand, all at one instant.

    `haendelse_nr` is the last event of that instant: who has heard to there must know all of this. `naeste` is None at the end.
    """

    ur: datetime
    haendelse_nr: int
    naeste: str | None
    borgere: tuple[Borgerstand, ...]


class Registreringsraekke(_Dto, frozen=True, kw_only=True):
    """One row of the history: never altered, `nr` in the order in which the rows came to be."""

    nr: int
    borger_id: str
    id: str
    art: Art
    type: int
    haendelse: datetime | None
    start: datetime
    slut: datetime | None
    er_slettet: bool
    registreret: datetime
    organisation_type: int
    organisation_kode: str
    system: int
    bruger_type: int
    bruger_id: str
    bruger_navn: str


class Borgerraekke(_Dto, frozen=True, kw_only=True):
    """A citizen as of now; `nr` grows when number, death or memberships change; the latest row replaces earlier ones."""

    nr: int
    borger_id: str
    cpr: str
    foedt: date
    doed: date | None
    tilknytninger: tuple[str, ...]


class Udtraeksside(_Dto, frozen=True, kw_only=True):
    """The next rows; `generation` names the stage's contents and is another one when it was emptied since."""

    generation: str
    naeste: int
    registreringer: tuple[Registreringsraekke, ...] = ()
    borgere: tuple[Borgerraekke, ...] = ()
