"""The citizens that users are given: no two registrations of one at a time, and nothing ended that is not open."""

from __future__ import annotations

from vos_load.citizens import CitizenPool
from vos_load.load_profile import LoadOperation

GROUP, CATEGORY = LoadOperation.CREATE_KONTAKTGRUPPE, LoadOperation.CREATE_PERSONKATEGORI
END_GROUP, END_CATEGORY = LoadOperation.END_KONTAKTGRUPPE, LoadOperation.END_PERSONKATEGORI


def create(pool: CitizenPool, operation: LoadOperation, id_: str) -> str:
    """Create something of the next citizen, and return the citizen."""
    chosen, citizen, _ = pool.take(operation)
    pool.created(chosen, citizen, id_)
    pool.release(chosen, citizen)
    return citizen.cpr


def test_a_citizen_of_whom_something_is_being_registered_is_passed_over() -> None:
    pool = CitizenPool(("a", "b"))
    _, busy, _ = pool.take(GROUP)
    assert [pool.take(LoadOperation.READ_STATUS)[1].cpr for _ in range(2)] == ["b", "a"], "reading is always possible"
    _, other, _ = pool.take(GROUP)
    assert {busy.cpr, other.cpr} == {"a", "b"}
    pool.release(GROUP, busy)
    assert pool.take(CATEGORY)[1] is busy


def test_what_is_not_open_is_created_before_it_is_ended() -> None:
    pool = CitizenPool(("a", "b"))
    operation, citizen, id_ = pool.take(END_GROUP)
    assert (operation, id_) == (GROUP, "")
    pool.created(operation, citizen, "1")
    pool.release(operation, citizen)
    assert pool.take(END_GROUP) == (END_GROUP, citizen, "1")
    assert pool.take(END_GROUP)[0] is GROUP, "it was ended once, and cannot be again"


def test_ending_the_group_ends_the_category_and_leaves_nothing_to_put_one_in() -> None:
    pool = CitizenPool(("a", "b"))
    assert create(pool, GROUP, "1") == "a"
    pool.take(LoadOperation.READ_STATUS)
    assert create(pool, CATEGORY, "2") == "a"
    operation, ended, id_ = pool.take(END_GROUP)
    assert (operation, ended.cpr, id_) == (END_GROUP, "a", "1")
    pool.release(operation, ended)
    operation, other, _ = pool.take(END_CATEGORY)
    assert operation is CATEGORY, "the category went with the group"
    pool.release(operation, other)
    assert {create(pool, CATEGORY, str(number)) for number in range(3)} == {"b"}


def test_a_new_group_may_have_ended_the_category() -> None:
    pool = CitizenPool(("a",))
    create(pool, CATEGORY, "1")
    create(pool, GROUP, "2")
    assert pool.take(END_CATEGORY)[0] is CATEGORY
