"""Who lets in those who have no right to it, or keeps out those who have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from misdaedere.boejning import boejer, boejer_tabel
from vos_contracts.koder.aktoerer import Niveau
from vos_contracts.kontrakt import Kontrakt
from vos_reference.domain import adgang

UDEN_KRYDS = (30, 31, 32)


def _med_niveau(kontrakt: Kontrakt, organisationstyper: tuple[int, ...], niveau: Niveau, del_: str) -> Kontrakt:
    matrix = {
        metode: {**raekke, **{en: frozenset({niveau}) for en in organisationstyper}} if del_ in metode else raekke
        for metode, raekke in kontrakt.adgang.matrix.items()
    }
    return replace(kontrakt, adgang=replace(kontrakt.adgang, matrix=matrix))


@boejer_tabel()
def lader_akassen_laese_kategorier(kontrakt: Kontrakt) -> Kontrakt:
    return _med_niveau(kontrakt, (2,), Niveau.EGNE, "GetPersonkategori")


@boejer_tabel()
def lader_akassen_registrere(kontrakt: Kontrakt) -> Kontrakt:
    return _med_niveau(kontrakt, (2,), Niveau.EGNE, "Create")


@boejer_tabel()
def lader_jobcentre_registrere_paa_alle(kontrakt: Kontrakt) -> Kontrakt:
    return _med_niveau(kontrakt, (8,), Niveau.ALLE, "Create")


@boejer_tabel()
def lader_akassen_laese_alles_grupper(kontrakt: Kontrakt) -> Kontrakt:
    return _med_niveau(kontrakt, (2,), Niveau.ALLE, "GetKontaktgruppe")


@boejer_tabel()
def lader_dem_uden_kryds_laese(kontrakt: Kontrakt) -> Kontrakt:
    return _med_niveau(kontrakt, UDEN_KRYDS, Niveau.ALLE, "Get")


@boejer_tabel()
def lader_landssupporten_registrere_kategorier(kontrakt: Kontrakt) -> Kontrakt:
    return replace(kontrakt, adgang=replace(kontrakt.adgang, spaerrede=frozenset()))


@boejer_tabel((adgang, "_raekker_paa_jobnet"))
def lader_akassen_naa_alle_paa_jobnet(kontrakt: Kontrakt) -> Kontrakt:
    jobnet = {2: frozenset({(None, None)}), 8: frozenset({(None, None)})}
    return replace(kontrakt, adgang=replace(kontrakt.adgang, jobnet=jobnet))


@boejer((adgang, "_gaest"))
def tager_alle_for_gaester(rigtig: Any, *argumenter: Any) -> bool:
    return True


@boejer((adgang, "_ikke_egen"))
def afviser_jobcentret_med_4575(rigtig: Any, *argumenter: Any) -> int:
    return 4575
