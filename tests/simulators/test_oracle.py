"""The oracle alone: the expected messages, and the named deviations of the received ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.control.operations import OPERATOR_SETUP, CitizenRow, RegistrationRow
from vos_contracts.model.identity import Identity, Organisation, User
from vos_contracts.model.registration import Kind
from vos_contracts.wire.messages.wsrm_cpr import CprMessage
from vos_simulators.oracle import cpr_change
from vos_simulators.oracle.expected import Expected, MessageChannel, Recipient, WsbSubscriber, expected
from vos_simulators.oracle.happened import Author, Happened, occurred
from vos_simulators.oracle.received import Got
from vos_simulators.oracle.verdict import DeviationKind, Mismatch, assess

NOW = datetime(2024, 11, 18, 8, 0, tzinfo=UTC)
JOBCENTER, AKASSE = Organisation(8, "10100"), Organisation(2, "81")
KSS = Author(JOBCENTER, 1001, "tt")
KG, PC = Kind.KONTAKTGRUPPE, Kind.PERSONKATEGORI
J, A = Recipient(MessageChannel.WSRM, "8/10100"), Recipient(MessageChannel.WSRM, "2/81")
SUBSCRIBERS = [WsbSubscriber("s", JOBCENTER, frozenset({KG, PC})), WsbSubscriber("s", AKASSE, frozenset({KG, PC}))]


def happened(
    type_: int, id_: str = "r1", kind: Kind = KG, *, end: datetime | None = None, deleted: bool = False
) -> Happened:
    cause = f"kald om {id_}"
    return Happened("b", "0203840000", kind, id_, type_, None, NOW, end, deleted, KSS, NOW, JOBCENTER, AKASSE, cause)


def recipients(*happened_events: Happened) -> list[tuple[str, str]]:
    """Return (recipient, variant) of the messages about the last event."""
    messages, before = expected(happened_events, SUBSCRIBERS), expected(happened_events[:-1], SUBSCRIBERS)
    return [(message.recipient.name, message.message) for message in messages[len(before) :]]


V5, V4, V1 = "GetContactGroupVersion5", "GetContactGroupVersion4", "GetPersonCategoryVersion1"
DOMAINS_KG = [(name, "kontaktgruppe") for name in ("JobSearch", "Kontaktforloeb", "Virksomhedsindsats")]
THE_JOBCENTER = [*DOMAINS_KG, ("8/10100", V5), ("8/10100", V4)]
FROM_WSB = [("s for 8/10100", "Kontaktgruppe")]
THE_AKASSE = [("2/81", V5)]
AKASSE_WSB = [("s for 2/81", "Kontaktgruppe")]


@pytest.mark.parametrize(
    ("happened_events", "akasse"),
    [
        ((happened(13),), True),
        ((happened(23),), True),
        ((happened(25), happened(25, end=NOW)), True),
        ((happened(12),), False),
        ((happened(2),), False),
        ((happened(24),), False),
        ((happened(25),), False),
        ((happened(25), happened(25, end=NOW, deleted=True)), False),
        ((happened(24), happened(24, end=NOW)), False),
        ((happened(13), happened(13, end=NOW)), False),
        ((happened(23), happened(23, end=NOW)), False),
        ((happened(13), happened(13, deleted=True)), False),
    ],
)
def test_the_four_akasse_cases_and_their_near_misses(happened_events: tuple[Happened, ...], akasse: bool) -> None:
    assert recipients(*happened_events) == [
        *(DOMAINS_KG if happened_events[-1].is_deleted else THE_JOBCENTER),  # no WSRM message tells a deletion
        *(THE_AKASSE if akasse else []),
        *FROM_WSB,
        *(AKASSE_WSB if akasse else []),
    ]


def test_a_personkategori_goes_to_the_jobcenter_and_two_domains() -> None:
    assert recipients(happened(5, kind=PC)) == [
        ("JobSearch", "personkategori"),
        ("Kontaktforloeb", "personkategori"),
        ("8/10100", V1),
        ("s for 8/10100", "Personkategori"),
    ]


def test_seeded_registrations_go_to_the_domains_only() -> None:
    set_up = replace(happened(13), author=Author(OPERATOR_SETUP, 0, "generalproeve"))
    assert recipients(set_up) == DOMAINS_KG
    assert {item.recipient.channel for item in expected([happened(13)], SUBSCRIBERS, wsrm=False)} == {
        MessageChannel.WSB,
        MessageChannel.EVENT,
    }
    without = replace(happened(13), jobcenter=None, akasse=None)
    assert recipients(without) == DOMAINS_KG


def test_a_subscriber_gets_only_its_kinds() -> None:
    subscribers = [WsbSubscriber("kg", JOBCENTER, frozenset({KG})), WsbSubscriber("pc", JOBCENTER, frozenset({PC}))]
    for item, name in ((happened(2), "kg"), (happened(5, kind=PC), "pc")):
        messages = expected([item], subscribers)
        assert [v.recipient.name for v in messages if v.recipient.channel is MessageChannel.WSB] == [
            f"{name} for 8/10100"
        ]


def got(item: Expected, message_id: str) -> Got:
    return Got(item.recipient, message_id, item.message, item.id, item.content)


HAPPENED = [happened(13), happened(13, end=NOW + timedelta(hours=1)), happened(25, "r2"), happened(5, "r3", PC)]


def complete() -> tuple[list[Expected], list[Got]]:
    wanted = expected(HAPPENED, SUBSCRIBERS)
    return wanted, [got(item, f"m{nr}") for nr, item in enumerate(wanted)]


def deviations(got_: list[Got]) -> list[Mismatch]:
    return assess(complete()[0], got_)


def test_complete_delivery_has_no_deviation() -> None:
    assert deviations(complete()[1]) == []


@pytest.mark.parametrize("number", range(len(complete()[0])))
def test_every_missing_message_is_named(number: int) -> None:
    wanted, received = complete()
    lost = wanted[number]
    (deviation,) = deviations(received[:number] + received[number + 1 :])
    assert (deviation.kind, deviation.recipient, deviation.message) == (
        DeviationKind.MISSING,
        lost.recipient,
        lost.message,
    )
    assert (deviation.id, deviation.cause) == (lost.id, lost.cause)


def test_a_repeated_id_is_a_repetition_on_wsb_and_a_duplicate_on_wsrm() -> None:
    _, received = complete()
    wsb = next(item for item in received if item.recipient.channel is MessageChannel.WSB)
    (repetition,) = deviations([*received, wsb])
    assert (repetition.kind, repetition.breach) == (DeviationKind.REPETITION, False)
    wsrm = next(item for item in received if item.recipient == J)
    (duplicate,) = deviations([*received, wsrm])
    assert (duplicate.kind, duplicate.breach) == (DeviationKind.DUPLICATE, True)


def test_equal_content_under_a_new_id_is_a_duplicate() -> None:
    _, received = complete()
    for item in received:
        (duplicate,) = deviations([*received, replace(item, message_id="new")])
        assert (duplicate.kind, duplicate.recipient, duplicate.cause) == (
            DeviationKind.DUPLICATE,
            item.recipient,
            f"kald om {item.id}",
        )


def test_a_message_to_the_wrong_recipient_is_extra_and_names_the_call() -> None:
    _, received = complete()
    to_akasse = next(replace(item, recipient=A, message_id="new") for item in received if item.message == V1)
    (extra,) = deviations([*received, to_akasse])
    assert (extra.kind, extra.recipient, extra.cause) == (DeviationKind.EXTRA, A, "kald om r3")
    (foreign,) = deviations([*received, replace(to_akasse, id="r9")])
    assert foreign.cause == "intet, der er sket"
    assert str(extra) == "2/81 (WSRM): GetPersonCategoryVersion1 om r3 er ekstra - efter kald om r3"


def test_a_wrong_field_is_named_with_both_values() -> None:
    _, received = complete()
    index = next(nr for nr, item in enumerate(received) if item.recipient == A)
    content = tuple((field, "1/1" if field == "authority" else value) for field, value in received[index].content)
    received[index] = replace(received[index], content=content)
    (deviation,) = deviations(received)
    assert (deviation.kind, deviation.fields) == (DeviationKind.WRONG, (("authority", "8/10100", "1/1"),))
    assert "myndighed: skulle være 8/10100, er 1/1" in str(deviation)


@pytest.mark.parametrize(
    ("field", "should", "is_", "text"),
    [
        ("change", "created", "deleted", "ændring: skulle være oprettet, er slettet"),
        ("user", "no", "yes", "bruger: skulle være no, er yes"),
        ("start", "1", "2", "start: skulle være 1, er 2"),
    ],
)
def test_a_deviation_is_written_in_danish(field: str, should: str, is_: str, text: str) -> None:
    assert text in str(Mismatch(DeviationKind.WRONG, A, "ContactGroup", "r1", "et kald", ((field, should, is_),)))


OPENED = happened(2)
CLOSED = replace(happened(2, end=NOW + timedelta(hours=1)), cause="afslutningen")


def test_the_cause_is_the_call_of_the_message_not_the_latest_of_the_registration() -> None:
    wanted = expected([OPENED, CLOSED])
    received = [got(item, f"m{nr}") for nr, item in enumerate(wanted)]
    about = {
        end: next(item for item in received if item.message == V5 and (end in dict(item.content)["end"]))
        for end in ("åben", "09:00")
    }
    for end, cause in (("åben", OPENED.cause), ("09:00", CLOSED.cause)):
        (extra,) = assess(wanted, [*received, replace(about[end], recipient=A, message_id="new")])
        assert (extra.kind, extra.cause) == (DeviationKind.EXTRA, cause)
        (duplicate,) = assess(wanted, [*received, about[end]])
        assert (duplicate.kind, duplicate.cause) == (DeviationKind.DUPLICATE, cause)


def test_a_wrong_message_is_compared_with_the_most_similar_expected_one() -> None:
    wanted = expected([OPENED, CLOSED])
    received = [got(item, f"m{nr}") for nr, item in enumerate(wanted)]
    opened, closed = (nr for nr, item in enumerate(received) if (item.recipient, item.message) == (J, V5))
    content = tuple((field, "1/1" if field == "authority" else value) for field, value in received[closed].content)
    received[closed] = replace(received[closed], content=content)
    del received[opened]
    findings = {item.kind: item for item in assess(wanted, received)}
    assert set(findings) == {DeviationKind.WRONG, DeviationKind.MISSING}
    assert findings[DeviationKind.WRONG].fields == (("authority", "8/10100", "1/1"),)
    assert findings[DeviationKind.WRONG].cause == CLOSED.cause
    assert findings[DeviationKind.MISSING].cause == OPENED.cause


@pytest.mark.parametrize(
    ("channel", "fields"),
    [
        (MessageChannel.WSRM, ["cpr", "type", "event", "start", "end", "authority", "system", "user"]),
        (MessageChannel.WSB, ["cpr", "change", "registered"]),
        (
            MessageChannel.EVENT,
            ["citizen", "cpr", "type", "event", "start", "end", "change", "authority", "registered"],
        ),
    ],
)
def test_every_field_of_a_message_is_compared(channel: MessageChannel, fields: list[str]) -> None:
    wanted, received = complete()
    number = next(nr for nr, item in enumerate(received) if item.recipient.channel is channel)
    assert [field for field, _ in received[number].content] == fields
    for field in fields:
        content = tuple((name, "x" if name == field else value) for name, value in received[number].content)
        (deviation,) = assess(
            wanted, [*received[:number], replace(received[number], content=content), *received[number + 1 :]]
        )
        assert [(name, found) for name, _, found in deviation.fields] == [(field, "x")]


def test_order_is_required_within_a_line_only() -> None:
    _, received = complete()
    own = [nr for nr, item in enumerate(received) if (item.recipient, item.message) == (J, V5)]
    received[own[0]], received[own[1]] = received[own[1]], received[own[0]]
    (deviation,) = deviations(received)
    assert (deviation.kind, deviation.recipient, deviation.id) == (DeviationKind.OUT_OF_ORDER, J, "r1")
    wanted, received = complete()
    reversed = [*received]
    v5, v4 = (
        next(nr for nr, item in enumerate(received) if (item.recipient, item.message) == (J, variant))
        for variant in (V5, V4)
    )
    reversed[v5], reversed[v4] = reversed[v4], reversed[v5]
    assert assess(wanted, reversed) == []


def test_a_row_of_the_history_becomes_a_fact() -> None:
    row = RegistrationRow(
        nr=7, citizen_id="b", id="r", kind=KG, type=13, event=None, start=NOW, end=None, is_deleted=False, registered=NOW,
        organisation_type=8, organisation_code="10100", system=1001, user_type=2, user_id="tt", user_name="Test",
    )  # fmt: skip
    memberships = ("2/81 2000-01-01/2024-11-18", "2/82 2024-11-18/", "8/10100 2000-01-01/", "8/10200 2024-11-19/")
    citizen = CitizenRow(nr=1, citizen_id="b", cpr="0203840000", born=NOW.date(), dead=None, memberships=memberships)
    item = occurred(row, citizen, "called")
    assert (item.jobcenter, item.akasse) == (JOBCENTER, Organisation(2, "82"))
    assert (item.author, item.cause, item.cpr) == (KSS, "called", "0203840000")


CHANGE = cpr_change.CprChange("0203840000", "0203840018", (JOBCENTER, AKASSE), "CPR-skift")


def cpr_message(new_one: str = CHANGE.new, who: Organisation = cpr_change.STAR) -> CprMessage:
    identity = Identity(who, User("CPR-skift", 3, "DFDG"), who, NOW, 0)
    return CprMessage(message_id=new_one, registrant=identity, old=CHANGE.old, new_one=new_one)


@pytest.mark.parametrize(
    ("subscribers", "got", "kind"),
    [
        ({JOBCENTER}, [(JOBCENTER, cpr_message())], []),
        ({JOBCENTER, AKASSE}, [(JOBCENTER, cpr_message()), (AKASSE, cpr_message())], []),
        ({Organisation(8, "10200")}, [], []),
        ({JOBCENTER}, [], [DeviationKind.MISSING]),
        (set(), [(JOBCENTER, cpr_message())], [DeviationKind.EXTRA]),
        ({JOBCENTER}, [(JOBCENTER, cpr_message())] * 2, [DeviationKind.DUPLICATE]),
        ({JOBCENTER}, [(JOBCENTER, cpr_message(who=JOBCENTER))], [DeviationKind.WRONG]),
    ],
)
def test_a_cpr_change_goes_to_the_citizens_own_subscribers(
    subscribers: set[Organisation], got: list[tuple[Organisation, CprMessage]], kind: list[DeviationKind]
) -> None:
    wanted = list(cpr_change.expected([CHANGE], subscribers))
    assert [item.kind for item in assess(wanted, [cpr_change.from_wsrm(*item) for item in got])] == kind


def test_cpr_changes_are_read_from_the_journal_also_when_chained() -> None:
    def changed(since: str, until: str) -> JournalEntry:
        return JournalEntry(kind=EntryType.CPR_CHANGE, instant=NOW, cpr=until, data={"old": since, "messages": 1})

    now = CitizenRow(
        nr=1, citizen_id="b", cpr="0203840034", born=date(1984, 3, 2), dead=None, memberships=("8/10100 2020-01-01/",)
    )
    entries = [changed("0101900000", "0101900018"), JournalEntry(kind=EntryType.RESET, instant=NOW),
              changed("0203840000", "0203840018"), changed("0203840018", "0203840034")]  # fmt: skip
    assert [(item.old, item.new, item.authorities) for item in cpr_change.from_journal(entries, [now])] == [
        ("0203840000", "0203840018", (JOBCENTER,)),
        ("0203840018", "0203840034", (JOBCENTER,)),
    ]
