"""The REST hunt: Schemathesis generates calls from the served OpenAPI documents and checks the answers.

Most calls with valid headers get the headers of a permitted caller and a citizen on the stage, so that they pass
authorisation. The rules that this project adds to those of Schemathesis are in `rest_judges`.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import requests
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.errors import LoaderError, LoaderErrorKind
from schemathesis.core.parameters import ParameterLocation
from schemathesis.engine import events, from_schema
from schemathesis.engine.core import EventStream

from generalproeve.base.exit_codes import CannotRun
from generalproeve.fuzz.findings import CallFinding, call_finding
from generalproeve.fuzz.hunts import Budget
from generalproeve.fuzz.lines import UNANSWERED, FuzzLines, UnansweredError, check_reachable, citizens, good_headers
from generalproeve.fuzz.rest_judges import CHECK_EVERY, IDENTITY_ERRORS, RestJudge, call_of
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import Contract
from vos_contracts.openapi.reading import openapi_reading
from vos_contracts.openapi.registration import openapi
from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.calls import REST_SERVICES
from vos_contracts.wire.instants import midnight
from vos_simulators.access import without_token

_NOT_SERVED = frozenset(
    {LoaderErrorKind.HTTP_CLIENT_ERROR, LoaderErrorKind.HTTP_NOT_FOUND, LoaderErrorKind.HTTP_FORBIDDEN}
)


@dataclass(frozen=True, slots=True)
class Document:
    """An OpenAPI document: the path it is served at, its builder from the contract, and the services it describes."""

    path: str
    build: Callable[[Contract], dict[str, Any]]
    services: tuple[str, ...]


DOCUMENTS = (
    Document("/openapi.json", openapi, ("PersonVisiteringService",)),
    Document(
        "/openapi/VisiteringOgStatus.json", openapi_reading, ("VisiteringOgStatusStatusService", "KodelisteService")
    ),
)


def schemas(lines: FuzzLines, examples: int) -> list[Any]:
    """Return a Schemathesis schema for each document and address; `examples` is the most calls per operation and phase.

    A document that the stage does not serve is built from the contract.

    Raises:
        CannotRun: when a served document cannot be read.
    """
    stage, loaded = lines.stage, []
    for document in DOCUMENTS:
        addresses = {service: stage.addresses.get(service, stage.services) for service in document.services}
        for address in dict.fromkeys(addresses.values()):
            schema = _read(lines, document, address)
            if len(set(addresses.values())) > 1:
                schema = schema.include(path_regex="|".join(_paths(lines.contract, addresses, address)))
            schema.config.generation.update(max_examples=examples, database="none")
            loaded.append(schema)
    return loaded


def _read(lines: FuzzLines, document: Document, address: str) -> Any:
    tls, config = lines.access, SchemathesisConfig(seed=lines.seed)
    trust: str | bool = str(tls.ca) if tls.ca is not None else ssl.get_default_verify_paths().cafile or True
    certificate = None if tls.certificate is None else (str(tls.certificate), str(tls.key or tls.certificate))
    try:
        schema = schemathesis.openapi.from_url(
            address + document.path, config=config, verify=trust, cert=certificate, timeout=lines.stage.deadline
        )
    except LoaderError as exc:
        if exc.kind not in _NOT_SERVED:
            raise CannotRun(f"{without_token(address)}{document.path}: {exc}") from exc
        schema = schemathesis.openapi.from_dict(document.build(lines.contract), config=config)
    # the `servers` of a document may name another environment than the target: they are never called
    schema.config.update(base_url=address, tls_verify=trust, request_timeout=lines.stage.deadline)
    if certificate is not None:
        schema.config.update(request_cert=certificate[0], request_cert_key=certificate[1])
    return schema


def _paths(contract: Contract, addresses: dict[str, str], address: str) -> Iterator[str]:
    """Yield a regular expression for the paths of each service at this address."""
    for service, service_address in addresses.items():
        if service_address == address:
            yield from (f"^{re.escape(contract.names.path(name))}(/|$)" for name in REST_SERVICES[service])


def path(url: str, lines: FuzzLines) -> str:
    """Return the path and query of a URL, without the path prefix of the service's address."""
    parts = urlsplit(url)
    whole = parts.path + (f"?{parts.query}" if parts.query else "")
    roots = [urlsplit(address) for address in (lines.stage.services, *lines.stage.addresses.values())]
    prefixes = [root.path for root in roots if (root.hostname, root.port) == (parts.hostname, parts.port)]
    return whole.removeprefix(max((root for root in prefixes if whole.startswith(f"{root}/")), key=len, default=""))


