"""Flexjob activities in the citizen's plan; the batch job moves the contact group between 7 and 10 (epic AC .11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from vos_contracts.koder.fejl import Fejl
from vos_contracts.model.neighbours import AfslutFleksjob, RegistrerFleksjob
from vos_reference.domain.decision import Beslutning, Udfoert, afvist
from vos_reference.domain.person import Forloeb, Person


def registrer(person: Person, kommando: RegistrerFleksjob) -> Beslutning:
    """Register an activity; 4977 for an id that is used, 4636 for an end before the start."""
    fejl = []
    if any(en.id == kommando.id for en in person.fleksjob):
        fejl.append(Fejl(4977))
    if kommando.til is not None and kommando.til < kommando.fra:
        fejl.append(Fejl(4636))
    if fejl:
        return afvist(*fejl)
    nyt = Forloeb(kommando.id, kommando.fra, kommando.til)
    return Udfoert(kommando.id, replace(person, fleksjob=(*person.fleksjob, nyt)), ())


def afslut(person: Person, kommando: AfslutFleksjob) -> Beslutning:
    """End an activity; 4589 for one that is not known, 4636 for an end before the start."""
    fundet = next((en for en in person.fleksjob if en.id == kommando.id), None)
    if fundet is None:
        return afvist(Fejl(4589))
    if kommando.til < fundet.fra:
        return afvist(Fejl(4636))
    fleksjob = tuple(replace(en, til=kommando.til) if en is fundet else en for en in person.fleksjob)
    return Udfoert(kommando.id, replace(person, fleksjob=fleksjob), ())


def slutter_i(person: Person, fra: date, til: date) -> bool:
    """Say whether an activity ended from the one day to the other, and none is in progress at the end of it."""
    return any(en.til is not None and fra <= en.til <= til for en in person.fleksjob) and not any(
        en.gaelder(til) for en in person.fleksjob
    )
