from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from vos_contracts.model.cpr import SYNTHETIC_REMAINDERS, birth_date, could_be_issued, remainder_11
from vos_simulators.bi.pseudonyms import InvalidKey, Pseudonyms
from vos_simulators.people import People

DAY = date(2024, 11, 18)
KEY = b"proeve: en noegle paa mindst 16 bytes"


def age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def people(count: int = 600) -> list[str]:
    person = People(7)
    return [person.new(number % 75 + 16, DAY).cpr for number in range(count)]


def born(cpr: str) -> date:
    day = birth_date(cpr)
    assert day is not None
    return day


def test_pseudonyms_belong_to_nobody_and_are_distinct_and_not_original() -> None:
    originals, source = people(), Pseudonyms(KEY, DAY)
    pseudonyms = [source.cpr(cpr) for cpr in originals]
    assert [cpr for cpr in pseudonyms if could_be_issued(cpr) or birth_date(cpr) is None] == []
    assert len(set(pseudonyms)) == len(originals)
    assert set(pseudonyms).isdisjoint(originals)


def test_all_numbers_of_a_birth_date_get_distinct_pseudonyms() -> None:
    """All synthetic numbers with these birth dates: no two get the same pseudonym."""
    source = Pseudonyms(KEY, DAY)
    days = [date(1984, 3, 2), date(1984, 3, 3), date(1999, 5, 1)]
    numbers = [
        cpr
        for day, digit, serial_number in product(days, range(10), range(1000))
        if birth_date(cpr := f"{day:%d%m%y}{digit}{serial_number:03d}") == day
        and remainder_11(cpr) in SYNTHETIC_REMAINDERS
    ]
    assert len(numbers) > 5000
    assert len({source.cpr(cpr) for cpr in numbers}) == len(numbers)
    assert not source.met_foreign


@pytest.mark.parametrize("reference_day", [DAY, date(2024, 2, 29), date(2025, 1, 1), date(2024, 12, 31)])
def test_nobody_crosses_the_age_of_thirty(reference_day: date) -> None:
    """A citizen of 30 or more keeps the age in years; a younger one keeps the month of birth."""
    source, citizens = Pseudonyms(KEY, reference_day), People(9)
    for years, offset in product((18, 29, 30, 31, 45, 64), range(-40, 41, 4)):
        cpr = citizens.new(years, reference_day + timedelta(days=offset)).cpr
        before, after = born(cpr), born(source.cpr(cpr))
        old, new = age(before, reference_day), age(after, reference_day)
        assert (old >= 30) is (new >= 30), f"{before} -> {after}"
        if old >= 30:
            assert old == new
        else:
            assert (before.year, before.month) == (after.year, after.month)


@pytest.mark.parametrize("reference_day", [DAY, date(2024, 6, 30), date(2024, 1, 2)])
def test_nobody_crosses_thirty_in_the_month_of_the_reference_day(reference_day: date) -> None:
    """The window of the month is cut at the 30th birthday, so nobody crosses the limit."""
    source = Pseudonyms(KEY, reference_day)
    for day, serial_number in product(range(2, 31), range(0, 1000, 97)):
        before = date(reference_day.year - 30, reference_day.month, day)
        cpr = next(
            c
            for n in range(1000)
            if remainder_11(c := f"{before:%d%m%y}0{(serial_number + n) % 1000:03d}") in SYNTHETIC_REMAINDERS
        )
        after = born(source.cpr(cpr))
        assert (age(before, reference_day) >= 30) is (age(after, reference_day) >= 30), f"{before} -> {after}"


def test_pseudonyms_depend_on_the_key_alone() -> None:
    originals = people(50)
    first, other, third = (list(map(Pseudonyms(key, DAY).cpr, originals)) for key in (KEY, KEY, KEY + b"!"))
    assert first == other
    assert [one for one, two in zip(first, third, strict=True) if one == two] == []
    assert Pseudonyms(KEY, DAY).fingerprint != Pseudonyms(KEY + b"!", DAY).fingerprint


def test_identifiers_become_uuids_per_type() -> None:
    pseudonym = Pseudonyms(KEY, DAY)
    assert pseudonym.id("citizen", "x") == pseudonym.id("citizen", "x")
    assert len({pseudonym.id("citizen", "x"), pseudonym.id("registration", "x"), pseudonym.id("citizen", "y")}) == 3
    assert pseudonym.id("citizen", "x")[14] == "8"


def test_a_foreign_number_gets_a_pseudonym_and_is_reported() -> None:
    source = Pseudonyms(KEY, DAY)
    other_rest = next(
        cpr for n in range(1000) if remainder_11(cpr := f"0203840{n:03d}") not in {0, *SYNTHETIC_REMAINDERS}
    )
    for cpr in (other_rest, "0101304005"):  # the second is born on 1 January, and in 2030
        pseudonym = source.cpr(cpr)
        assert source.met_foreign
        assert not could_be_issued(pseudonym)
        assert age(born(pseudonym), DAY) == age(born(cpr), DAY)


def test_the_day_of_death_becomes_its_month_and_never_precedes_birth() -> None:
    pseudonym = Pseudonyms(KEY, DAY)
    assert pseudonym.dead(None, DAY) is None
    assert pseudonym.dead(date(2024, 3, 17), date(1950, 1, 2)) == date(2024, 3, 1)
    assert pseudonym.dead(date(2024, 3, 17), date(2024, 3, 9)) == date(2024, 3, 9)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(InvalidKey, match="the key has 5 bytes and must have at least 16"):
        Pseudonyms(b"12345", DAY)
