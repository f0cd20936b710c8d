"""Every fault of a sender, planted in the running reference: the oracle finds it by name, and finds nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest

import vos_reference.application.registration as registration
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
    assert [str(deviation) for deviation in performance.scenario()] == []


WsrmDraft = Draft[MessageType, Organisation, Event]
DraftList = Callable[[list[WsrmDraft]], Iterable[WsrmDraft]]


def _with(bend: DraftList) -> Callable[[pytest.MonkeyPatch], None]:
    """Pass the WSRM drafts of each change through `bend`."""
    real = registration.wsrm_drafts
    return lambda patch: patch.setattr(registration, "wsrm_drafts", lambda *other: bend(list(real(*other))))


def _wsb(bend: Callable[[list[Any]], Iterable[Any]]) -> Callable[[pytest.MonkeyPatch], None]:
    """Pass the webservice messages of each change through `bend`."""
    real = registration._wsb_envelopes
    return lambda patch: patch.setattr(registration, "_wsb_envelopes", lambda *other: bend(list(real(*other))))


def _about(message: MessageType, group: int) -> Callable[[WsrmDraft], bool]:
    return lambda draft: (
        draft.subject is message and draft.event.registration.type == group and draft.event.registration.end is None
    )


def _to_akasse(message: MessageType, kind: Kind, type_: int | None = None) -> DraftList:
    def add(drafts: list[WsrmDraft]) -> list[WsrmDraft]:
        extra = [
            Draft(message, AKASSE, draft.event)
            for draft in drafts
            if draft.event.registration.kind is kind
            and (type_ is None or draft.event.registration.type == type_)
            and draft.subject is message
        ]
        return [*drafts, *extra]

    return add


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
            [event for event in events if event.registration.registrant.system != ClientSystem.DFDG],
            now,
        )

    patch.setattr(registration, "raise_events", raise_events)


V5_, V1_ = MessageType.KONTAKTGRUPPE_V5, MessageType.PERSONKATEGORI_V1
MISDEEDS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], Found]] = {
    "taber en": (
        _with(
            lambda drafts: [
                draft
                for draft in drafts
                if not _about(V5_, 2)(draft) or draft.event.registration.registrant.active != JOBCENTER
            ]
        ),
        {(MISSING, J, V5): "1 3"},
    ),
    "sender en to gange": (
        _with(
            lambda drafts: [
                draft for draft in drafts for _ in range(1 + (_about(V5_, 13)(draft) and draft.recipient == AKASSE))
            ]
        ),
        {(DUPLICATE, A, V5): "2"},
    ),
    "bytter om paa to": (
        _with(lambda drafts: drafts[::-1]),
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
        _wsb(lambda drafts: [draft for draft in drafts if draft.recipient.organisation != AKASSE]),
        {(MISSING, WA, "Kontaktgruppe"): "2 4 6 8"},
    ),
    "sender en WSB igen under nyt id": (
        _wsb(
            lambda drafts: [
                *drafts,
                *(replace(draft, id=new_uuid(), body=_new_id(draft.body)) for draft in drafts[:1]),
            ]
        ),
        {(DUPLICATE, WJ, "Kontaktgruppe"): "1 2 3 4 5 6 7 8 night"},
    ),
    "bytter om paa WSB": (
        _wsb(lambda drafts: drafts[::-1]),
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
    misbehave, expected = MISDEEDS[name]
    misbehave(monkeypatch)
    assert findings(performance.scenario()) == expected
