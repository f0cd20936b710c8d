"""The recipients of events: WSRM, webhook messages (WSB) and domain events."""

from __future__ import annotations

import pytest

from support.builders import AKASSE, JOBCENTER, KOMMUNE, NOW, TODAY, category, citizen, context, contract, row
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import ChangeType, Create, Kind
from vos_contracts.tables.recipients import MessageType, RecipientRule
from vos_reference.domain.batch_jobs import Job
from vos_reference.domain.decide import decide, decide_job
from vos_reference.domain.decision import Accepted, Changed, Created, Deleted, Event
from vos_reference.domain.person import Person
from vos_reference.domain.recipients import event_drafts, may_subscribe, system_receives, wsb_drafts, wsrm_drafts

KSS, PLANNER, AKASSE_SYSTEM = 1001, 1002, 2001
SYSTEMS = (KSS, PLANNER, AKASSE_SYSTEM, 77)
CREATED, CHANGED, DELETED = ChangeType.CREATED, ChangeType.CHANGED, ChangeType.DELETED
V5, V4, PC1 = MessageType.KONTAKTGRUPPE_V5, MessageType.KONTAKTGRUPPE_V4, MessageType.PERSONKATEGORI_V1


def told(*events: Event, person: Person | None = None) -> list[tuple[MessageType, Organisation]]:
    return [
        (draft.subject, draft.recipient)
        for draft in wsrm_drafts(events, person or citizen(), NOW.date(), contract().wsrm_recipients)
    ]


OF_JOBCENTER = [(V5, JOBCENTER), (V4, JOBCENTER)]


def test_the_jobcenter_gets_every_kontaktgruppe() -> None:
    for event in (Created(row(2)), Changed(row(2, end=TODAY))):
        assert told(event) == OF_JOBCENTER


def test_no_wsrm_message_tells_a_deletion() -> None:
    assert [told(Deleted(row(group))) for group in contract().kontaktgrupper if told(Deleted(row(group)))] == []
    assert told(Deleted(row(8, kind=Kind.PERSONKATEGORI))) == []


def test_the_jobcenter_gets_every_personkategori_and_the_akasse_none() -> None:
    for type_ in range(4, 16):
        assert told(Created(row(type_, kind=Kind.PERSONKATEGORI))) == [(PC1, JOBCENTER)]
        assert told(Changed(row(type_, kind=Kind.PERSONKATEGORI, end=TODAY))) == [(PC1, JOBCENTER)]


def test_an_akasse_is_told_in_four_cases_only() -> None:
    """Of every event on every group, only the epic's four reach the akasse, and only as version 5."""
    new = row(4, "new")
    found = set()
    for group in contract().kontaktgrupper:
        closed = row(group, end=TODAY)
        for name, event in (
            ("create", Created(row(group))),
            ("close", Changed(closed)),
            ("change", Changed(closed, successor=new)),
            ("delete", Deleted(row(group))),
        ):
            to_akasse = [message for message, recipient in told(event) if recipient == AKASSE]
            assert to_akasse in ([], [V5])
            if to_akasse:
                found.add((group, name))
    assert found == {
        (13, "create"),
        (23, "create"),
        (25, "close"),
        (25, "change"),
    }


def test_without_a_membership_no_akasse_is_told() -> None:
    person = citizen()
    without = [membership for membership in person.memberships if membership.organisation != AKASSE]
    assert told(Created(row(13)), person=Person("p", person.cpr, person.born, memberships=tuple(without))) == (
        OF_JOBCENTER
    )


def test_messages_come_in_the_order_of_the_events() -> None:
    old, new = row(25, end=TODAY), row(13, "new")
    pair = [
        (draft.subject, draft.event.registration.id, draft.recipient)
        for draft in wsrm_drafts((Changed(old, new), Created(new)), citizen(), NOW.date(), contract().wsrm_recipients)
    ]
    assert pair == [
        (V5, "old", JOBCENTER),
        (V4, "old", JOBCENTER),
        (V5, "old", AKASSE),
        (V5, "new", JOBCENTER),
        (V4, "new", JOBCENTER),
        (V5, "new", AKASSE),
    ]


