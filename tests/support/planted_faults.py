"""References with a defect planted for the fuzzing to find; not among the misbehaving ones that the scenes are to convict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from misdaedere.boejning import MISDAEDERE, STEDER, Bygger, Sted, boejer

from vos_contracts.koder.fejl import Fejl
from vos_contracts.model.registration import Opret
from vos_contracts.wire import asgi, soap, soap_registrering
from vos_contracts.wire.asgi import AsgiEndepunkt
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.rest_headers import Headers
from vos_reference.application import koe, registration
from vos_reference.converter.registrering import Converter
from vos_reference.domain import kontaktgruppe
from vos_reference.domain.decision import Afvist, Oprettet
from vos_reference.domain.recipients import Draft, wsb_drafts


def plantet(*steder: Sted) -> Callable[[Callable[..., Any]], Bygger]:
    def bygger(ny: Callable[..., Any]) -> Bygger:
        boejer(*steder)(ny)
        del STEDER[ny.__name__]
        return MISDAEDERE.pop(ny.__name__)

    return bygger


@plantet((Converter, "registrer"))
async def other_code_by_soap(rigtig: Any, *argumenter: Any) -> Any:
    resultat = await rigtig(*argumenter)
    if not isinstance(resultat, tuple):
        return resultat
    return tuple(replace(en, kode=4645) if en.kode == 4644 else en for en in resultat)


@plantet((soap_registrering, "laes_tid"))
def forgets_the_calendar_by_soap(rigtig: Any, element: Any) -> datetime:
    return datetime.fromisoformat(element.text)


@plantet((registration, "_udfoer"))
def stores_what_is_refused(rigtig: Any, *argumenter: Any) -> Any:
    beslutning = rigtig(*argumenter)
    kommando = argumenter[4]
    if isinstance(beslutning, Afvist) and isinstance(kommando, Opret):
        rigtig(*argumenter[:4], replace(kommando, type=13, start=argumenter[6], slut=None), *argumenter[5:])
    return beslutning


@plantet((Headers, "laes_identitet"))
def accepts_a_call_without_name(rigtig: Any, selv: Any, headers: Any) -> Any:
    return rigtig(selv, {**headers, "x-userfullname": headers.get("x-userfullname") or "Nogen"})


@plantet((kontaktgruppe, "opret"))
def crashes_on_a_group(rigtig: Any, person: Any, kommando: Any, *andet: Any, **mere: Any) -> Any:
    if kommando.slut is not None:
        raise KeyError(kommando.slut)
    return rigtig(person, kommando, *andet, **mere)


@plantet((soap, "_headers"))
def accepts_a_header_twice(rigtig: Any, header: Any) -> Any:
    return {str(et.tag): et for et in (() if header is None else header)}


_via_converteren = False


async def _husk(rigtig: Any, *argumenter: Any) -> Any:
    global _via_converteren
    _via_converteren = True
    try:
        return await rigtig(*argumenter)
    finally:
        _via_converteren = False


def _som_nyt(en: Draft[Any, Any, Any]) -> Draft[Any, Any, Any]:
    return replace(en, event=Oprettet(en.event.registrering)) if _via_converteren else en


@plantet((Converter, "registrer"), (registration, "wsb_drafts"))
def reports_all_by_soap_as_new(rigtig: Any, *argumenter: Any) -> Any:
    """The twins' messages are as many; what they say of an end is another thing."""
    return map(_som_nyt, rigtig(*argumenter)) if rigtig is wsb_drafts else _husk(rigtig, *argumenter)


@plantet((koe, "_egen"))
def gives_anybody_a_sequence(rigtig: Any, t: Any, identitet: Any, sekvens_id: str) -> Any:
    return t.find_sekvens(sekvens_id) or rigtig(t, identitet, sekvens_id)


@plantet((soap, "skriv_fault"))
def echoes_unescaped(rigtig: Any, *argumenter: Any) -> bytes:
    fault: bytes = rigtig(*argumenter)
    return fault.replace(b"&lt;", b"<").replace(b"&gt;", b">").replace(b"&amp;", b"&")


@plantet((soap, "skriv"))
def writes_names_unescaped(rigtig: Any, krop: Any, *andet: Any) -> bytes:
    tekst: bytes = rigtig(krop, *andet)
    return tekst.replace(b"&lt;", b"<").replace(b"&amp;", b"&") if krop.tag.endswith("Response") else tekst


@plantet((AsgiEndepunkt, "_laes_krop"))
async def reads_any_size(rigtig: Any, selv: Any, *argumenter: Any) -> bytes:
    selv._graenser = replace(selv._graenser, krop=10**9)
    krop: bytes = await rigtig(selv, *argumenter)
    return krop


@plantet((asgi, "dyb_json"), (soap, "dyb_xml"))
def reads_any_depth(rigtig: Any, *argumenter: Any) -> bool:
    return False


@plantet((Headers, "laes_identitet"))
def accepts_a_name_of_any_length(rigtig: Any, selv: Any, headers: Any) -> Any:
    return rigtig(selv, {**headers, "x-userfullname": headers.get("x-userfullname", "")[:140]})


@plantet((soap_registrering, "skriv_svar"))
def answers_outside_the_contract(rigtig: Any, operation: str, *andet: Any) -> Any:
    raise RemoteWireError(Fejl(4322))


@plantet((AsgiEndepunkt, "__call__"))
async def hangs_up_mid_answer(rigtig: Any, selv: Any, scope: Any, receive: Any, send: Any) -> None:
    if scope["method"] == "DELETE" or scope["path"].endswith("PersonHistoryService.svc"):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"10")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
    else:
        await rigtig(selv, scope, receive, send)
