from dataclasses import replace
from datetime import date, timedelta

import pytest

from support.builders import NOW, STAR, TODAY, TOMORROW, YESTERDAY, category, citizen, context, identity, row
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Create, Delete, Kind, Update
from vos_contracts.tables.releases import FutureEnd
from vos_reference.domain import kontaktgruppe, personkategori
from vos_reference.domain.decision import Accepted, Decision, Refused
from vos_reference.domain.person import Fravaer, Person, Tilmelding

KG = Kind.KONTAKTGRUPPE
PC = Kind.PERSONKATEGORI


def codes(decision: Decision) -> list[int]:
    assert isinstance(decision, Refused), decision
    return [error.code for error in decision.errors]


def accepted(decision: Decision) -> Accepted:
    assert isinstance(decision, Accepted), decision
    return decision


def create(person: Person, type_: int, **other: object) -> Decision:
    command = replace(Create(KG, type_, TODAY), **other)  # type: ignore[arg-type]  # fields by name
    return kontaktgruppe.create(person, command, "new", context())


def test_the_first_kontaktgruppe_is_open() -> None:
    new = accepted(create(citizen(), 13)).person.open_registration(KG, NOW)
    assert new is not None
    assert (new.id, new.type, new.start, new.end, new.registrant) == ("new", 13, TODAY, None, identity())


def test_another_group_replaces_the_open_one() -> None:
    after = accepted(create(citizen(row(4)), 13)).person
    assert [(row.id, row.type, row.end) for row in after.history] == [
        ("old", 4, None),
        ("old", 4, TODAY),
        ("new", 13, None),
    ]


def test_the_same_group_open_is_4644() -> None:
    assert codes(create(citizen(row(13)), 13)) == [4644]


def test_the_same_group_after_it_has_ended_is_allowed() -> None:
    assert accepted(create(citizen(row(13, end=TODAY)), 13)).id == "new"


@pytest.mark.parametrize("start", [YESTERDAY, TOMORROW])
def test_the_start_must_be_today_4703(start: object) -> None:
    assert codes(create(citizen(), 13, start=start)) == [4703]


def test_today_is_the_danish_day() -> None:
    sent = NOW.replace(hour=23, minute=30)
    decision = kontaktgruppe.create(citizen(), Create(KG, 13, sent), "new", context(now=NOW.replace(hour=0, minute=1)))
    assert accepted(decision).id == "new"


def test_a_group_that_ended_later_than_the_new_one_starts_ends_there() -> None:
    closed = replace(row(4), start=NOW.replace(hour=1), end=NOW.replace(hour=23))
    for start, end in ((9, 9), (0, 1), (23, 23)):  # within the old one, before it, and where it ended
        after = accepted(
            kontaktgruppe.create(citizen(closed), Create(KG, 13, NOW.replace(hour=start)), "new", context())
        )
        assert after.person.registrations["old"].end == NOW.replace(hour=end, minute=NOW.minute)
        assert after.person.registrations["new"].start == NOW.replace(hour=start)


@pytest.mark.parametrize(
    ("rule", "later", "errors"),
    [
        (FutureEnd.DAY, timedelta(seconds=1), []),
        (FutureEnd.DAY, timedelta(days=1), [100028]),
        (FutureEnd.INSTANT, timedelta(), []),
        (FutureEnd.INSTANT, timedelta(seconds=1), [100028]),
    ],
)
def test_a_future_end_is_a_later_day_or_a_later_instant(rule: FutureEnd, later: timedelta, errors: list[int]) -> None:
    there = replace(context(), release=replace(context().release, future_end=rule))
    decision = kontaktgruppe.update(citizen(row(4)), Update(KG, "old", NOW + later), there)
    assert (codes(decision) if isinstance(decision, Refused) else []) == errors


def test_an_unknown_group_is_4675() -> None:
    assert codes(create(citizen(), 9)) == [4675]


@pytest.mark.parametrize(("group", "age", "errors"), [(12, 29, []), (12, 30, [6033]), (28, 31, [6033]), (2, 60, [])])
def test_the_group_must_fit_the_age_6033(group: int, age: int, errors: list[int]) -> None:
    decision = create(citizen(age=age), group)
    assert (codes(decision) if isinstance(decision, Refused) else []) == errors


def test_the_group_is_refused_from_the_30th_birthday() -> None:
    born = date(NOW.year - 30, NOW.month, NOW.day)
    assert codes(create(replace(citizen(), born=born), 12)) == [6033]
    assert accepted(create(replace(citizen(), born=born + timedelta(days=1)), 12)).id == "new"


def test_born_on_29_february_is_a_year_older_on_1_march() -> None:
    person = replace(citizen(), born=date(1996, 2, 29))
    before = NOW.replace(year=2026, month=2, day=28)
    decision = kontaktgruppe.create(person, Create(KG, 12, before), "new", context(now=before))
    assert accepted(decision).id == "new"
    after = NOW.replace(year=2026, month=3, day=1)
    assert codes(kontaktgruppe.create(person, Create(KG, 12, after), "new", context(now=after))) == [6033]


@pytest.mark.parametrize("group", [24, 25])
def test_groups_of_ksd_and_dfdg_cannot_be_changed_8096(group: int) -> None:
    assert codes(create(citizen(), group)) == [8096]
    assert codes(create(citizen(row(group)), 13)) == [8096]
    assert codes(kontaktgruppe.update(citizen(row(group)), Update(KG, "old", TODAY), context())) == [8096]
    assert codes(kontaktgruppe.delete(citizen(row(group)), Delete(KG, "old"), context())) == [8096]


