"""Who registers wrongly: rules that are not held, errors with another number, calls that do something else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from misdaedere.boejning import boejer, boejer_tabel
from vos_contracts.koder.fejl import Fejl
from vos_contracts.koder.udgave import SlutdatoSoap
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.registration import Opret
from vos_contracts.wire.soap_kvittering import Kvittering
from vos_reference.adapters.sqlite.transaktion import SqliteTransaktion
from vos_reference.application import registration
from vos_reference.converter.registrering import Converter
from vos_reference.domain import beslut, decision, kontaktgruppe, personkategori
from vos_reference.domain.decision import Udfoert, udfoert
from vos_reference.domain.person import Registrering
from vos_reference.edge import rest

KUN_SET_AF_KONVERTEREN = Fejl(1011)


@boejer((kontaktgruppe, "_fremtidig_slutdato"))
def accepterer_fremtidig_slutdato(rigtig: Any, *argumenter: Any) -> Iterator[Fejl]:
    return iter(())


@boejer_tabel((kontaktgruppe, "_fremtidig_slutdato"))
def haandhaever_100028_paa_soap_for_tidligt(kontrakt: Kontrakt) -> Kontrakt:
    udgaver = {navn: replace(en, fejl_100028_soap=SlutdatoSoap.ALLE) for navn, en in kontrakt.udgaver.items()}
    return replace(kontrakt, udgaver=udgaver)


@boejer((kontaktgruppe, "_skifter_tilmeldt"))
def glemmer_100029(rigtig: Any, *argumenter: Any) -> bool:
    return False


@boejer((Converter, "registrer"))
async def glemmer_100029_paa_soap(rigtig: Any, *argumenter: Any) -> Any:
    resultat = await rigtig(*argumenter)
    if isinstance(resultat, tuple) and Fejl(100029) in resultat:
        return Kvittering(argumenter[0]._ny_id(), argumenter[0]._now())
    return resultat


@boejer_tabel((kontaktgruppe, "_skifter_tilmeldt"))
def haandhaever_100029_paa_soap_for_tidligt(kontrakt: Kontrakt) -> Kontrakt:
    udgaver = {navn: replace(en, fejl_100029_soap=True) for navn, en in kontrakt.udgaver.items()}
    return replace(kontrakt, udgaver=udgaver)


@boejer((kontaktgruppe, "_oprettelsesfejl"))
def forkert_fejlkode(rigtig: Any, *argumenter: Any) -> Iterator[Fejl]:
    for fejl in rigtig(*argumenter):
        yield replace(fejl, kode=4645) if fejl.kode == 4644 else fejl


@boejer((Converter, "registrer"))
async def oversaetter_fejlkoder_paa_soap(rigtig: Any, *argumenter: Any) -> Any:
    resultat = await rigtig(*argumenter)
    return (KUN_SET_AF_KONVERTEREN,) if isinstance(resultat, tuple) else resultat


@boejer((rest, "answer_registration"))
def svarer_med_forkert_status(rigtig: Any, *argumenter: Any) -> Any:
    svaret = rigtig(*argumenter)
    return replace(svaret, status=422) if svaret.status == 400 else svaret


@boejer((SqliteTransaktion, "husk_kald"))
def udfoerer_gentagne_kald(rigtig: Any, *argumenter: Any) -> bool:
    rigtig(*argumenter)
    return True


@boejer((registration, "beslut"))
def lader_et_id_bruges_igen(rigtig: Any, *argumenter: Any, **andre: Any) -> Any:
    return rigtig(*argumenter)


@boejer((beslut, "_registrering"))
def tager_ikke_kalderens_id(rigtig: Any, person: Any, kommando: Any, vilkaar: Any) -> Any:
    return rigtig(person, replace(kommando, id=None) if isinstance(kommando, Opret) else kommando, vilkaar)


@boejer((decision, "first_row"))
def gemmer_en_anden_gruppe(rigtig: Any, kommando: Any, id_: str, vilkaar: Any) -> Registrering:
    ny: Registrering = rigtig(kommando, id_, vilkaar)
    return replace(ny, type=4 if kommando.type == 13 else kommando.type)


@boejer((decision, "first_row"))
def gemmer_nu_som_haendelsestidspunkt(rigtig: Any, kommando: Any, id_: str, vilkaar: Any) -> Registrering:
    ny: Registrering = rigtig(kommando, id_, vilkaar)
    return replace(ny, haendelse=vilkaar.now)


@boejer((Registrering, "afsluttet"))
def flytter_starten_ved_opdatering(rigtig: Any, raekke: Any, slut: Any, *andet: Any) -> Registrering:
    lukket: Registrering = rigtig(raekke, slut, *andet)
    return replace(lukket, start=slut)


@boejer((kontaktgruppe, "slet"), (personkategori, "slet"))
def glemmer_at_slette(rigtig: Any, person: Any, kommando: Any, vilkaar: Any) -> Any:
    beslutning = rigtig(person, kommando, vilkaar)
    return udfoert(beslutning.id, person, ()) if isinstance(beslutning, Udfoert) else beslutning


@boejer((Registrering, "may_be_deleted_by"))
def lader_alle_slette(rigtig: Any, *argumenter: Any) -> bool:
    return True


@boejer((decision, "end_errors"))
def lader_slut_ligge_foer_start(rigtig: Any, slut: Any, start: Any = None) -> Any:
    return rigtig(slut)


@boejer((Converter, "registrer"))
async def konverteren_er_bruger(rigtig: Any, selv: Any, cpr: str, kommando: Any, identitet: Any) -> Any:
    return await rigtig(selv, cpr, kommando, replace(identitet, bruger=replace(identitet.bruger, id="konverter")))
