"""The judge of mutated calls: from a call's bytes and its answer alone, so that a replayed finding is judged the same way.

What a call left behind only the stage can say (`rest_judges.Efterladt`).
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from generalproeve.fuzz.lines import UbesvaretError
from generalproeve.fuzz.rest_judges import Openapidommer, afslagets_brud
from generalproeve.fuzz.soap_judges import FaultJudge, SoapRules
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.wire import soap
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_contracts.wire.body import STANDARD
from vos_contracts.wire.calls import soap_service
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.soap_skema import Tjeneste

READING_SERVICES = frozenset({"PersonStatusService", "PersonHistoryService", "WsrmService", "WsrmMessageService"})
"""SOAP services whose calls leave neither rows nor messages."""
WRITING_METHODS = frozenset({"POST", "PUT", "DELETE"})
MALFORMED_STATUSES = frozenset({400, 431, 501})
"""Refusals of a malformed HTTP message, which two parsers may read differently: they have no body of the contract's."""


@dataclass(frozen=True, slots=True)
class CallVerdict:
    """The operation, what was broken, whether the call may have left something, and whether it can be repeated."""

    operation: str
    breaches: tuple[str, ...] = ()
    carried_out: bool = False
    repeatable: bool = False


class VariantJudge:
    """The judge under one contract."""

    def __init__(self, contract: Kontrakt) -> None:
        self._documents, self._rest = Openapidommer(contract), Rest(contract)
        self._rules, self._faults = SoapRules(contract), FaultJudge(contract)
        self._sync = contract.navne.sti("abonnementSync")
        self._request_id = contract.navne.header("requestId").lower()
        self._all_codes = frozenset(contract.fejl)

    def judge(self, call: Kald, answer: Svar) -> CallVerdict:
        """Judge an answer."""
        return self._judge_soap(call, answer) if soap_service(call.sti) else self._judge_rest(call, answer)

    def judge_unanswered(self, unanswered: UbesvaretError) -> CallVerdict:
        """Judge that no answer came."""
        call = unanswered.kald
        if soap_service(call.sti):
            service, operation, _ = self._rules.read(call)
            return CallVerdict(f"{service.navn}.{operation.navn if operation else '?'}", (str(unanswered),))
        found = self._documents.operation(call)
        return CallVerdict(found.navn if found else f"{call.metode} {call.sti}", (str(unanswered),))

    def _judge_rest(self, call: Kald, answer: Svar) -> CallVerdict:
        is_sync = call.sti.partition("?")[0] == self._sync and call.metode == "POST"
        operation = None if is_sync else self._documents.operation(call)
        name = operation.navn if operation else f"POST {self._sync}" if is_sync else "uden for aftalen"
        breaches: list[str] = []
        if answer.status >= 500 and not (answer.status == 501 and _has_transfer_encoding(call)):
            breaches.append(f"{answer.status}: {answer.krop[:200].decode('utf-8', 'replace')}")
        elif not (answer.status in MALFORMED_STATUSES and is_malformed(call)):
            was_read = not (answer.status in {400, 413} and _is_over_limit(call))
            if was_read and not is_sync and call.metode not in {"HEAD", "OPTIONS"}:
                breaches.extend(self._documents.doem(operation, answer))
            if answer.status >= 400 and call.metode != "HEAD":
                codes = operation.koder if operation and was_read else self._all_codes
                breaches.extend(afslagets_brud(self._rest, answer, codes))
        if answer.status < 300 and _is_over_limit(call):
            breaches.append(f"en krop ud over grænsen ({len(call.krop)} byte) blev læst")
        wrote = answer.status == 200 and call.metode in WRITING_METHODS
        repeatable = wrote and not is_sync and bool(call.headers.get(self._request_id))
        return CallVerdict(name, tuple(breaches), wrote, repeatable)

    def _judge_soap(self, call: Kald, answer: Svar) -> CallVerdict:
        service, operation, must_be_refused = self._rules.read(call)
        name = f"{service.navn}.{operation.navn if operation else '?'}"
        if answer.status in MALFORMED_STATUSES and is_malformed(call):
            return CallVerdict(name)
        try:
            content = soap.laes_svar(answer.krop)
        except RemoteWireError as error:
            return CallVerdict(name, (f"svaret {answer.status} kan ikke forstås: {error}",))
        if isinstance(content, soap.Fault):
            return CallVerdict(name, tuple(self._faults.breaches(name, content, answer.status)))
        breaches = []
        if must_be_refused:
            breaches.append("et kald, der skal afvises, blev udført")
        elif operation is not None and not _is_response(content, operation.response, service):
            breaches.append(f"svaret er ikke et gyldigt {etree.QName(operation.response).localname}")
        return CallVerdict(name, tuple(breaches), service.navn not in READING_SERVICES)


def _is_response(content: etree._Element, response: str, service: Tjeneste) -> bool:
    return str(content.tag) == response and not service.brud(content)


def is_malformed(call: Kald) -> bool:
    """Say whether a call has control characters, an encoded slash in its path, a transfer encoding or 30 KB of headers."""
    texts = (call.sti, *call.headers.values())
    has_controls = any((char < " " and char != "\t") or char == "\x7f" for text in texts for char in text)
    has_encoded_slash = any(encoded in call.sti.lower() for encoded in ("%2f", "%5c", "%00"))
    length = len(call.sti) + sum(len(name) + len(value.encode()) for name, value in call.headers.items())
    return has_controls or has_encoded_slash or _has_transfer_encoding(call) or length > 30_000


def _is_over_limit(call: Kald) -> bool:
    """Say whether a body is larger than any may be, or deeper than one that is read may be."""
    is_deep = call.metode != "GET" and call.krop.startswith(b"[" * (STANDARD.dybde + 1))
    return is_deep or len(call.krop) > STANDARD.krop


def _has_transfer_encoding(call: Kald) -> bool:
    return "transfer-encoding" in call.headers
