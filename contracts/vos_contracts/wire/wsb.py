"""The webservice message (WSB) on the wire: a thin JSON envelope that says what to read, without business data.

Both roles: `skriv` for the sender, `laes` for a receiver. The field set is documented (starwiki FYS/3950510658) and its JSON
is not: every name is in the contract's names table. Not here: how it is delivered, or the subscriptions (`wire.abonnement`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl, sorteret
from vos_contracts.koder.wsb import CPR_IDENTIFIKATION
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Aendringstype
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.rest import JSON, UUID

CPR = re.compile(r"[0-9]{10}")
INDHOLD = {"content-type": f"{JSON}; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class WsbBesked:
    """One message: its own id, what kind of entity changed how, which one, whose, for whom, and when it was registered."""

    besked_id: str
    entitet_id: int
    entitet_navn: str
    id: str
    cpr: str
    aendringstype: Aendringstype
    modtager: Organisation
    registreret: datetime


class Wsb:
    """Read and write the messages of one contract."""

    def __init__(self, kontrakt: Kontrakt) -> None:
        self._navne = dict(kontrakt.navne.omdoebte("wsb"))
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
                ("aendringstype", Aendringstype),
                ("organisationType", int),
                ("organisationKode", str),
                ("registreringstidspunkt", datetime),
            ],
            rename=self._navne,
            kw_only=True,
            frozen=True,
        )
        self._besked = msgspec.defstruct(
            "Webservicebesked",
            [("metadata", metadata), ("body", Any, None)],
            rename=self._navne,
            kw_only=True,
            frozen=True,
        )
        self._metadata = metadata
        self._afkoder = msgspec.json.Decoder(self._besked)
        self._koder = msgspec.json.Encoder()

    def skriv(self, besked: WsbBesked) -> bytes:
        """Write a message as it is posted to a receiver."""
        return self._koder.encode(
            self._besked(
                metadata=self._metadata(
                    beskedId=besked.besked_id,
                    entitetId=besked.entitet_id,
                    entitetNavn=besked.entitet_navn,
                    eksternIdentifier=besked.id,
                    identifikationstypeId=CPR_IDENTIFIKATION,
                    identifikation=besked.cpr,
                    aendringstype=besked.aendringstype,
                    organisationType=besked.modtager.type,
                    organisationKode=besked.modtager.kode,
                    registreringstidspunkt=besked.registreret,
                )
            )
        )

    def laes(self, krop: bytes) -> WsbBesked:
        """Read a posted message; errors: RemoteWireError with one 1014 per field that breaks its rule."""
        try:
            krop.decode("utf-8")  # the decoder passes over text that it has no field for
            metadata: Any = self._afkoder.decode(krop).metadata  # type: ignore[attr-defined]  # a struct made at run time
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as brud:
            raise RemoteWireError(Fejl(VALIDERER_IKKE, f"beskeden kan ikke læses: {brud}")) from None
        navne = self._navne
        regler = (
            ("beskedId", UUID.fullmatch(metadata.beskedId), "skal være en uuid"),
            ("eksternIdentifier", UUID.fullmatch(metadata.eksternIdentifier), "skal være en uuid"),
            (
                "identifikationstypeId",
                metadata.identifikationstypeId == CPR_IDENTIFIKATION,
                f"skal være {CPR_IDENTIFIKATION} (CPR)",
            ),
            ("identifikation", CPR.fullmatch(metadata.identifikation), "skal være ti cifre"),
            ("registreringstidspunkt", metadata.registreringstidspunkt.tzinfo, "skal have offset"),
        )
        fejl = [Fejl(VALIDERER_IKKE, f"{navne[navn]}: {regel}") for navn, holder, regel in regler if not holder]
        if fejl:
            raise RemoteWireError(*sorteret(fejl))
        return WsbBesked(
            besked_id=metadata.beskedId,
            entitet_id=metadata.entitetId,
            entitet_navn=metadata.entitetNavn,
            id=metadata.eksternIdentifier,
            cpr=metadata.identifikation,
            aendringstype=metadata.aendringstype,
            modtager=Organisation(metadata.organisationType, metadata.organisationKode),
            registreret=metadata.registreringstidspunkt,
        )
