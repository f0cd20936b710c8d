"""A deterministic crowd of citizens with due work for the nightly jobs, stored without the control API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from support.builders import AKASSE, JOBCENTER, KOMMUNE, NOW, contract, identity
from vos_contracts.model.neighbours import GroupChange
from vos_contracts.model.registration import Kind
from vos_reference.application.ports import Store
from vos_reference.domain.batch_jobs import due_date
from vos_reference.domain.danish_time import DANISH_TIME, kl
from vos_reference.domain.person import Illness, Membership, Period, Person, Recovery, Registration, Tilmelding

DAY = NOW.date()
FIRST_NIGHT = kl(DAY + timedelta(days=1), contract().batchjob[0].clock_time)
KIND = 10
"""The number of variants of citizens; variants 0 to 2 have no due job."""


def people(count: int) -> Iterator[Person]:
    """Yield the first `count` citizens."""
    for number in range(count):
        yield _person(number)


def settle(store: Store, count: int, chunk: int = 1000) -> None:
    """Store the first `count` citizens, in transactions of `chunk`."""
    remaining = people(count)
    for _ in range(0, count, chunk):
        with store.transaction() as t:
            for person in (item for _, item in zip(range(chunk), remaining, strict=False)):
                t.create_person(person, due_date(person, contract(), NOW))


def _person(number: int) -> Person:
    falls_due = DAY + timedelta(days=1 + number // KIND % 3)
    variant = number % KIND
    group = {3: 7, 4: 10, 5: 12, 6: 28, 7: 25, 8: 24, 9: 1}.get(variant, 2)
    fields: dict[str, object] = {"born": date(1980, 5, 5)}
    match variant:
        case 3:
            fields["fleksjob"] = (Period("f", falls_due),)
        case 4:
            fields["fleksjob"] = (Period("f", date(2024, 1, 1), falls_due),)
        case 5 | 6:
            fields["born"] = falls_due.replace(year=falls_due.year - 30)
        case 7:
            fields["illness"] = Illness(
                "s", date(2024, 10, 1), 25, identity(KOMMUNE), until=falls_due - timedelta(days=1), remembered_group=1,
                remembered_tilmeldekategori=1,
            )  # fmt: skip
        case 8:
            notice = Recovery(falls_due, identity(), group=GroupChange(type=13))
            fields["illness"] = Illness("s", date(2024, 10, 1), 24, identity(KOMMUNE), recovery=notice)
        case 9:
            fields["tilmelding"] = Tilmelding(1, until=falls_due, registrant=identity(AKASSE))
    start = datetime(2024, 10, 1, tzinfo=DANISH_TIME)
    history = [Registration(f"g{number}", Kind.KONTAKTGRUPPE, group, None, start, None, False, identity(), start)]
    if group in (2, 12, 28):
        history.append(Registration(f"c{number}", Kind.PERSONKATEGORI, 8, None, start, None, False, identity(), start))
    return Person(
        id=f"p{number:08d}",
        cpr=f"{number:010d}",
        memberships=tuple(Membership(item, date(2000, 1, 1)) for item in (JOBCENTER, AKASSE)),
        history=tuple(history),
        **fields,  # type: ignore[arg-type]  # fields by name
    )
