"""The list of what a sender can do wrong, each done to the running reference and named by the oracle - and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from support.builders import AKASSE, JOBCENTER, STAR
from support.performance import (
    DISORDER,
    DUPLICATE,
    EXTRA,
    KG,
    MISSING,
    PC,
    WA,
    WJ,
    WRONG,
    A,
    Found,
    J,
    Performance,
    findings,
)

import vos_reference.application.registration as registration
from vos_contracts.base.ids import new_uuid
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Kind
from vos_contracts.tables.access import ClientSystem
from vos_contracts.tables.recipients import MessageType
from vos_contracts.wire.messages.wsrm import WsrmMessage
from vos_reference.domain.decision import Event
from vos_reference.domain.recipients import Draft
from vos_simulators.oracle.expected import DOMAINS, V1, V4, V5


def test_a_correct_sender_has_no_findings(performance: Performance) -> None:
    assert [str(item) for item in performance.scenario()] == []


WsrmDraft = Draft[MessageType, Organisation, Event]
DraftList = Callable[[list[WsrmDraft]], Iterable[WsrmDraft]]


def _with(listing: DraftList) -> Callable[[pytest.MonkeyPatch], None]:
    """Let the WSRM drafts of each change pass through that."""
    real = registration.wsrm_drafts
    return lambda patch: patch.setattr(registration, "wsrm_drafts", lambda *other: listing(list(real(*other))))


def _wsb(listing: Callable[[list[Any]], Iterable[Any]]) -> Callable[[pytest.MonkeyPatch], None]:
    """Let the webservice messages of each change pass through that."""
    real = registration._wsb_envelopes
    return lambda patch: patch.setattr(registration, "_wsb_envelopes", lambda *other: listing(list(real(*other))))


def _about(message: MessageType, group: int) -> Callable[[WsrmDraft], bool]:
    return lambda item: (
        item.subject is message and item.event.registration.type == group and item.event.registration.end is None
    )


def _to_akasse(message: MessageType, kind: Kind, type_: int | None = None) -> DraftList:
    def listing(draft: list[WsrmDraft]) -> list[WsrmDraft]:
        extra = [
            Draft(message, AKASSE, item.event)
            for item in draft
            if item.event.registration.kind is kind
            and (type_ is None or item.event.registration.type == type_)
            and item.subject is message
        ]
        return [*draft, *extra]

    return listing


def _wrong_author(patch: pytest.MonkeyPatch) -> None:
    def message(**fields: Any) -> WsrmMessage:
        return WsrmMessage(**{**fields, "registrant": replace(fields["registrant"], active=STAR)})

    patch.setattr(registration, "WsrmMessage", message)


def _without_events_about_night(patch: pytest.MonkeyPatch) -> None:
    real = registration.raise_events

    def raise_events(runtime: Any, t: Any, person: Any, events: Sequence[Event], now: Any) -> None:
        real(
            runtime,
            t,
            person,
            [item for item in events if item.registration.registrant.system != ClientSystem.DFDG],
            now,
        )

    patch.setattr(registration, "raise_events", raise_events)


V5_, V1_ = MessageType.KONTAKTGRUPPE_V5, MessageType.PERSONKATEGORI_V1
MISDEEDS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], Found]] = {
    "taber en": (
        _with(
            lambda everyone: [
                one_item
                for one_item in everyone
                if not _about(V5_, 2)(one_item) or one_item.event.registration.registrant.active != JOBCENTER
            ]
        ),
        {(MISSING, J, V5): "1 3"},
    ),
    "sender en to gange": (
        _with(
            lambda everyone: [
                one_item
                for one_item in everyone
                for _ in range(1 + (_about(V5_, 13)(one_item) and one_item.recipient == AKASSE))
            ]
        ),
        {(DUPLICATE, A, V5): "2"},
    ),
    "bytter om paa to": (
        _with(lambda everyone: everyone[::-1]),
        {
            (DISORDER, J, V5): "2 3 4 5 6 7 night",
            (DISORDER, J, V4): "2 3 4 5 6 7 night",
        },
    ),
    "naevner den forkerte": (
        _wrong_author,
        {
            (WRONG, J, V5): "1 3 5 6 7 8",
            (WRONG, J, V4): "1 3 5 6 7 8",
            (WRONG, J, V1): "1 6 8",
            (WRONG, A, V5): "6 8",
        },
    ),
    "sender personkategori til a-kassen": (_with(_to_akasse(V1_, PC)), {(EXTRA, A, V1): "1 4 6 8 night"}),
    "sender V5 om gruppe 2 til a-kassen": (_with(_to_akasse(V5_, KG, 2)), {(EXTRA, A, V5): "1 2 3 4 5 6 7 night"}),
    "rejser ingen haendelser om natten": (
        _without_events_about_night,
        {(MISSING, f"{domain} (hændelse)", kind.value): "night" for domain, kinds in DOMAINS.items() for kind in kinds},
    ),
    "taber en WSB": (
        _wsb(lambda everyone: [one_item for one_item in everyone if one_item.recipient.organisation != AKASSE]),
        {(MISSING, WA, "Kontaktgruppe"): "2 4 6 8"},
    ),
    "sender en WSB igen under nyt id": (
        _wsb(
            lambda everyone: [
                *everyone,
                *(replace(one_item, id=new_uuid(), body=_new_id(one_item.body)) for one_item in everyone[:1]),
            ]
        ),
        {(DUPLICATE, WJ, "Kontaktgruppe"): "1 2 3 4 5 6 7 8 night"},
    ),
    "bytter om paa WSB": (
        _wsb(lambda everyone: everyone[::-1]),
        {(DISORDER, WJ, "Kontaktgruppe"): "1 2 3 4 5 6 7 8 night"},
    ),
}


def _new_id(body: bytes) -> bytes:
    import msgspec

    message = msgspec.json.decode(body)
    message["metadata"]["beskedId"] = new_uuid()
    return msgspec.json.encode(message)


@pytest.mark.parametrize("name", MISDEEDS)
def test_each_fault_of_a_sender_is_found_and_named(
    performance: Performance, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    commit, expected = MISDEEDS[name]
    commit(monkeypatch)
    assert findings(performance.scenario()) == expected
