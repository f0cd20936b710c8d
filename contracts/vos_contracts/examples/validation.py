"""Validate the contract for `contracts check`: schemas compile, golden messages are valid, references between tables exist.

Breaches are returned as text, one line each. An inconsistent contract never raises.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from lxml import etree

from vos_contracts import examples, requirements
from vos_contracts.contract import Contract, load
from vos_contracts.model.registration import Kind
from vos_contracts.openapi.reading import STATUS_METHOD
from vos_contracts.tables.access import Level
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire.base import RemoteWireError, Response
from vos_contracts.wire.messages.webhook import WebhookCodec
from vos_contracts.wire.rest.reading import RestReading
from vos_contracts.wire.rest.registration import Refusal, Rest
from vos_contracts.wire.rest.subscriptions import Subscriptions
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap.schemas import Service, services

_OTHER_READS = frozenset({STATUS_METHOD, "GetKodelister", "GetKodeliste"})


def breach(contract: Contract) -> Iterator[str]:
    """List every inconsistency of the loaded contract, one line each."""
    yield from _references(contract)
    for service in services(contract).values():
        try:
            service.breach(etree.Element("x"))  # compiles it
        except etree.XMLSchemaParseError as exc:
            yield f"{service.name}: the schema does not compile: {exc}"
    shipped = load()
    for example in examples.all_examples():
        for rule in _example_breach(example, shipped):
            yield f"{example.path}: {rule}"
    try:
        requirements.load()
    except ValueError as exc:
        yield str(exc)


def _references(contract: Contract) -> Iterator[str]:
    for service, method, code in contract.tables["method_errors"]:
        if int(code) not in contract.errors:
            yield f"method_errors: {service}.{method} names error {code}, which is not in errors"
    for key, conflict in contract.fravaer_conflicts.items():
        if conflict.error_code not in contract.errors:
            yield f"fravaer_conflict: {key} names error {conflict.error_code}, which is not in errors"
    for element, sources in contract.illness_sources.items():
        if len(sources) != sum(1 for name, _ in contract.tables["illness_source"] if name == element):
            yield f"illness_source: {element} gives one code two meanings"
    for service, method, otype, _ in contract.tables["access"]:
        if int(otype) not in contract.organisation_types:
            yield f"access: {service}.{method} names organisation type {otype}, which is not in organisation_type"
    yield from _access_breach(contract)
    for group, rules in contract.group_rules.items():
        for category in rules.categories | ({rules.default_category} - {None}):
            if category not in contract.personkategorier:
                yield f"combination: group {group} names category {category}, which is not in personkategori"
        if rules.default_category is None and not rules.may_be_without_category:
            yield f"kontaktgruppe_rule: group {group} needs a category and has no default_category"


def _access_breach(contract: Contract) -> Iterator[str]:
    access = contract.access
    for method, row in access.matrix.items():
        for otype in (item for item, levels in row.items() if Level.FORMER_OWN in levels):
            if (method, otype) not in access.periods:
                yield f"access: {method} is open to former own of type {otype}, for which access_period has no days"
    for (method, otype), period in access.periods.items():
        if min(period) < timedelta(0):
            yield f"access_period: {method} for type {otype} has a negative number of days"
    systems = {int(code) for (code,) in contract.tables["client_system"]}
    for system, method in sorted(access.blocked):
        if system not in systems:
            yield f"client_system_blocked: {method} names system {system}, which is not in client_system"
        if method not in access.matrix:
            yield f"client_system_blocked: names {method}, which is not in access"
    for otype, pair in access.jobnet.items():
        if otype not in contract.organisation_types:
            yield f"jobnet_access: names organisation type {otype}, which is not in organisation_type"
        for group, category in pair:
            if group is not None and group not in contract.kontaktgrupper:
                yield f"jobnet_access: names group {group}, which is not in kontaktgruppe"
            if category is not None and category not in contract.tilmeldekategorier:
                yield f"jobnet_access: names category {category}, which is not in tilmeldekategori"


def _example_breach(example: examples.Example, contract: Contract) -> Iterator[str]:
    try:
        match example.channel:
            case "rest":
                _read_rest(example, contract)
            case "wsb":
                _read_wsb(example, contract)
            case _:
                yield from _read_soap(example, contract)
    except RemoteWireError as exc:
        yield str(exc)


def _read_rest(example: examples.Example, contract: Contract) -> None:
    rest = Rest(contract)
    kind = Kind.KONTAKTGRUPPE if "Kontaktgruppe" in example.operation else Kind.PERSONKATEGORI
    message = json.loads(example.content)
    body = b"" if message["body"] is None else json.dumps(message["body"]).encode()
    if example.operation in _OTHER_READS and not example.is_refusal:
        _read_reading(example, RestReading(contract, rest), message, body)
        return
    if example.name == "request.json":
        rest.headers.read_identity(message["headers"])
        rest.headers.read_cpr(message["headers"])
        if example.operation.startswith("Create"):
            rest.read_create(kind, body, None)
        elif example.operation.startswith("Update"):
            rest.read_update(kind, body, "")
        return
    response = Response(message["status"], body=body)
    if example.name == "response.json":
        if example.operation.startswith("Get"):
            rest.understand_views(response, kind)
        else:
            rest.understand_id(response)
        return
    code = _read_refusal(example, rest.understand_refusal(response))
    if message["body"]["fejl"][0]["fejltekst"] != contract.errors[code].rest:
        raise RemoteWireError(ServiceError(code, f"is not the refusal {code}"))


def _read_refusal(example: examples.Example, refusal: Refusal) -> int:
    """Return the code of the refusal, after checking it against the example's name."""
    code = int(example.name.split(".")[1])
    if [error.code for error in refusal.errors] != [code]:
        raise RemoteWireError(ServiceError(code, f"is not the refusal {code}"))
    return code


