"""What may happen to a contact group: create or change, end, delete (epic AC 1005.17.28.2 and its service table).

Here: 100028, 100029 and from which release and on which channel; one open group; age, absence, untouchable groups.
Not here: what follows for the category (`personkategori.foelg_gruppen`), who may call (`adgang`), who is told (`recipients`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from vos_contracts.koder.fejl import Fejl
from vos_contracts.koder.udgave import SlutdatoSoap
from vos_contracts.model.registration import Art, Opdater, Opret, Slet
from vos_reference.domain import decision
from vos_reference.domain.decision import Aendret, Beslutning, Haendelse, Slettet, Vilkaar, aabning, afvist, udfoert
from vos_reference.domain.person import Person, Registrering
from vos_reference.domain.tid import alder, dansk_dag

ART = Art.KONTAKTGRUPPE


def opret(person: Person, kommando: Opret, id: str, vilkaar: Vilkaar) -> Beslutning:
    """Register a contact group; another group that is open gives way to it, the same group open is 4644."""
    fejl = [*_oprettelsesfejl(person, kommando, vilkaar)]
    if fejl:
        return afvist(*fejl)
    ny = decision.first_row(kommando, id, vilkaar)
    return udfoert(id, person, aabning(ny, person.aaben(ART, vilkaar.now), vilkaar))


def opdater(person: Person, kommando: Opdater, vilkaar: Vilkaar) -> Beslutning:
    """End a contact group; a closed group and groups that belong to KSD and DFDG cannot be changed (8096)."""
    gammel = person.find(kommando.art, kommando.id)
    if gammel is None:
        return afvist(Fejl(4589), *decision.end_errors(kommando.slut))
    fejl = [*decision.end_errors(kommando.slut, gammel.start)]
    if not (_kan_aendres(gammel.type, vilkaar) and gammel.aaben(vilkaar.now)):
        fejl.append(Fejl(8096))
    fejl += _fremtidig_slutdato(person, kommando.slut, vilkaar)
    if fejl or kommando.slut is None:
        return afvist(*fejl)
    lukket = gammel.afsluttet(kommando.slut, vilkaar.kalder.identitet, vilkaar.now)
    return udfoert(gammel.id, person, (Aendret(lukket),))


def slet(person: Person, kommando: Slet, vilkaar: Vilkaar) -> Beslutning:
    """Delete an erroneous contact group; its rows stay in the history (DECISIONS section 1)."""
    gammel = person.find(kommando.art, kommando.id)
    if gammel is None:
        return afvist(Fejl(4589))
    if not _kan_aendres(gammel.type, vilkaar):
        return afvist(Fejl(8096))
    if not gammel.may_be_deleted_by(vilkaar.kalder.identitet):
        return afvist(Fejl(4575, "kun den myndighed, der har registreret, og STAR kan slette"))
    identitet = vilkaar.kalder.identitet
    slettet = replace(gammel, er_slettet=True, registrant=identitet, registreret=vilkaar.now)
    return udfoert(gammel.id, person, (Slettet(slettet),))


def skift(person: Person, gruppe: int, tid: datetime, vilkaar: Vilkaar) -> tuple[Haendelse, ...]:
    """Move the citizen to a group because of something else, at that instant; the same group open is no change.

    One that was given an end gives way to a new one, or the citizen would be enrolled without a group when it comes.
    One that lies back begins no earlier than what went before it, so that no two groups hold at once in the history.
    """
    aaben = person.aaben(ART, vilkaar.now)
    if aaben is not None and aaben.type == gruppe and aaben.slut is None:
        return ()
    start = max((tid, *_tidligst(person, aaben)))
    ny = decision.first_row(Opret(ART, gruppe, start, haendelse=tid), vilkaar.nye.kontaktgruppe, vilkaar)
    return aabning(ny, aaben, vilkaar)


def _tidligst(person: Person, aaben: Registrering | None) -> Iterator[datetime]:
    if aaben is not None:
        yield aaben.start
    for raekke in person.registreringer.values():
        if raekke.art is ART and raekke.slut is not None and not raekke.er_slettet and raekke is not aaben:
            yield raekke.slut


def luk(person: Person, tid: datetime, vilkaar: Vilkaar) -> tuple[Haendelse, ...]:
    """Close the open group altogether because of something else, at that instant."""
    aaben = person.aaben(ART, vilkaar.now)
    if aaben is None:
        return ()
    return (Aendret(aaben.afsluttet(tid, vilkaar.kalder.identitet, vilkaar.now)),)


def fravaerskonflikt(person: Person, gruppe: int, vilkaar: Vilkaar) -> Iterator[Fejl]:
    """4645: an open absence that the group does not allow whatever the category."""
    for fravaer in person.fravaer:
        konflikt = vilkaar.kontrakt.fravaerskonflikter.get((fravaer.type, gruppe))
        if konflikt and fravaer.gaelder(vilkaar.dag) and not konflikt.tilladte_kategorier:
            yield Fejl(konflikt.fejlkode)


def for_gammel(person: Person, gruppe: int, vilkaar: Vilkaar) -> bool:
    """6033: the group is for those under an age."""
    graense = vilkaar.kontrakt.grupperegler[gruppe].under_alder
    return graense is not None and alder(person.foedt, vilkaar.dag) >= graense


def efter_alder(person: Person, gruppe: int, vilkaar: Vilkaar) -> int:
    """Return the group, or the one that takes its place for a citizen who has become too old for it."""
    if not for_gammel(person, gruppe, vilkaar):
        return gruppe
    return vilkaar.kontrakt.grupperegler[gruppe].overgaar_ved_30 or gruppe


def _oprettelsesfejl(person: Person, kommando: Opret, vilkaar: Vilkaar) -> Iterator[Fejl]:
    yield from decision.start_errors(kommando, vilkaar)
    yield from _fremtidig_slutdato(person, kommando.slut, vilkaar)
    kode = vilkaar.kontrakt.kontaktgrupper.get(kommando.type)
    if kode is None:
        yield Fejl(4675)
        return
    if not kode.gyldig(vilkaar.dag):
        yield Fejl(2003, f"kontaktgruppe {kommando.type}")
    aaben = person.aaben(ART, vilkaar.now)
    if aaben is not None and aaben.type == kommando.type:
        yield Fejl(4644)
    if not _kan_aendres(kommando.type, vilkaar) or (aaben is not None and not _kan_aendres(aaben.type, vilkaar)):
        yield Fejl(8096)
    if for_gammel(person, kommando.type, vilkaar):
        yield Fejl(6033)
    yield from fravaerskonflikt(person, kommando.type, vilkaar)
    if _skifter_tilmeldt(person, kommando.type, vilkaar):
        yield Fejl(100029)


def _kan_aendres(gruppe: int, vilkaar: Vilkaar) -> bool:
    regler = vilkaar.kontrakt.grupperegler.get(gruppe)
    return regler is None or regler.kan_aendres_af_kalder


def _skifter_tilmeldt(person: Person, gruppe: int, vilkaar: Vilkaar) -> bool:
    """100029: enforced on REST in all releases, on SOAP from the converter's release (epic, service table)."""
    if person.tilmelding is None:
        return False
    if vilkaar.kalder.klassisk_soap and not vilkaar.udgave.fejl_100029_soap:
        return False
    aaben = person.aaben(ART, vilkaar.now)
    if aaben is not None:
        return aaben.type != gruppe
    kategori = vilkaar.kontrakt.tilmeldekategorier.get(person.tilmelding.kategori)
    return kategori is None or gruppe not in kategori.grupper()


def _fremtidig_slutdato(person: Person, slut: datetime | None, vilkaar: Vilkaar) -> Iterator[Fejl]:
    """100028: on classic SOAP for enrolled persons before 2024-4, for everyone since; on REST always (epic)."""
    if slut is None or dansk_dag(slut) <= dansk_dag(vilkaar.now):
        return
    kun_tilmeldte = vilkaar.kalder.klassisk_soap and vilkaar.udgave.fejl_100028_soap is SlutdatoSoap.TILMELDTE
    if person.tilmelding is not None or not kun_tilmeldte:
        yield Fejl(100028)
