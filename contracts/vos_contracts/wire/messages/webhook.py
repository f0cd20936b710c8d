"""The webservice message (WSB) on the wire: a JSON envelope that says what to read, without business data.

`write` is for the sender, `read` for a receiver. The fields are documented (starwiki FYS/3950510658), their JSON names are
assumed and in the names table. Not here: delivery, and subscriptions (`wire.rest.subscriptions`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import ChangeType
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError, sorted_by_code
from vos_contracts.tables.webhooks import CPR_IDENTIFICATION
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.rest.registration import JSON, UUID

CPR = re.compile(r"[0-9]{10}")
CONTENT = {"content-type": f"{JSON}; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class WsbMessage:
    """One message: its own id, entity, registration, citizen, change and recipient, and the time of registration."""

    message_id: str
    entity_id: int
    entity_name: str
    id: str
    cpr: str
    change_type: ChangeType
    recipient: Organisation
    registered: datetime


class WebhookCodec:
    """Reads and writes messages under the names of one contract."""

    def __init__(self, contract: Contract) -> None:
        self._names = dict(contract.names.of_kind("wsb"))
        metadata = msgspec.defstruct(
            "Metadata",
            [
                ("beskedId", str),
                ("entitetId", int),
                ("entitetNavn", str),
                ("eksternIdentifier", str),
                ("versionIdentifier", str | None, None),
                ("identifikationstypeId", int),
                ("identifikation", str),
                ("aendringstype", ChangeType),
                ("organisationType", int),
                ("organisationKode", str),
                ("registreringstidspunkt", datetime),
            ],
            rename=self._names,
            kw_only=True,
            frozen=True,
        )
        self._message = msgspec.defstruct(
            "Webservicebesked",
            [("metadata", metadata), ("body", Any, None)],
            rename=self._names,
            kw_only=True,
            frozen=True,
        )
        self._metadata = metadata
        self._decoder = msgspec.json.Decoder(self._message)
        self._encoder = msgspec.json.Encoder()

    def write(self, message: WsbMessage) -> bytes:
        """Write a message as it is posted to a receiver."""
        return self._encoder.encode(
            self._message(
                metadata=self._metadata(
                    beskedId=message.message_id,
                    entitetId=message.entity_id,
                    entitetNavn=message.entity_name,
                    eksternIdentifier=message.id,
                    identifikationstypeId=CPR_IDENTIFICATION,
                    identifikation=message.cpr,
                    aendringstype=message.change_type,
                    organisationType=message.recipient.type,
                    organisationKode=message.recipient.code,
                    registreringstidspunkt=message.registered,
                )
            )
        )

    def read(self, body: bytes) -> WsbMessage:
        """Read a posted message.

        Raises:
            RemoteWireError: one 1014 per field that breaks its rule.
        """
        try:
            body.decode("utf-8")  # msgspec does not validate UTF-8 in unknown members
            metadata: Any = self._decoder.decode(body).metadata  # type: ignore[attr-defined]  # a struct made at run time
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
            raise RemoteWireError(ServiceError(INVALID_REQUEST, f"beskeden kan ikke læses: {exc}")) from None
        names = self._names
        rules = (
            ("beskedId", UUID.fullmatch(metadata.beskedId), "skal være en uuid"),
            ("eksternIdentifier", UUID.fullmatch(metadata.eksternIdentifier), "skal være en uuid"),
            (
                "identifikationstypeId",
                metadata.identifikationstypeId == CPR_IDENTIFICATION,
                f"skal være {CPR_IDENTIFICATION} (CPR)",
            ),
            ("identifikation", CPR.fullmatch(metadata.identifikation), "skal være ti cifre"),
            ("registreringstidspunkt", metadata.registreringstidspunkt.tzinfo, "skal have offset"),
        )
        errors = [ServiceError(INVALID_REQUEST, f"{names[name]}: {rule}") for name, holds, rule in rules if not holds]
        if errors:
            raise RemoteWireError(*sorted_by_code(errors))
        return WsbMessage(
            message_id=metadata.beskedId,
            entity_id=metadata.entitetId,
            entity_name=metadata.entitetNavn,
            id=metadata.eksternIdentifier,
            cpr=metadata.identifikation,
            change_type=metadata.aendringstype,
            recipient=Organisation(metadata.organisationType, metadata.organisationKode),
            registered=metadata.registreringstidspunkt,
        )
