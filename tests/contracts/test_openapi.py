import asyncio
import json
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from byggeklodser import identitet, kontrakt
from vos_contracts.kontrakt import indlaes
from vos_contracts.model.cpr import kan_tilhoere_nogen
from vos_contracts.model.registration import Art
from vos_contracts.openapi import TJENESTE, kanonisk, openapi
from vos_contracts.openapi_eksempler import CPR
from vos_contracts.openapi_laesning import openapi_laesning
from vos_contracts.wire.asgi import AsgiTransport
from vos_contracts.wire.base import Kald, RemoteWireError
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.rest_headers import Headers
from vos_reference.application.drift import Drift
from vos_reference.bootstrap import app
from vos_reference.edge.rest import RestEdge

DOKUMENT = openapi(kontrakt())
LAESNING = openapi_laesning(kontrakt())
REGISTER: Registry[Any] = Registry().with_resource("urn:dokument", Resource(DOKUMENT, DRAFT202012))
REST = Rest(kontrakt())
HEADERS = Headers(kontrakt())
UUID_ = "9f2c4d1e-5b6a-4c3d-8e7f-0a1b2c3d4e5f"


def gyldig(vaerdi: object, peger: str) -> bool:
    skema = {"$ref": f"urn:dokument#/components/{peger}"}
    tjek = Draft202012Validator.FORMAT_CHECKER
    return bool(Draft202012Validator(skema, registry=REGISTER, format_checker=tjek).is_valid(vaerdi))


def operationer(dokument: dict[str, Any]) -> dict[str, Any]:
    return {
        operation["operationId"]: operation
        for sti in dokument["paths"].values()
        for metode, operation in sti.items()
        if metode != "parameters"
    }


def test_dokumentet_er_gyldig_openapi() -> None:
    validate(openapi(kontrakt()))


def test_den_gemte_kopi_er_den_genererede() -> None:
    gemt = files("vos_contracts").joinpath("schemas/openapi/PersonVisiteringService.v1.json").read_text("utf-8")
    assert gemt == kanonisk(kontrakt()), "write it anew with: generalproeve contracts export (schemas/openapi)"


def test_hver_metode_i_adgangstabellen_er_beskrevet_og_omvendt() -> None:
    i_tabellen = {noegle.partition(".")[2] for noegle in kontrakt().adgang.matrix if noegle.startswith(f"{TJENESTE}.")}
    assert set(operationer(openapi(kontrakt()))) == i_tabellen


def test_hver_operation_naevner_sine_egne_fejlkoder_under_rette_status() -> None:
    for navn, operation in operationer(openapi(kontrakt())).items():
        assert operation["x-fejlkoder"], navn
        for kode in operation["x-fejlkoder"]:
            status = str(kontrakt().fejl[kode].http_status)
            assert str(kode) in operation["responses"][status]["description"], (navn, kode)


def test_et_overlay_ses_i_dokumentet(tmp_path: Path) -> None:
    (tmp_path / "navne.csv").write_text(
        "noegle,vaerdi\nheader.organisationKode,x-org-kode\njson.sluttidspunkt,slutTidspunkt\n", "utf-8"
    )
    dokument = openapi(indlaes(tmp_path))
    assert dokument["components"]["parameters"]["organisationKode"]["name"] == "x-org-kode"
    assert "slutTidspunkt" in dokument["components"]["schemas"]["KontaktgruppeDto"]["properties"]
    assert "sluttidspunkt" not in dokument["components"]["schemas"]["KontaktgruppeDto"]["properties"]
    assert "slutTidspunkt" in dokument["components"]["schemas"]["UpdateKontaktgruppeRequestDto"]["properties"]
    assert "slutTidspunkt" in dokument["components"]["examples"]["Kontaktgruppe"]["value"]
    assert dokument["components"]["parameters"]["organisationKode"]["x-kilde"] == f"overlay {tmp_path.name}"
    assert dokument["info"]["x-overlay"] == tmp_path.name
    validate(dokument)


