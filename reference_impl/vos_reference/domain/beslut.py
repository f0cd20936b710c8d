"""The one door to a decision: a citizen and a command in, carried out or refused out, with everything that follows.

Every change - by a caller, a neighbour service or a nightly job - goes through `foelger`, so that what follows from a change
does not depend on who made it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from vos_contracts.koder.fejl import Fejl
from vos_contracts.model.neighbours import (
    Afmeld,
    AfslutFleksjob,
    AfslutFravaer,
    Nabokommando,
    Raskmeld,
    RegistrerFleksjob,
    RegistrerFravaer,
    RegistrerTillaeg,
    Sygemeld,
    Tilmeld,
)
from vos_contracts.model.registration import Art, Opdater, Opret, Registreringskommando, Slet
from vos_reference.domain import (
    aktivitetstillaeg,
    batchjob,
    fleksjob,
    fravaer,
    kontaktgruppe,
    personkategori,
    sygdom,
    tilmelding,
)
from vos_reference.domain.batchjob import Job
from vos_reference.domain.decision import Afvist, Beslutning, Kalder, Udfoert, Vilkaar, afvist
from vos_reference.domain.person import Person

Kommando = Registreringskommando | Nabokommando


def beslut(person: Person, kommando: Kommando, vilkaar: Vilkaar, *, id_findes: bool = False) -> Beslutning:
    """Decide a command; `id_findes` says that the caller's own identifier is used already (4977)."""
    fejl = []
    if person.doed is not None:
        fejl.append(Fejl(4405))
    if id_findes:
        fejl.append(Fejl(4977))
    return _samlet(fejl, person, _beslut(person, kommando, vilkaar), vilkaar)


def beslut_job(person: Person, job: Job, vilkaar: Vilkaar) -> Udfoert | None:
    """Decide a nightly job; None if it does nothing to this citizen today.

    Registrant is who told of it beforehand, with everything that follows; else the caller, which is DFDG.
    """
    melder = batchjob.melder(job, person)
    if melder is not None:
        vilkaar = replace(vilkaar, kalder=Kalder(melder))
    udfoert = batchjob.udfoer(job, person, vilkaar)
    return None if udfoert is None else foelger(person, udfoert, vilkaar)


def foelger(foer: Person, udfoert: Udfoert, vilkaar: Vilkaar) -> Udfoert:
    """Let category, absences and aktivitetstillaeg follow the change."""
    efter = personkategori.foelg_gruppen(udfoert, vilkaar)
    return aktivitetstillaeg.foelg_gruppen(foer, fravaer.foelg_gruppen(efter, vilkaar), vilkaar)


def _samlet(fejl: Iterable[Fejl], person: Person, beslutning: Beslutning, vilkaar: Vilkaar) -> Beslutning:
    alle = tuple(fejl)
    if isinstance(beslutning, Afvist):
        return afvist(*alle, *beslutning.fejl)
    return afvist(*alle) if alle else foelger(person, beslutning, vilkaar)


def _beslut(person: Person, kommando: Kommando, vilkaar: Vilkaar) -> Beslutning:
    match kommando:
        case Opret() | Opdater() | Slet():
            return _registrering(person, kommando, vilkaar)
        case Tilmeld():
            return tilmelding.tilmeld(person, kommando, vilkaar)
        case Afmeld():
            return tilmelding.afmeld(person, kommando, vilkaar)
        case Sygemeld():
            return sygdom.sygemeld(person, kommando, vilkaar)
        case Raskmeld():
            return sygdom.raskmeld(person, kommando, vilkaar)
        case RegistrerFravaer():
            return fravaer.registrer(person, kommando, vilkaar)
        case AfslutFravaer():
            return fravaer.afslut(person, kommando)
        case RegistrerFleksjob():
            return fleksjob.registrer(person, kommando)
        case AfslutFleksjob():
            return fleksjob.afslut(person, kommando)
        case RegistrerTillaeg():
            return aktivitetstillaeg.registrer(person, kommando, vilkaar)
        case _:
            assert_never(kommando)


def _registrering(person: Person, kommando: Registreringskommando, vilkaar: Vilkaar) -> Beslutning:
    er_gruppe = kommando.art is Art.KONTAKTGRUPPE
    rum = kontaktgruppe if er_gruppe else personkategori
    beslutning: Beslutning
    match kommando:
        case Opret():
            ny = vilkaar.nye.kontaktgruppe if er_gruppe else vilkaar.nye.personkategori
            beslutning = rum.opret(person, kommando, kommando.id or ny, vilkaar)
        case Opdater():
            beslutning = rum.opdater(person, kommando, vilkaar)
        case Slet():
            beslutning = rum.slet(person, kommando, vilkaar)
    return beslutning
