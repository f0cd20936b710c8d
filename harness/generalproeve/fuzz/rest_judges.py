"""The rules for REST answers: the OpenAPI documents, the form and numbers of a refusal, and the effects of a call.

The effects are read through the control API, and not checked if the stage has none. Calls are generated in `rest`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import jsonschema_rs
import msgspec

from generalproeve.fuzz.lines import FuzzLines
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import Contract
from vos_contracts.control.journal import EntryType
from vos_contracts.openapi.reading import openapi_reading
from vos_contracts.openapi.registration import openapi
from vos_contracts.wire.base import Call, RemoteWireError, Response
from vos_contracts.wire.rest.registration import Rest
from vos_simulators.control import Control
from vos_simulators.stage_reader import OperationsReader

OUTSIDE_STATUSES = frozenset({400, 404, 405, 413, 415})
"""The statuses that may answer a call to a path or method outside the contract."""
UNREAD_STATUSES = frozenset({413, 415})
"""The statuses that any operation may give, because the call is refused before it is read."""


@dataclass(frozen=True, slots=True)
class RestOperation:
    """An operation: its name in findings, its error numbers, and the JSON schema of the answer by status."""

    name: str
    codes: tuple[int, ...]
    schemas: Mapping[int, jsonschema_rs.Draft202012Validator | None]


class OpenapiJudge:
    """Judges answers by the OpenAPI documents of a contract."""

    def __init__(self, contract: Contract) -> None:
        self._paths: list[tuple[re.Pattern[str], dict[str, RestOperation]]] = []
        for document in (openapi(contract), openapi_reading(contract)):
            for path, path_item in sorted(document["paths"].items(), key=lambda pair: "{" in pair[0]):
                pattern = re.compile(re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(path)) + "/?", re.IGNORECASE)
                methods = {
                    method.upper(): RestOperation(
                        f"{method.upper()} {path}",
                        tuple(described.get("x-error-codes", ())),
                        {
                            int(status): _schema(response, document)
                            for status, response in described["responses"].items()
                        },
                    )
                    for method, described in path_item.items()
                    if method != "parameters"
                }
                self._paths.append((pattern, methods))

    def operation(self, call: Call) -> RestOperation | None:
        """Return the operation that a call is made to, None if it is outside the contract."""
        path = call.path.partition("?")[0]
        return next((methods.get(call.method) for pattern, methods in self._paths if pattern.fullmatch(path)), None)

    def judge(self, operation: RestOperation | None, response: Response) -> Iterator[str]:
        """Yield each breach of the document as a Danish text; `operation` is None outside the contract."""
        if operation is None:
            if response.status not in OUTSIDE_STATUSES:
                yield f"et kald uden for aftalen blev besvaret med {response.status}"
        elif response.status in operation.schemas:
            schema = operation.schemas[response.status]
            if schema is not None:
                yield from _schema_breaches(schema, response)
        elif response.status not in UNREAD_STATUSES:
            yield f"status {response.status} er ikke blandt operationens egne"


def _schema(response: Mapping[str, Any], document: Mapping[str, Any]) -> jsonschema_rs.Draft202012Validator | None:
    content = response.get("content", {}).get("application/json")
    if content is None:
        return None
    return jsonschema_rs.Draft202012Validator(
        {**content["schema"], "components": document["components"]}, validate_formats=True
    )


def _schema_breaches(schema: jsonschema_rs.Draft202012Validator, response: Response) -> Iterator[str]:
    if response.headers.get("content-type", "").partition(";")[0] != "application/json":
        yield f"svaret er {response.headers.get('content-type')}, ikke application/json"
        return
    try:
        content = msgspec.json.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        yield f"svaret er ikke JSON: {exc}"
        return
    error = next(schema.iter_errors(content), None)
    if error is not None:
        yield f"svaret følger ikke skemaet: {error.message[:200]}"


IDENTITY_ERRORS = frozenset({1012, 1100, 1101, 8173, 8174})
SHARED_STATUSES = frozenset({405, 412, 413, 415})
"""Refusals before the call reaches an operation: their error numbers are not among those of the operation."""
REPEATED = 412
"""The status of a call whose request id was used before."""
_MESSAGES = frozenset({EntryType.MESSAGE_QUEUED, EntryType.WSB_QUEUED})
_TRANSPORT = frozenset((
    "accept", "accept-encoding", "authorization", "connection", "content-length", "host", "transfer-encoding", "user-agent",
    "x-schemathesis-testcaseid",
))  # fmt: skip
"""Headers that the client writes itself, and which are left out of a recorded call."""
CHECK_EVERY = 5
"""Every fifth call is sent again with an invalid identity header, if its operation can refuse the identity. Of the
other calls, each accepted writing one is sent again unchanged."""


class LeftBehind:
    """Counts new rows and messages on a stage; without a control API the counts are always 0."""

    def __init__(self, lines: FuzzLines) -> None:
        self._line = lines.control
        self._row_number = self._entry_number = 0
        self.count_new()

    def count_new(self) -> tuple[int, int]:
        """Return how many rows and messages were added since the last call."""
        if self._line is None:
            return 0, 0
        pages = OperationsReader(self._line).registrations(self._row_number)
        rows = [registration.nr for page in pages for registration in page.registrations]
        self._row_number = rows[-1] if rows else self._row_number
        journal = Control(self._line).journal(self._entry_number)
        self._entry_number = journal.next_item
        return len(rows), sum(entry.kind in _MESSAGES for entry in journal.entries)


class RestJudge:
    """Judges the REST answers of one stage; it counts its own calls in `calls`."""

    def __init__(self, lines: FuzzLines) -> None:
        self._services = lines.services
        self._rest = Rest(lines.contract)
        names = lines.contract.names
        self._call_id = names.header("requestId").lower()
        self._identity = [names.header(name).lower() for name in ("organisationType", "organisationCode", "userName")]
        self._left = LeftBehind(lines)
        self._count = 0
        self.calls = 0

    def judge(self, call: Call, response: Response, codes: Collection[int]) -> Iterator[str]:
        """Yield each breach as a Danish text; some calls are sent again. `codes` are the operation's error numbers."""
        self.calls += 1
        yield from self._refusal(response, codes)
        yield from self._left_behind(response)
        self._count += 1
        if call.method != "GET" and response.status == 200 and self._count % CHECK_EVERY:
            yield from self._repeated(call)
        elif self._count % CHECK_EVERY == 0 and IDENTITY_ERRORS & {*codes}:
            yield from self._without_identity(call)

    def _refusal(self, response: Response, codes: Collection[int]) -> Iterator[str]:
        if response.status < 400:
            return
        if response.status >= 500:
            yield f"{response.status}: {response.body[:200].decode('utf-8', 'replace')}"
            return
        yield from refusal_breaches(self._rest, response, codes)

    def _left_behind(self, response: Response) -> Iterator[str]:
        rows, messages = self._left.count_new()
        if response.status != 200 and (rows or messages):
            yield left_over(response.status, rows, messages)

    def _repeated(self, call: Call) -> Iterator[str]:
        response = self._send(call)
        if response.status != REPEATED:
            yield repeated(response.status)
        yield from self._left_behind(response)

    def _without_identity(self, call: Call) -> Iterator[str]:
        """Send the call without one identity header, or with it empty: it must be refused for its identity alone."""
        header = self._identity[self._count // CHECK_EVERY % len(self._identity)]
        headers = {name: value for name, value in call.headers.items() if name != header}
        if self._call_id in headers:
            headers[self._call_id] = new_uuid()
        if self._count % (2 * CHECK_EVERY):
            headers[header] = ""
        response = self._send(replace(call, headers=headers))
        if response.status in {404, 405, 413, 415}:
            return  # refused before any header was read
        try:
            codes = {error.code for error in self._rest.understand_refusal(response).errors}
        except RemoteWireError as exc:
            yield f"uden {header}: {exc}"
            return
        if not codes or not codes <= IDENTITY_ERRORS:
            yield f"uden {header} blev der læst videre: {response.status} {sorted(codes)}"
        yield from self._left_behind(response)

    def _send(self, call: Call) -> Response:
        self.calls += 1
        return self._services.send(call)


def left_over(status: int, rows: int, messages: int) -> str:
    """Return the Danish text of the breach that a refused call added rows or messages."""
    return f"et afvist kald ({status}) efterlod {rows} rækker og {messages} beskeder"


def repeated(status: int) -> str:
    """Return the Danish text of the breach that a repeated request id was not answered with 412."""
    return f"samme request-id igen gav {status}, ikke {REPEATED}"


def call_of(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Call:
    """Return a call as it was sent, with header names in lower case and without the headers that the client adds."""
    readable = {name.lower(): value for name, value in headers.items() if name.lower() not in _TRANSPORT}
    return Call(method, path, readable, body)


def refusal_breaches(rest: Rest, response: Response, codes: Collection[int]) -> Iterator[str]:
    """Yield what is wrong with a refusal: its form, that it has no error number, or one that is not among `codes`."""
    try:
        refusal = rest.understand_refusal(response)
    except RemoteWireError as exc:
        yield f"et afslag har ikke den aftalte form: {exc}"
        return
    if not refusal.errors:
        yield f"et afslag ({response.status}) siger ikke hvorfor"
    unknown = sorted({error.code for error in refusal.errors} - {*codes})
    if unknown and response.status not in SHARED_STATUSES:
        yield f"fejlnumrene {unknown} er ikke blandt operationens egne"