def test_hver_rute_er_beskrevet_og_omvendt() -> None:
    """Ask every route which methods it has: the router's answer against the document."""
    ruter = RestEdge(cast(Drift, None), REST, cast(Any, None)).ruter(1024)
    transport = AsgiTransport(app(ruter, REST.skriv_fejl))
    findes = set()
    for rute in ruter:
        sti = rute.path  # type: ignore[attr-defined]  # a type made at run time
        svar = asyncio.run(transport.send(Kald("TRACE", sti.replace("{id}", UUID_))))
        assert svar.status == 405
        findes |= {(sti, metode) for metode in svar.headers["allow"].split(", ")}
    beskrevet = {
        (sti.replace("{kontaktgruppeId}", "{id}").replace("{personkategoriId}", "{id}"), metode.upper())
        for sti, emne in DOKUMENT["paths"].items()
        for metode in emne
        if metode != "parameters"
    }
    assert findes == beskrevet
    assert len(beskrevet) == 14


def test_hver_operation_siger_sine_faste_svar() -> None:
    for navn, operation in operationer(DOKUMENT).items():
        svar = set(operation["responses"])
        assert {"200", "401", "500", "503"} <= svar, navn
        assert ("412" in svar) == ("413" in svar) == (not navn.startswith("Get")), navn
        assert ("415" in svar) == ("requestBody" in operation) == navn.startswith(("Create", "Update")), navn
        assert "Retry-After" in operation["responses"]["503"]["headers"]


def test_adgangsraekken_er_tabellens() -> None:
    for navn, operation in operationer(DOKUMENT).items():
        raekke = kontrakt().adgang.matrix[f"{TJENESTE}.{navn}"]
        ventet = {kontrakt().organisationstyper[nummer]: {en.value for en in raekke[nummer]} for nummer in raekke}
        assert {organisation: set(niveauer) for organisation, niveauer in operation["x-adgang"].items()} == ventet


def test_ethvert_antaget_navn_siger_hvor_det_er_fra() -> None:
    antagne = kontrakt().navne.antagne
    for navn, parameter in DOKUMENT["components"]["parameters"].items():
        noegle = f"{'header' if parameter['in'] == 'header' else 'json'}.{navn}"
        assert ("x-kilde" in parameter) == (noegle in antagne), navn
    felter = {felt: en for dto in DOKUMENT["components"]["schemas"].values() for felt, en in dto["properties"].items()}
    andre = {felt for dto in LAESNING["components"]["schemas"].values() for felt in dto["properties"]} - felter.keys()
    for navn, paa_linjen in kontrakt().navne.omdoebte("json").items():
        if paa_linjen in andre:
            continue  # held by test_openapi_laesning
        assert ("x-kilde" in felter[paa_linjen]) == (f"json.{navn}" in antagne), navn
    uden = {navn for navn, operation in operationer(DOKUMENT).items() if "x-kilde" not in operation}
    assert uden == {"CreateKontaktgruppe", "GetKontaktgrupper"}


def test_links_foerer_til_operationer_med_de_parametre() -> None:
    alle = operationer(DOKUMENT)
    fundet = 0
    for operation in alle.values():
        for link in operation["responses"]["200"].get("links", {}).values():
            sti = next(sti for sti, emne in DOKUMENT["paths"].items() if alle[link["operationId"]] in emne.values())
            for parameter in link["parameters"]:
                sted, _, navn = parameter.partition(".")
                assert f"{{{navn}}}" in sti if sted == "path" else navn == kontrakt().navne.header("cpr")
            fundet += 1
    assert fundet == 12


def test_eksemplerne_er_de_gemte_og_borgeren_findes_ikke() -> None:
    eksempler = DOKUMENT["components"]["examples"]
    mappe = files("vos_contracts").joinpath("eksempler/rest")
    for navn, operation in operationer(DOKUMENT).items():
        indhold = [operation["responses"]["200"]["content"]]
        indhold += [operation["requestBody"]["content"]] if "requestBody" in operation else []
        for del_, fil in zip(indhold, ("response.json", "request.json"), strict=False):
            ((eksempel, henvisning),) = del_["application/json"]["examples"].items()
            assert henvisning == {"$ref": f"#/components/examples/{eksempel}"}
            gemt = json.loads(mappe.joinpath(navn, fil).read_text("utf-8"))["krop"]
            assert eksempler[eksempel]["value"] == gemt, (navn, fil)
    assert not kan_tilhoere_nogen(CPR)
    for navn, parameter in DOKUMENT["components"]["parameters"].items():
        assert gyldig(parameter["example"], f"parameters/{navn}/schema"), navn


