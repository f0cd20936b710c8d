from dataclasses import replace
from datetime import timedelta

from support.builders import AKASSE, JOBCENTER, NOW, TODAY, category, citizen, contract, identity, row
from vos_contracts.model.registration import Kind
from vos_reference.domain import views

KG, PC = Kind.KONTAKTGRUPPE, Kind.PERSONKATEGORI
JOBCENTER_USER, AKASSE_USER = identity(JOBCENTER), identity(AKASSE)
TWELVE = {1, 2, 4, 5, 7, 8, 10, 13, 21, 22, 23, 25}


def test_current_registrations_are_the_open_ones() -> None:
    person = citizen(row(4, "closed"), row(4, "closed", end=TODAY), row(13, "is_open"), category(5))
    assert [row.registration.id for row in views.current(person, KG, JOBCENTER_USER, NOW, contract())] == ["is_open"]
    assert [row.registration.id for row in views.current(person, PC, JOBCENTER_USER, NOW, contract())] == ["category"]


def test_the_history_has_one_row_per_change_newest_first() -> None:
    deleted = replace(row(13, "b"), is_deleted=True)
    person = citizen(row(4, "a"), row(4, "a", end=TODAY), row(13, "b"), deleted)
    shown = views.history(person, KG, JOBCENTER_USER, NOW, contract())
    assert [
        (item.registration.id, item.registration.end, item.registration.is_deleted, item.is_current) for item in shown
    ] == [
        ("b", None, True, False),
        ("b", None, False, False),
        ("a", TODAY, False, True),
        ("a", None, False, False),
    ]


def test_one_registration_can_be_read_also_ended_but_not_deleted_or_of_another_kind() -> None:
    deleted = replace(row(13, "b"), is_deleted=True)
    person = citizen(row(4, "a", end=TODAY), deleted)
    found = views.single(person, KG, "a", JOBCENTER_USER, NOW, contract())
    assert found is not None
    assert found.registration.end == TODAY
    assert views.single(person, KG, "b", JOBCENTER_USER, NOW, contract()) is None
    assert views.single(person, PC, "a", JOBCENTER_USER, NOW, contract()) is None


def test_an_akasse_sees_twelve_groups_and_no_others() -> None:
    groups_seen = {
        group
        for group in contract().kontaktgrupper
        if views.current(citizen(row(group)), KG, AKASSE_USER, NOW, contract())
    }
    assert groups_seen == TWELVE


def test_an_akasse_sees_four_years_back() -> None:
    limit = NOW.replace(year=NOW.year - 4)
    inside = row(13, "inside", start=limit - timedelta(days=99), end=limit)
    out = row(13, "out", start=limit - timedelta(days=99), end=limit - timedelta(days=1))
    person = citizen(out, inside)
    assert [row.registration.id for row in views.history(person, KG, AKASSE_USER, NOW, contract())] == ["inside"]
    assert len(views.history(person, KG, JOBCENTER_USER, NOW, contract())) == 2


def test_an_akasse_never_sees_a_personkategori() -> None:
    person = citizen(row(2), category(5))
    assert views.current(person, PC, AKASSE_USER, NOW, contract()) == ()
    assert views.history(person, PC, AKASSE_USER, NOW, contract()) == ()
    assert views.single(person, PC, "category", AKASSE_USER, NOW, contract()) is None


def test_an_akasse_sees_no_row_of_a_group_that_ended_too_long_ago() -> None:
    before = NOW.replace(year=NOW.year - 6)
    person = citizen(row(13, "a", start=before), row(13, "a", start=before, end=before))
    assert views.history(person, KG, AKASSE_USER, NOW, contract()) == ()
    assert len(views.history(person, KG, JOBCENTER_USER, NOW, contract())) == 2
