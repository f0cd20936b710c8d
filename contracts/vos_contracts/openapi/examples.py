"""The examples of the OpenAPI documents: one citizen, one caller and one registration of each kind, written by the codecs.

They use the contract's names, including an overlay's. The golden files in `examples/rest` hold the same bodies under the
shipped names. The citizen's CPR number cannot have been issued (`model.cpr`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Identity, Organisation, User
from vos_contracts.model.registration import Create, Kind, RegistrationView, Update
from vos_contracts.wire.instants import DANISH_TIME
from vos_contracts.wire.rest.registration import Rest

CPR = "0203840000"
_NOW = datetime(2024, 11, 18, 9, 0, tzinfo=DANISH_TIME)
_JOBCENTER = Organisation(8, "10100")
_CALLER = Identity(
    _JOBCENTER, User("Åse Sagsbehandler", 2, "aase.sagsbehandler", "aase@example.com"), _JOBCENTER, _NOW, 1001
)
_ID = {
    Kind.KONTAKTGRUPPE: "9f2c4d1e-5b6a-4c3d-8e7f-0a1b2c3d4e5f",
    Kind.PERSONKATEGORI: "3d5e7f90-1a2b-4c3d-9e4f-5a6b7c8d9e0f",
}
_TYPE = {Kind.KONTAKTGRUPPE: 13, Kind.PERSONKATEGORI: 9}


def bodies(contract: Contract) -> Mapping[str, Any]:
    """Write the example bodies by name: create and update requests, an id, a registration, the current ones, and a history."""
    rest = Rest(contract)
    bodies_by_name: dict[str, bytes] = {}
    for kind in Kind:
        id_, today = _ID[kind], _NOW.replace(hour=0)
        yesterday = today - timedelta(days=1)
        is_open = registration(kind)
        rows = (replace(is_open, end=_NOW, registered=_NOW), replace(is_open, is_current=False))
        create = rest.call_register(CPR, Create(kind, _TYPE[kind], today, yesterday), _CALLER, "")
        update = rest.call_register(CPR, Update(kind, id_, _NOW), _CALLER, "")
        bodies_by_name |= {
            f"Create{kind.name}": create.body,
            f"Update{kind.name}": update.body,
            f"{kind.name}Id": rest.write_id(id_).body,
            kind.name: rest.write_view(is_open).body,
            f"{kind.name}Liste": rest.write_views([is_open]).body,
            f"{kind.name}Historik": rest.write_views(rows).body,
        }
    return {name: json.loads(body) for name, body in bodies_by_name.items()}


def registration(kind: Kind) -> RegistrationView:
    """Return the example registration of that kind."""
    today = _NOW.replace(hour=0)
    registered = _NOW - timedelta(hours=1)
    return RegistrationView(
        kind, _ID[kind], _TYPE[kind], today - timedelta(days=1), today, None, False, True, _JOBCENTER, registered
    )


def headers(contract: Contract) -> Mapping[str, str]:
    """Write the caller's headers, with names in lower case."""
    return Rest(contract).headers.write(_CALLER, CPR, "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d")


def id_(kind: Kind) -> str:
    """Return the identifier of the example registration."""
    return _ID[kind]
