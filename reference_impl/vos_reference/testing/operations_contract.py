"""The behavioural contract test of outbox, extracts and callbacks in the `Store` port; `store_contract` inherits it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from threading import Event

import pytest

from vos_contracts.model.identity import Identity, User
from vos_contracts.model.registration import Kind
from vos_reference.application.ports import EventEnvelope, Store
from vos_reference.domain.person import Membership, Person, Registration
from vos_reference.testing.base import JOBCENTER, NOW

WHO = Identity(JOBCENTER, User("Åse Ærø", 2, "aase"), JOBCENTER, NOW, 1001)


def event(number: int, domain: str = "JobSearch") -> EventEnvelope:
    """Make an event of that domain."""
    return EventEnvelope(domain, b'{"nr":%d}' % number, NOW)


def registration(id_: str, end: datetime | None = None) -> Registration:
    """Make a row of the history."""
    return Registration(id_, Kind.KONTAKTGRUPPE, 13, None, NOW, end, False, WHO, NOW)


def citizen(number: int, *history: Registration) -> Person:
    """Make a citizen with one membership."""
    membership = Membership(JOBCENTER, date(2020, 1, 1))
    return Person(f"p{number}", f"020190{number}234", date(1990, 1, 2), memberships=(membership,), history=history)


class EventContract:
    """The promises of the `Store` port about events, extracts and after-commit callbacks."""

    def test_after_commit_callbacks_run_after_a_commit_and_only_then(self, store: Store) -> None:
        """They run in order, when other readers see the commit; not after an exception."""
        observed: list[tuple[str, int]] = []

        def observe(name: str) -> None:
            with store.reading() as t:
                observed.append((name, t.count_people()))

        with store.transaction() as t:
            t.after_commit(lambda: observe("first"))
            t.create_person(citizen(1))
            t.after_commit(lambda: observe("second"))
            with pytest.raises(ZeroDivisionError), t.savepoint():
                t.after_commit(lambda: observe("rolled back"))
                raise ZeroDivisionError
            assert observed == []
        assert observed == [("first", 1), ("second", 1)]
        with pytest.raises(ZeroDivisionError), store.transaction() as t:
            t.after_commit(lambda: observe("never"))
            raise ZeroDivisionError
        assert observed == [("first", 1), ("second", 1)]

    def test_write_beside_commits_and_hands_its_callbacks_to_the_caller(self, store: Store) -> None:
        """It works in another thread like a transaction; reads in the thread of the store go on meanwhile."""
        after: list[Callable[[], None]] = []
        told: list[str] = []
        begun, go = Event(), Event()

        def write() -> None:
            with store.threaded_transaction(after) as t:
                t.after_commit(lambda: told.append("told"))
                t.create_person(citizen(1))
                begun.set()
                assert go.wait(30)
            with pytest.raises(ZeroDivisionError), store.threaded_transaction(after) as t:
                t.after_commit(lambda: told.append("never"))
                t.create_person(citizen(2))
                raise ZeroDivisionError

        with ThreadPoolExecutor(1) as thread:
            writing = thread.submit(write)
            assert begun.wait(30)
            try:
                with store.reading() as t:
                    assert t.count_people() == 0
            finally:
                go.set()
            writing.result()
        with store.transaction() as t:
            assert t.count_people() == 1
        assert (told, len(after)) == ([], 1)
        after[0]()
        assert told == ["told"]

    def test_events_of_a_domain_come_in_order_and_in_pages(self, store: Store) -> None:
        """Each domain reads its own events in order, from the position where its reader stopped."""
        with store.transaction() as t:
            assert t.last_event() == 0
            t.enqueue_events([event(1), event(2, "Kontaktforloeb"), event(3)])
        with store.transaction() as t:
            t.enqueue_events([event(4)])
        with store.reading() as t:
            first = t.events_after("JobSearch", 0, 2)
            assert [body for _, body in first] == [event(1).body, event(3).body]
            second = t.events_after("JobSearch", first[-1][0], 2)
            assert [body for _, body in second] == [event(4).body]
            assert [body for _, body in t.events_after("Kontaktforloeb", 0, 9)] == [event(2).body]
            assert t.events_after("Virksomhedsindsats", 0, 9) == []
            assert t.last_event() == second[-1][0]

    def test_a_broker_position_is_per_broker_and_never_moves_back(self, store: Store) -> None:
        """It is stored per broker and domain with the commit."""
        with store.transaction() as t:
            assert t.broker_position("first", "JobSearch") == 0
            t.move_broker_position("first", "JobSearch", 7)
            t.move_broker_position("first", "Kontaktforloeb", 3)
            t.move_broker_position("first", "JobSearch", 5)
        with pytest.raises(ZeroDivisionError), store.transaction() as t:
            t.move_broker_position("first", "JobSearch", 9)
            _ = 1 / 0
        with store.reading() as t:
            assert t.broker_position("first", "JobSearch") == 7
            assert t.broker_position("first", "Kontaktforloeb") == 3
            assert t.broker_position("second", "JobSearch") == 0
        with store.transaction() as t:
            t.reset()
            assert t.broker_position("first", "JobSearch") == 0

    def test_rows_of_all_citizens_come_in_the_order_of_creation(self, store: Store) -> None:
        """Every row comes once, also when the reader continues from its position."""
        one, two = citizen(1, registration("a")), citizen(2)
        with store.transaction() as t:
            t.create_person(one)
            t.create_person(two)
            t.save(two, two.with_([registration("b")]), ())
            t.save(one, one.with_([registration("a", NOW)]), ())
        with store.reading() as t:
            rows = t.rows_after(0, 2)
            rest = t.rows_after(rows[-1][0], 9)
        assert [(person_id, row) for _, person_id, row in (*rows, *rest)] == [
            ("p1", registration("a")),
            ("p2", registration("b")),
            ("p1", registration("a", NOW)),
        ]
        numbers = [number for number, _, _ in (*rows, *rest)]
        assert numbers == sorted(set(numbers))

    def test_new_and_changed_citizens_come_once(self, store: Store) -> None:
        """A new CPR number or membership moves the citizen to the end; a new registration does not."""
        one, two = citizen(1, registration("a")), citizen(2)
        with store.transaction() as t:
            t.create_person(one)
            t.create_person(two)
        with store.reading() as t:
            all_citizens = t.citizens_after(0, 9)
            assert [person for _, person in all_citizens] == [citizen(1), citizen(2)]
            assert [person for _, person in t.citizens_after(0, 1)] == [citizen(1)]
        moved = replace(one, cpr="0301901234")
        ended = replace(two, memberships=(Membership(JOBCENTER, date(2020, 1, 1), date(2024, 1, 1)),))
        with store.transaction() as t:
            t.save(one, moved, ())
            t.save(moved, moved.with_([registration("b")]), ())
        with store.reading() as t:
            (changed,) = t.citizens_after(all_citizens[-1][0], 9)
            assert changed[1] == replace(moved, history=())
        with store.transaction() as t:
            t.save(two, ended, ())
        with store.reading() as t:
            assert [person.id for _, person in t.citizens_after(0, 9)] == ["p1", "p2"]
            assert [person for _, person in t.citizens_after(changed[0], 9)] == [ended]

    def test_an_exception_raises_no_events(self, store: Store) -> None:
        """Rows and citizen changes are rolled back too."""
        with pytest.raises(ZeroDivisionError), store.transaction() as t:
            t.create_person(citizen(1, registration("a")))
            t.enqueue_events([event(1)])
            _ = 1 / 0
        with store.reading() as t:
            assert t.events_after("JobSearch", 0, 9) == []
            assert t.rows_after(0, 9) == []
            assert t.citizens_after(0, 9) == []

    def test_numbers_are_not_reused_after_a_reset(self, store: Store) -> None:
        """A reader with a stored position misses nothing, and sees the reset by the new generation."""
        with store.transaction() as t:
            t.create_person(citizen(1, registration("a")))
            t.enqueue_events([event(1)])
            before = t.generation()
        with store.reading() as t:
            assert t.generation() == before
            positions = (t.last_event(), t.rows_after(0, 9)[-1][0], t.citizens_after(0, 9)[-1][0])
        with store.transaction() as t:
            t.reset()
            assert t.last_event() == 0
            t.create_person(citizen(2, registration("b")))
            t.enqueue_events([event(2)])
        with store.reading() as t:
            assert t.generation() != before
            assert [body for _, body in t.events_after("JobSearch", positions[0], 9)] == [event(2).body]
            assert [person_id for _, person_id, _ in t.rows_after(positions[1], 9)] == ["p2"]
            assert [person.id for _, person in t.citizens_after(positions[2], 9)] == ["p2"]
            assert t.events_after("JobSearch", 0, 1)[0][0] > positions[0]
            assert t.rows_after(0, 1)[0][0] > positions[1]
            assert t.citizens_after(0, 1)[0][0] > positions[2]

    def test_two_stores_have_different_generations(self, store: Store, other_store: Store) -> None:
        """A reader recognises another store by its generation."""
        with store.reading() as t, other_store.reading() as u:
            assert t.generation() != u.generation()
