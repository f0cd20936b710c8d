"""What happened, as the oracle hears of it: every row of the history with its registrant, whose it is, and what caused it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from vos_contracts.control.operations import OPSAETTER, Borgerraekke, Registreringsraekke
from vos_contracts.koder.aktoerer import Organisationstype
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Art
from vos_contracts.wire.tid import DANSK_TID
from vos_simulators.stage_reader import Driftslaeser


@dataclass(frozen=True, slots=True)
class Forfatter:
    """Who made a change: the authority, the calling system, the user."""

    myndighed: Organisation
    system: int
    bruger: str


@dataclass(frozen=True, slots=True)
class Haendt:
    """A registration was made, changed or deleted; `aarsag` is the request or the nightly run that did it.

    `jobcenter` and `akasse` are the citizen's on the day it happened.
    """

    borger_id: str
    cpr: str
    art: Art
    id: str
    type: int
    haendelse: datetime | None
    start: datetime
    slut: datetime | None
    er_slettet: bool
    forfatter: Forfatter
    registreret: datetime
    jobcenter: Organisation | None
    akasse: Organisation | None
    aarsag: str

    @property
    def opsat(self) -> bool:
        """Whether it was put on the stage and not registered by anybody: then no authority is told of it."""
        return self.forfatter.myndighed == OPSAETTER


Aarsag = Callable[[Registreringsraekke, Borgerraekke], str]
"""Names what caused a row about that citizen."""


def registrant(raekke: Registreringsraekke, borger: Borgerraekke) -> str:
    """Name a row's cause by who made it and when, where nothing better is known."""
    hvem = f"{raekke.bruger_navn} ({raekke.organisation_type}/{raekke.organisation_kode})"
    return f"{hvem} {raekke.registreret.astimezone(DANSK_TID):%d-%m-%Y %H:%M:%S}"


def fra_scenen(laeser: Driftslaeser, aarsag: Aarsag = registrant, kun: str | None = None) -> Iterator[Haendt]:
    """Read what has happened on a stage since it was emptied, with the citizens' numbers as they are now.

    `kun` is the number of the one citizen whom it is about; everybody if None.
    """
    borgere = {en.borger_id: en for side in laeser.borgere(0) for en in side.borgere}
    for side in laeser.registreringer(0):
        for en in side.registreringer:
            borger = borgere[en.borger_id]
            if kun is None or borger.cpr == kun:
                yield haendt(en, borger, aarsag(en, borger))


def haendt(raekke: Registreringsraekke, borger: Borgerraekke, aarsag: str) -> Haendt:
    """Make the fact of a row and its citizen."""
    dag = raekke.registreret.astimezone(DANSK_TID).date()
    return Haendt(
        borger_id=raekke.borger_id,
        cpr=borger.cpr,
        art=raekke.art,
        id=raekke.id,
        type=raekke.type,
        haendelse=raekke.haendelse,
        start=raekke.start,
        slut=raekke.slut,
        er_slettet=raekke.er_slettet,
        forfatter=Forfatter(
            Organisation(raekke.organisation_type, raekke.organisation_kode), raekke.system, raekke.bruger_id
        ),
        registreret=raekke.registreret,
        jobcenter=tilknyttet(borger, Organisationstype.JOBCENTER, dag),
        akasse=tilknyttet(borger, Organisationstype.AKASSE, dag),
        aarsag=aarsag,
    )


def tilknyttet(borger: Borgerraekke, type_: Organisationstype, dag: date) -> Organisation | None:
    """Return the citizen's organisation of that type on that day, if any."""
    for tekst in borger.tilknytninger:
        organisation, _, periode = tekst.partition(" ")
        otype, _, kode = organisation.partition("/")
        fra, _, til = periode.partition("/")
        if int(otype) == type_ and date.fromisoformat(fra) <= dag and (not til or dag < date.fromisoformat(til)):
            return Organisation(int(otype), kode)
    return None
