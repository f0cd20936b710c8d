"""The behavioural contract test of the `Store` port; every adapter's tests inherit `StoreContract`.

Subclass it in a test module and provide the fixtures `store` and `other_store`, two empty stores.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from vos_contracts.model.identity import Identity, Organisation, User
from vos_contracts.model.neighbours import GroupChange, ReEnrolment
from vos_contracts.model.reading import Helbredsbegraensning
from vos_contracts.model.registration import Kind
from vos_reference.application.ports import AlreadyStored, CprLookup, Store, WsrmSequence
from vos_reference.domain.batch_jobs import Job
from vos_reference.domain.person import (
    Fravaer,
    Illness,
    Membership,
    Period,
    Person,
    Recovery,
    Registration,
    Tilmelding,
)
from vos_reference.testing.base import JOBCENTER, NOW, OWNER, envelope
from vos_reference.testing.operations_contract import EventContract
from vos_reference.testing.queue_contract import QueueContract
from vos_reference.testing.run_contract import RunContract
from vos_reference.testing.webhook_contract import WebhookContract

AKASSE = Organisation(2, "81")
IDENTITY = Identity(JOBCENTER, User("Åse Ærø", 2, "aase", "aase@example.dk"), JOBCENTER, NOW, 1001)
DAY = date(2024, 11, 18)


def row(id_: str, type_: int = 2, end: datetime | None = None, kind: Kind = Kind.KONTAKTGRUPPE) -> Registration:
    """Make a row of the history."""
    return Registration(id_, kind, type_, NOW - timedelta(hours=1), NOW, end, False, IDENTITY, NOW)


def person(cpr: str = "0201901234", id_: str = "p1") -> Person:
    """Make a citizen with every kind of relation and a history."""
    return Person(
        id=id_,
        cpr=cpr,
        born=date(1990, 1, 2),
        dead=date(2024, 1, 1),
        memberships=(Membership(JOBCENTER, date(2020, 1, 1), date(2030, 1, 1)),),
        guests=(Membership(AKASSE, date(2024, 1, 1)),),
        tilmelding=Tilmelding(2, date(2024, 2, 1), date(2025, 1, 1), IDENTITY),
        former_tilmeldinger=(Tilmelding(1, date(2022, 1, 1), date(2023, 1, 1)), Tilmelding(5)),
        fravaer=(Fravaer(10, date(2024, 1, 1), None, "f"), Fravaer(2, date(2023, 1, 1), date(2023, 2, 1))),
        fleksjob=(Period("j", date(2024, 1, 1), date(2024, 6, 1)),),
        aktivitetstillaeg=(Period("t", date(2024, 1, 1)),),
        helbredsbegraensninger=(
            Helbredsbegraensning("h1", NOW - timedelta(days=2), NOW, NOW, True, "løft\n☂", "lager", "rettet"),
            Helbredsbegraensning("h2", NOW, None, NOW, False),
        ),
        illness=Illness(
            "s",
            date(2024, 3, 1),
            25,
            IDENTITY,
            begun=False,
            until=date(2024, 12, 1),
            fravaer_id="f",
            remembered_group=1,
            remembered_tilmeldekategori=1,
            recovery=Recovery(
                date(2024, 11, 1), IDENTITY, ReEnrolment(category=1, unemployment_degree=1), GroupChange(type=None)
            ),
        ),
        history=(row("a"), row("b", 8, NOW, Kind.PERSONKATEGORI)),
    )


class StoreContract(QueueContract, RunContract, EventContract, WebhookContract):
    """The promises of the `Store` port."""

    def test_a_citizen_is_read_back_whole(self, store: Store) -> None:
        """Every field of a citizen is stored."""
        with store.transaction() as t:
            t.create_person(person())
        with store.reading() as t:
            assert t.find_person("0201901234") == person()

    def test_an_unknown_number_differs_from_one_without_a_citizen(self, store: Store) -> None:
        """The caller gets error 1010 or 4404."""
        with store.transaction() as t:
            t.add_known_cpr("0301901234")
            assert t.find_person("0201901234") is CprLookup.UNKNOWN
            assert t.find_person("0301901234") is CprLookup.WITHOUT_CITIZEN

    def test_a_cpr_number_belongs_to_one_citizen(self, store: Store) -> None:
        """A second citizen with the number is refused, and the first is kept."""
        with store.transaction() as t:
            t.create_person(person())
        with pytest.raises(AlreadyStored), store.transaction() as t:
            t.create_person(person(id_="p2"))
        with pytest.raises(AlreadyStored), store.transaction() as t:
            t.add_known_cpr("0201901234")
        with store.reading() as t:
            assert t.count_people() == 1
            assert t.find_person("0201901234") == person()

    def test_a_savepoint_rolls_back_alone(self, store: Store) -> None:
        """Its writes and request ids are undone; savepoints before and after it are kept."""
        with store.transaction() as t:
            with t.savepoint():
                t.create_person(person())
                assert t.remember_call("a", NOW, NOW)
            with pytest.raises(KeyError), t.savepoint():
                t.add_known_cpr("0301901234")
                t.save(person(), person().with_([row("c", 3)]), ())
                t.enqueue([envelope(1)])
                assert t.remember_call("b", NOW, NOW)
                raise KeyError
            with t.savepoint():
                assert t.remember_call("b", NOW, NOW)
                assert not t.remember_call("a", NOW, NOW)
        with store.reading() as t:
            assert t.find_person("0201901234") == person()
            assert t.find_person("0301901234") is CprLookup.UNKNOWN
            assert not t.has_waiting(OWNER, "")

    def test_rows_are_appended_in_order(self, store: Store) -> None:
        """The history is read in the order in which the rows were appended."""
        with store.transaction() as t:
            t.create_person(person())
            t.save(person(), person().with_([row("c", 3), row("a", 2, NOW)]), ())
        with store.reading() as t:
            found = t.find_person("0201901234")
            assert isinstance(found, Person)
            assert [(entry.id, entry.end) for entry in found.history] == [
                ("a", None),
                ("b", NOW),
                ("c", None),
                ("a", NOW),
            ]
            assert t.registration_exists("c")
            assert not t.registration_exists("d")

    def test_changed_parts_are_saved_and_the_rest_is_kept(self, store: Store) -> None:
        """Each part of a citizen can be changed and removed; another citizen is unchanged."""
        other = person("0301901234", "p2")
        changes: tuple[dict[str, Any], ...] = (
            {"illness": None},
            {"illness": Illness("new", DAY, None, IDENTITY)},
            {"tilmelding": None, "former_tilmeldinger": (Tilmelding(2, DAY, DAY),)},
            {"fravaer": ()},
            {"fleksjob": (), "aktivitetstillaeg": (Period("t", DAY, DAY),)},
            {"guests": (), "memberships": ()},
            {"helbredsbegraensninger": (Helbredsbegraensning("h3", NOW, None, NOW, True),)},
            {"helbredsbegraensninger": ()},
        )
        with store.transaction() as t:
            t.create_person(person())
            t.create_person(other)
        saved = person()
        for change in changes:
            new = replace(saved, **change)
            with store.transaction() as t:
                t.save(saved, new, ())
            with store.reading() as t:
                assert t.find_person("0201901234") == new
                assert t.find_person("0301901234") == other
            saved = new

    def test_a_new_cpr_number_moves_the_pointer(self, store: Store) -> None:
        """The new number finds the citizen, with its birth date; the old one has no citizen; a taken one is refused."""
        new = replace(person(), cpr="0401901234", born=date(1990, 1, 4))
        with store.transaction() as t:
            t.create_person(person())
            t.create_person(person("0301901234", "p2"))
            t.save(person(), new, ())
        with store.reading() as t:
            assert t.find_person("0201901234") is CprLookup.WITHOUT_CITIZEN
            assert t.find_person("0401901234") == new
        with pytest.raises(AlreadyStored), store.transaction() as t:
            t.save(new, replace(person(), cpr="0301901234"), ())

    def test_citizens_come_in_the_order_of_their_ids(self, store: Store) -> None:
        """Paged reading gives every citizen once, with all parts."""
        with store.transaction() as t:
            for number in (3, 1, 4, 2, 5):
                t.create_person(person(f"020190{number}234", f"p{number}"))
        with store.reading() as t:
            first = t.people_after("", 2)
            rest = t.people_after("p2", 9)
        assert [citizen.id for citizen in first] == ["p1", "p2"]
        assert list(rest) == [person(f"020190{number}234", f"p{number}") for number in (3, 4, 5)]

    def test_due_citizens_come_longest_overdue_first(self, store: Store) -> None:
        """Only citizens of that job due until that day; saving a citizen replaces its due dates."""
        second, third = person("0301901234", "p2"), person("0401901234", "p3")
        with store.transaction() as t:
            t.create_person(person(), ((Job.FLEKSJOB, DAY),))
            t.create_person(second, ((Job.FLEKSJOB, DAY - timedelta(days=1)), (Job.RECOVERY, DAY)))
            t.create_person(third, ((Job.FLEKSJOB, DAY + timedelta(days=1)),))
        with store.reading() as t:
            assert [citizen.id for citizen in t.due(Job.FLEKSJOB, DAY, 9)] == ["p2", "p1"]
            assert [citizen.id for citizen in t.due(Job.FLEKSJOB, DAY, 1)] == ["p2"]
            assert [t.count_due(job, DAY) for job in (Job.FLEKSJOB, Job.RECOVERY, Job.CANCELLATION)] == [2, 1, 0]
        with store.transaction() as t:
            t.save(second, second, ())
            assert [citizen.id for citizen in t.due(Job.FLEKSJOB, DAY, 9)] == ["p1"]
            assert list(t.due(Job.RECOVERY, DAY, 9)) == []

    def test_an_exception_rolls_everything_back(self, store: Store) -> None:
        """Neither the change nor its messages, due dates and request ids are stored."""
        with store.transaction() as t:
            t.create_person(person())
        with pytest.raises(ZeroDivisionError), store.transaction() as t:
            t.save(person(), replace(person().with_([row("c")]), illness=None), ((Job.FLEKSJOB, DAY),))
            t.enqueue([envelope(1)])
            t.remember_call("k", NOW, NOW)
            _ = 1 / 0
        with store.transaction() as t:
            assert t.find_person("0201901234") == person()
            assert list(t.due(Job.FLEKSJOB, DAY, 9)) == []
            t.create_sequence(WsrmSequence("s", OWNER, "", NOW), 500)
            assert t.inventory("s") == []
            assert t.remember_call("k", NOW, NOW)

    def test_request_ids_are_remembered_until_the_deadline(self, store: Store) -> None:
        """A request id is refused until the deadline and free after it."""
        week = timedelta(days=7)
        with store.transaction() as t:
            assert t.remember_call("k", NOW, NOW - week)
            assert not t.remember_call("k", NOW + week, NOW)
            assert t.remember_call("k", NOW + week + timedelta(seconds=1), NOW + timedelta(seconds=1))
            assert not t.remember_call("k", NOW + week + timedelta(seconds=2), NOW + timedelta(seconds=2))

    def test_a_forgotten_request_id_is_free(self, store: Store) -> None:
        """It can be used at once, and others are kept."""
        with store.transaction() as t:
            assert t.remember_call("k", NOW, NOW)
            assert t.remember_call("other", NOW, NOW)
            t.forget_call("k")
            assert t.remember_call("k", NOW, NOW)
            assert not t.remember_call("other", NOW, NOW)

    def test_reset_deletes_everything(self, store: Store) -> None:
        """A reset store is like a new one."""
        with store.transaction() as t:
            t.create_person(person())
            t.enqueue([envelope(1)])
            t.create_sequence(WsrmSequence("s", OWNER, "", NOW), 500)
            t.subscribe(OWNER)
            t.remember_call("k", NOW, NOW)
        with store.transaction() as t:
            t.reset()
        with store.transaction() as t:
            assert t.find_person("0201901234") is CprLookup.UNKNOWN
            assert t.find_sequence("s") is None
            assert list(t.queue_owners(JOBCENTER)) == []
            assert t.remember_call("k", NOW, NOW)
            t.create_sequence(WsrmSequence("s", OWNER, "", NOW), 500)
            assert list(t.inventory("s")) == []
