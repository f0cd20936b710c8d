"""The document of the other reads: true to the routes, the tables, the codecs and the stored copy."""

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

from byggeklodser import kontrakt
from vos_contracts.kontrakt import indlaes
from vos_contracts.laesninger import KONTAKTGRUPPER, kodelister
from vos_contracts.openapi_laesning import STATUSMETODE, STATUSTJENESTE, kanonisk, openapi_laesning
from vos_contracts.wire.asgi import AsgiTransport
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.rest_laesning import RestLaesning
from vos_reference.application.drift import Drift
from vos_reference.bootstrap import app
from vos_reference.edge.rest_laesning import RestLaesningEdge

DOKUMENT = openapi_laesning(kontrakt())
REGISTER: Registry[Any] = Registry().with_resource("urn:dokument", Resource(DOKUMENT, DRAFT202012))
REST = Rest(kontrakt())
LAESNING = RestLaesning(kontrakt(), REST)
OPERATIONER = {
    operation["operationId"]: operation
    for emne in DOKUMENT["paths"].values()
    for metode, operation in emne.items()
    if metode != "parameters"
}


def gyldig(vaerdi: object, skema: str) -> bool:
    tjek = Draft202012Validator.FORMAT_CHECKER
    peger = {"$ref": f"urn:dokument#/components/schemas/{skema}"}
    return bool(Draft202012Validator(peger, registry=REGISTER, format_checker=tjek).is_valid(vaerdi))


def eksempel(operation: str, navn: str) -> dict[str, Any]:
    indhold: dict[str, Any] = json.loads(
        files("vos_contracts").joinpath("eksempler/rest", operation, f"{navn}.json").read_text("utf-8")
    )
    return indhold


def test_dokumentet_er_gyldig_openapi_og_den_gemte_kopi() -> None:
    validate(openapi_laesning(kontrakt()))
    gemt = files("vos_contracts").joinpath("schemas/openapi/VisiteringOgStatus.json").read_text("utf-8")
    assert gemt == kanonisk(kontrakt()), "write it anew with: generalproeve contracts export (schemas/openapi)"


def test_hver_offentlig_rute_er_beskrevet_og_omvendt_og_ingen_tvilling_er() -> None:
    kant = RestLaesningEdge(cast(Drift, _Kun(kontrakt())), REST, LAESNING)
    ruter = kant.ruter(1024)
    transport = AsgiTransport(app(ruter, REST.skriv_fejl))
    findes = set()
    for rute in ruter:
        sti = rute.path  # type: ignore[attr-defined]  # a type made at run time
        svar = asyncio.run(transport.send(Kald("TRACE", sti.replace("{navn}", KONTAKTGRUPPER))))
        assert svar.status == 405
        findes |= {(sti, metode) for metode in svar.headers["allow"].split(", ")}
    assert findes == {
        (sti, metode.upper()) for sti, emne in DOKUMENT["paths"].items() for metode in emne if metode != "parameters"
    }
    assert not {rute.path for rute in kant.tvillinger(1024)} & set(DOKUMENT["paths"])  # type: ignore[attr-defined]  # as above


class _Kun:
    def __init__(self, en: object) -> None:
        self.kontrakt = en


def test_adgang_og_fejlkoder_er_tabellernes() -> None:
    raekke = kontrakt().adgang.matrix[f"{STATUSTJENESTE}.{STATUSMETODE}"]
    ventet = {kontrakt().organisationstyper[nummer]: {en.value for en in raekke[nummer]} for nummer in raekke}
    assert {navn: set(en) for navn, en in OPERATIONER[STATUSMETODE]["x-adgang"].items()} == ventet
    for navn, operation in OPERATIONER.items():
        for kode in operation["x-fejlkoder"]:
            status = str(kontrakt().fejl[kode].http_status)
            assert str(kode) in operation["responses"][status]["description"], (navn, kode)
    assert OPERATIONER["GetKodeliste"]["x-fejlkoder"] == [2001]


def test_kun_status_kraever_identitet_og_borger() -> None:
    navne = {
        navn: {en["$ref"].rpartition("/")[2] for en in op.get("parameters", ())} for navn, op in OPERATIONER.items()
    }
    assert {"cpr", "organisationType", "brugerId"} <= navne[STATUSMETODE]
    assert "requestId" not in navne[STATUSMETODE]
    assert navne["GetKodelister"] == navne["GetKodeliste"] == set()