EXAMPLES = 100
"""The most calls of one operation in one phase."""
UNPREPARED_EVERY = 4
"""Every fourth call is sent with the headers that Schemathesis generated."""
NO_ANSWER = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


class _Hunt:
    """The current hunt, used by the hooks of Schemathesis, which are registered once for the whole process."""

    def __init__(self, lines: FuzzLines, budget: Budget) -> None:
        self._lines = lines
        self._good_headers = good_headers(lines)
        self._judge = RestJudge(lines)
        self._start, self._midnight = lines.contract.names.json("starttidspunkt"), midnight(lines.clock).isoformat()
        self._budget = budget
        self._number = 0
        self.stream: EventStream | None = None
        self.failure: Exception | None = None
        """What ended the hunt early: an error that is not about the answer to a generated call."""
        self._pending: Any = None
        self._unanswered: list[Any] = []

    def prepare(self, case: Any) -> None:
        """Give most calls with valid headers a permitted caller, an existing citizen and a start at midnight today."""
        if self._pending is not None:
            self._unanswered.append(self._pending)
        self._pending = case
        self._number += 1
        if not IDENTITY_ERRORS & {*self._codes(case)}:
            return  # anybody may call an operation that never refuses the identity
        if not self._number % UNPREPARED_EVERY:
            return
        if case.headers is not None and _is_valid(case, ParameterLocation.HEADER):
            case.headers.update(self._good_headers(self._number, case.method != "GET"))
        if isinstance(case.body, dict) and self._start in case.body and _is_valid(case, ParameterLocation.BODY):
            case.body[self._start] = self._midnight

    def judge(self, response: Any, case: Any) -> None:
        """Judge the answer to a generated call.

        Raises:
            AssertionError: when the answer breaks a rule; the message holds the breaches in Danish.
        """
        self._pending = None
        before, call = self._judge.calls, _call(response.request, self._lines)
        try:
            breaches = list(
                self._judge.judge(call, Response(response.status_code, {}, response.content), self._codes(case))
            )
        except UnansweredError as unanswered:
            breaches = [str(unanswered)]
        except Exception as exc:  # Schemathesis would continue with its own checks only
            self.failure = exc
            raise
        finally:
            self._budget.spend(self._judge.calls - before)
            if (self._budget.exhausted or self.failure is not None) and self.stream is not None:
                self.stream.stop()
        if breaches:
            raise AssertionError("; ".join(breaches))

    def unanswered(self, operation: str) -> tuple[str, Call] | None:
        """Return the label and call of the last unanswered call of an operation, or of any operation if it has none."""
        self._budget.spend()
        unanswered = [case for case in (*self._unanswered, self._pending) if case is not None]
        own = [case for case in unanswered if case.operation.label == operation]
        if not unanswered:
            return None
        case = (own or unanswered)[-1]
        request = requests.Request(**case.as_transport_kwargs(self._lines.stage.services)).prepare()
        return case.operation.label, _call(request, self._lines)

    def _codes(self, case: Any) -> list[int]:
        """Return the error numbers of an operation: from the served document, or from the contract if it lists none."""
        own = case.operation.definition.raw.get("x-error-codes")
        return _codes(self._lines, case.operation.label) if own is None else list(own)


def _is_valid(case: Any, location: ParameterLocation) -> bool:
    """Return whether a part of a generated call was meant to follow the document."""
    part = case.meta.components.get(location) if case.meta else None
    return part is None or bool(part.mode.is_positive)


_hunts: list[_Hunt] = []


def contract_rules(ctx: Any, response: Any, case: Any) -> None:
    """Judge an answer, as a check of Schemathesis; the name of the function is the `rule` of its findings."""
    _hunts[-1].judge(response, case)


