"""PersonVisiteringService v1 as OpenAPI 3.1, generated from the contract's tables under the contract's names.

Each operation lists its own error codes and its access row. Not here: serving it (`vos_reference.edge.openapi`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from vos_contracts import openapi_eksempler as eksempler
from vos_contracts import openapi_skemaer as skemaer
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.registration import Art

TJENESTE = "PersonVisiteringService"
Dokument = dict[str, Any]

_FASTE_SVAR = {
    "405": "Metoden findes ikke på stien",
    "500": "Intern fejl",
    "503": "Midlertidigt utilgængelig; prøv igen efter Retry-After",
}
_SKRIVENDE_SVAR = {
    "412": "x-requestId er allerede modtaget inden for 7 dage; intet er ændret",
    "413": "Kroppen er for stor",
}


def openapi(kontrakt: Kontrakt, server_url: str = "/") -> Dokument:
    """Generate the document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"VisiteringOgStatusServices.{TJENESTE}",
            "version": "1",
            "description": "Registrering og læsning af kontaktgrupper og personkategorier (epic 1005.17.28).",
            **({"x-overlay": kontrakt.overlay.navn} if kontrakt.overlay else {}),
        },
        "servers": [{"url": server_url}],
        "paths": _stier(kontrakt),
        "components": {
            "schemas": skemaer.skemaer(kontrakt),
            "parameters": skemaer.parametre(kontrakt),
            "examples": {navn: {"value": krop} for navn, krop in eksempler.kroppe(kontrakt).items()},
        },
    }


def kanonisk(kontrakt: Kontrakt) -> str:
    """Write the document as the committed copy is written."""
    return som_tekst(openapi(kontrakt))


def som_tekst(dokument: Dokument) -> str:
    """Write a document as the committed copies are written."""
    return json.dumps(dokument, ensure_ascii=False, indent=1) + "\n"


def _stier(kontrakt: Kontrakt) -> Dokument:
    stier: Dokument = {}
    for art in Art:
        sti, flertal = kontrakt.navne.sti(art.value), art.flertal
        navn, id_navn = art.navn, kontrakt.navne.json(f"{art.value}Id")
        med_id = {"parameters": [{"$ref": f"#/components/parameters/{art.value}Id"}]}
        links = {"links": _links(kontrakt, art, id_navn)}
        stier[sti] = {
            "post": _operation(
                kontrakt, art, f"Create{navn}", f"Registrér en {art}; DFDG tildeler id", "Create", links
            ),
            "get": _operation(kontrakt, art, f"Get{flertal}", f"Læs borgerens aktuelle {flertal.lower()}", "Liste"),
        }
        stier[f"{sti}/{kontrakt.navne.sti('historik')}"] = {
            "get": _operation(kontrakt, art, f"Get{navn}Historik", f"Læs borgerens historik for {art}", "Liste"),
        }
        stier[f"{sti}/{{{id_navn}}}"] = {
            **med_id,
            "post": _operation(
                kontrakt,
                art,
                f"Create{navn}MedIdentifier",
                f"Registrér en {art} med kalderens eget id",
                "Create",
                links,
            ),
            "put": _operation(kontrakt, art, f"Update{navn}", f"Sæt slutdatoen på en {art}", "Update"),
            "delete": _operation(kontrakt, art, f"Delete{navn}", f"Slet en fejlagtig {art}", "Delete"),
            "get": _operation(kontrakt, art, f"Get{navn}", f"Læs én {art} på dens id", "En"),
        }
    return stier


def _operation(
    kontrakt: Kontrakt, art: Art, metode: str, resume: str, form: str, andet: Mapping[str, Any] | None = None
) -> Dokument:
    skrivende = form in {"Create", "Update", "Delete"}
    skema, eksempel = _svarindhold(metode, form, art)
    godt: Dokument = {"description": "Udført", "content": json_indhold(skema, eksempel), **(andet or {})}
    svar, koder = svarene(kontrakt, TJENESTE, metode, godt, _SKRIVENDE_SVAR if skrivende else {})
    operation: Dokument = {
        "operationId": metode,
        "summary": resume,
        "tags": [art.navn],
        "parameters": [
            {"$ref": f"#/components/parameters/{navn}"}
            for navn in ("cpr", *(("requestId",) if skrivende else ()), *skemaer.IDENTITET)
        ],
        "responses": svar,
        "x-fejlkoder": koder,
        "x-adgang": adgang(kontrakt, TJENESTE, metode),
        **_herkomst(kontrakt, art, metode, form),
    }
    if form in {"Create", "Update"}:
        dto = {"$ref": f"#/components/schemas/{form}{art.navn}RequestDto"}
        operation["requestBody"] = {"required": True, "content": json_indhold(dto, f"{form}{art.navn}")}
        svar["415"] = fejlsvar("Kroppen skal være application/json")
    return operation


