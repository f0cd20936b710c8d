"""The simulated business domains, reported habits, and monitoring of a stage that changes meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest

from support.builders import JOBCENTER, NOW, TODAY, TOMORROW
from vos_contracts.control.operations import CitizenState, QueuedEvent, RegistrationState, StatePage
from vos_contracts.model.registration import ChangeType, Kind
from vos_contracts.wire.messages.events import DomainEvent
from vos_simulators import habits
from vos_simulators.divergence import DivergenceKind
from vos_simulators.inboxes.domains import Domain
from vos_simulators.monitor import FileView, monitor
from vos_simulators.stage_reader import OperationsReader


def event(
    nr: int, id_: str, type_: int, change: int = 1, end: datetime | None = None, citizen: str = "p"
) -> QueuedEvent:
    told = DomainEvent(
        event_id=f"h{nr}",
        entity=Kind.KONTAKTGRUPPE,
        change_type=ChangeType(change),
        citizen_id=citizen,
        cpr=f"020384000{citizen[-1:]}",
        id=id_,
        type=type_,
        event=None,
        start=TODAY,
        end=end,
        authority=JOBCENTER,
        occurred=NOW,
    )
    return QueuedEvent(nr=nr, event=told)


class Book(OperationsReader):
    """A reader with fixed events and state pages."""

    def __init__(self, *events: QueuedEvent, pages: Sequence[StatePage] = ()) -> None:
        self.book = list(events)
        self._truth = pages

    def events(self, domain: str, after: int) -> Iterator[QueuedEvent]:
        return (event for event in self.book if event.nr > after)

    def state(self) -> Iterator[StatePage]:
        return iter(self._truth)


def domain(reader: OperationsReader) -> Domain:
    return Domain("JobSearch", [Kind.KONTAKTGRUPPE], reader)


def groups(domain: Domain, now: datetime = NOW) -> list[int]:
    return [standing.type for standing in domain.about(CitizenState(citizen_id="p"), now).kontaktgrupper]


def test_a_view_follows_the_events() -> None:
    book = Book(event(1, "a", 4))
    listener = domain(book)
    assert [arrived.nr for arrived in listener.listen()] == [1]
    assert groups(listener) == [4]
    book.book += [event(2, "a", 4, 2, NOW), event(3, "b", 13)]
    assert [arrived.nr for arrived in listener.listen()] == [2, 3]
    assert groups(listener) == [13]
    book.book.append(event(4, "b", 13, 3))
    listener.listen()
    assert groups(listener) == []
    assert [sent.nr for sent in listener.told("p")] == [1, 2, 3, 4]
    assert listener.listen() == ()


def test_a_future_end_takes_effect_on_its_day_in_danish_time() -> None:
    listener = domain(Book(event(1, "a", 4, 2, TOMORROW)))
    listener.listen()
    assert groups(listener, TOMORROW - timedelta(seconds=1)) == [4]
    assert groups(listener, TOMORROW) == []


def test_listening_stops_at_the_given_event() -> None:
    listener = domain(Book(event(1, "a", 4), event(2, "a", 4, 2, NOW), event(3, "b", 13)))
    assert [arrived.nr for arrived in listener.listen(until=1)] == [1]
    assert groups(listener) == [4]
    assert [arrived.nr for arrived in listener.listen(until=2)] == [2]
    assert groups(listener) == []
    assert [arrived.nr for arrived in listener.listen()] == [3]
    assert groups(listener) == [13]


@pytest.mark.parametrize(
    ("habit", "numbers"),
    [
        ("takes_everything", [1, 2, 3, 4, 5]),
        ("loses_every_second", [1, 3, 5]),
        ("applies_out_of_order", [3, 2, 1, 5, 4]),
        ("stops_listening", []),
        ("hears_everything_twice", [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]),
    ],
)
def test_every_habit_over_two_batches(habit: str, numbers: list[int]) -> None:
    take = getattr(habits, habit)()
    assert [*take([1, 2, 3]), *take([4, 5])] == numbers


def page(nr: int, next_item: str | None, *citizens: CitizenState) -> StatePage:
    return StatePage(clock=NOW, event_nr=nr, next_item=next_item, citizens=citizens)


def standing(citizen: str, *groups_: RegistrationState) -> CitizenState:
    return CitizenState(citizen_id=citizen, cpr=f"020384000{citizen[-1:]}", kontaktgrupper=groups_)


A, B = RegistrationState(type=4, id="a", start=TODAY), RegistrationState(type=13, id="b", start=TODAY)


def test_a_changing_stage_gives_no_false_alarm() -> None:
    """An event after the first page was read belongs to the next page."""
    later = event(2, "c", 7, citizen="q1")
    book = Book(
        event(1, "b", 13, citizen="q2"), later, pages=[page(1, "q1", standing("q1")), page(2, None, standing("q2", B))]
    )
    report = monitor(book, [domain(book)], {})
    assert (report.citizens, report.count) == (2, 0)


def test_a_citizen_known_only_to_the_domain_is_extra() -> None:
    book = Book(event(1, "a", 4, citizen="q9"), pages=[page(1, None, standing("q1"))])
    (deviation,) = monitor(book, [domain(book)], {}).deviations["JobSearch"]
    assert (deviation.divergence, deviation.citizen, deviation.reported, deviation.event_nr) == (
        DivergenceKind.EXTRA,
        "020384xxxx",
        4,
        1,
    )


def test_a_view_from_a_file() -> None:
    book = Book(event(1, "a", 4, citizen="q1"), pages=[page(1, None, standing("q1", A), standing("q2"))])
    with_cpr = FileView([CitizenState(cpr="0203840001", kontaktgrupper=(RegistrationState(type=4),))])
    assert monitor(book, [domain(book)], {"JobSearch": with_cpr}).count == 0
    with_id = FileView(
        [CitizenState(citizen_id="q1", kontaktgrupper=(A,)), CitizenState(cpr="0203840009", kontaktgrupper=(B,))]
    )
    (deviation,) = monitor(book, [domain(book)], {"JobSearch": with_id}).deviations["JobSearch"]
    assert (deviation.divergence, deviation.citizen, deviation.event_nr) == (DivergenceKind.EXTRA, "020384xxxx", None)
    (missing,) = monitor(book, [domain(book)], {"JobSearch": FileView([])}).deviations["JobSearch"]
    assert (missing.divergence, missing.event_nr) == (DivergenceKind.MISSING, 1)