def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Prepare a generated call; Schemathesis finds the hook by this name."""
    _hunts[-1].prepare(case)


def search(lines: FuzzLines, budget: Budget) -> Iterator[CallFinding]:
    """Hunt until the budget is spent; yield the first finding of each operation and rule."""
    reported: set[tuple[str, str]] = set()
    documents = schemas(lines, EXAMPLES)
    for number, schema in enumerate(documents):
        share = Budget(None if budget.seconds is None else budget.seconds_left / (len(documents) - number))
        if budget.exhausted:
            return
        for finding in _search(lines, schema, share, budget):
            if (finding.operation, finding.rule) not in reported:
                reported.add((finding.operation, finding.rule))
                yield finding


def _search(lines: FuzzLines, schema: Any, share: Budget, budget: Budget) -> Iterator[CallFinding]:
    if not _hunts:
        schemathesis.check(contract_rules)
        schemathesis.hook(before_call)
    hunt = _Hunt(lines, budget)
    _hunts[:] = [hunt]
    # a call that follows the schema may still be refused by a rule of the domain
    schema.config.checks.positive_data_acceptance.enabled = False
    schema.config.continue_on_failure = True
    if share.seconds is not None:
        schema.config.max_time = max(int(share.seconds), 1)
    stream = hunt.stream = from_schema(schema).execute()
    try:
        yield from _stream_findings(stream, hunt, lines)
    finally:
        stream.stop()


def _stream_findings(stream: EventStream, hunt: _Hunt, lines: FuzzLines) -> Iterator[CallFinding]:
    """Yield the findings in the events of Schemathesis.

    Raises:
        Exception: when the hunt could not continue: the error that ended it.
    """
    for event in stream:
        if hunt.failure is not None:
            break
        if isinstance(event, events.FatalError):
            raise event.exception
        if isinstance(event, events.ScenarioFinished):
            yield from _findings(lines, event.recorder)
        if isinstance(event, events.NonFatalError) and isinstance(event.value, NO_ANSWER):
            check_reachable(lines.stage)
            unanswered = hunt.unanswered(event.label)
            if unanswered is not None:
                yield call_finding(
                    lines, unanswered[0], UNANSWERED, f"kaldet blev ikke besvaret: {event.value}", unanswered[1], 0
                )
    if hunt.failure is not None:
        raise hunt.failure


def _findings(lines: FuzzLines, recorded: Any) -> Iterator[CallFinding]:
    for id_, checks in recorded.checks.items():
        for check in checks:
            sent = recorded.interactions.get(id_)
            if check.failure_info is None or sent is None or sent.response is None:
                continue
            failure, request = check.failure_info.failure, sent.request
            headers = {name: header[0] for name, header in request.headers.items()}
            call = call_of(request.method, path(request.uri, lines), headers, request.body or b"")
            operation, breach = recorded.cases[id_].value.operation.label, str(failure.message or failure.title)
            yield call_finding(lines, operation, check.name, breach, call, sent.response.status_code)


def replay(lines: FuzzLines, finding: CallFinding) -> CallFinding | None:
    """Send the call of a finding again under a new request id; return None if the answer no longer breaks the rule.

    The rules of Schemathesis cannot be checked here: for them, another status than before counts as mended.
    """
    citizens(lines)
    judge, call, call_id = RestJudge(lines), finding.call.call(), lines.contract.names.header("requestId").lower()
    if call.headers.get(call_id):
        call = replace(call, headers={**call.headers, call_id: new_uuid()})
    try:
        response = lines.services.send(call)
        breaches = [
            breach
            for _ in range(6 * CHECK_EVERY)
            for breach in judge.judge(call, response, _codes(lines, finding.operation))
        ]
    except UnansweredError:
        return finding
    unchanged = finding.rule != contract_rules.__name__ and response.status == finding.status
    return finding if breaches or unchanged else None


def _codes(lines: FuzzLines, operation: str) -> list[int]:
    method, _, path = operation.partition(" ")
    for document in (openapi(lines.contract), openapi_reading(lines.contract)):
        described = document["paths"].get(path, {}).get(method.lower())
        if described is not None:
            return list(described.get("x-error-codes", ()))
    return []


def _call(request: Any, lines: FuzzLines) -> Call:
    body = request.body or b""
    headers = {
        name: value.decode("latin-1") if isinstance(value, bytes) else value for name, value in request.headers.items()
    }
    return call_of(request.method, path(request.url, lines), headers, body.encode() if isinstance(body, str) else body)