def test_a_conflicting_absence_is_4645() -> None:
    person = replace(citizen(), fravaer=(Fravaer(2, YESTERDAY.date()),))
    assert codes(create(person, 13)) == [4645]
    ended = replace(citizen(), fravaer=(Fravaer(2, YESTERDAY.date(), TODAY.date()),))
    assert accepted(create(ended, 13)).id == "new"


class TestEnrolled:
    person = replace(citizen(row(1)), tilmelding=Tilmelding(1))

    def test_changing_the_group_is_100029(self) -> None:
        assert codes(create(self.person, 13)) == [100029]

    def test_the_same_group_is_4644_and_not_100029(self) -> None:
        assert codes(create(self.person, 1)) == [4644]

    def test_without_an_open_group_only_the_group_of_the_enrolment(self) -> None:
        without = replace(citizen(), tilmelding=Tilmelding(1))
        assert codes(create(without, 13)) == [100029]
        assert accepted(create(without, 1)).id == "new"

    @pytest.mark.parametrize(
        ("release", "classic", "refused"),
        [("2024-3", False, True), ("2024-3", True, False), ("2024-4", True, True), ("2025-1", True, True)],
    )
    def test_the_release_and_channel_that_enforce_100029(self, release: str, classic: bool, refused: bool) -> None:
        decision = kontaktgruppe.create(
            self.person, Create(KG, 13, TODAY), "new", context(release=release, classic=classic)
        )
        assert isinstance(decision, Refused) is refused


def test_all_errors_are_reported_together() -> None:
    person = replace(citizen(row(12), age=35), tilmelding=Tilmelding(3), fravaer=(Fravaer(2, YESTERDAY.date()),))
    assert codes(create(person, 12, start=YESTERDAY, end=TOMORROW)) == [4644, 4703, 6033, 100028]


class TestEnd:
    def test_an_end_today(self) -> None:
        after = accepted(kontaktgruppe.update(citizen(row(13)), Update(KG, "old", NOW), context())).person
        assert after.open_registration(KG, NOW) is None
        assert after.history[-1].end == NOW

    @pytest.mark.parametrize(
        ("release", "classic", "enrolled", "refused"),
        [
            ("2024-3", True, False, False),
            ("2024-3", True, True, True),
            ("2024-3", False, False, True),
            ("2024-4", True, False, True),
            ("2024-4", False, False, True),
            ("2025-1", True, False, True),
        ],
    )
    def test_a_future_end_is_100028(self, release: str, classic: bool, enrolled: bool, refused: bool) -> None:
        person = citizen(row(13))
        if enrolled:
            person = replace(person, tilmelding=Tilmelding(1))
        decision = kontaktgruppe.update(person, Update(KG, "old", TOMORROW), context(release=release, classic=classic))
        assert (codes(decision) == [100028]) if refused else isinstance(decision, Accepted)

    def test_an_ended_group_cannot_be_changed(self) -> None:
        person = citizen(row(13, end=YESTERDAY))
        assert codes(kontaktgruppe.update(person, Update(KG, "old", TODAY), context())) == [8096]

    def test_an_unknown_id_is_4589(self) -> None:
        for command in (Update(KG, "other", TODAY), Update(PC, "old", TODAY)):
            assert codes(kontaktgruppe.update(citizen(row(13)), command, context())) == [4589]

    def test_no_end_or_an_end_before_the_start_is_1014(self) -> None:
        for end in (None, YESTERDAY - timedelta(days=1)):
            decision = kontaktgruppe.update(citizen(row(13)), Update(KG, "old", end), context())
            assert codes(decision) == [1014]


class TestDelete:
    def test_the_registering_authority_may_delete(self) -> None:
        after = accepted(kontaktgruppe.delete(citizen(row(13)), Delete(KG, "old"), context())).person
        assert after.open_registration(KG, NOW) is None
        assert [row.is_deleted for row in after.history] == [False, True]
        assert codes(kontaktgruppe.delete(after, Delete(KG, "old"), context())) == [4589]

    def test_star_may_delete_and_others_may_not(self) -> None:
        person = citizen(row(13))
        assert accepted(kontaktgruppe.delete(person, Delete(KG, "old"), context(STAR))).id == "old"
        other = Organisation(8, "10200")
        assert codes(kontaktgruppe.delete(person, Delete(KG, "old"), context(other))) == [4575]


class TestPersonkategoriFollowsGroup:
    def after(self, decision: Decision) -> Person:
        return personkategori.follow_group(accepted(decision), context()).person

    def test_the_default_where_the_group_needs_one(self) -> None:
        category_ = self.after(create(citizen(), 2)).open_registration(PC, NOW)
        assert category_ is not None
        assert (category_.id, category_.type, category_.registrant) == ("new-personkategori", 8, identity())

    def test_no_default_where_the_group_needs_none(self) -> None:
        assert self.after(create(citizen(), 13)).open_registration(PC, NOW) is None

    def test_an_allowed_personkategori_stays(self) -> None:
        after = self.after(create(citizen(row(2), category(5)), 3))
        open_row = after.open_registration(PC, NOW)
        assert open_row is not None
        assert (open_row.id, open_row.type) == ("category", 5)

    def test_a_personkategori_the_group_does_not_allow_ends_and_the_default_follows(self) -> None:
        after = self.after(create(citizen(row(2), category(4), age=25), 12))
        assert [(row.id, row.type, row.end) for row in after.history if row.kind is PC] == [
            ("category", 4, None),
            ("category", 4, TODAY),
            ("new-personkategori", 8, None),
        ]

    def test_closing_the_group_ends_the_personkategori(self) -> None:
        decision = kontaktgruppe.update(citizen(row(2), category(5)), Update(KG, "old", NOW), context())
        after = self.after(decision)
        assert after.open_registration(PC, NOW) is None
        assert after.history[-1].end == NOW