def test_ethvert_antaget_navn_siger_hvor_det_er_fra() -> None:
    felter = {felt: en for dto in DOKUMENT["components"]["schemas"].values() for felt, en in dto["properties"].items()}
    kendte = {paa_linjen: navn for navn, paa_linjen in kontrakt().navne.omdoebte("json").items()}
    for felt, skema in felter.items():
        assert ("x-kilde" in skema) == (f"json.{kendte[felt]}" in kontrakt().navne.antagne), felt
    assert {navn for navn, op in OPERATIONER.items() if "x-kilde" not in op} == {STATUSMETODE}


def test_et_overlay_ses_i_dokumentet(tmp_path: Path) -> None:
    (tmp_path / "navne.csv").write_text(
        "noegle,vaerdi\njson.kontaktgrupper,kontaktgruppeCollection\nsti.kodeliste,/v2/CodeList\n", "utf-8"
    )
    dokument = openapi_laesning(indlaes(tmp_path))
    assert "kontaktgruppeCollection" in dokument["components"]["schemas"][f"{STATUSMETODE}ResponseDto"]["properties"]
    assert "kontaktgruppeCollection" in dokument["components"]["examples"]["Status"]["value"]
    assert {"/v2/CodeList", "/v2/CodeList/{navn}"} <= set(dokument["paths"])
    validate(dokument)


SKEMAER = {STATUSMETODE: f"{STATUSMETODE}ResponseDto", "GetKodeliste": "KodelisteDto"}


@pytest.mark.parametrize("operation", OPERATIONER)
def test_eksemplerne_er_gyldige_og_gaar_uaendret_gennem_kodeksen(operation: str) -> None:
    kald, svar = eksempel(operation, "request"), eksempel(operation, "response")
    krop = svar["krop"]
    if operation in SKEMAER:
        assert gyldig(krop, SKEMAER[operation])
    else:
        assert [gyldig(en, "KodelisteDto") for en in krop] == [True, True]
    raa = Svar(200, svar["headers"], json.dumps(krop).encode())
    if operation == STATUSMETODE:
        igen = LAESNING.skriv_status(LAESNING.forstaa_status(raa))  # type: ignore[arg-type]  # an example is no refusal
        identitet = REST.headers.laes_identitet(kald["headers"])
        skrevet = LAESNING.kald_status(REST.headers.laes_cpr(kald["headers"]), identitet)
    else:
        lister = LAESNING.forstaa_kodelister(raa)
        assert isinstance(lister, tuple)
        igen = LAESNING.skriv_kodeliste(lister[0]) if operation == "GetKodeliste" else LAESNING.skriv_kodelister(lister)
        skrevet = LAESNING.kald_kodeliste(KONTAKTGRUPPER if operation == "GetKodeliste" else "")
    assert json.loads(igen.krop) == krop
    assert (skrevet.metode, skrevet.sti, dict(skrevet.headers)) == (kald["metode"], kald["sti"], kald["headers"])
    assert DOKUMENT["components"]["examples"][_eksempelnavn(operation)]["value"] == krop


def _eksempelnavn(operation: str) -> str:
    return "Status" if operation == STATUSMETODE else operation.removeprefix("Get")


@pytest.mark.parametrize(
    "mangler", ["helbredsbegraensninger", "aktivitetstillaeg", "kontaktgrupper", "personkategorier"]
)
def test_en_status_uden_en_af_sine_lister_er_ingen_status(mangler: str) -> None:
    krop = {felt: en for felt, en in eksempel(STATUSMETODE, "response")["krop"].items() if felt != mangler}
    assert not gyldig(krop, SKEMAER[STATUSMETODE])
    if mangler != "helbredsbegraensninger":  # which nobody here reads
        with pytest.raises(RemoteWireError, match="ikke som aftalt"):
            LAESNING.forstaa_status(Svar(200, {}, json.dumps(krop).encode()))


def test_kodelisterne_har_alle_vaerdier_med_gyldighed() -> None:
    lister = LAESNING.forstaa_kodelister(LAESNING.skriv_kodelister(kodelister(kontrakt()).values()))
    assert lister == tuple(kodelister(kontrakt()).values())
    assert [len(en.vaerdier) for en in lister] == [len(kontrakt().kontaktgrupper), len(kontrakt().personkategorier)]
