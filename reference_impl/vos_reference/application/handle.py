"""Carry out a command: remember the call, find the citizen, authorise, decide, save with its messages, answer.

One transaction holds the change and its messages; commands that come at the same time may share one. Not here: any rule
(`vos_reference.domain`) or format (edges).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vos_contracts.koder.fejl import Fejl
from vos_contracts.model.neighbours import Nabokommando
from vos_contracts.model.registration import Opret, Registreringskommando, Slet, metode, soapmetode
from vos_reference.application.drift import Drift
from vos_reference.application.gem import gem
from vos_reference.application.ports.transaction import CprOpslag, StoreUtilgaengelig, Transaktion
from vos_reference.domain.adgang import afvisning
from vos_reference.domain.beslut import Kommando, beslut
from vos_reference.domain.decision import Afvist, Beslutning, Kalder, NyeIder, Udfoert, Vilkaar, afvist

TJENESTE, KLASSISK_TJENESTE = "PersonVisiteringService", "PersonRegistrationService"
KALD_HUSKES = timedelta(days=7)
"""How long a request id is remembered (FYS/5303730239)."""

OPSLAGSFEJL = {CprOpslag.UKENDT: Fejl(1010), CprOpslag.UDEN_BORGER: Fejl(4404)}


@dataclass(frozen=True, slots=True)
class GentagetKald:
    """The request id was used within seven days; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Registreringskald:
    """A registration command about a citizen, by a caller, and the request id that it came under."""

    cpr: str
    kommando: Registreringskommando
    kalder: Kalder
    kald_id: str


Resultat = Udfoert | Afvist | GentagetKald


def registrer(
    drift: Drift, cpr: str, kommando: Registreringskommando, kalder: Kalder, kald_id: str
) -> Udfoert | Afvist | GentagetKald:
    """Carry out one registration command.

    Errors: StoreUtilgaengelig; every business error is in the answer.
    """
    (resultat,) = registrer_samlet(drift, (Registreringskald(cpr, kommando, kalder, kald_id),))
    if isinstance(resultat, Exception):
        raise resultat
    return resultat


def registrer_samlet(drift: Drift, kald: Sequence[Registreringskald]) -> Sequence[Resultat | Exception]:
    """Carry out registration commands one after the other in one transaction; return what each came to.

    What goes wrong with one undoes that one alone, and stands in its place. Errors: StoreUtilgaengelig, and then nothing of
    any of them has happened.
    """
    resultater: list[Resultat | Exception] = []
    with drift.store.transaktion() as t:
        now = drift.ur.now()  # not before: what another process has written meanwhile came first
        for et in kald:
            try:
                with t.for_sig():
                    resultat = _registrer(drift, t, et, now)
            except StoreUtilgaengelig:
                raise
            except Exception as brud:
                resultater.append(brud)
            else:
                resultater.append(resultat)
    return resultater


def fortael(drift: Drift, cpr: str, tjeneste: str, kommando: Nabokommando, kalder: Kalder) -> Beslutning:
    """Carry out what a neighbour service tells; `tjeneste` is its `Service.Metode`, which the access matrix knows.

    Errors: StoreUtilgaengelig; every business error is in the answer.
    """
    with drift.store.transaktion() as t:
        return _udfoer(drift, t, cpr, tjeneste, kommando, kalder, drift.ur.now())


def vilkaar(drift: Drift, now: datetime, kalder: Kalder) -> Vilkaar:
    """Return what a decision made now rests on, with new identifiers for what it may open."""
    return Vilkaar(now, drift.udgave, drift.kontrakt, kalder, NyeIder(drift.ider.ny(), drift.ider.ny()))


def _registrer(drift: Drift, t: Transaktion, et: Registreringskald, now: datetime) -> Resultat:
    if not t.husk_kald(et.kald_id, now, now - KALD_HUSKES):
        return GentagetKald()
    return _udfoer(drift, t, et.cpr, _tjeneste(et.kommando, et.kalder), et.kommando, et.kalder, now)


def _tjeneste(kommando: Registreringskommando, kalder: Kalder) -> str:
    """Name what was called, as the access matrix knows it; what the converter calls is the REST service."""
    if kalder.klassisk_soap and not isinstance(kommando, Slet):
        return f"{KLASSISK_TJENESTE}.{soapmetode(kommando)}"
    return f"{TJENESTE}.{metode(kommando)}"


def _udfoer(
    drift: Drift, t: Transaktion, cpr: str, tjeneste: str, kommando: Kommando, kalder: Kalder, now: datetime
) -> Beslutning:
    person = t.find_person(cpr)
    if isinstance(person, CprOpslag):
        return afvist(OPSLAGSFEJL[person])
    betingelser = vilkaar(drift, now, kalder)
    adgangsfejl = afvisning(tjeneste, kalder.identitet, person, now, drift.kontrakt.adgang)
    if adgangsfejl:
        return afvist(adgangsfejl)
    eget_id = kommando.id if isinstance(kommando, Opret) else None
    id_findes = eget_id is not None and t.registrering_findes(eget_id)
    beslutning = beslut(person, kommando, betingelser, id_findes=id_findes)
    if isinstance(beslutning, Udfoert):
        gem(drift, t, person, beslutning, betingelser)
    return beslutning
