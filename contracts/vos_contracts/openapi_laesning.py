"""The domain's other reads as OpenAPI 3.1: the status of a citizen, and the code lists; generated as `openapi` is.

Not here: PersonVisiteringService (`openapi`), and the converter's twins, which are not public.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from vos_contracts import openapi_eksempler as eksempler
from vos_contracts import openapi_skemaer as skemaer
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.laesninger import KONTAKTGRUPPER, Kodeliste, Status, Tillaegsvisning, kodelister
from vos_contracts.model.registration import Art
from vos_contracts.openapi import Dokument, adgang, json_indhold, som_tekst, svarene
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.rest_laesning import RestLaesning

STATUSTJENESTE, STATUSMETODE = "VisiteringOgStatusStatusService", "GetPersonVisiteringOgStatusStatus"
KODELISTETJENESTE = "KodelisteService"
_FAELLES = ("Fejlsvar", "Fejl", "Registreringsmetadata", "Myndighed", "KontaktgruppeDto", "PersonkategoriDto")
_DATO: Dokument = {"type": "string", "format": "date"}
_TILLAEG_ID = "5b7a9c1e-3d4f-4a6b-8c9d-0e1f2a3b4c5d"


def openapi_laesning(kontrakt: Kontrakt, server_url: str = "/") -> Dokument:
    """Generate the document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "VisiteringOgStatusServices: status og kodelister",
            "version": "2",
            "description": "VisiteringOgStatusStatusService version 2 og domænets kodelister (epic 1005.17.28).",
            **({"x-overlay": kontrakt.overlay.navn} if kontrakt.overlay else {}),
        },
        "servers": [{"url": server_url}],
        "paths": _stier(kontrakt),
        "components": {
            "schemas": {navn: en for navn, en in skemaer.skemaer(kontrakt).items() if navn in _FAELLES}
            | skemaer.med_herkomst(kontrakt, _kroppe(kontrakt)),
            "parameters": {
                navn: en
                for navn, en in skemaer.parametre(kontrakt).items()
                if navn == "cpr" or navn in skemaer.IDENTITET
            },
            "examples": {navn: {"value": krop} for navn, krop in _eksempler(kontrakt).items()},
        },
    }


def kanonisk(kontrakt: Kontrakt) -> str:
    """Write the document as the committed copy is written."""
    return som_tekst(openapi_laesning(kontrakt))


def _stier(kontrakt: Kontrakt) -> Dokument:
    kodeliste = kontrakt.navne.sti("kodeliste")
    navn = {
        "name": "navn", "in": "path", "required": True, "example": KONTAKTGRUPPER,
        "schema": {"type": "string", "enum": list(kodelister(kontrakt))},
    }  # fmt: skip
    return {
        kontrakt.navne.sti("visiteringOgStatusStatus"): {"get": _status(kontrakt)},
        kodeliste: {"get": _kodelister(kontrakt, "GetKodelister", "Læs alle kodelister", "Kodelister")},
        f"{kodeliste}/{{navn}}": {
            "parameters": [navn],
            "get": _kodelister(kontrakt, "GetKodeliste", "Læs én kodeliste på dens navn", "Kodeliste"),
        },
    }


def _status(kontrakt: Kontrakt) -> Dokument:
    skema = {"$ref": f"#/components/schemas/{STATUSMETODE}ResponseDto"}
    godt = {"description": "Udført", "content": json_indhold(skema, "Status")}
    svar, koder = svarene(kontrakt, STATUSTJENESTE, STATUSMETODE, godt, {})
    return {
        "operationId": STATUSMETODE,
        "summary": "Læs borgerens aktivitetstillæg, kontaktgrupper og personkategorier",
        "tags": ["Status"],
        "parameters": [{"$ref": f"#/components/parameters/{navn}"} for navn in ("cpr", *skemaer.IDENTITET)],
        "responses": svar,
        "x-fejlkoder": koder,
        "x-adgang": adgang(kontrakt, STATUSTJENESTE, STATUSMETODE),
        **skemaer.herkomst(kontrakt, "sti.visiteringOgStatusStatus"),
    }


def _kodelister(kontrakt: Kontrakt, metode: str, resume: str, eksempel: str) -> Dokument:
    en = {"$ref": "#/components/schemas/KodelisteDto"}
    skema = en if eksempel == "Kodeliste" else {"type": "array", "items": en}
    godt = {"description": "Udført", "content": json_indhold(skema, eksempel)}
    svar, koder = svarene(kontrakt, KODELISTETJENESTE, metode, godt, {})
    return {
        "operationId": metode,
        "summary": f"{resume}, også de udløbne værdier; ingen identitet kræves",
        "tags": ["Kodeliste"],
        "responses": svar,
        "x-fejlkoder": koder,
        **skemaer.herkomst(kontrakt, "sti.kodeliste"),
    }


def _kroppe(kontrakt: Kontrakt) -> Dokument:
    n = kontrakt.navne.json
    dato_eller_null = {**_DATO, "type": ["string", "null"]}

    def liste(navn: str) -> Dokument:
        return {"type": "array", "items": {"$ref": f"#/components/schemas/{navn}"}}

    return {
        f"{STATUSMETODE}ResponseDto": skemaer.objekt(
            {
                n("helbredsbegraensninger"): {
                    "type": "array", "maxItems": 0, "description": "Altid tom: hører ikke til epic 1005.17.28",
                },
                n("aktivitetstillaeg"): liste("AktivitetstillaegDto"),
                n("kontaktgrupper"): liste("KontaktgruppeDto"),
                n("personkategorier"): liste("PersonkategoriDto"),
            }
        ),
        "AktivitetstillaegDto": skemaer.objekt(
            {
                n("aktivitetstillaegId"): {
                    "type": "string", "format": "uuid", "pattern": skemaer.UUID_MOENSTER,
                },
                n("startdato"): skemaer.TID,
                n("slutdato"): skemaer.TID_ELLER_NULL,
            }
        ),
        "KodelisteDto": skemaer.objekt({n("kodelisteNavn"): {"type": "string"}, n("kodevaerdier"): liste("KodevaerdiDto")}),
        "KodevaerdiDto": skemaer.objekt(
            {
                n("kodevaerdi"): {"type": "integer"},
                n("kodenavn"): {"type": "string"},
                n("startdato"): {**_DATO, "description": "Første dag, værdien må bruges"},
                n("slutdato"): {**dato_eller_null, "description": "Første dag, værdien ikke må bruges"},
            }
        ),
    }  # fmt: skip


def _eksempler(kontrakt: Kontrakt) -> Mapping[str, Any]:
    rest = RestLaesning(kontrakt, Rest(kontrakt))
    gruppe, kategori = (eksempler.registrering(art) for art in Art)
    lister = [Kodeliste(en.navn, en.vaerdier[:2]) for en in kodelister(kontrakt).values()]
    status = Status(
        (Tillaegsvisning(_TILLAEG_ID, gruppe.start, gruppe.start + timedelta(days=30)),), (gruppe,), (kategori,)
    )
    kroppe = {
        "Status": rest.skriv_status(status).krop,
        "Kodelister": rest.skriv_kodelister(lister).krop,
        "Kodeliste": rest.skriv_kodeliste(lister[0]).krop,
    }
    return {navn: json.loads(krop) for navn, krop in kroppe.items()}
