from datetime import UTC, date, datetime

import pytest

from vos_reference.domain.tid import DANSK_TID, alder, dansk_dag


@pytest.mark.parametrize(
    ("utc", "dag"),
    [
        (datetime(2024, 12, 31, 22, 59, tzinfo=UTC), date(2024, 12, 31)),
        (datetime(2024, 12, 31, 23, 0, tzinfo=UTC), date(2025, 1, 1)),
        (datetime(2024, 3, 30, 22, 59, tzinfo=UTC), date(2024, 3, 30)),
        (datetime(2024, 3, 31, 21, 59, tzinfo=UTC), date(2024, 3, 31)),
        (datetime(2024, 3, 31, 22, 0, tzinfo=UTC), date(2024, 4, 1)),
        (datetime(2024, 10, 27, 22, 59, tzinfo=UTC), date(2024, 10, 27)),
    ],
)
def test_dansk_dag_om_natten(utc: datetime, dag: date) -> None:
    assert dansk_dag(utc) == dag


def test_sommertid_og_vintertid_samme_dag() -> None:
    foer = datetime(2024, 10, 27, 2, 30, fold=0, tzinfo=DANSK_TID)
    efter = datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=DANSK_TID)
    assert efter.astimezone(UTC) > foer.astimezone(UTC)
    assert dansk_dag(foer) == dansk_dag(efter) == date(2024, 10, 27)


@pytest.mark.parametrize(
    ("foedt", "dag", "aar"),
    [
        (date(1994, 11, 18), date(2024, 11, 17), 29),
        (date(1994, 11, 18), date(2024, 11, 18), 30),
        (date(1996, 2, 29), date(2026, 2, 28), 29),
        (date(1996, 2, 29), date(2026, 3, 1), 30),
        (date(1996, 2, 29), date(2024, 2, 29), 28),
    ],
)
def test_alder(foedt: date, dag: date, aar: int) -> None:
    assert alder(foedt, dag) == aar
