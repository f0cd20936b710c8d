import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from support.each import check_each

import vos_contracts
from byggeklodser import kontrakt
from vos_contracts.eksempler import refusals
from vos_contracts.model.cpr import kan_tilhoere_nogen
from vos_contracts.model.registration import Art, Opdater, Opret, Registreringskommando, Slet, metode
from vos_contracts.openapi import TJENESTE, openapi
from vos_contracts.openapi_laesning import openapi_laesning
from vos_contracts.wire.base import Kald, Svar
from vos_contracts.wire.rest import Afslag, Rest

MAPPE = Path(vos_contracts.__file__).parent / "eksempler" / "rest"
DOKUMENT = openapi(kontrakt())
REGISTER: Registry[Any] = Registry().with_resource("urn:dokument", Resource(DOKUMENT, DRAFT202012))
REST = Rest(kontrakt())
STED = {
    operation["operationId"]: (sti, http_metode)
    for sti, emne in DOKUMENT["paths"].items()
    for http_metode, operation in emne.items()
    if http_metode != "parameters"
}
FEJLKODER = {
    navn: {int(kode) for tjeneste, en, kode in kontrakt().tabeller["metode_fejl"] if (tjeneste, en) == (TJENESTE, navn)}
    for navn in STED
}


REFUSALS = {(en.operation, int(en.navn.removeprefix("refusal."))): json.loads(en.indhold) for en in refusals("rest")}


def eksempel(operation: str, navn: str) -> dict[str, Any]:
    indhold: dict[str, Any] = json.loads((MAPPE / operation / f"{navn}.json").read_text("utf-8"))
    return indhold


def valider(vaerdi: object, *sted: str) -> None:
    """Validate against the schema at that place of the document; a missing place fails too."""
    peger = "".join(f"/{quote(led.replace('~', '~0').replace('/', '~1'), safe='~')}" for led in sted)
    skema = {"$ref": f"urn:dokument#{peger}"}
    Draft202012Validator(
        skema, registry=REGISTER, format_checker=Draft202012Validator.FORMAT_CHECKER
    ).validate(vaerdi)  # fmt: skip


def parametre(operation: str) -> list[dict[str, Any]]:
    sti, http_metode = STED[operation]
    emne = DOKUMENT["paths"][sti]
    return [
        DOKUMENT["components"]["parameters"][en["$ref"].rpartition("/")[2]] if "$ref" in en else en
        for en in (*emne.get("parameters", ()), *emne[http_metode]["parameters"])
    ]


def art(operation: str) -> Art:
    return Art.KONTAKTGRUPPE if "ontaktgruppe" in operation else Art.PERSONKATEGORI


def som_kald(indhold: dict[str, Any]) -> Kald:
    krop = b"" if indhold["krop"] is None else json.dumps(indhold["krop"]).encode()
    return Kald(indhold["metode"], indhold["sti"], indhold["headers"], krop)


def som_svar(indhold: dict[str, Any]) -> Svar:
    return Svar(indhold["status"], indhold["headers"], json.dumps(indhold["krop"]).encode())


def af_kald(kald: Kald) -> dict[str, Any]:
    krop = json.loads(kald.krop) if kald.krop else None
    return {"metode": kald.metode, "sti": kald.sti, "headers": dict(kald.headers), "krop": krop}


def af_svar(svar: Svar) -> dict[str, Any]:
    return {"status": svar.status, "headers": dict(svar.headers), "krop": json.loads(svar.krop)}


def test_hver_operation_har_et_godt_eksempel_og_et_for_hver_fejlkode() -> None:
    andre = {en["operationId"] for sti in openapi_laesning(kontrakt())["paths"].values() for en in _operationer(sti)}
    assert {mappe.name for mappe in MAPPE.iterdir() if mappe.is_dir()} == set(STED) | andre
    for operation in STED:
        assert {fil.name for fil in (MAPPE / operation).iterdir()} == {"request.json", "response.json"}, operation
        assert {kode for navn, kode in REFUSALS if navn == operation} == FEJLKODER[operation], operation


def _operationer(emne: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for metode, operation in emne.items() if metode != "parameters"]


def test_eksemplerne_er_til_at_laese_og_borgeren_findes_ikke() -> None:
    filer = sorted(MAPPE.rglob("*.json"))
    assert filer
    for fil in filer:
        tekst = fil.read_text("utf-8")
        assert tekst == json.dumps(json.loads(tekst), ensure_ascii=False, indent=2) + "\n", fil
        cpr = json.loads(tekst)["headers"].get("x-civilregistrationidentifier")
        assert (cpr is None) == (fil.name != "request.json" or fil.parent.name.startswith("GetKodeliste")), fil
        assert cpr is None or not kan_tilhoere_nogen(cpr), fil


def test_kaldet_er_som_beskrevet() -> None:
    check_each(STED, _request_is_as_described)


