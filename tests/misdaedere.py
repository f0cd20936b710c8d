"""Misbehaving references, named for what they do: each builds the reference and bends one thing; closing it bends it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

import msgspec

from vos_contracts.identitet import Identitet, Organisation
from vos_contracts.koder.aktoerer import Niveau
from vos_contracts.koder.wsrm import Beskedtype, Modtagerregel, Modtagerrolle, Naar
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.operationer import Art
from vos_reference import bootstrap
from vos_reference.application import gem, udtraek
from vos_reference.config import Konfiguration
from vos_reference.domain import (
    aktivitetstillaeg,
    batchjob,
    cprskift,
    dfdg,
    fravaer,
    kontaktgruppe,
    modtagere,
    personkategori,
    registrering,
    status,
    sygdom,
    visning,
)
from vos_reference.domain.beslutning import Udfoert
from vos_reference.domain.person import Registrering

Bygger = Callable[[Konfiguration, Kontrakt], "Boejet"]
MISDAEDERE: dict[str, Bygger] = {}


@dataclass
class Boejet:
    """A reference whose code is patched until it is closed."""

    applikation: bootstrap.Applikation
    lapper: list[Any]

    def __getattr__(self, navn: str) -> Any:
        return getattr(self.applikation, navn)

    def luk(self) -> None:
        self.applikation.luk()
        for lap in self.lapper:
            lap.stop()


def _kode(sted: object, navn: str, ny: object) -> Callable[[Kontrakt], tuple[Kontrakt, list[Any]]]:
    def boej(kontrakt: Kontrakt) -> tuple[Kontrakt, list[Any]]:
        lap = patch.object(sted, navn, ny)
        lap.start()
        return kontrakt, [lap]

    return boej


def _tabel(aendring: Callable[[Kontrakt], Kontrakt]) -> Callable[[Kontrakt], tuple[Kontrakt, list[Any]]]:
    return lambda kontrakt: (aendring(kontrakt), [])


def misdaeder(navn: str, boej: Callable[[Kontrakt], tuple[Kontrakt, list[Any]]]) -> None:
    def byg(konfiguration: Konfiguration, kontrakt: Kontrakt) -> Boejet:
        boejet, lapper = boej(kontrakt)
        return Boejet(bootstrap.byg(konfiguration, boejet), lapper)

    MISDAEDERE[navn] = byg
    globals()[navn] = byg


def _ingen(*argumenter: object, **andre: object) -> Iterator[Any]:
    return iter(())


def _med_regel(*regler: Modtagerregel) -> Callable[[Kontrakt], Kontrakt]:
    return lambda kontrakt: replace(kontrakt, wsrm_modtagere=(*kontrakt.wsrm_modtagere, *regler))


def _uden_v4(kontrakt: Kontrakt) -> Kontrakt:
    return replace(
        kontrakt,
        wsrm_modtagere=tuple(en for en in kontrakt.wsrm_modtagere if en.besked is not Beskedtype.KONTAKTGRUPPE_V4),
    )


def _adgang(organisationstype: int, niveau: Niveau, del_: str) -> Callable[[Kontrakt], Kontrakt]:
    def aendring(kontrakt: Kontrakt) -> Kontrakt:
        matrix = {
            metode: {**raekke, organisationstype: frozenset({niveau})} if del_ in metode else raekke
            for metode, raekke in kontrakt.adgang.matrix.items()
        }
        return replace(kontrakt, adgang=replace(kontrakt.adgang, matrix=matrix))

    return aendring


def _adgangsregler(kontrakt: Kontrakt, **aendring: Any) -> Kontrakt:
    return replace(kontrakt, adgang=replace(kontrakt.adgang, **aendring))


def _akasse_ser_alt(kontrakt: Kontrakt) -> Kontrakt:
    regler = {gruppe: replace(en, akasse_ser=True) for gruppe, en in kontrakt.grupperegler.items()}
    return replace(kontrakt, grupperegler=regler)


def _kode_4644_er_4645(person: Any, kommando: Any, vilkaar: Any) -> Iterator[Any]:
    for fejl in _oprettelsesfejl(person, kommando, vilkaar):
        yield replace(fejl, kode=4645) if fejl.kode == 4644 else fejl


def _kun_nyeste(*argumenter: Any) -> Any:
    return _historik(*argumenter)[:1]


def _star_skrev(haendelser: Any, person: Any, dag: Any, regler: Any) -> Iterator[modtagere.Udkast]:
    from byggeklodser import STAR

    for en in _udkast(haendelser, person, dag, regler):
        registrant = replace(en.registrering.registrant, aktiv=STAR)
        yield replace(en, registrering=replace(en.registrering, registrant=registrant))


def _dobbelt(*argumenter: Any) -> Iterator[modtagere.Udkast]:
    for en in _udkast(*argumenter):
        yield en
        yield en


def _uden_slut(kommando: Any, id_: str, vilkaar: Any) -> Registrering:
    return replace(_ny(kommando, id_, vilkaar), type=4 if kommando.type == 13 else kommando.type)


def _stadig_tilmeldt(planlagt: Udfoert, vilkaar: Any) -> Udfoert:
    udfoert = _begynd(planlagt, vilkaar)
    return replace(udfoert, person=replace(udfoert.person, tilmelding=planlagt.person.tilmelding))


def _ogsaa_det_andet_jobcenter(*argumenter: Any) -> Iterator[Organisation]:
    yield from _modtagere(*argumenter)
    yield Organisation(8, "10200")


def _flytter_uden_historik(*argumenter: Any) -> Any:
    flyttet = _flyt(*argumenter)
    return flyttet and replace(flyttet, person=replace(flyttet.person, cpr=argumenter[0].cpr))


def _en_sagsbehandler(job: str, now: Any) -> Identitet:
    dfdg_ = _dfdg(job, now)
    return replace(dfdg_, bruger=replace(dfdg_.bruger, type=2))


_modtagere, _flyt, _dfdg = cprskift.modtagere, cprskift.flyt, dfdg.identitet


def _kollektioner_i_alle_udgaver(kontrakt: Kontrakt, *, tomme: bool) -> Kontrakt:
    udgaver = {navn: replace(en, tomme_laesekollektioner=tomme) for navn, en in kontrakt.udgaver.items()}
    return replace(kontrakt, udgaver=udgaver)


def _wsrm_i_alle_udgaver(kontrakt: Kontrakt) -> Kontrakt:
    return replace(kontrakt, udgaver={navn: replace(en, wsrm=True) for navn, en in kontrakt.udgaver.items()})


def _kollektioner_som_star(person: Any, tjeneste: Any, laeser: Any, *andet: Any) -> Any:
    from byggeklodser import STAR

    return _kollektioner(person, tjeneste, replace(laeser, aktiv=STAR), *andet)


def _status_med_alle_tillaeg(person: Any, *andet: Any) -> Any:
    return _status(replace(person, tillaeg=tuple(replace(en, til=None) for en in person.tillaeg)), *andet)


_kollektioner, _status = status.kollektioner, status.status
_oprettelsesfejl = kontaktgruppe._oprettelsesfejl
_historik, _udkast, _ny, _begynd = visning.historik, gem.udkast, registrering.ny, sygdom.begynd

misdaeder("accepterer_fremtidig_slutdato", _kode(kontaktgruppe, "_fremtidig_slutdato", _ingen))
misdaeder("glemmer_100029", _kode(kontaktgruppe, "_skifter_tilmeldt", lambda *a: False))
misdaeder("forkert_fejlkode", _kode(kontaktgruppe, "_oprettelsesfejl", _kode_4644_er_4645))
misdaeder("taber_historik", _kode(visning, "historik", _kun_nyeste))
misdaeder("forfatteren_er_altid_star", _kode(gem, "udkast", _star_skrev))
misdaeder("sender_dobbelt", _kode(gem, "udkast", _dobbelt))
misdaeder("glemmer_standardkategorien", _kode(personkategori, "foelg_gruppen", lambda udfoert, *a: udfoert))
misdaeder("fem_aar_tilbage", _kode(visning, "AKASSE_AAR", 5))
misdaeder("gemmer_en_anden_gruppe", _kode(registrering, "ny", _uden_slut))
misdaeder("viser_akassen_alle_grupper", _tabel(_akasse_ser_alt))
misdaeder("lader_akassen_laese_kategorier", _tabel(_adgang(2, Niveau.EGNE, "GetPersonkategori")))
misdaeder("lader_jobcentre_registrere_paa_alle", _tabel(_adgang(8, Niveau.ALLE, "Create")))
misdaeder("lader_akassen_registrere", _tabel(_adgang(2, Niveau.EGNE, "Create")))
misdaeder("taber_version_4", _tabel(_uden_v4))
misdaeder(
    "fortaeller_akassen_om_kategorier",
    _tabel(_med_regel(Modtagerregel(Beskedtype.PERSONKATEGORI_V1, Modtagerrolle.AKASSE, Naar.ENHVER, None))),
)
misdaeder(
    "fortaeller_akassen_om_gruppe_4",
    _tabel(_med_regel(Modtagerregel(Beskedtype.KONTAKTGRUPPE_V5, Modtagerrolle.AKASSE, Naar.OVERGAAR_TIL, 4))),
)
misdaeder("glemmer_den_huskede_gruppe", _kode(sygdom, "_rette_gruppe", lambda *a: 8))
misdaeder("lukker_ikke_ved_raskmelding", _kode(kontaktgruppe, "luk", lambda *a: ()))
misdaeder("afmelder_ikke_ved_sygdom", _kode(sygdom, "begynd", _stadig_tilmeldt))
misdaeder("flytter_de_29_aarige", _kode(batchjob, "OVERGANGSALDER", 29))
misdaeder("kalder_natkoerslen_en_sagsbehandler", _kode(dfdg, "identitet", _en_sagsbehandler))
misdaeder("siger_at_pegepinden_er_flyttet", _kode(cprskift, "flyt", _flytter_uden_historik))
misdaeder("fortaeller_andre_om_cprskiftet", _kode(cprskift, "modtagere", _ogsaa_det_andet_jobcenter))
misdaeder("udstiller_kollektionerne_i_2025", _tabel(lambda en: _kollektioner_i_alle_udgaver(en, tomme=False)))
misdaeder("toemmer_kollektionerne_for_tidligt", _tabel(lambda en: _kollektioner_i_alle_udgaver(en, tomme=True)))
misdaeder("glemmer_filteret_i_soap", _kode(status, "kollektioner", _kollektioner_som_star))
misdaeder("viser_et_ophoert_tillaeg", _kode(status, "status", _status_med_alle_tillaeg))
misdaeder("lader_landssupporten_registrere_kategorier", _tabel(lambda en: _adgangsregler(en, spaerrede=frozenset())))
misdaeder(
    "lader_akassen_naa_alle_paa_jobnet",
    _tabel(lambda en: _adgangsregler(en, jobnet={2: frozenset({(None, None)}), 8: frozenset({(None, None)})})),
)


def _hoerer_ikke(domaene: str, art: Art) -> Callable[[Kontrakt], Kontrakt]:
    def aendring(kontrakt: Kontrakt) -> Kontrakt:
        modtagere = kontrakt.haendelsesmodtagere
        return replace(kontrakt, haendelsesmodtagere={**modtagere, domaene: modtagere[domaene] - {art}})

    return aendring


def _alle_hoerer_alt(kontrakt: Kontrakt) -> Kontrakt:
    return replace(kontrakt, haendelsesmodtagere={navn: frozenset(Art) for navn in kontrakt.haendelsesmodtagere})


def _uden_slettede(drift: Any, efter: int, antal: int) -> Any:
    side = _udtraek(drift, efter, antal)
    return msgspec.structs.replace(side, registreringer=tuple(en for en in side.registreringer if not en.er_slettet))


_udtraek = udtraek.registreringer

misdaeder("glemmer_kategorier_til_jobsearch", _tabel(_hoerer_ikke("JobSearch", Art.PERSONKATEGORI)))
misdaeder("fortaeller_virksomhedsindsats_om_kategorier", _tabel(_alle_hoerer_alt))
misdaeder("leverer_ikke_det_slettede", _kode(udtraek, "registreringer", _uden_slettede))
misdaeder(
    "beholder_aktivitetstillaegget", _kode(aktivitetstillaeg, "foelg_gruppen", lambda foer, udfoert, vilkaar: udfoert)
)
misdaeder("lader_fravaeret_staa", _kode(fravaer, "foelg_gruppen", lambda udfoert, vilkaar: udfoert))
misdaeder("glemmer_de_udloebne", _kode(batchjob, "_udloebsdag", lambda *a: None))
misdaeder("holder_wsrm_i_live", _tabel(_wsrm_i_alle_udgaver))
