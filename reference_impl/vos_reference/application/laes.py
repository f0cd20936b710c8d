"""Read a citizen's registrations: the current ones, one, the history, a SOAP service's collections, or the status.

Not here: what a reader sees (`domain.visning`, `domain.status`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vos_contracts.koder.fejl import Fejl
from vos_contracts.laesninger import Laesetjeneste, Status
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Art, Visning
from vos_reference.application.drift import Drift
from vos_reference.application.ports import CprOpslag
from vos_reference.application.registration import OPSLAGSFEJL, TJENESTE
from vos_reference.domain import status, visning
from vos_reference.domain.adgang import afvisning
from vos_reference.domain.decision import Afvist, afvist
from vos_reference.domain.person import Person
from vos_reference.domain.visning import Vist

STATUSMETODE = "VisiteringOgStatusStatusService.GetPersonVisiteringOgStatusStatus"


class Laesning(StrEnum):
    """The three ways to read."""

    AKTUELLE = "aktuelle"
    EN = "en"
    HISTORIK = "historik"

    def metode(self, art: Art) -> str:
        """Name the method: GetKontaktgrupper, GetPersonkategorier, GetKontaktgruppe, GetKontaktgruppeHistorik."""
        match self:
            case Laesning.AKTUELLE:
                return f"Get{art.flertal}"
            case Laesning.EN:
                return f"Get{art.navn}"
            case Laesning.HISTORIK:
                return f"Get{art.navn}Historik"


@dataclass(frozen=True, slots=True)
class Laest:
    """What was read."""

    viste: tuple[Vist, ...]


def laes(drift: Drift, cpr: str, art: Art, laesning: Laesning, laeser: Identitet, id: str = "") -> Laest | Afvist:
    """Read as this reader; `id` names the one for `Laesning.EN`.

    Errors: StoreUtilgaengelig; every business error is in the answer.
    """
    fundet = _slaa_op(drift, cpr, f"{TJENESTE}.{laesning.metode(art)}", laeser)
    if isinstance(fundet, Afvist):
        return fundet
    person, now = fundet
    match laesning:
        case Laesning.AKTUELLE:
            return Laest(visning.aktuelle(person, art, laeser, now, drift.kontrakt))
        case Laesning.HISTORIK:
            return Laest(visning.historik(person, art, laeser, now, drift.kontrakt))
        case Laesning.EN:
            en = visning.en(person, art, id, laeser, now, drift.kontrakt)
            return afvist(Fejl(4589)) if en is None else Laest((en,))


def laes_kollektioner(
    drift: Drift, tjeneste: Laesetjeneste, cpr: str, laeser: Identitet
) -> Mapping[Art, tuple[Visning, ...]] | Afvist:
    """Read the collections of a SOAP service as this reader; errors: StoreUtilgaengelig."""
    fundet = _slaa_op(drift, cpr, tjeneste.metode, laeser)
    if isinstance(fundet, Afvist):
        return fundet
    person, now = fundet
    return status.kollektioner(person, tjeneste, laeser, now, drift.udgave, drift.kontrakt)


def laes_status(drift: Drift, cpr: str, laeser: Identitet) -> Status | Afvist:
    """Read the status as this reader; errors: StoreUtilgaengelig."""
    fundet = _slaa_op(drift, cpr, STATUSMETODE, laeser)
    if isinstance(fundet, Afvist):
        return fundet
    person, now = fundet
    return status.status(person, laeser, now, drift.kontrakt)


def _slaa_op(drift: Drift, cpr: str, metode: str, laeser: Identitet) -> tuple[Person, datetime] | Afvist:
    """Find the citizen and ask whether this reader may."""
    with drift.store.laesning() as t:
        person = t.find_person(cpr)
    now = drift.ur.now()  # not before: nothing that was found came later
    if isinstance(person, CprOpslag):
        return afvist(OPSLAGSFEJL[person])
    adgangsfejl = afvisning(metode, laeser, person, now, drift.kontrakt.adgang)
    return afvist(adgangsfejl) if adgangsfejl else (person, now)
