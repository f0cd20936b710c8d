"""The SOAP hunt: messages drawn from the schemas, valid or distorted at one place, in plain and unusual envelopes.

An invalid message must be refused. Every answer must be the response of the operation or a documented fault. Messages
are drawn in `schema_strategy`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st
from lxml import etree

from generalproeve.fuzz import hunts
from generalproeve.fuzz.findings import CallFinding, call_finding
from generalproeve.fuzz.hunts import Budget
from generalproeve.fuzz.lines import FuzzLines, UnansweredError, citizens
from generalproeve.fuzz.rest_judges import LeftBehind, left_over
from generalproeve.fuzz.schema_strategy import DISTORTIONS, SchemaStrategy, distort
from generalproeve.fuzz.soap_judges import FaultJudge
from vos_contracts.wire.base import Call, RemoteWireError, Response
from vos_contracts.wire.instants import midnight
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap.envelope import SOAP
from vos_contracts.wire.soap.schemas import Operation, Service, services

ENVELOPES = (
    *["almindelig"] * 8, "andet præfiks", "default namespace", "uden citationstegn", "uden SOAPAction",
    "headere i omvendt orden", "forkert SOAPAction", "SOAP 1.2", "to elementer i Body", "en header to gange", "uden headere",
)  # fmt: skip
REFUSED = frozenset({"forkert SOAPAction", "SOAP 1.2", "to elementer i Body", "en header to gange", "uden headere"})
"""The envelopes that must be refused; the others mean the same as the plain one."""
ENVELOPE, SCHEMA = "envelope", "schema"


@dataclass(frozen=True, slots=True)
class SchemaCall:
    """A generated call to an operation; `odd` says in Danish what is unusual about it."""

    operation: str
    odd: str
    must_be_refused: bool
    call: Call


def search(lines: FuzzLines, budget: Budget) -> Iterator[CallFinding]:
    """Hunt until the budget is spent or an answer breaks a rule; yield the simplest call with such an answer."""
    schema_judge = _SchemaJudge(lines)

    def judge(schema_call: SchemaCall) -> tuple[str, int] | None:
        budget.spend()
        try:
            response = lines.services.send(schema_call.call)
        except UnansweredError as unanswered:
            return str(unanswered), 0
        breach = schema_judge.judge(schema_call, response)
        return (breach, response.status) if breach else None

    found = hunts.hunt(
        _schema_calls(lines), judge, lambda example: example.call.path.encode() + example.call.body, lines.seed, budget
    )
    if found is not None:
        simplest, (breach, status) = found
        rule = ENVELOPE if simplest.must_be_refused else SCHEMA
        yield call_finding(lines, simplest.operation, rule, f"{breach} ({simplest.odd})", simplest.call, status)


def replay(lines: FuzzLines, finding: CallFinding) -> CallFinding | None:
    """Send the call of a finding again; return None if its answer no longer breaks a rule."""
    citizens(lines)
    schema_call = SchemaCall(finding.operation, "", finding.rule == ENVELOPE, finding.call.call())
    schema_judge = _SchemaJudge(lines)
    try:
        response = lines.services.send(schema_call.call)
    except UnansweredError:
        return finding
    return finding if schema_judge.judge(schema_call, response) else None


def _schema_calls(lines: FuzzLines) -> st.SearchStrategy[SchemaCall]:
    cpr = citizens(lines)
    operations = [
        (service, operation, SchemaStrategy(service, cpr, midnight(lines.clock)).element(operation.request))
        for service in services(lines.contract).values()
        for operation in service.operations.values()
    ]

    @st.composite
    def call(draw: st.DrawFn) -> SchemaCall:
        service, operation, strategy = draw(st.sampled_from(operations))
        body = draw(strategy)
        distortion = ""
        if draw(st.booleans()):
            distortion = distort(body, draw(st.sampled_from(sorted(DISTORTIONS))), draw(st.integers(0, 30)))
        form = draw(st.sampled_from(ENVELOPES))
        body = etree.fromstring(etree.tostring(body))  # as it is sent: an element with empty text has no content
        must_be_refused = form in REFUSED or bool(service.breach(body))
        return SchemaCall(
            f"{service.name}.{operation.name}",
            ", ".join(filter(None, [distortion, form])),
            must_be_refused,
            _in_envelope(lines, service, operation, body, form),
        )

    return call()


def _in_envelope(lines: FuzzLines, service: Service, operation: Operation, body: etree._Element, form: str) -> Call:
    """Return the call that sends a message in an envelope of the given form, one of `ENVELOPES`."""
    root = etree.fromstring(envelope.write_call(lines.caller, body))
    header, content = root[0], root[1]
    action = f'"{operation.soapaction}"'
    match form:
        case "headere i omvendt orden":
            header[:] = list(reversed(header))
        case "en header to gange":
            header.append(etree.fromstring(etree.tostring(header[0])))
        case "to elementer i Body":
            content.append(etree.fromstring(etree.tostring(content[0])))
        case "uden headere":
            root.remove(header)
        case "uden citationstegn":
            action = operation.soapaction
        case "uden SOAPAction":
            action = ""
        case "forkert SOAPAction":
            action = f'"{operation.soapaction}X"'
        case _:
            pass
    text = etree.tostring(root, encoding="utf-8")
    match form:
        case "andet præfiks":
            text = text.replace(b"<s:", b"<q-1.x:").replace(b"</s:", b"</q-1.x:").replace(b"xmlns:s=", b"xmlns:q-1.x=")
        case "default namespace":
            text = text.replace(b"<s:", b"<").replace(b"</s:", b"</").replace(b"xmlns:s=", b"xmlns=")
        case "SOAP 1.2":
            text = text.replace(SOAP.encode(), b"http://www.w3.org/2003/05/soap-envelope")
        case _:
            pass
    headers = {"content-type": "text/xml; charset=utf-8", **({"soapaction": action} if action else {})}
    return Call("POST", service.path, headers, text)


class _SchemaJudge:
    def __init__(self, lines: FuzzLines) -> None:
        self._left_behind = LeftBehind(lines)
        self._faults = FaultJudge(lines.contract)

    def judge(self, call: SchemaCall, answer: Response) -> str:
        """Return the first breach in the answer, as a Danish text; empty if there is none."""
        rows, messages = self._left_behind.count_new()
        try:
            content = envelope.read_response(answer.body)
        except RemoteWireError as error:
            return f"svaret {answer.status} kan ikke forstås: {error}"
        if not isinstance(content, envelope.Fault):
            return "et kald, der skal afvises, blev udført" if call.must_be_refused else ""
        for breach in self._faults.breaches(call.operation, content, answer.status):
            return breach
        return left_over(answer.status, rows, messages) if rows or messages else ""