def wsb_recipients(event: Event) -> list[tuple[object, ChangeType]]:
    draft = wsb_drafts([event], citizen(), NOW.date(), contract().wsb_recipients)
    return [(item.recipient, item.event.change_type) for item in draft]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (Created(row(13)), [(JOBCENTER, CREATED), (AKASSE, CREATED)]),
        (Created(row(23)), [(JOBCENTER, CREATED), (AKASSE, CREATED)]),
        (Created(row(12)), [(JOBCENTER, CREATED)]),
        (Created(row(25)), [(JOBCENTER, CREATED)]),
        (Changed(row(25, end=TODAY)), [(JOBCENTER, CHANGED), (AKASSE, CHANGED)]),
        (Changed(row(25, end=TODAY), row(2)), [(JOBCENTER, CHANGED), (AKASSE, CHANGED)]),
        (Changed(row(24, end=TODAY)), [(JOBCENTER, CHANGED)]),
        (Changed(row(13, end=TODAY)), [(JOBCENTER, CHANGED)]),
        (Deleted(row(13)), [(JOBCENTER, DELETED)]),
        (Deleted(row(25)), [(JOBCENTER, DELETED)]),
        (Created(category(5)), [(JOBCENTER, CREATED)]),
        (Changed(category(5)), [(JOBCENTER, CHANGED)]),
    ],
)
def test_the_recipients_over_wsb(event: Event, expected: list[tuple[object, ChangeType]]) -> None:
    assert wsb_recipients(event) == expected


def test_only_an_authority_that_is_ever_told_may_subscribe() -> None:
    may = {
        (organisation, kind): may_subscribe(organisation.type, kind, contract().wsb_recipients)
        for organisation in (JOBCENTER, AKASSE, KOMMUNE)
        for kind in Kind
    }
    assert [key for key, response in may.items() if response] == [
        (JOBCENTER, Kind.KONTAKTGRUPPE),
        (JOBCENTER, Kind.PERSONKATEGORI),
        (AKASSE, Kind.KONTAKTGRUPPE),
    ]


ALL = ("JobSearch", "Kontaktforloeb", "Virksomhedsindsats")
WITH_CATEGORY = ("JobSearch", "Kontaktforloeb")


@pytest.mark.parametrize(
    ("event", "change_type", "domains"),
    [
        (Created(row(13)), ChangeType.CREATED, ALL),
        (Changed(row(13, end=NOW)), ChangeType.CHANGED, ALL),
        (Deleted(row(13)), ChangeType.DELETED, ALL),
        (Created(category(8)), ChangeType.CREATED, WITH_CATEGORY),
        (Changed(category(8)), ChangeType.CHANGED, WITH_CATEGORY),
        (Deleted(category(8)), ChangeType.DELETED, WITH_CATEGORY),
    ],
)
def test_every_kind_of_event_to_every_domain(event: Event, change_type: ChangeType, domains: tuple[str, ...]) -> None:
    told = list(event_drafts([event], contract().event_recipients))
    assert tuple(draft.recipient for draft in told) == domains
    assert {(draft.event, draft.event.change_type) for draft in told} == {(event, change_type)}


def test_no_domains_no_event() -> None:
    assert list(event_drafts([Created(category(8))], [RecipientRule(Kind.KONTAKTGRUPPE, "X")])) == []


def said(accepted: object) -> list[tuple[str, int, str]]:
    assert isinstance(accepted, Accepted)
    to_jobsearch = (
        draft.event for draft in event_drafts(accepted.events, contract().event_recipients) if draft.recipient == ALL[0]
    )
    return [(item.registration.kind.value, item.registration.type, item.change_type.name) for item in to_jobsearch]


def test_a_change_and_its_consequences_are_told_in_order() -> None:
    person = citizen(row(2), category(5))
    assert said(decide(person, Create(Kind.KONTAKTGRUPPE, 4, NOW.replace(hour=0)), context())) == [
        ("kontaktgruppe", 2, "CHANGED"), ("kontaktgruppe", 4, "CREATED"), ("personkategori", 5, "CHANGED"),
    ]  # fmt: skip


def test_a_nightly_change_is_told_like_a_callers() -> None:
    """On the 30th birthday group 12 becomes 2, and a personkategori that 2 does not allow becomes its default."""
    person = citizen(row(12), category(6), age=30)
    assert said(decide_job(person, Job.THIRTY_YEAR, context())) == [
        ("kontaktgruppe", 12, "CHANGED"), ("kontaktgruppe", 2, "CREATED"),
        ("personkategori", 6, "CHANGED"), ("personkategori", 8, "CREATED"),
    ]  # fmt: skip


def test_a_system_gets_the_messages_of_its_row_and_without_a_row_every_one() -> None:
    systems = contract().wsrm_systems
    found = {system: [item for item in (V5, V4, PC1) if system_receives(system, item, systems)] for system in SYSTEMS}
    assert found == {KSS: [V5, V4, PC1], PLANNER: [V5, PC1], AKASSE_SYSTEM: [V5], 77: [V5, V4, PC1]}
