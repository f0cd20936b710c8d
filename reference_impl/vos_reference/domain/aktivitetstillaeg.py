"""Aktivitetstillaeg: granted to those who are aktivitetsparat in certain groups, and ended when that no longer holds.

As before: a group that does not allow it ends it. New from 2024-4: so does a category that moves away from aktivitetsparat
(epic AC 1005.17.28.16; aktivloven §§ 24, 25).
"""

from __future__ import annotations

from dataclasses import replace

from vos_contracts.koder.fejl import Fejl
from vos_contracts.model.neighbours import RegistrerTillaeg
from vos_contracts.model.registration import Art
from vos_reference.domain.decision import Beslutning, Udfoert, Vilkaar, afvist
from vos_reference.domain.person import Forloeb, Person


def registrer(person: Person, kommando: RegistrerTillaeg, vilkaar: Vilkaar) -> Beslutning:
    """Grant it from that day; refused where the group and category do not allow it, or where it is granted already."""
    fejl = []
    if not _tilladt(person, vilkaar, kategorien_taeller=True):
        fejl.append(Fejl(4731, "aktivitetstillæg kræver kategori 5 i en gruppe, der tillader det"))
    if any(en.gaelder(vilkaar.dag) for en in person.tillaeg):
        fejl.append(Fejl(4977, "borgeren har allerede aktivitetstillæg"))
    if fejl:
        return afvist(*fejl)
    return Udfoert(kommando.id, replace(person, tillaeg=(*person.tillaeg, Forloeb(kommando.id, kommando.fra))), ())


def foelg_gruppen(foer: Person, udfoert: Udfoert, vilkaar: Vilkaar) -> Udfoert:
    """End it when the group no longer allows it, or the category has left aktivitetsparat."""
    person = udfoert.person
    if not any(en.gaelder(vilkaar.dag) for en in person.tillaeg):
        return udfoert
    kategorien_taeller = vilkaar.udgave.tillaeg_ophoerer_ved_pc_skift and _var_aktivitetsparat(foer, vilkaar)
    if _tilladt(person, vilkaar, kategorien_taeller=kategorien_taeller):
        return udfoert
    ophoert = tuple(
        replace(en, til=max(vilkaar.dag, en.fra)) if en.gaelder(vilkaar.dag) else en for en in person.tillaeg
    )
    return replace(udfoert, person=replace(person, tillaeg=ophoert))


def _var_aktivitetsparat(foer: Person, vilkaar: Vilkaar) -> bool:
    """Say it of the open category, or of the last one where its end, given beforehand, has come and none follows yet."""
    kategori = foer.aaben(Art.PERSONKATEGORI, vilkaar.now)
    if kategori is None:
        sluttede = [en for en in foer.registreringer.values() if en.art is Art.PERSONKATEGORI and not en.er_slettet]
        kategori = max(sluttede, key=lambda en: en.slut or en.start, default=None)
    return kategori is not None and kategori.type in _kategorier(foer, vilkaar)


def _tilladt(person: Person, vilkaar: Vilkaar, *, kategorien_taeller: bool) -> bool:
    if not kategorien_taeller:
        return bool(_kategorier(person, vilkaar))
    kategori = person.aaben(Art.PERSONKATEGORI, vilkaar.now)
    return kategori is not None and kategori.type in _kategorier(person, vilkaar)


def _kategorier(person: Person, vilkaar: Vilkaar) -> frozenset[int]:
    gruppe = person.aaben(Art.KONTAKTGRUPPE, vilkaar.now)
    return vilkaar.kontrakt.grupperegler[gruppe.type].aktivitetstillaeg_kategorier if gruppe else frozenset()
