"""The webservice messages as AsyncAPI 3.0 with JSON Schema, generated from the contract and therefore with an overlay's names.

The document describes the sender: what it posts, to which address, and what an answer means. Not here: the codec
(`wire.messages.webhook`).
"""

from __future__ import annotations

from vos_contracts.contract import Contract
from vos_contracts.model.registration import ChangeType
from vos_contracts.openapi.registration import Document, as_text
from vos_contracts.tables.webhooks import CPR_IDENTIFICATION, Entity
from vos_contracts.wire.rest.registration import UUID

_DIALECT = "application/schema+json;version=draft-2020-12"
_DELIVERY = (
    "POST til subscribersystemets baseUrl og abonnementets webhookUrl. 2xx er leveret. Ellers prøves igen efter "
    "min(10800, 2^n - 1) sekunder, og borgerens senere beskeder til samme modtager venter imens (starwiki 4149806919). "
    "Mindst én gang: en gentagelse bærer samme besked-id. Omdirigeringer følges ikke."
)


def asyncapi(contract: Contract) -> Document:
    """Generate the document."""
    entities = contract.wsb_entities.values()
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
                "description": _DELIVERY,
                "parameters": {
                    "baseUrl": {"description": "systemets adresse, sat op af STAR's systemforvaltning"},
                    "webhookUrl": {"description": "den relative sti i abonnementet"},
                },
                "messages": {entity.name: {"$ref": f"#/components/messages/{entity.name}"} for entity in entities},
            }
        },
        "operations": {
            f"send{entity.name}": {
                "action": "send",
                "channel": {"$ref": "#/channels/webhook"},
                "messages": [{"$ref": f"#/channels/webhook/messages/{entity.name}"}],
                "bindings": {"http": {"method": "POST", "bindingVersion": "0.3.0"}},
            }
            for entity in entities
        },
        "components": {"messages": {entity.name: _message(contract, entity) for entity in entities}},
    }


def canonical(contract: Contract) -> str:
    """Return the text of the committed copy."""
    return as_text(asyncapi(contract))


def schema(contract: Contract, entity: Entity) -> Document:
    """Return the JSON Schema of one entity's message. Unknown members are allowed, because a receiver should accept them."""
    n = contract.names.of_kind("wsb")
    uuid = {"type": "string", "pattern": f"^{UUID.pattern}$"}
    metadata: Document = {
        n["beskedId"]: {**uuid, "description": "beskedens eget id; det samme, når den sendes igen"},
        n["entitetId"]: {"const": entity.id},
        n["entitetNavn"]: {"const": entity.name},
        n["eksternIdentifier"]: {**uuid, "description": f"{entity.kind.value}Id: det, der skal læses"},
        n["versionIdentifier"]: {"type": ["string", "null"]},
        n["identifikationstypeId"]: {"const": CPR_IDENTIFICATION, "description": "1 er CPR"},
        n["identifikation"]: {"type": "string", "pattern": "^[0-9]{10}$"},
        n["aendringstype"]: {
            "enum": [item.value for item in ChangeType],
            "description": "1 oprettelse, 2 opdatering, 3 slet",
        },
        n["organisationType"]: {"type": "integer"},
        n["organisationKode"]: {"type": "string", "minLength": 1, "maxLength": 20},
        n["registreringstidspunkt"]: {"type": "string", "format": "date-time"},
    }
    required = [name for name in metadata if name != n["versionIdentifier"]]
    return {
        "type": "object",
        "required": [n["metadata"]],
        "properties": {
            n["metadata"]: {"type": "object", "required": required, "properties": metadata},
            n["body"]: {"type": "null", "description": "ingen data ud over standard"},
        },
    }


def _message(contract: Contract, entity: Entity) -> Document:
    return {
        "name": f"{entity.name}.WSB",
        "title": f"{entity.name}.WSB (EntitetId {entity.id})",
        "contentType": "application/json",
        "payload": {"schemaFormat": _DIALECT, "schema": schema(contract, entity)},
    }
