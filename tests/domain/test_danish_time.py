from datetime import UTC, date, datetime

import pytest

from vos_reference.domain.danish_time import DANISH_TIME, age, danish_day


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        (datetime(2024, 12, 31, 22, 59, tzinfo=UTC), date(2024, 12, 31)),
        (datetime(2024, 12, 31, 23, 0, tzinfo=UTC), date(2025, 1, 1)),
        (datetime(2024, 3, 30, 22, 59, tzinfo=UTC), date(2024, 3, 30)),
        (datetime(2024, 3, 31, 21, 59, tzinfo=UTC), date(2024, 3, 31)),
        (datetime(2024, 3, 31, 22, 0, tzinfo=UTC), date(2024, 4, 1)),
        (datetime(2024, 10, 27, 22, 59, tzinfo=UTC), date(2024, 10, 27)),
    ],
)
def test_the_danish_day_around_midnight(utc: datetime, day: date) -> None:
    assert danish_day(utc) == day


def test_summer_and_winter_time_on_the_same_day() -> None:
    before = datetime(2024, 10, 27, 2, 30, fold=0, tzinfo=DANISH_TIME)
    after = datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=DANISH_TIME)
    assert after.astimezone(UTC) > before.astimezone(UTC)
    assert danish_day(before) == danish_day(after) == date(2024, 10, 27)


@pytest.mark.parametrize(
    ("born", "day", "year"),
    [
        (date(1994, 11, 18), date(2024, 11, 17), 29),
        (date(1994, 11, 18), date(2024, 11, 18), 30),
        (date(1996, 2, 29), date(2026, 2, 28), 29),
        (date(1996, 2, 29), date(2026, 3, 1), 30),
        (date(1996, 2, 29), date(2024, 2, 29), 28),
    ],
)
def test_age_in_full_years(born: date, day: date, year: int) -> None:
    assert age(born, day) == year