TIDER = ["2024-11-18T00:00:00+01:00", "2024-11-18T00:00:00.5Z", "2024-11-18T00:00:00", "2024-11-18", "", 1, None, True]


@pytest.mark.parametrize("art", Art)
def test_skema_og_kodeks_er_enige_om_kroppene(art: Art) -> None:
    type_, start, haendelse, slut = f"{art.value}Type", "starttidspunkt", "haendelsestidspunkt", "sluttidspunkt"
    god = {type_: 13, start: TIDER[0]}
    kroppe: list[dict[str, object]] = [god, {}, {type_: 13}, {start: TIDER[0]}, {**god, "ukendt": 1}]
    kroppe += [{**god, type_: vaerdi} for vaerdi in (0, 10000, 10001, -1, 1.5, "13", None, True, [])]
    kroppe += [{**god, felt: tid} for felt in (start, haendelse, slut) for tid in TIDER]
    udfald = [(krop, _laeses("Create", art, krop)) for krop in kroppe]
    assert {laeses for _, laeses in udfald} == {True, False}
    for krop, laeses in udfald:
        assert gyldig(krop, f"schemas/Create{art.navn}RequestDto") == laeses, krop
    for krop in [{}, {type_: 13}, {start: TIDER[0]}, *({slut: tid} for tid in TIDER)]:
        assert gyldig(krop, f"schemas/Update{art.navn}RequestDto") == _laeses("Update", art, krop), krop


def _laeses(form: str, art: Art, krop: dict[str, object]) -> bool:
    raa = json.dumps(krop).encode()
    try:
        _ = REST.laes_opret(art, raa, None) if form == "Create" else REST.laes_opdater(art, raa, UUID_)
    except RemoteWireError:
        return False
    return True


TEKSTER = ["", "x", "x" * 20, "x" * 21, "x" * 46, "x" * 47, "x" * 140, "x" * 141, "x" * 255, "x" * 256, "Å"]
TAL = ["0", "1", "8", "100", "101", "-1", "-2", "9" * 8, "9" * 9, "9" * 10, "1.5"]
TIDSPUNKTER = [en for en in TIDER if isinstance(en, str)] + ["2024-13-01T00:00:00Z", "2024-11-18T25:00:00Z", "i dag"]
EMAILS = ["a@b", "a@b@c", "a b@c", "@b", "a@", f"{'a' * 192}@b", f"a@{'b' * 65}", "a@b."]
CPRNUMRE = [CPR, "0000000000", "3002840000", "0013840000", "020384-0000", "02038400000"]
SMALLERE = {("registreringstidspunkt", "2024-11-18")}
"""The service reads any ISO form; the document promises a dateTime."""


@pytest.mark.parametrize("navn", sorted(kontrakt().navne.omdoebte("header")))
def test_skema_og_kodeks_er_enige_om_headerne(navn: str) -> None:
    parameter = DOKUMENT["components"]["parameters"][navn]
    paa_linjen = parameter["name"].lower()
    gode = HEADERS.skriv(identitet(), CPR, "k")

    def laeses(headers: dict[str, str]) -> bool:
        try:
            HEADERS.laes_identitet(headers)
            HEADERS.laes_cpr(headers)
            HEADERS.laes_kald_id(headers)
        except RemoteWireError as brud:
            return {fejl.kode for fejl in brud.fejl} <= {8173, 8174}
        return True

    assert laeses({en: vaerdi for en, vaerdi in gode.items() if en != paa_linjen}) == (not parameter["required"])
    udfald = set()
    for tekst in (*TEKSTER, *TAL, *TIDSPUNKTER, *EMAILS, *CPRNUMRE):
        if (navn, tekst) in SMALLERE:
            continue
        vaerdi: object = tekst
        if parameter["schema"]["type"] == "integer" and tekst.removeprefix("-").isdigit():
            vaerdi = int(tekst)
            if str(vaerdi) != tekst:
                continue
        ventet = laeses(gode | {paa_linjen: tekst})
        udfald.add(ventet)
        assert gyldig(vaerdi, f"parameters/{navn}/schema") == ventet, tekst
    assert udfald == {True, False}