def _read_wsb(example: examples.Example, contract: Contract) -> None:
    """Read a webservice message, or an example of the call that subscribes to them."""
    if example.operation in {entity.name for entity in contract.wsb_entities.values()}:
        WebhookCodec(contract).read(example.content)
        return
    rest, message = Rest(contract), json.loads(example.content)
    subscriptions, body = Subscriptions(contract, rest), json.dumps(message["body"]).encode()
    if example.name == "request.json":
        rest.headers.read_identity(message["headers"])
        subscriptions.read(body)
        return
    response = subscriptions.understand(Response(message["status"], body=body))
    if isinstance(response, Refusal):
        _read_refusal(example, response)


def _read_reading(example: examples.Example, reading: RestReading, message: Mapping[str, Any], body: bytes) -> None:
    """Read an example of the status and code list services."""
    if example.name == "request.json":
        path = reading.status_path if example.operation == STATUS_METHOD else reading.code_list_path
        if not str(message["path"]).startswith(path):
            raise RemoteWireError(ServiceError(INVALID_REQUEST, f"path: must begin with {path}"))
        return
    response = Response(message["status"], body=body)
    understand = reading.understand_status if example.operation == STATUS_METHOD else reading.understand_code_lists
    understand(response)


def _read_soap(example: examples.Example, contract: Contract) -> Iterator[str]:
    service = _service(example, contract)
    operation = service.operations[example.operation]
    if example.name == "request.xml":
        envelope.read_call(service, example.content, operation.soapaction, contract, 0)
        return
    content = envelope.read_response(example.content)
    if isinstance(content, envelope.Fault):
        if example.name != f"refusal.{content.errors[0].code}":
            yield f"is the fault {content.errors[0].code}"
    elif content.tag != operation.response:
        yield f"is {content.tag}, not {operation.response}"
    else:
        yield from (f"is not a valid {operation.response}: {breach}" for breach in service.breach(content))


def _service(example: examples.Example, contract: Contract) -> Service:
    candidates = services(contract).values()
    return next(
        service
        for service in candidates
        if example.operation in service.operations and example.may_belong_to(service.name)
    )
