"""Generate the golden refusals: one per operation and error code, as the codecs write them, one JSON object per line.

The lines are committed as `<channel>/refusals.jsonl`, so a change of a codec or a table shows up as a diff of that file.
`tools/refusal_examples.py` regenerates them. A REST answer is stored as status, headers and body, a SOAP fault as XML.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from vos_contracts.contract import Contract
from vos_contracts.model.registration import Kind
from vos_contracts.openapi import examples as openapi_examples
from vos_contracts.openapi.reading import CODE_LIST_SERVICE, STATUS_SERVICE
from vos_contracts.openapi.registration import SERVICE
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire.base import Response
from vos_contracts.wire.messages.wsrm import CLOSE, END, ENTITY
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap.schemas import services

REST_SERVICES = frozenset({SERVICE, STATUS_SERVICE, CODE_LIST_SERVICE})
NOT_AUTHORIZED = 4575
UNKNOWN_SEQUENCE = 4589
"""The error of the WSRM operations, which are not in `method_errors`: it covers registration and reading services only."""

_DESCRIPTIONS = {
    1001: "x-civilregistrationIdentifier: skal være ti cifre, der begynder med en dato",
    1014: "x-civilregistrationIdentifier: headeren mangler",
    1100: "x-organisationCode: headeren mangler",
    8173: "x-organisationTypeIdentifier: 99",
    8174: "x-requestUserTypeIdentifier: 9",
}
"""The description in a REST refusal, by error code; other codes have none."""


def refusal_lines(channel: str, contract: Contract) -> Iterator[str]:
    """Write the lines of the channel's file, by operation and error code."""
    generate = {"rest": _rest, "soap": _soap, "wsb": _wsb}[channel]
    for operation, code, message in sorted(generate(contract), key=lambda line: line[:2]):
        yield json.dumps({"operation": operation, "code": code, "message": message}, ensure_ascii=False)


def _rest(contract: Contract) -> Iterator[tuple[str, int, object]]:
    rest = Rest(contract)
    for service, operation, code in contract.tables["method_errors"]:
        if service in REST_SERVICES:
            error = ServiceError(int(code), _DESCRIPTIONS.get(int(code), ""))
            yield operation, error.code, _answer(rest.write_errors([error]))


def _soap(contract: Contract) -> Iterator[tuple[str, int, object]]:
    count_by_operation = Counter(
        operation for service in services(contract).values() for operation in service.operations
    )
    for service, operation, code in contract.tables["method_errors"]:
        if service not in REST_SERVICES:
            folder = operation if count_by_operation[operation] == 1 else f"{service}.{operation}"
            yield folder, int(code), _fault(int(code), contract)
    for operation in (*ENTITY, CLOSE, END):
        yield operation, UNKNOWN_SEQUENCE, _fault(UNKNOWN_SEQUENCE, contract)


def _wsb(contract: Contract) -> Iterator[tuple[str, int, object]]:
    """Write the refusals of the subscription call: an unknown entity type, and an unknown system."""
    known = sorted(entity.id for entity in contract.wsb_entities.values())
    system = openapi_examples.id_(Kind.KONTAKTGRUPPE)
    for error in (
        ServiceError(INVALID_REQUEST, f"abonnementer[1].entityType: 7 findes ikke; kendte er {known}"),
        ServiceError(NOT_AUTHORIZED, f"8/10100 har intet subscribersystem {system}"),
    ):
        yield "SyncAbonnementer", error.code, _answer(Rest(contract).write_errors([error]))


def _answer(answer: Response) -> dict[str, object]:
    return {"status": answer.status, "headers": dict(answer.headers), "body": json.loads(answer.body)}


def _fault(code: int, contract: Contract) -> str:
    return envelope.write_fault([ServiceError(code)], contract).decode()
