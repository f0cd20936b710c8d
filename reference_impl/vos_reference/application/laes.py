"""Read a citizen's registrations: the current ones, one, or the history. Not here: what a reader sees (`domain.visning`)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vos_contracts.identitet import Identitet
from vos_contracts.koder.fejl import Fejl
from vos_contracts.operationer import Art
from vos_reference.application.drift import Drift
from vos_reference.application.handle import OPSLAGSFEJL, TJENESTE
from vos_reference.application.ports import CprOpslag
from vos_reference.domain import visning
from vos_reference.domain.adgang import afvisning
from vos_reference.domain.beslutning import Afvist, afvist
from vos_reference.domain.tid import dansk_dag
from vos_reference.domain.visning import Vist


class Laesning(StrEnum):
    """The three ways to read; the value is what the method's name ends with."""

    AKTUELLE = "er"
    EN = ""
    HISTORIK = "Historik"

    def metode(self, art: Art) -> str:
        """Name the method: GetKontaktgrupper, GetPersonkategorier, GetKontaktgruppe, GetKontaktgruppeHistorik."""
        if self is Laesning.AKTUELLE and art is Art.KONTAKTGRUPPE:
            return "GetKontaktgrupper"
        return f"Get{art.navn}{self.value}"


@dataclass(frozen=True, slots=True)
class Laest:
    """What was read."""

    viste: tuple[Vist, ...]


def laes(drift: Drift, cpr: str, art: Art, laesning: Laesning, laeser: Identitet, id: str = "") -> Laest | Afvist:
    """Read as this reader; `id` names the one for `Laesning.EN`.

    Errors: StoreUtilgaengelig; every business error is in the answer.
    """
    now = drift.ur.now()
    with drift.store.laesning() as t:
        person = t.find_person(cpr)
    if isinstance(person, CprOpslag):
        return afvist(OPSLAGSFEJL[person])
    metode = f"{TJENESTE}.{laesning.metode(art)}"
    adgangsfejl = afvisning(metode, laeser, person, dansk_dag(now), drift.kontrakt.adgang)
    if adgangsfejl:
        return afvist(adgangsfejl)
    match laesning:
        case Laesning.AKTUELLE:
            return Laest(visning.aktuelle(person, art, laeser, now, drift.kontrakt))
        case Laesning.HISTORIK:
            return Laest(visning.historik(person, art, laeser, now, drift.kontrakt))
        case Laesning.EN:
            en = visning.en(person, art, id, laeser, now, drift.kontrakt)
            return afvist(Fejl(4589)) if en is None else Laest((en,))
