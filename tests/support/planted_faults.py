"""Reference implementations, each with one planted fault that a hunt of the fuzzer must find.

Not here: the misbehaving references that the scenarios must detect (`support.misbehaving`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from support.misbehaving.bending import MISBEHAVING, PLACES, Builder, Place, bender
from vos_contracts.model.registration import Create
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire.asgi import endpoint
from vos_contracts.wire.asgi.endpoint import AsgiEndpoint
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.rest.headers import Headers
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap import registration as soap_registration
from vos_reference.application import registration, wsrm_queue
from vos_reference.domain import kontaktgruppe
from vos_reference.domain.decision import Created, Refused
from vos_reference.domain.recipients import Draft, wsb_drafts
from vos_reference.edge.soap.converter import Converter


def planted(*places: Place) -> Callable[[Callable[..., Any]], Builder]:
    """Decorate a function that replaces the reference's own at those places; it gets the original as its first argument.

    The decorated name becomes a builder of the faulty reference, and is not registered in `MISBEHAVING`.
    """

    def build_unregistered(replacement: Callable[..., Any]) -> Builder:
        """Register the replacement with `bender`, take it out of both registers again, and return its builder."""
        bender(*places)(replacement)
        del PLACES[replacement.__name__]
        return MISBEHAVING.pop(replacement.__name__)

    return build_unregistered


@planted((Converter, "register"))
async def other_code_by_soap(real: Any, *arguments: Any) -> Any:
    result = await real(*arguments)
    if not isinstance(result, tuple):
        return result
    return tuple(replace(error, code=4645) if error.code == 4644 else error for error in result)


@planted((soap_registration, "read_time"))
def forgets_the_calendar_by_soap(real: Any, element: Any) -> datetime:
    return datetime.fromisoformat(element.text)


@planted((registration, "_carry_out"))
def stores_what_is_refused(real: Any, *arguments: Any) -> Any:
    decision = real(*arguments)
    command = arguments[4]
    if isinstance(decision, Refused) and isinstance(command, Create):
        real(*arguments[:4], replace(command, type=13, start=arguments[6], end=None), *arguments[5:])
    return decision


@planted((Headers, "read_identity"))
def accepts_a_call_without_name(real: Any, itself: Any, headers: Any) -> Any:
    return real(itself, {**headers, "x-userfullname": headers.get("x-userfullname") or "Nogen"})


@planted((kontaktgruppe, "create"))
def crashes_on_a_group(real: Any, person: Any, command: Any, *other: Any, **more: Any) -> Any:
    if command.end is not None:
        raise KeyError(command.end)
    return real(person, command, *other, **more)


@planted((envelope, "_headers"))
def accepts_a_header_twice(real: Any, header: Any) -> Any:
    return {str(element.tag): element for element in (() if header is None else header)}


_in_converter = False
"""Whether the converter is carrying out a call: `wsb_drafts` does not know the channel."""


async def _mark_converter_call(real: Any, *arguments: Any) -> Any:
    global _in_converter
    _in_converter = True
    try:
        return await real(*arguments)
    finally:
        _in_converter = False


def _as_created(draft: Draft[Any, Any, Any]) -> Draft[Any, Any, Any]:
    return replace(draft, event=Created(draft.event.registration)) if _in_converter else draft


@planted((Converter, "register"), (registration, "wsb_drafts"))
def reports_all_by_soap_as_new(real: Any, *arguments: Any) -> Any:
    """Report an end by SOAP as a creation: both twins get the same number of messages, with different contents."""
    return map(_as_created, real(*arguments)) if real is wsb_drafts else _mark_converter_call(real, *arguments)


@planted((wsrm_queue, "_own"))
def gives_anybody_a_sequence(real: Any, t: Any, identity: Any, sequence_id: str) -> Any:
    return t.find_sequence(sequence_id) or real(t, identity, sequence_id)


@planted((envelope, "write_fault"))
def echoes_unescaped(real: Any, *arguments: Any) -> bytes:
    fault: bytes = real(*arguments)
    return fault.replace(b"&lt;", b"<").replace(b"&gt;", b">").replace(b"&amp;", b"&")


@planted((envelope, "write"))
def writes_names_unescaped(real: Any, body: Any, *other: Any) -> bytes:
    text: bytes = real(body, *other)
    return text.replace(b"&lt;", b"<").replace(b"&amp;", b"&") if body.tag.endswith("Response") else text


@planted((AsgiEndpoint, "_read_body"))
async def reads_any_size(real: Any, itself: Any, *arguments: Any) -> bytes:
    itself._limits = replace(itself._limits, body=10**9)
    body: bytes = await real(itself, *arguments)
    return body


@planted((endpoint, "json_too_deep"), (envelope, "xml_too_deep"))
def reads_any_depth(real: Any, *arguments: Any) -> bool:
    return False


@planted((soap_registration, "write_response"))
def answers_outside_the_contract(real: Any, operation: str, *other: Any) -> Any:
    raise RemoteWireError(ServiceError(4322))


@planted((AsgiEndpoint, "__call__"))
async def hangs_up_mid_answer(real: Any, itself: Any, scope: Any, receive: Any, send: Any) -> None:
    if scope["method"] == "DELETE" or scope["path"].endswith("PersonHistoryService.svc"):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"10")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
    else:
        await real(itself, scope, receive, send)
