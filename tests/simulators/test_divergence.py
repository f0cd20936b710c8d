from __future__ import annotations

from datetime import timedelta

from support.builders import JOBCENTER, NOW, TODAY
from vos_contracts.control.operations import CitizenState, QueuedEvent, RegistrationState
from vos_contracts.model.registration import ChangeType, Kind
from vos_contracts.wire.messages.events import DomainEvent, decode_event, encode_event
from vos_simulators.divergence import Deviation, DivergenceKind, compare

A = RegistrationState(type=4, id="a", start=TODAY)
B = RegistrationState(type=13, id="b", start=TODAY)


def event(nr: int, standing: RegistrationState, change: ChangeType, kind: Kind = Kind.KONTAKTGRUPPE) -> QueuedEvent:
    assert standing.start is not None
    told = DomainEvent(
        event_id=f"h{nr}",
        entity=kind,
        change_type=change,
        citizen_id="p",
        cpr="0203840023",
        id=standing.id,
        type=standing.type,
        event=None,
        start=standing.start,
        end=standing.end,
        authority=JOBCENTER,
        occurred=NOW,
    )
    return QueuedEvent(nr=nr, event=told)


TOLD = (
    event(1, A, ChangeType.CREATED),
    event(2, RegistrationState(type=4, id="a", start=TODAY, end=NOW), ChangeType.CHANGED),
    event(3, B, ChangeType.CREATED),
)


def standing(*groups: RegistrationState) -> CitizenState:
    return CitizenState(citizen_id="p", cpr="0203840023", kontaktgrupper=groups)


def findings(
    recorded: CitizenState, reported: CitizenState, *told: QueuedEvent
) -> list[tuple[DivergenceKind, object, object, object]]:
    divergences = compare("JobSearch", frozenset(Kind), recorded, reported, told)
    return [(found.divergence, found.recorded, found.reported, found.event_nr) for found in divergences]


def test_equal_views_do_not_diverge() -> None:
    assert findings(standing(B), standing(B), *TOLD) == []
    assert findings(standing(), standing()) == []


def test_the_four_kinds_name_the_event_that_should_have_told() -> None:
    assert findings(standing(B), standing(), *TOLD) == [(DivergenceKind.MISSING, 13, None, 3)]
    assert findings(standing(), standing(A), *TOLD[:2]) == [(DivergenceKind.EXTRA, None, 4, 2)]
    assert findings(standing(B), standing(A), *TOLD) == [(DivergenceKind.STALE, 13, 4, 3)]
    assert findings(standing(B), standing(RegistrationState(type=7, id="x")), *TOLD) == [
        (DivergenceKind.OTHER, 13, 7, 3)
    ]


def test_two_open_registrations_in_the_view_are_one_extra() -> None:
    assert findings(standing(B), standing(A, B), *TOLD) == [(DivergenceKind.EXTRA, None, 4, 2)]
    assert findings(standing(B), standing(B, A), *TOLD) == [(DivergenceKind.EXTRA, None, 4, 2)]


def test_the_same_registration_with_an_old_end_is_stale() -> None:
    ends = RegistrationState(type=13, id="b", start=TODAY, end=NOW + timedelta(days=3))
    told = (*TOLD, event(4, ends, ChangeType.CHANGED))
    assert findings(standing(ends), standing(B), *told) == [(DivergenceKind.STALE, 13, 13, 4)]
    other = RegistrationState(type=13, id="b", start=TODAY, end=NOW + timedelta(days=9))
    assert findings(standing(ends), standing(other), *told) == [(DivergenceKind.OTHER, 13, 13, 4)]


def test_a_field_missing_from_the_view_cannot_diverge() -> None:
    assert findings(standing(B), standing(RegistrationState(type=13)), *TOLD) == []
    assert findings(standing(B), standing(RegistrationState(type=13, id="b")), *TOLD) == []
    assert findings(standing(B), standing(RegistrationState(type=13, start=TODAY - timedelta(days=1))), *TOLD) == [
        (DivergenceKind.OTHER, 13, 13, 3)
    ]


def test_only_the_kinds_of_the_domain_are_compared() -> None:
    recorded = CitizenState(
        citizen_id="p", cpr="0203840023", kontaktgrupper=(B,), personkategorier=(RegistrationState(type=5, id="k"),)
    )
    only_groups = list(compare("Virksomhedsindsats", {Kind.KONTAKTGRUPPE}, recorded, standing(B), TOLD))
    assert only_groups == []
    both = list(compare("JobSearch", frozenset(Kind), recorded, standing(B), TOLD))
    assert [(found.kind, found.divergence, found.event_nr) for found in both] == [
        (Kind.PERSONKATEGORI, DivergenceKind.MISSING, None)
    ]


def test_a_divergence_names_the_masked_citizen_and_the_event() -> None:
    assert list(compare("JobSearch", {Kind.KONTAKTGRUPPE}, standing(B), standing(), TOLD)) == [
        Deviation(
            domain="JobSearch", kind=Kind.KONTAKTGRUPPE, divergence=DivergenceKind.MISSING, citizen="020384xxxx",
            registration="b", recorded=13, reported=None, event_nr=3, event_id="h3",
        )
    ]  # fmt: skip
    unknown = RegistrationState(type=7, id="x")
    (found,) = compare("JobSearch", {Kind.KONTAKTGRUPPE}, standing(), standing(unknown), TOLD)
    assert (found.divergence, found.event_nr, found.event_id) == (DivergenceKind.EXTRA, None, None)


def test_the_event_body_on_the_wire() -> None:
    """Pinned: the consumers behind the broker read these names."""
    body = encode_event(TOLD[1].event)
    assert body == (
        b'{"haendelseId":"h2","entitet":"kontaktgruppe","aendringstype":2,"borgerId":"p","cpr":"0203840023","id":"a",'
        b'"type":4,"haendelse":null,"start":"2024-11-18T00:00:00+01:00","slut":"2024-11-18T09:00:00+01:00",'
        b'"myndighed":{"type":8,"kode":"10100"},"indtraffet":"2024-11-18T09:00:00+01:00"}'
    )
    assert decode_event(body) == TOLD[1].event
