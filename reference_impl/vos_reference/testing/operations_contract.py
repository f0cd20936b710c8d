"""The behavioural contract test of operations' part of the `Store` port; `store_contract` inherits it."""

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
    """Make an event."""
    return EventEnvelope(domain, b'{"nr":%d}' % number, NOW)


def registration(id_: str, end: datetime | None = None) -> Registration:
    """Make a row."""
    return Registration(id_, Kind.KONTAKTGRUPPE, 13, None, NOW, end, False, WHO, NOW)


def citizen(number: int, *history: Registration) -> Person:
    """Make a citizen with a membership."""
    membership = Membership(JOBCENTER, date(2020, 1, 1))
    return Person(f"p{number}", f"020190{number}234", date(1990, 1, 2), memberships=(membership,), history=history)


class RuntimesContract:
    """What every store must do for operations."""

    def test_hvad_der_skal_ske_bagefter_sker_efter_en_skrivning_og_ellers_ikke(self, store: Store) -> None:
        """In order, when others can read what was written; not after an exception."""
        set_: list[tuple[str, int]] = []

        def se(name: str) -> None:
            with store.reading() as t:
                set_.append((name, t.count_people()))

        with store.transaction() as t:
            t.after_commit(lambda: se("en"))
            t.create_person(citizen(1))
            t.after_commit(lambda: se("to"))
            with pytest.raises(ZeroDivisionError), t.for_self():
                t.after_commit(lambda: se("fortrudt"))
                raise ZeroDivisionError
            assert set_ == []
        assert set_ == [("en", 1), ("to", 1)]
        with pytest.raises(ZeroDivisionError), store.transaction() as t:
            t.after_commit(lambda: se("never"))
            raise ZeroDivisionError
        assert set_ == [("en", 1), ("to", 1)]

    def test_what_is_written_beside_is_committed_and_leaves_what_follows_to_the_caller(self, store: Store) -> None:
        """In another thread, with all that a transaction promises; a read in the store's own thread goes on meanwhile."""
        after: list[Callable[[], None]] = []
        told: list[str] = []
        begun, go = Event(), Event()

        def write() -> None:
            with store.write_beside(after) as t:
                t.after_commit(lambda: told.append("told"))
                t.create_person(citizen(1))
                begun.set()
                assert go.wait(30)
            with pytest.raises(ZeroDivisionError), store.write_beside(after) as t:
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

    def test_et_domaenes_haendelser_kommer_i_orden_og_i_sider(self, store: Store) -> None:
        """Each domain has its own, in the order they were raised, from where its reader stopped."""
        with store.transaction() as t:
            assert t.last_event() == 0
            t.enqueue_events([event(1), event(2, "Kontaktforloeb"), event(3)])
        with store.transaction() as t:
            t.enqueue_events([event(4)])
        with store.reading() as t:
            first = t.events_after("JobSearch", 0, 2)
            assert [body for _, body in first] == [event(1).body, event(3).body]
            next_item = t.events_after("JobSearch", first[-1][0], 2)
            assert [body for _, body in next_item] == [event(4).body]
            assert [body for _, body in t.events_after("Kontaktforloeb", 0, 9)] == [event(2).body]
            assert t.events_after("Virksomhedsindsats", 0, 9) == []
            assert t.last_event() == next_item[-1][0]

    def test_en_maeglers_position_er_dens_egen_og_gaar_kun_frem(self, store: Store) -> None:
        """Per broker and domain, never back, kept by a commit and by nothing else."""
        with store.transaction() as t:
            assert t.broker_position("en", "JobSearch") == 0
            t.move_broker_position("en", "JobSearch", 7)
            t.move_broker_position("en", "Kontaktforloeb", 3)
            t.move_broker_position("en", "JobSearch", 5)
        with pytest.raises(ZeroDivisionError), store.transaction() as t:
            t.move_broker_position("en", "JobSearch", 9)
            _ = 1 / 0
        with store.reading() as t:
            assert t.broker_position("en", "JobSearch") == 7
            assert t.broker_position("en", "Kontaktforloeb") == 3
            assert t.broker_position("to", "JobSearch") == 0
        with store.transaction() as t:
            t.reset()
            assert t.broker_position("en", "JobSearch") == 0

    def test_alle_borgeres_raekker_kommer_i_den_orden_de_blev_til(self, store: Store) -> None:
        """Every row once, also from where the reader stopped."""
        item, to = citizen(1, registration("a")), citizen(2)
        with store.transaction() as t:
            t.create_person(item)
            t.create_person(to)
            t.save(to, to.with_([registration("b")]), ())
            t.save(item, item.with_([registration("a", NOW)]), ())
        with store.reading() as t:
            rows = t.rows_after(0, 2)
            rest = t.rows_after(rows[-1][0], 9)
        assert [(item[1], item[2]) for item in (*rows, *rest)] == [
            ("p1", registration("a")),
            ("p2", registration("b")),
            ("p1", registration("a", NOW)),
        ]
        numbers = [item[0] for item in (*rows, *rest)]
        assert numbers == sorted(set(numbers))

    def test_nye_og_aendrede_borgere_kommer_en_gang(self, store: Store) -> None:
        """A new number or membership moves the citizen to the end; a new registration does not."""
        item, to = citizen(1, registration("a")), citizen(2)
        with store.transaction() as t:
            t.create_person(item)
            t.create_person(to)
        with store.reading() as t:
            everyone = t.citizens_after(0, 9)
            assert [person for _, person in everyone] == [citizen(1), citizen(2)]
            assert [person for _, person in t.citizens_after(0, 1)] == [citizen(1)]
        moved = replace(item, cpr="0301901234")
        with_until = replace(to, memberships=(Membership(JOBCENTER, date(2020, 1, 1), date(2024, 1, 1)),))
        with store.transaction() as t:
            t.save(item, moved, ())
            t.save(moved, moved.with_([registration("b")]), ())
        with store.reading() as t:
            (changed,) = t.citizens_after(everyone[-1][0], 9)
            assert changed[1] == replace(moved, history=())
        with store.transaction() as t:
            t.save(to, with_until, ())
        with store.reading() as t:
            assert [person.id for _, person in t.citizens_after(0, 9)] == ["p1", "p2"]
            assert [person for _, person in t.citizens_after(changed[0], 9)] == [with_until]

    def test_en_fejl_rejser_intet(self, store: Store) -> None:
        """On an exception no event, no row and no change is there."""
        with pytest.raises(ZeroDivisionError), store.transaction() as t:
            t.create_person(citizen(1, registration("a")))
            t.enqueue_events([event(1)])
            _ = 1 / 0
        with store.reading() as t:
            assert t.events_after("JobSearch", 0, 9) == []
            assert t.rows_after(0, 9) == []
            assert t.citizens_after(0, 9) == []

    def test_numre_genbruges_ikke_efter_nulstil(self, store: Store) -> None:
        """A reader who kept its place misses nothing, and sees by the generation that it begins anew."""
        with store.transaction() as t:
            t.create_person(citizen(1, registration("a")))
            t.enqueue_events([event(1)])
            before = t.generation()
        with store.reading() as t:
            assert t.generation() == before
            places = (t.last_event(), t.rows_after(0, 9)[-1][0], t.citizens_after(0, 9)[-1][0])
        with store.transaction() as t:
            t.reset()
            assert t.last_event() == 0
            t.create_person(citizen(2, registration("b")))
            t.enqueue_events([event(2)])
        with store.reading() as t:
            assert t.generation() != before
            assert [body for _, body in t.events_after("JobSearch", places[0], 9)] == [event(2).body]
            assert [item[1] for item in t.rows_after(places[1], 9)] == ["p2"]
            assert [item[1].id for item in t.citizens_after(places[2], 9)] == ["p2"]
            assert t.events_after("JobSearch", 0, 1)[0][0] > places[0]
            assert t.rows_after(0, 1)[0][0] > places[1]
            assert t.citizens_after(0, 1)[0][0] > places[2]

    def test_to_lagre_har_hver_sin_generation(self, store: Store, other_store: Store) -> None:
        """A reader sees that it reads another store."""
        with store.reading() as t, other_store.reading() as u:
            assert t.generation() != u.generation()