def svarene(
    kontrakt: Kontrakt, tjeneste: str, metode: str, godt: Dokument, faste: Mapping[str, str]
) -> tuple[Dokument, list[int]]:
    """Describe a method's answers: the good one, each error number under its status, and what any call may meet."""
    koder = sorted(int(kode) for en, to, kode in kontrakt.tabeller["metode_fejl"] if (en, to) == (tjeneste, metode))
    svar: Dokument = {"200": godt}
    efter_status: dict[str, list[str]] = {}
    for kode in koder:
        tekst = kontrakt.fejl[kode]
        efter_status.setdefault(str(tekst.http_status), []).append(f"{kode} {tekst.rest}")
    for status, linjer in sorted(efter_status.items()):
        svar[status] = fejlsvar("; ".join(linjer))
    for status, tekst_ in (_FASTE_SVAR | dict(faste)).items():
        svar.setdefault(status, fejlsvar(tekst_))
    svar["503"]["headers"] = {"Retry-After": {"description": "Sekunder", "schema": {"type": "integer"}}}
    return svar, koder


def _svarindhold(metode: str, form: str, art: Art) -> tuple[Dokument, str]:
    visning = {"$ref": f"#/components/schemas/{art.navn}Dto"}
    match form:
        case "Liste":
            eksempel = "Historik" if metode.endswith("Historik") else "Liste"
            return {"type": "array", "items": visning}, f"{art.navn}{eksempel}"
        case "En":
            return visning, art.navn
        case _:
            return {"type": "string", "format": "uuid"}, f"{art.navn}Id"


def _links(kontrakt: Kontrakt, art: Art, id_navn: str) -> Dokument:
    """Lead from a created registration to what can be done with it, for the same citizen."""
    cpr = kontrakt.navne.header("cpr")
    return {
        f"{metode}{art.navn}": {
            "operationId": f"{metode}{art.navn}",
            "parameters": {f"path.{id_navn}": "$response.body", f"header.{cpr}": f"$request.header.{cpr}"},
        }
        for metode in ("Get", "Update", "Delete")
    }


def _herkomst(kontrakt: Kontrakt, art: Art, metode: str, form: str) -> Dokument:
    """Say which part of the operation's address is assumed; the epic's list has no delete method (DECISIONS section 1)."""
    noegler = [f"sti.{art.value}"]
    if metode.endswith("Historik"):
        noegler.append("sti.historik")
    elif form in {"Update", "Delete", "En"} or metode.endswith("MedIdentifier"):
        noegler.append(f"json.{art.value}Id")
    herkomst = skemaer.herkomst(kontrakt, *noegler)
    if form == "Delete":
        herkomst["x-kilde"] += "; project decision: the epic has POST, PUT and DELETE but lists no delete method"
    return herkomst


def adgang(kontrakt: Kontrakt, tjeneste: str, metode: str) -> Dokument:
    """Return a method's row of the access matrix, organisation by organisation."""
    raekke = kontrakt.adgang.matrix.get(f"{tjeneste}.{metode}", {})
    return {
        kontrakt.organisationstyper[nummer]: sorted(niveau.value for niveau in niveauer)
        for nummer, niveauer in sorted(raekke.items())
    }


def fejlsvar(tekst: str) -> Dokument:
    """Describe a refusal."""
    return {"description": tekst, "content": json_indhold({"$ref": "#/components/schemas/Fejlsvar"})}


def json_indhold(skema: Dokument, eksempel: str = "") -> Dokument:
    """Describe a JSON body, with its example by name."""
    indhold = {"schema": skema}
    if eksempel:
        indhold["examples"] = {eksempel: {"$ref": f"#/components/examples/{eksempel}"}}
    return {"application/json": indhold}
