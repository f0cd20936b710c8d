"""Synthetic people: names from Faker (da_DK), and CPR numbers that cannot be anyone's.

Why they cannot: a number that fails the modulus 11 check has been issued for birth dates on 1 January only (the CPR office,
"Personnumre uden kontrolciffer (modulus 11 kontrol)", cpr.dk, 10-05-2023). Every number made here fails the check and has
another birth date. The one place where chance is used; it is seeded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar, cast

from faker import Faker
from faker.providers import BaseProvider

from vos_contracts.control.stage import MembershipDto, PersonDto
from vos_contracts.model.cpr import SYNTHETIC_REST, birth_date, rest_11
from vos_contracts.model.identity import Organisation
from vos_simulators.parties import JOBCENTER, KOMMUNE

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Citizen:
    """A synthetic citizen."""

    name: str
    cpr: str
    born: date


class CprProvider(BaseProvider):
    """A Faker provider of CPR numbers that no human being can have."""

    def synthetic_cpr(self, born: date) -> str:
        """Make a number for that birth date, 1 January excepted; from 1900 to 2036."""
        if (born.month, born.day) == (1, 1):
            raise ValueError("a number born on 1 January may belong to someone")
        seventh = "0123" if born.year < 2000 else "4569"
        while True:
            cpr = f"{born:%d%m%y}{self.random_element(seventh)}{self.random_int(0, 999):03d}"
            if birth_date(cpr) == born and rest_11(cpr) in SYNTHETIC_REST:
                return cpr


class People:
    """An endless supply of citizens; the same seed gives the same people, and nobody comes twice."""

    def __init__(self, seed: int) -> None:
        self._faker = Faker("da_DK")
        self._faker.seed_instance(seed)
        self._faker.add_provider(CprProvider)
        self._used: set[str] = set()

    def new(self, age: int, day: date) -> Citizen:
        """Make a citizen who is that many full years old on that day."""
        while True:
            back = timedelta(days=self._faker.random_int(0, 360))
            born = _year_before(day, age) - back
            if (born.month, born.day) == (1, 1):
                continue
            return self.born(born)

    def born(self, day: date) -> Citizen:
        """Make a citizen who is born on that day; 1 January has no numbers that are nobody's."""
        while True:
            cpr = str(self._faker.synthetic_cpr(day))
            if cpr not in self._used:
                self._used.add(cpr)
                return Citizen(self._faker.name(), cpr, day)

    def choose(self, among: Sequence[T], weights: Sequence[int] | None = None) -> T:
        """Choose one, each as likely as its weight."""
        (chosen,) = self._faker.random.choices(among, weights)
        return cast(T, chosen)


def on_stage(
    citizen: Citizen,
    *,
    jobcenter: Organisation | None = JOBCENTER,
    kommune: Organisation | None = KOMMUNE,
    akasse: Organisation | None = None,
) -> PersonDto:
    """Describe a citizen for the control API, belonging to these authorities."""
    return PersonDto(
        cpr=citizen.cpr,
        memberships=tuple(
            MembershipDto(organisation_type=item.type, organisation_code=item.code)
            for item in (jobcenter, kommune, akasse)
            if item is not None
        ),
    )


def _year_before(day: date, year: int) -> date:
    try:
        return day.replace(year=day.year - year)
    except ValueError:  # 29 February
        return day.replace(year=day.year - year, day=28)
