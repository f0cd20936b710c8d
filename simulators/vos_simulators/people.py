"""Synthetic citizens: names from Faker (da_DK), and CPR numbers that no human being can have.

CPR numbers that fail the modulus 11 check have been issued only for birth dates on 1 January (the CPR office, "Personnumre
uden kontrolciffer (modulus 11 kontrol)", cpr.dk, 10-05-2023). Every number made here fails the check and has another birth
date. All randomness comes from a seeded generator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar, cast

from faker import Faker
from faker.providers import BaseProvider

from vos_contracts.control.stage import MembershipDto, PersonDto
from vos_contracts.model.cpr import SYNTHETIC_REMAINDERS, birth_date, remainder_11
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
    """Faker provider of synthetic CPR numbers."""

    def synthetic_cpr(self, born: date) -> str:
        """Make a number for a birth date from 1900 to 2036.

        Raises:
            ValueError: the birth date is 1 January.
        """
        if (born.month, born.day) == (1, 1):
            raise ValueError("a CPR number with birth date 1 January may belong to a person")
        seventh = "0123" if born.year < 2000 else "4569"
        while True:
            cpr = f"{born:%d%m%y}{self.random_element(seventh)}{self.random_int(0, 999):03d}"
            if birth_date(cpr) == born and remainder_11(cpr) in SYNTHETIC_REMAINDERS:
                return cpr


class People:
    """An endless supply of distinct citizens, determined by the seed."""

    def __init__(self, seed: int) -> None:
        self._faker = Faker("da_DK")
        self._faker.seed_instance(seed)
        self._faker.add_provider(CprProvider)
        self._used: set[str] = set()

    def new(self, age: int, day: date) -> Citizen:
        """Make a citizen whose age in full years is `age` on that day."""
        while True:
            back = timedelta(days=self._faker.random_int(0, 360))
            born = _years_before(day, age) - back
            if (born.month, born.day) == (1, 1):
                continue
            return self.born(born)

    def born(self, day: date) -> Citizen:
        """Make a citizen with that birth date.

        Raises:
            ValueError: the birth date is 1 January.
        """
        while True:
            cpr = str(self._faker.synthetic_cpr(day))
            if cpr not in self._used:
                self._used.add(cpr)
                return Citizen(self._faker.name(), cpr, day)

    def choose(self, among: Sequence[T], weights: Sequence[int] | None = None) -> T:
        """Choose one element at random, with these weights."""
        (chosen,) = self._faker.random.choices(among, weights)
        return cast(T, chosen)


def on_stage(
    citizen: Citizen,
    *,
    jobcenter: Organisation | None = JOBCENTER,
    kommune: Organisation | None = KOMMUNE,
    akasse: Organisation | None = None,
) -> PersonDto:
    """Build the control API's description of a citizen with these memberships."""
    return PersonDto(
        cpr=citizen.cpr,
        memberships=tuple(
            MembershipDto(organisation_type=organisation.type, organisation_code=organisation.code)
            for organisation in (jobcenter, kommune, akasse)
            if organisation is not None
        ),
    )


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February of a leap year
        return day.replace(year=day.year - years, day=28)
