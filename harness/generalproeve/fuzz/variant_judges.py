"""The judge of mutated calls: it reads only the call and its answer, so that a replayed finding is judged the same way.

What a call left behind on the stage is counted by `rest_judges.LeftBehind`.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from generalproeve.fuzz.lines import UnansweredError
from generalproeve.fuzz.rest_judges import OpenapiJudge, refusal_breaches
from generalproeve.fuzz.soap_judges import FaultJudge, SoapRules
from vos_contracts.contract import Contract
from vos_contracts.wire.asgi.body import STANDARD
from vos_contracts.wire.base import Call, RemoteWireError, Response
from vos_contracts.wire.calls import soap_service
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap.schemas import Service

READING_SERVICES = frozenset({"PersonStatusService", "PersonHistoryService", "WsrmService", "WsrmMessageService"})
"""SOAP services whose calls add neither rows nor messages."""
WRITING_METHODS = frozenset({"POST", "PUT", "DELETE"})
MALFORMED_STATUSES = frozenset({400, 431, 501})
"""How an HTTP server may refuse a malformed message; such a refusal comes from its parser, without a contract body."""


@dataclass(frozen=True, slots=True)
class CallJudgement:
    """The judgement of one answer.

    `carried_out`: the call may have added rows or messages. `repeatable`: sent again, it must be answered with 412.
    """

    operation: str
    breaches: tuple[str, ...] = ()
    carried_out: bool = False
    repeatable: bool = False


class VariantJudge:
    """Judges answers to mutated calls by a contract."""

    def __init__(self, contract: Contract) -> None:
        self._documents, self._rest = OpenapiJudge(contract), Rest(contract)
        self._rules, self._faults = SoapRules(contract), FaultJudge(contract)
        self._sync = contract.names.path("subscriptionSync")
        self._request_id = contract.names.header("requestId").lower()
        self._all_codes = frozenset(contract.errors)

    def judge(self, call: Call, answer: Response) -> CallJudgement:
        """Judge the answer to a call."""
        return self._judge_soap(call, answer) if soap_service(call.path) else self._judge_rest(call, answer)

    def judge_unanswered(self, unanswered: UnansweredError) -> CallJudgement:
        """Return the judgement of a call that got no answer: a breach."""
        call = unanswered.call
        if soap_service(call.path):
            service, operation, _ = self._rules.read(call)
            return CallJudgement(f"{service.name}.{operation.name if operation else '?'}", (str(unanswered),))
        rest_operation = self._documents.operation(call)
        return CallJudgement(
            rest_operation.name if rest_operation else f"{call.method} {call.path}", (str(unanswered),)
        )

    def _judge_rest(self, call: Call, answer: Response) -> CallJudgement:
        path = call.path.partition("?")[0].removesuffix("/")  # servers ignore case and a slash at the end
        is_sync = path.casefold() == self._sync.casefold() and call.method == "POST"
        operation = None if is_sync else self._documents.operation(call)
        name = operation.name if operation else f"POST {self._sync}" if is_sync else "uden for aftalen"
        breaches: list[str] = []
        if answer.status >= 500 and not (answer.status == 501 and _has_transfer_encoding(call)):
            breaches.append(f"{answer.status}: {answer.body[:200].decode('utf-8', 'replace')}")
        elif not (answer.status in MALFORMED_STATUSES and is_malformed(call)):
            was_read = not (answer.status in {400, 413} and _is_over_limit(call))
            if was_read and not is_sync and call.method not in {"HEAD", "OPTIONS"}:
                breaches.extend(self._documents.judge(operation, answer))
            if answer.status >= 400 and call.method != "HEAD":
                codes = operation.codes if operation and was_read else self._all_codes
                breaches.extend(refusal_breaches(self._rest, answer, codes))
        if answer.status < 300 and _is_over_limit(call):
            breaches.append(f"en krop ud over grænsen ({len(call.body)} byte) blev læst")
        wrote = answer.status == 200 and call.method in WRITING_METHODS
        repeatable = wrote and not is_sync and bool(call.headers.get(self._request_id))
        return CallJudgement(name, tuple(breaches), wrote, repeatable)

    def _judge_soap(self, call: Call, answer: Response) -> CallJudgement:
        service, operation, must_be_refused = self._rules.read(call)
        name = f"{service.name}.{operation.name if operation else '?'}"
        if answer.status in MALFORMED_STATUSES and is_malformed(call):
            return CallJudgement(name)
        try:
            content = envelope.read_response(answer.body)
        except RemoteWireError as error:
            return CallJudgement(name, (f"svaret {answer.status} kan ikke forstås: {error}",))
        if isinstance(content, envelope.Fault):
            return CallJudgement(name, tuple(self._faults.breaches(name, content, answer.status)))
        breaches = []
        if must_be_refused:
            breaches.append("et kald, der skal afvises, blev udført")
        elif operation is not None and not _is_response(content, operation.response, service):
            breaches.append(f"svaret er ikke et gyldigt {etree.QName(operation.response).localname}")
        return CallJudgement(name, tuple(breaches), service.name not in READING_SERVICES)


def _is_response(content: etree._Element, response: str, service: Service) -> bool:
    return str(content.tag) == response and not service.breach(content)


def is_malformed(call: Call) -> bool:
    """Return whether HTTP servers may refuse the call before the contract applies.

    It has control characters, an encoded slash in its path, a transfer encoding, or more than 30,000 bytes of headers.
    """
    texts = (call.path, *call.headers.values())
    has_controls = any((char < " " and char != "\t") or char == "\x7f" for text in texts for char in text)
    has_encoded_slash = any(encoded in call.path.lower() for encoded in ("%2f", "%5c", "%00"))
    length = len(call.path) + sum(len(name) + len(value.encode()) for name, value in call.headers.items())
    return has_controls or has_encoded_slash or _has_transfer_encoding(call) or length > 30_000


def _is_over_limit(call: Call) -> bool:
    """Return whether the body is larger than the size limit, or a list nested deeper than the depth limit."""
    is_deep = call.method != "GET" and call.body.startswith(b"[" * (STANDARD.depth + 1))
    return is_deep or len(call.body) > STANDARD.body


def _has_transfer_encoding(call: Call) -> bool:
    return "transfer-encoding" in call.headers
