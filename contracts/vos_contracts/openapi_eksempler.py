"""The examples of the OpenAPI document: one citizen, one caller, one registration of each kind, written by the codecs.

Under the contract's names, so that an overlay shows. The golden files in `eksempler/rest` say the same under the shipped
names. The citizen's number cannot be anyone's (`cpr.kan_tilhoere_nogen`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.identity import Bruger, Identitet, Organisation
from vos_contracts.model.registration import Art, Opdater, Opret, Visning
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.tid import DANSK_TID

CPR = "0203840000"
_NU = datetime(2024, 11, 18, 9, 0, tzinfo=DANSK_TID)
_JOBCENTER = Organisation(8, "10100")
_KALDER = Identitet(
    _JOBCENTER, Bruger("Åse Sagsbehandler", 2, "aase.sagsbehandler", "aase@example.com"), _JOBCENTER, _NU, 1001
)
_ID = {
    Art.KONTAKTGRUPPE: "9f2c4d1e-5b6a-4c3d-8e7f-0a1b2c3d4e5f",
    Art.PERSONKATEGORI: "3d5e7f90-1a2b-4c3d-9e4f-5a6b7c8d9e0f",
}
_TYPE = {Art.KONTAKTGRUPPE: 13, Art.PERSONKATEGORI: 9}


def kroppe(kontrakt: Kontrakt) -> Mapping[str, Any]:
    """Write the bodies by name of the example: requests, an id, a registration, the current ones, a history."""
    rest = Rest(kontrakt)
    alle: dict[str, bytes] = {}
    for art in Art:
        id_, i_dag = _ID[art], _NU.replace(hour=0)
        i_gaar = i_dag - timedelta(days=1)
        aaben = registrering(art)
        raekker = (replace(aaben, slut=_NU, registreret=_NU), replace(aaben, er_aktuel=False))
        opret = rest.kald_registrer(CPR, Opret(art, _TYPE[art], i_dag, i_gaar), _KALDER, "")
        opdater = rest.kald_registrer(CPR, Opdater(art, id_, _NU), _KALDER, "")
        alle |= {
            f"Create{art.navn}": opret.krop,
            f"Update{art.navn}": opdater.krop,
            f"{art.navn}Id": rest.skriv_id(id_).krop,
            art.navn: rest.skriv_visning(aaben).krop,
            f"{art.navn}Liste": rest.skriv_visninger([aaben]).krop,
            f"{art.navn}Historik": rest.skriv_visninger(raekker).krop,
        }
    return {navn: json.loads(krop) for navn, krop in alle.items()}


def registrering(art: Art) -> Visning:
    """Return the example registration of that kind."""
    i_dag = _NU.replace(hour=0)
    registreret = _NU - timedelta(hours=1)
    return Visning(
        art, _ID[art], _TYPE[art], i_dag - timedelta(days=1), i_dag, None, False, True, _JOBCENTER, registreret
    )


def headere(kontrakt: Kontrakt) -> Mapping[str, str]:
    """Write the caller's headers, by name on the wire in lower case."""
    return Rest(kontrakt).headers.skriv(_KALDER, CPR, "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d")


def id_(art: Art) -> str:
    """Return the identifier of the example registration."""
    return _ID[art]
