"""Generate the golden refusals: one per operation and error code, as the codecs write them, one JSON object per line.

The lines are stored in `<channel>/refusals.jsonl`, so that a change of a codec or of a table shows as a change of a file;
`tools/refusal_examples.py` writes them anew. A REST answer stands as status, headers and body, a SOAP fault as its XML.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from vos_contracts import openapi_eksempler
from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.registration import Art
from vos_contracts.openapi import TJENESTE
from vos_contracts.openapi_laesning import KODELISTETJENESTE, STATUSTJENESTE
from vos_contracts.wire import soap
from vos_contracts.wire.base import Svar
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.soap_skema import tjenester
from vos_contracts.wire.wsrm import AFSLUT, ENTITET, LUK

REST_SERVICES = frozenset({TJENESTE, STATUSTJENESTE, KODELISTETJENESTE})
NOT_AUTHORIZED = 4575
UNKNOWN_SEQUENCE = 4589
"""What a WSRM operation refuses; `metode_fejl` has the registration and reading services only."""

_DESCRIPTIONS = {
    1001: "x-civilregistrationIdentifier: skal være ti cifre, der begynder med en dato",
    1014: "x-civilregistrationIdentifier: headeren mangler",
    1100: "x-organisationCode: headeren mangler",
    8173: "x-organisationTypeIdentifier: 99",
    8174: "x-requestUserTypeIdentifier: 9",
}
"""What a REST refusal says of the call, by error code; the others say nothing."""


def refusal_lines(channel: str, contract: Kontrakt) -> Iterator[str]:
    """Write the lines of the channel's file, by operation and error code."""
    generate = {"rest": _rest, "soap": _soap, "wsb": _wsb}[channel]
    for operation, code, message in sorted(generate(contract), key=lambda line: line[:2]):
        yield json.dumps({"operation": operation, "code": code, "message": message}, ensure_ascii=False)


def _rest(contract: Kontrakt) -> Iterator[tuple[str, int, object]]:
    rest = Rest(contract)
    for service, operation, code in contract.tabeller["metode_fejl"]:
        if service in REST_SERVICES:
            error = Fejl(int(code), _DESCRIPTIONS.get(int(code), ""))
            yield operation, error.kode, _answer(rest.skriv_fejl([error]))


def _soap(contract: Kontrakt) -> Iterator[tuple[str, int, object]]:
    services = Counter(operation for service in tjenester(contract).values() for operation in service.operationer)
    for service, operation, code in contract.tabeller["metode_fejl"]:
        if service not in REST_SERVICES:
            folder = operation if services[operation] == 1 else f"{service}.{operation}"
            yield folder, int(code), _fault(int(code), contract)
    for operation in (*ENTITET, LUK, AFSLUT):
        yield operation, UNKNOWN_SEQUENCE, _fault(UNKNOWN_SEQUENCE, contract)


def _wsb(contract: Kontrakt) -> Iterator[tuple[str, int, object]]:
    """Write the refusals of the call that subscribes: an entity that is not in the contract, a system that is not known."""
    known = sorted(entity.id for entity in contract.wsb_entiteter.values())
    system = openapi_eksempler.id_(Art.KONTAKTGRUPPE)
    for error in (
        Fejl(VALIDERER_IKKE, f"abonnementer[1].entityType: 7 findes ikke; kendte er {known}"),
        Fejl(NOT_AUTHORIZED, f"8/10100 har intet subscribersystem {system}"),
    ):
        yield "SyncAbonnementer", error.kode, _answer(Rest(contract).skriv_fejl([error]))


def _answer(answer: Svar) -> dict[str, object]:
    return {"status": answer.status, "headers": dict(answer.headers), "krop": json.loads(answer.krop)}


def _fault(code: int, contract: Kontrakt) -> str:
    return soap.skriv_fault([Fejl(code)], contract).decode()