def _request_is_as_described(operation: str) -> None:
    kald = eksempel(operation, "request")
    sti, http_metode = STED[operation]
    assert kald["metode"].lower() == http_metode
    vaerdier = dict(kald["headers"])
    assert vaerdier.pop("content-type", None) == (None if kald["krop"] is None else "application/json")
    led = dict(zip(sti.split("/"), kald["sti"].split("/"), strict=True))
    assert [en for en, paa_linjen in led.items() if en != paa_linjen and not en.startswith("{")] == []
    for parameter in parametre(operation):
        if parameter["in"] == "path":
            vaerdi: Any = led[f"{{{parameter['name']}}}"]
        else:
            vaerdi = vaerdier.pop(parameter["name"].lower(), None)
        assert vaerdi is not None, parameter["name"]
        sted = ("components", "parameters", _navn(parameter), "schema")
        valider(int(vaerdi) if parameter["schema"]["type"] == "integer" else vaerdi, *sted)
    assert vaerdier == {}, "not described"
    beskrevet = DOKUMENT["paths"][sti][http_metode].get("requestBody")
    assert (beskrevet is None) == (kald["krop"] is None)
    if beskrevet:
        valider(kald["krop"], "paths", sti, http_metode, "requestBody", "content", "application/json", "schema")


def _navn(parameter: dict[str, Any]) -> str:
    return next(navn for navn, en in DOKUMENT["components"]["parameters"].items() if en is parameter)


def _answer_is_as_described(operation: str, svar: dict[str, Any]) -> None:
    assert svar["headers"] == {"content-type": "application/json"}
    sti, http_metode = STED[operation]
    sted = ("paths", sti, http_metode, "responses", str(svar["status"]), "content", "application/json", "schema")
    valider(svar["krop"], *sted)


def test_svaret_er_som_beskrevet() -> None:
    def check(operation: str) -> None:
        svar = eksempel(operation, "response")
        assert svar["status"] == 200
        _answer_is_as_described(operation, svar)

    check_each(STED, check)


def test_hver_fejl_er_som_beskrevet_og_som_kodeksen_skriver_den() -> None:
    check_each([en for en in REFUSALS if en[0] in STED], _refusal_is_as_described)


def _refusal_is_as_described(noegle: tuple[str, int]) -> None:
    (operation, kode), svar = noegle, REFUSALS[noegle]
    _answer_is_as_described(operation, svar)
    assert svar["status"] == kontrakt().fejl[kode].http_status
    afslag = REST.forstaa_afslag(som_svar(svar))
    assert [fejl.kode for fejl in afslag.fejl] == [kode]
    assert af_svar(REST.skriv_fejl(afslag.fejl)) == svar


def test_kaldet_gaar_uaendret_gennem_kodeksen() -> None:
    check_each(STED, _request_is_written_again)


def _request_is_written_again(operation: str) -> None:
    indhold = eksempel(operation, "request")
    kald = som_kald(indhold)
    identitet, cpr = REST.headers.laes_identitet(kald.headers), REST.headers.laes_cpr(kald.headers)
    rest = kald.sti.removeprefix(REST.stier[art(operation)]).removeprefix("/")
    if kald.metode == "GET":
        assert af_kald(REST.kald_laes(cpr, art(operation), identitet, rest)) == indhold
        return
    kommando = _kommando(kald, operation, rest)
    assert metode(kommando) == operation
    kald_id = REST.headers.laes_kald_id(kald.headers)
    assert af_kald(REST.kald_registrer(cpr, kommando, identitet, kald_id)) == indhold


def _kommando(kald: Kald, operation: str, rest: str) -> Registreringskommando:
    id_ = REST.laes_id(rest, art(operation)) if rest else None
    kommando: Opret | Opdater | Slet
    match kald.metode:
        case "POST":
            kommando = REST.laes_opret(art(operation), kald.krop, id_)
        case "PUT":
            kommando = REST.laes_opdater(art(operation), kald.krop, str(id_))
        case _:
            kommando = Slet(art(operation), str(id_))
    return kommando


def test_svaret_gaar_uaendret_gennem_kodeksen() -> None:
    check_each(STED, _answer_is_written_again)


def _answer_is_written_again(operation: str) -> None:
    indhold = eksempel(operation, "response")
    svar = som_svar(indhold)
    if not operation.startswith("Get"):
        id_ = REST.forstaa_id(svar)
        assert isinstance(id_, str)
        assert af_svar(REST.skriv_id(id_)) == indhold
        return
    visninger = REST.forstaa_visninger(svar, art(operation))
    assert not isinstance(visninger, Afslag)
    en = isinstance(indhold["krop"], dict)
    assert af_svar(REST.skriv_visning(visninger[0]) if en else REST.skriv_visninger(visninger)) == indhold


@pytest.mark.parametrize(
    ("udskift", "felt"),
    [
        ({"ukendt": 1}, "additionalProperties"),
        ({"kontaktgruppeType": "13"}, "type"),
        ({"kontaktgruppeType": 10001}, "maximum"),
        ({"starttidspunkt": "2024-11-18T00:00:00"}, "format"),
        ({"starttidspunkt": None}, "type"),
    ],
)
def test_skemaet_kan_sige_nej(udskift: dict[str, object], felt: str) -> None:
    krop = eksempel("CreateKontaktgruppe", "request")["krop"] | udskift
    with pytest.raises(ValidationError) as fanget:
        valider(krop, "components", "schemas", "CreateKontaktgruppeRequestDto")
    assert fanget.value.validator == felt
