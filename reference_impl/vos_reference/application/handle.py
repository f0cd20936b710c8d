"""Carry out a registration: remember the call, find the citizen, authorise, decide, save with its messages, answer.

One transaction holds the change and its messages. Not here: any rule (`vos_reference.domain`) or format (edges).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from vos_contracts.identitet import Organisation
from vos_contracts.journalpost import Post, Posttype
from vos_contracts.koder.fejl import Fejl
from vos_contracts.operationer import Art, Opdater, Opret, Registreringskommando, Slet, metode
from vos_contracts.wire.wsrm import WsrmBesked, kod_besked
from vos_reference.application.drift import Drift
from vos_reference.application.ports import CprOpslag, Ejer, Konvolut, Transaktion
from vos_reference.domain import kontaktgruppe, personkategori
from vos_reference.domain.adgang import afvisning
from vos_reference.domain.beslutning import Afvist, Beslutning, Kalder, Udfoert, Vilkaar, afvist
from vos_reference.domain.modtagere import udkast
from vos_reference.domain.person import Person
from vos_reference.domain.tid import dansk_dag

TJENESTE = "PersonVisiteringService"
KALD_HUSKES = timedelta(days=7)
"""How long a request id is remembered (FYS/5303730239)."""

OPSLAGSFEJL = {CprOpslag.UKENDT: Fejl(1010), CprOpslag.UDEN_BORGER: Fejl(4404)}


@dataclass(frozen=True, slots=True)
class GentagetKald:
    """The request id was used within seven days; nothing was changed."""


def registrer(
    drift: Drift, cpr: str, kommando: Registreringskommando, kalder: Kalder, kald_id: str
) -> Udfoert | Afvist | GentagetKald:
    """Carry out one registration command.

    Errors: StoreUtilgaengelig; every business error is in the answer.
    """
    now = drift.ur.now()
    with drift.store.transaktion() as t:
        if not t.husk_kald(kald_id, now, now - KALD_HUSKES):
            return GentagetKald()
        person = t.find_person(cpr)
        if isinstance(person, CprOpslag):
            return afvist(OPSLAGSFEJL[person])
        adgangsfejl = afvisning(
            f"{TJENESTE}.{metode(kommando)}", kalder.identitet, person, dansk_dag(now), drift.kontrakt.adgang
        )
        if adgangsfejl:
            return afvist(adgangsfejl)
        vilkaar = Vilkaar(now, drift.udgave, drift.kontrakt, kalder)
        beslutning = beslut(person, kommando, vilkaar, drift, t)
        if isinstance(beslutning, Udfoert):
            t.tilfoej(person.id, beslutning.raekker)
            konvolutter = tuple(_konvolutter(beslutning, drift, vilkaar, t))
            t.laeg_i_koe(konvolutter)
    if isinstance(beslutning, Udfoert):
        for konvolut in konvolutter:
            drift.journal(
                Post(
                    art=Posttype.BESKED_LAGT,
                    tidspunkt=now,
                    cpr=cpr,
                    data={
                        "besked": konvolut.beskedtype,
                        "modtager": str(konvolut.ejer.organisation),
                        "id": konvolut.id,
                    },
                )
            )
    return beslutning


def beslut(
    person: Person, kommando: Registreringskommando, vilkaar: Vilkaar, drift: Drift, t: Transaktion
) -> Beslutning:
    """Let the domain decide, and let the category follow the group."""
    fejl = [Fejl(4405)] if person.doed is not None else []
    rum = kontaktgruppe if kommando.art is Art.KONTAKTGRUPPE else personkategori
    match kommando:
        case Opret():
            if kommando.id is not None and t.registrering_findes(kommando.id):
                fejl.append(Fejl(4977))
            beslutning = rum.opret(person, kommando, kommando.id or drift.ider.ny(), vilkaar)
        case Opdater():
            beslutning = rum.opdater(person, kommando, vilkaar)
        case Slet():
            beslutning = rum.slet(person, kommando, vilkaar)
    if isinstance(beslutning, Afvist):
        return afvist(*fejl, *beslutning.fejl)
    if fejl:
        return afvist(*fejl)
    return personkategori.foelg_gruppen(beslutning, drift.ider.ny(), vilkaar)


def _konvolutter(udfoert: Udfoert, drift: Drift, vilkaar: Vilkaar, t: Transaktion) -> Iterable[Konvolut]:
    if not drift.udgave.wsrm:
        return
    dag = dansk_dag(vilkaar.now)
    ejere: dict[Organisation, Sequence[Ejer]] = {}
    for en in udkast(udfoert.haendelser, udfoert.person, dag, drift.kontrakt.wsrm_modtagere):
        if en.modtager not in ejere:
            ejere[en.modtager] = t.koeejere(en.modtager) or (Ejer(en.modtager, 0),)
        for ejer in ejere[en.modtager]:
            raekke = en.registrering
            besked = WsrmBesked(
                besked_id=drift.ider.ny(),
                beskedtype=en.besked,
                registrant=raekke.registrant,
                cpr=udfoert.person.cpr,
                id=raekke.id,
                type=raekke.type,
                haendelse=raekke.haendelse,
                start=raekke.start,
                slut=raekke.slut,
            )
            yield Konvolut(besked.besked_id, en.besked, ejer, kod_besked(besked), vilkaar.now)
