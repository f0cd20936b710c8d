"""Når: a party enrols the citizen as a job-seeker, changes the category, or ends the enrolment."""

from __future__ import annotations

from vos_contracts.nabo import Afmeld, Tilmeld
from vos_features.spil import Spil
from vos_features.steps.ordforraad import naar

TJENESTE = "UnemploymentEnrollmentService"


@naar(r"{rolle} tilmelder borgeren i tilmeldekategori {tal}(?: med ledighedsgrad (?P<grad>\d+))?(?: fra {dag})?")
def tilmelder(spil: Spil, rolle: str, tal: int, grad: str | None, dag: str | None) -> None:
    """Enrol from today and wholly unemployed, where nothing else is said."""
    spil.ensemble.kraev_tjeneste(TJENESTE)
    kommando = Tilmeld(kategori=tal, ledighedsgrad=int(grad or 1), dato=spil.dag(dag or "i dag").date())
    spil.svar = spil.rolle(rolle).naboer.tilmelding(spil.cpr, kommando)


@naar(r"{rolle} afmelder borgeren pr. {dag}(?: med årsag (?P<aarsag>\d+))?")
def afmelder(spil: Spil, rolle: str, dag: str, aarsag: str | None) -> None:
    """End the enrolment."""
    spil.ensemble.kraev_tjeneste(TJENESTE)
    kommando = Afmeld(dato=spil.dag(dag).date(), aarsag=int(aarsag or 1))
    spil.svar = spil.rolle(rolle).naboer.tilmelding(spil.cpr, kommando)
