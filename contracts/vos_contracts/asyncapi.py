"""The webservice messages as AsyncAPI 3.0 with JSON Schema, generated from the contract so that an overlay's names show.

Seen from the sender: what it posts, to which kind of address, and what an answer means. Not here: the codec (`wire.wsb`).
"""

from __future__ import annotations

from vos_contracts.koder.wsb import CPR_IDENTIFIKATION, Entitet
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.registration import Aendringstype
from vos_contracts.openapi import Dokument, som_tekst
from vos_contracts.wire.rest import UUID

_DIALEKT = "application/schema+json;version=draft-2020-12"
_LEVERING = (
    "POST til subscribersystemets baseUrl og abonnementets webhookUrl. 2xx er leveret. Ellers prøves igen efter "
    "min(10800, 2^n - 1) sekunder, og borgerens senere beskeder til samme modtager venter imens (starwiki 4149806919). "
    "Mindst én gang: en gentagelse bærer samme besked-id. Omdirigeringer følges ikke."
)


def asyncapi(kontrakt: Kontrakt) -> Dokument:
    """Generate the document."""
    entiteter = kontrakt.wsb_entiteter.values()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Webservicebeskeder (WSB) om kontaktgruppe og personkategori",
            "version": "1",
            "description": "Epic 1005.17.28.19; felterne er dokumenterede (starwiki FYS/4342317058), deres navne antagne.",
        },
        "channels": {
            "webhook": {
                "address": "{baseUrl}/{webhookUrl}",
                "description": _LEVERING,
                "parameters": {
                    "baseUrl": {"description": "systemets adresse, sat op af STAR's systemforvaltning"},
                    "webhookUrl": {"description": "den relative sti i abonnementet"},
                },
                "messages": {en.navn: {"$ref": f"#/components/messages/{en.navn}"} for en in entiteter},
            }
        },
        "operations": {
            f"send{en.navn}": {
                "action": "send",
                "channel": {"$ref": "#/channels/webhook"},
                "messages": [{"$ref": f"#/channels/webhook/messages/{en.navn}"}],
                "bindings": {"http": {"method": "POST", "bindingVersion": "0.3.0"}},
            }
            for en in entiteter
        },
        "components": {"messages": {en.navn: _besked(kontrakt, en) for en in entiteter}},
    }


def kanonisk(kontrakt: Kontrakt) -> str:
    """Return the document as it is stored."""
    return som_tekst(asyncapi(kontrakt))


def skema(kontrakt: Kontrakt, entitet: Entitet) -> Dokument:
    """Return the JSON Schema of one entity's message; unknown members are allowed, as a receiver should."""
    n = kontrakt.navne.omdoebte("wsb")
    uuid = {"type": "string", "pattern": f"^{UUID.pattern}$"}
    metadata: Dokument = {
        n["beskedId"]: {**uuid, "description": "beskedens eget id; det samme, når den sendes igen"},
        n["entitetId"]: {"const": entitet.id},
        n["entitetNavn"]: {"const": entitet.navn},
        n["eksternIdentifier"]: {**uuid, "description": f"{entitet.art.value}Id: det, der skal læses"},
        n["versionIdentifier"]: {"type": ["string", "null"]},
        n["identifikationstypeId"]: {"const": CPR_IDENTIFIKATION, "description": "1 er CPR"},
        n["identifikation"]: {"type": "string", "pattern": "^[0-9]{10}$"},
        n["aendringstype"]: {
            "enum": [en.value for en in Aendringstype],
            "description": "1 oprettelse, 2 opdatering, 3 slet",
        },
        n["organisationType"]: {"type": "integer"},
        n["organisationKode"]: {"type": "string", "minLength": 1, "maxLength": 20},
        n["registreringstidspunkt"]: {"type": "string", "format": "date-time"},
    }
    kraevede = [navn for navn in metadata if navn != n["versionIdentifier"]]
    return {
        "type": "object",
        "required": [n["metadata"]],
        "properties": {
            n["metadata"]: {"type": "object", "required": kraevede, "properties": metadata},
            n["body"]: {"type": "null", "description": "ingen data ud over standard"},
        },
    }


def _besked(kontrakt: Kontrakt, entitet: Entitet) -> Dokument:
    return {
        "name": f"{entitet.navn}.WSB",
        "title": f"{entitet.navn}.WSB (EntitetId {entitet.id})",
        "contentType": "application/json",
        "payload": {"schemaFormat": _DIALEKT, "schema": skema(kontrakt, entitet)},
    }
