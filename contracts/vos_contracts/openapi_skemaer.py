"""The schemas and header parameters of the OpenAPI document: what `wire.rest` and `wire.rest_headers` accept and write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vos_contracts import openapi_eksempler as eksempler
from vos_contracts.koder.kontaktgruppe import Kode
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.cpr import MOENSTER
from vos_contracts.model.registration import Art
from vos_contracts.tabel import Sikkerhed
from vos_contracts.wire.rest import UUID

Skema = dict[str, Any]
UUID_MOENSTER = f"^{UUID.pattern}$"
_EMAIL = r"^[^>\(\)\[\]\\,;:@\s]{0,191}@[^>\(\)\[\]\\,;:@\s]{1,64}$"
_DATETIME = (
    r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?$"
)
"""A pattern and not `format`: openapi-python-client leaves out every operation that has a date-time in a header."""
_HELTAL: Skema = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
TID: Skema = {"type": "string", "format": "date-time"}
TID_ELLER_NULL: Skema = {"type": ["string", "null"], "format": "date-time"}

_HEADERE: Mapping[str, tuple[bool, str, Skema]] = {
    "cpr": (True, "Borgerens CPR-nummer", {"type": "string", "pattern": f"^({MOENSTER})$"}),
    "requestId": (True, "Entydigt id for kaldet, huskes i 7 dage", {"type": "string", "minLength": 1, "maxLength": 46}),
    "organisationType": (
        True, "Den aktive organisations type", {"type": "integer", "minimum": 1, "maximum": 100},
    ),
    "organisationKode": (True, "Den aktive organisations kode", {"type": "string", "minLength": 1, "maxLength": 20}),
    "brugerNavn": (True, "Brugerens navn", {"type": "string", "minLength": 1, "maxLength": 140}),
    "brugerType": (True, "Brugerens type", _HELTAL),
    "brugerId": (True, "Brugerens id", {"type": "string", "minLength": 1, "maxLength": 255}),
    "brugerEmail": (False, "Brugerens e-mail", {"type": "string", "pattern": _EMAIL}),
    "brugerOrganisationType": (
        True, "Brugerens egen organisations type", {"type": "integer", "minimum": 1, "maximum": 100},
    ),
    "brugerOrganisationKode": (
        True, "Brugerens egen organisations kode", {"type": "string", "pattern": "^(-1|[0-9]{1,8})$"},
    ),
    "registreringstidspunkt": (
        True, "Hvornår brugeren har registreret, som dateTime; uden offset er det dansk tid",
        {"type": "string", "pattern": _DATETIME},
    ),
    "system": (False, "Kaldende system; 0 eller udeladt er ukendt", _HELTAL),
}  # fmt: skip
IDENTITET = tuple(navn for navn in _HEADERE if navn not in {"cpr", "requestId"})


def parametre(kontrakt: Kontrakt) -> Skema:
    """Describe the headers and the path identifiers."""
    vaerdier = eksempler.headere(kontrakt)
    headere = {
        navn: {
            "name": kontrakt.navne.header(navn),
            "in": "header",
            "required": kraevet,
            "description": tekst,
            "schema": skema,
            "example": _eksempel(skema, vaerdier[kontrakt.navne.header(navn).lower()]),
            **herkomst(kontrakt, f"header.{navn}"),
        }
        for navn, (kraevet, tekst, skema) in _HEADERE.items()
    }
    ider = {
        f"{art.value}Id": {
            "name": kontrakt.navne.json(f"{art.value}Id"),
            "in": "path",
            "required": True,
            "schema": {"type": "string", "format": "uuid", "pattern": UUID_MOENSTER},
            "example": eksempler.id_(art),
            **herkomst(kontrakt, f"json.{art.value}Id"),
        }
        for art in Art
    }
    return headere | ider


def herkomst(kontrakt: Kontrakt, *noegler: str) -> Skema:
    """Say where assumed names are from, as `x-sikkerhed` and `x-kilde`; nothing where all are documented."""
    raekker = [kontrakt.tabeller["navne"][noegle,] for noegle in noegler]
    antagne = [en for en in raekker if en.sikkerhed is Sikkerhed.ASSUMED]
    if not antagne:
        return {}
    overlay = f"overlay {kontrakt.overlay.navn}" if kontrakt.overlay else ""
    kilder = dict.fromkeys(overlay if en.overlagt else en.kilde for en in antagne)
    return {"x-sikkerhed": Sikkerhed.ASSUMED.value, "x-kilde": "; ".join(kilder)}


def _eksempel(skema: Skema, tekst: str) -> str | int:
    return int(tekst) if skema["type"] == "integer" else tekst


def skemaer(kontrakt: Kontrakt) -> Skema:
    """Describe the bodies; each field whose name is assumed says so."""
    return med_herkomst(kontrakt, _kroppe(kontrakt))


def med_herkomst(kontrakt: Kontrakt, alle: Skema) -> Skema:
    """Let each field of these objects whose name is assumed say so."""
    feltnavne = kontrakt.navne.omdoebte("json")
    herkomster = {paa_linjen: herkomst(kontrakt, f"json.{felt}") for felt, paa_linjen in feltnavne.items()}
    for skema in alle.values():
        skema["properties"] = {felt: {**en, **herkomster[felt]} for felt, en in skema["properties"].items()}
    return alle


def _kroppe(kontrakt: Kontrakt) -> Skema:
    n = kontrakt.navne.json
    alle: Skema = {
        "Fejlsvar": objekt(
            {n("fejl"): {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Fejl"}}}
        ),
        "Fejl": objekt(
            {
                n("fejlkode"): {"type": "integer"},
                n("fejltekst"): {"type": "string"},
                n("beskrivelse"): {"type": "string"},
            },
            valgfri={n("beskrivelse")},
        ),
        "Registreringsmetadata": objekt(
            {
                n("erSlettet"): {"type": "boolean"},
                n("erAktuel"): {"type": "boolean"},
                n("registrerendeMyndighed"): {"$ref": "#/components/schemas/Myndighed"},
                n("registreringstidspunkt"): TID,
            }
        ),
        "Myndighed": objekt({n("organisationType"): {"type": "integer"}, n("organisationKode"): {"type": "string"}}),
    }
    for art, koder in ((Art.KONTAKTGRUPPE, kontrakt.kontaktgrupper), (Art.PERSONKATEGORI, kontrakt.personkategorier)):
        alle |= _artens(kontrakt, art, koder)
    return alle


def _artens(kontrakt: Kontrakt, art: Art, koder: Mapping[int, Kode]) -> Skema:
    n = kontrakt.navne.json
    type_: Skema = {
        "type": "integer", "minimum": 0, "maximum": 10000,
        "description": "; ".join(f"{kode.kode} {kode.navn}" for kode in koder.values()),
        "examples": [13 if art is Art.KONTAKTGRUPPE else 8],
    }  # fmt: skip
    tider = {n("haendelsestidspunkt"): TID_ELLER_NULL, n("starttidspunkt"): TID, n("sluttidspunkt"): TID_ELLER_NULL}
    typenavn = n(f"{art.value}Type")
    return {
        f"Create{art.navn}RequestDto": objekt(
            {typenavn: type_, **tider}, valgfri={n("haendelsestidspunkt"), n("sluttidspunkt")}
        ),
        f"Update{art.navn}RequestDto": objekt({n("sluttidspunkt"): TID_ELLER_NULL}, valgfri={n("sluttidspunkt")}),
        f"{art.navn}Dto": objekt(
            {
                n(f"{art.value}Id"): {"type": "string", "format": "uuid", "pattern": UUID_MOENSTER},
                typenavn: type_,
                **tider,
                n("registreringsmetadata"): {"$ref": "#/components/schemas/Registreringsmetadata"},
            }
        ),
    }


def objekt(felter: Skema, valgfri: frozenset[str] | set[str] = frozenset()) -> Skema:
    """Describe an object that has these fields and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [navn for navn in felter if navn not in valgfri],
        "properties": felter,
    }
