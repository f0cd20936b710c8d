"""Small makers of domain values for tests, all at one frozen instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

from vos_contracts.kontrakt import Kontrakt, indlaes
from vos_contracts.model.identity import Bruger, Identitet, Organisation
from vos_contracts.model.registration import Art, Registreringskommando
from vos_reference.application.drift import Drift
from vos_reference.application.registration import Registreringskald, Resultat, registrer_samlet
from vos_reference.domain.decision import Kalder, Vilkaar
from vos_reference.domain.person import Person, Registrering, Tilknytning
from vos_reference.domain.tid import DANSK_TID

NU = datetime(2024, 11, 18, 9, 0, tzinfo=DANSK_TID)
I_DAG = NU.replace(hour=0)
I_MORGEN = I_DAG + timedelta(days=1)
I_GAAR = I_DAG - timedelta(days=1)
JOBCENTER = Organisation(8, "10100")
KOMMUNE = Organisation(7, "101")
AKASSE = Organisation(2, "81")
STAR = Organisation(1, "1")
OPERATOER = Organisation(4, "12345678")


@cache
def kontrakt() -> Kontrakt:
    return indlaes()


def identitet(aktiv: Organisation = JOBCENTER, egen: Organisation | None = None) -> Identitet:
    return Identitet(aktiv, Bruger("Test Testesen", 2, "tt"), egen or aktiv, NU, 1001)


def vilkaar(
    aktiv: Organisation = JOBCENTER, udgave: str = "2024-4", *, klassisk: bool = False, now: datetime = NU
) -> Vilkaar:
    return Vilkaar(now, kontrakt().udgaver[udgave], kontrakt(), Kalder(identitet(aktiv), klassisk))


def raekke(
    type_: int,
    id_: str = "gammel",
    art: Art = Art.KONTAKTGRUPPE,
    *,
    start: datetime = I_GAAR,
    slut: datetime | None = None,
) -> Registrering:
    return Registrering(id_, art, type_, None, start, slut, False, identitet(), start)


def kategori(type_: int, id_: str = "kategori") -> Registrering:
    return raekke(type_, id_, Art.PERSONKATEGORI)


def borger(*historik: Registrering, alder: int = 40) -> Person:
    return Person(
        id="p",
        cpr="0203840000",
        foedt=date(NU.year - alder, 3, 2),
        tilknytninger=tuple(Tilknytning(en, date(2000, 1, 1)) for en in (JOBCENTER, KOMMUNE, AKASSE)),
        historik=historik,
    )


def registrer(drift: Drift, cpr: str, kommando: Registreringskommando, kalder: Kalder, kald_id: str) -> Resultat:
    """Carry out one registration command in a transaction of its own."""
    (resultat,) = registrer_samlet(drift, (Registreringskald(cpr, kommando, kalder, kald_id),))
    if isinstance(resultat, Exception):
        raise resultat
    return resultat


__all__ = [
    "AKASSE",
    "I_DAG",
    "I_GAAR",
    "I_MORGEN",
    "JOBCENTER",
    "KOMMUNE",
    "NU",
    "OPERATOER",
    "STAR",
    "borger",
    "identitet",
    "kategori",
    "kontrakt",
    "raekke",
    "registrer",
    "replace",
    "vilkaar",
]
