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

from vos_contracts.control.stage import PersonDto, TilknytningDto
from vos_contracts.model.cpr import SYNTETISK_REST, foedselsdato, rest_11
from vos_contracts.model.identity import Organisation
from vos_simulators.parties import JOBCENTER, KOMMUNE

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Borger:
    """A synthetic citizen."""

    navn: str
    cpr: str
    foedt: date


class CprProvider(BaseProvider):
    """A Faker provider of CPR numbers that no human being can have."""

    def syntetisk_cpr(self, foedt: date) -> str:
        """Make a number for that birth date, 1 January excepted; from 1900 to 2036."""
        if (foedt.month, foedt.day) == (1, 1):
            raise ValueError("a number born on 1 January may belong to someone")
        syvende = "0123" if foedt.year < 2000 else "4569"
        while True:
            cpr = f"{foedt:%d%m%y}{self.random_element(syvende)}{self.random_int(0, 999):03d}"
            if foedselsdato(cpr) == foedt and rest_11(cpr) in SYNTETISK_REST:
                return cpr


class Folk:
    """An endless supply of citizens; the same seed gives the same people, and nobody comes twice."""

    def __init__(self, seed: int) -> None:
        self._faker = Faker("da_DK")
        self._faker.seed_instance(seed)
        self._faker.add_provider(CprProvider)
        self._brugte: set[str] = set()

    def ny(self, alder: int, dag: date) -> Borger:
        """Make a citizen who is that many full years old on that day."""
        while True:
            tilbage = timedelta(days=self._faker.random_int(0, 360))
            foedt = _aar_foer(dag, alder) - tilbage
            if (foedt.month, foedt.day) == (1, 1):
                continue
            return self.foedt(foedt)

    def foedt(self, dag: date) -> Borger:
        """Make a citizen who is born on that day; 1 January has no numbers that are nobody's."""
        while True:
            cpr = str(self._faker.syntetisk_cpr(dag))
            if cpr not in self._brugte:
                self._brugte.add(cpr)
                return Borger(self._faker.name(), cpr, dag)

    def vaelg(self, blandt: Sequence[T], vaegte: Sequence[int] | None = None) -> T:
        """Choose one, each as likely as its weight."""
        (valgt,) = self._faker.random.choices(blandt, vaegte)
        return cast(T, valgt)


def paa_scenen(
    borger: Borger,
    *,
    jobcenter: Organisation | None = JOBCENTER,
    kommune: Organisation | None = KOMMUNE,
    akasse: Organisation | None = None,
) -> PersonDto:
    """Describe a citizen for the control API, belonging to these authorities."""
    return PersonDto(
        cpr=borger.cpr,
        tilknytninger=tuple(
            TilknytningDto(organisation_type=en.type, organisation_kode=en.kode)
            for en in (jobcenter, kommune, akasse)
            if en is not None
        ),
    )


def _aar_foer(dag: date, aar: int) -> date:
    try:
        return dag.replace(year=dag.year - aar)
    except ValueError:  # 29 February
        return dag.replace(year=dag.year - aar, day=28)
