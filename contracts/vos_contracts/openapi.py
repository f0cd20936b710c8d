"""PersonVisiteringService v1 as OpenAPI 3.1, generated from the contract's tables under the contract's names.

Each operation lists its own error codes and its access row. Not here: serving it (`vos_reference.edge.openapi`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from vos_contracts import openapi_skemaer as skemaer
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.operationer import Art

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
            "x-kontrakt": kontrakt.hash,
        },
        "servers": [{"url": server_url}],
        "paths": _stier(kontrakt),
        "components": {
            "schemas": skemaer.skemaer(kontrakt),
            "parameters": skemaer.parametre(kontrakt),
            "responses": {},
        },
    }


def kanonisk(kontrakt: Kontrakt) -> str:
    """Write the document as the committed copy is written."""
    dokument = openapi(kontrakt)
    return json.dumps(dokument, ensure_ascii=False, indent=1) + "\n"


def _stier(kontrakt: Kontrakt) -> Dokument:
    stier: Dokument = {}
    for art in Art:
        sti, flertal = kontrakt.navne.sti(art.value), _flertal(art)
        navn, id_navn = art.navn, kontrakt.navne.json(f"{art.value}Id")
        med_id = {"parameters": [{"$ref": f"#/components/parameters/{art.value}Id"}]}
        links = {"links": _links(art, id_navn)}
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
    koder = sorted(
        int(kode) for tjeneste, en, kode in kontrakt.tabeller["metode_fejl"] if (tjeneste, en) == (TJENESTE, metode)
    )
    svar: Dokument = {"200": {"description": "Udført", "content": _json(_svarskema(form, art)), **(andet or {})}}
    efter_status: dict[str, list[str]] = {}
    for kode in koder:
        tekst = kontrakt.fejl[kode]
        efter_status.setdefault(str(tekst.http_status), []).append(f"{kode} {tekst.rest}")
    for status, linjer in sorted(efter_status.items()):
        svar[status] = _fejlsvar("; ".join(linjer))
    for status, tekst_ in (_FASTE_SVAR | (_SKRIVENDE_SVAR if skrivende else {})).items():
        svar.setdefault(status, _fejlsvar(tekst_))
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
        "x-adgang": _adgang(kontrakt, metode),
    }
    if form in {"Create", "Update"}:
        navn = f"{form}{art.navn}RequestDto"
        operation["requestBody"] = {"required": True, "content": _json({"$ref": f"#/components/schemas/{navn}"})}
        svar["415"] = _fejlsvar("Kroppen skal være application/json")
    return operation


def _svarskema(form: str, art: Art) -> Dokument:
    visning = {"$ref": f"#/components/schemas/{art.navn}Dto"}
    match form:
        case "Liste":
            return {"type": "array", "items": visning}
        case "En":
            return visning
        case _:
            return {"type": "string", "format": "uuid"}


def _links(art: Art, id_navn: str) -> Dokument:
    """Lead from a created registration to what can be done with it."""
    return {
        f"{metode}{art.navn}": {
            "operationId": f"{metode}{art.navn}",
            "parameters": {f"path.{id_navn}": "$response.body"},
        }
        for metode in ("Get", "Update", "Delete")
    }


def _adgang(kontrakt: Kontrakt, metode: str) -> Dokument:
    raekke = kontrakt.adgang.get(f"{TJENESTE}.{metode}", {})
    return {
        kontrakt.organisationstyper[nummer]: sorted(niveau.value for niveau in niveauer)
        for nummer, niveauer in sorted(raekke.items())
    }


def _fejlsvar(tekst: str) -> Dokument:
    return {"description": tekst, "content": _json({"$ref": "#/components/schemas/Fejlsvar"})}


def _json(skema: Dokument) -> Dokument:
    return {"application/json": {"schema": skema}}


def _flertal(art: Art) -> str:
    return {Art.KONTAKTGRUPPE: "Kontaktgrupper", Art.PERSONKATEGORI: "Personkategorier"}[art]
