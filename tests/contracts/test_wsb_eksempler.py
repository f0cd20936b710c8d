"""The golden webservice messages and sync call: as the schema says, as the codecs write, and what the reference sends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
from jsonschema import Draft202012Validator
from support.each import check_each
from support.stores import empty_store

from byggeklodser import AKASSE, I_DAG, JOBCENTER, NU, kontrakt
from vos_contracts import asyncapi, openapi_eksempler
from vos_contracts.control.stage import PersonerDto
from vos_contracts.control.webhooks import OrganisationDto, SubscribersystemDto
from vos_contracts.eksempler import Eksempel, alle
from vos_contracts.model.cpr import kan_tilhoere_nogen
from vos_contracts.model.registration import Aendringstype, Art, Opdater, Opret, Slet
from vos_contracts.validering import _eksempelbrud
from vos_contracts.wire.abonnement import Abonnementer, Synkroniseret
from vos_contracts.wire.asgi import AsgiTransport
from vos_contracts.wire.base import Kald, Svar
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.wsb import Wsb
from vos_reference.application.opsaetning import opsaet
from vos_reference.application.wsbabonnement import opret_system
from vos_reference.bootstrap import Applikation, byg
from vos_reference.config import Konfiguration
from vos_reference.domain.retry import Forsoegssvar, Svarede
from vos_simulators.people import Borger, paa_scenen

EKSEMPLER = {(en.mappe, en.navn): en for en in alle() if en.kanal == "wsb"}
SYNK = "SyncAbonnementer"
BESKEDER = {noegle: en for noegle, en in EKSEMPLER.items() if noegle[0] != SYNK}
REST = Rest(kontrakt())
WSB, WIRE = Wsb(kontrakt()), Abonnementer(kontrakt(), REST)
ARTER = {art.navn: art for art in Art}


def json_(mappe: str, navn: str) -> Any:
    return json.loads(EKSEMPLER[mappe, navn].indhold)


class Opsamler:
    """A sender whose receivers take everything."""

    def __init__(self) -> None:
        self.sendt: list[Any] = []

    async def post(self, url: str, krop: bytes) -> Forsoegssvar:
        self.sendt.append(msgspec.json.decode(krop))
        return Svarede(200)

    async def luk(self) -> None:
        pass


def synk_kald() -> Kald:
    request = json_(SYNK, "request.json")
    return Kald(request["metode"], request["sti"], request["headers"], json.dumps(request["krop"]).encode())


def af_svar(svar: Svar) -> Mapping[str, Any]:
    headers = {navn: vaerdi for navn, vaerdi in svar.headers.items() if navn != "content-length"}  # the server's own
    return {"status": svar.status, "headers": headers, "krop": json.loads(svar.krop)}


def scene(opsamler: Opsamler) -> Applikation:
    app = byg(Konfiguration(db=Path("-"), clock=NU), kontrakt(), store=empty_store(), afsender=opsamler)
    organisationer = tuple(
        OrganisationDto(organisation_type=en.type, organisation_kode=en.kode) for en in (JOBCENTER, AKASSE)
    )
    system = SubscribersystemDto(
        system_identifier=json_(SYNK, "request.json")["krop"]["systemIdentifier"],
        base_url="http://127.0.0.1:9",
        organisationer=organisationer,
    )
    assert opret_system(app.drift, system) is None
    return app


@cache
def spillet() -> Mapping[tuple[str, str], Any]:
    """Play what the examples are of on the reference; return what was answered and sent, by folder and name."""

    async def stykke() -> Mapping[tuple[str, str], Any]:
        opsamler = Opsamler()
        app = scene(opsamler)
        linje = AsgiTransport(app.tjenester)
        kald = synk_kald()
        svar = {(SYNK, "response.json"): af_svar(await linje.send(kald))}
        krop = json.loads(kald.krop)
        krop["abonnementer"][1]["entityType"] = 7
        daarlig = Kald(kald.metode, kald.sti, kald.headers, json.dumps(krop).encode())
        svar[SYNK, "refusal.1014"] = af_svar(await linje.send(daarlig))
        krop["systemIdentifier"] = openapi_eksempler.id_(Art.KONTAKTGRUPPE)
        ukendt = Kald(kald.metode, kald.sti, kald.headers, json.dumps(krop).encode())
        svar[SYNK, "refusal.4575"] = af_svar(await linje.send(ukendt))

        cpr = openapi_eksempler.CPR
        opsaet(
            app.drift, PersonerDto(personer=(paa_scenen(Borger("", cpr, date(1984, 3, 2))),)), tillad_rigtige_cpr=False
        )
        identitet = REST.headers.laes_identitet(kald.headers)
        gruppe, kategori = (openapi_eksempler.id_(art) for art in Art)
        for nr, kommando in enumerate((
            Opret(Art.KONTAKTGRUPPE, 13, I_DAG, id=gruppe), Opret(Art.PERSONKATEGORI, 9, I_DAG, id=kategori),
            Opdater(Art.PERSONKATEGORI, kategori, NU), Slet(Art.PERSONKATEGORI, kategori),
            Opdater(Art.KONTAKTGRUPPE, gruppe, NU), Slet(Art.KONTAKTGRUPPE, gruppe),
        )):  # fmt: skip
            registreret = await linje.send(REST.kald_registrer(cpr, kommando, identitet, str(nr)))
            assert registreret.status == 200, registreret
            await app.delivery.indtil_ro()
        for besked in opsamler.sendt:
            laest = WSB.laes(msgspec.json.encode(besked))
            if laest.id in (gruppe, kategori) and laest.modtager == JOBCENTER:
                svar[laest.entitet_navn, f"{laest.aendringstype.name.lower()}.json"] = besked
        return svar

    return asyncio.run(stykke())


def test_hver_besked_og_kaldet_har_sine_eksempler() -> None:
    aendringer = {f"{en.name.lower()}.json" for en in Aendringstype}
    assert EKSEMPLER.keys() == {(art.navn, en) for art in Art for en in aendringer} | {
        (SYNK, en) for en in ("request.json", "response.json", "refusal.1014", "refusal.4575")
    }


def test_det_er_hvad_referencen_sender_og_svarer() -> None:
    check_each(EKSEMPLER, _is_what_the_reference_sends, "/".join)


def _is_what_the_reference_sends(noegle: tuple[str, str]) -> None:
    if noegle == (SYNK, "request.json"):
        assert spillet()[SYNK, "response.json"]["krop"]["oprettede"] == len(json_(*noegle)["krop"]["abonnementer"])
        return
    eksempel, spillet_ = json_(*noegle), spillet()[noegle]
    if noegle in BESKEDER:  # each message has an id of its own
        spillet_ = {**spillet_, "metadata": {**spillet_["metadata"], "beskedId": eksempel["metadata"]["beskedId"]}}
    assert eksempel == spillet_


def test_beskeden_er_som_det_udgivne_skema() -> None:
    check_each(BESKEDER, _is_as_the_published_schema, "/".join)


def _is_as_the_published_schema(noegle: tuple[str, str]) -> None:
    udgivet = json.loads(files("vos_contracts").joinpath("schemas", "wsb", "asyncapi.json").read_text("utf-8"))
    skema = udgivet["components"]["messages"][noegle[0]]["payload"]["schema"]
    assert skema == asyncapi.skema(kontrakt(), kontrakt().wsb_entiteter[ARTER[noegle[0]]])
    validator = Draft202012Validator(skema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert list(validator.iter_errors(json_(*noegle))) == []
    assert {*json_(*noegle)["metadata"]} == {*skema["properties"]["metadata"]["properties"]}, "not described"


def test_beskeden_gaar_uaendret_gennem_kodeksen() -> None:
    def check(noegle: tuple[str, str]) -> None:
        assert msgspec.json.decode(WSB.skriv(WSB.laes(EKSEMPLER[noegle].indhold))) == json_(*noegle)

    check_each(BESKEDER, check, "/".join)


def test_synkroniseringen_gaar_uaendret_gennem_kodeksen() -> None:
    kald, headers = synk_kald(), REST.headers
    skrevet = WIRE.kald(*WIRE.laes(kald.krop), headers.laes_identitet(kald.headers), headers.laes_kald_id(kald.headers))
    assert (skrevet.metode, skrevet.sti, skrevet.headers) == (kald.metode, kald.sti, kald.headers)
    assert json.loads(skrevet.krop) == json.loads(kald.krop)
    for navn in ("response.json", "refusal.1014", "refusal.4575"):
        svar = json_(SYNK, navn)
        laest = WIRE.forstaa(Svar(svar["status"], svar["headers"], json.dumps(svar["krop"]).encode()))
        igen = WIRE.skriv_svar(laest) if isinstance(laest, Synkroniseret) else REST.skriv_fejl(laest.fejl)
        assert af_svar(igen) == svar


def test_eksemplet_er_til_at_laese_og_borgeren_findes_ikke() -> None:
    check_each([en for en in EKSEMPLER if not EKSEMPLER[en].is_refusal], _is_readable_and_of_nobody, "/".join)


def _is_readable_and_of_nobody(noegle: tuple[str, str]) -> None:
    tekst = EKSEMPLER[noegle].indhold.decode()
    assert tekst == json.dumps(json.loads(tekst), ensure_ascii=False, indent=2) + "\n"
    if noegle in BESKEDER:
        assert not kan_tilhoere_nogen(json.loads(tekst)["metadata"]["identifikation"])


def test_et_eksempel_der_er_i_stykker_ses() -> None:
    check_each(EKSEMPLER, _a_broken_one_is_seen, "/".join)


def _a_broken_one_is_seen(noegle: tuple[str, str]) -> None:
    mappe, navn = noegle
    indhold = EKSEMPLER[noegle].indhold
    assert list(_eksempelbrud(EKSEMPLER[noegle], kontrakt())) == []
    ord_ = {"request.json": b"orgType", "response.json": b"slettede"}.get(
        navn, b"fejl" if mappe == SYNK else b"beskedId"
    )
    i_stykker = Eksempel("wsb", mappe, navn, indhold.replace(ord_, b"x", 1))
    assert list(_eksempelbrud(i_stykker, kontrakt())), navn
