"""Datakanon: STAR's generator of test citizens, which registers them through the public services (epic AC 1005.17.28.13).

Here: the generated citizens and the registrations of one citizen. Not here: Datakanon's identity (`vos_simulators.parties`),
and concurrency (`vos_simulators.bulk_registration`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from vos_contracts.contract import Contract
from vos_contracts.model.registration import Create, Kind
from vos_contracts.tables.kontaktgruppe import GroupRules
from vos_contracts.tables.table import TableForm, parse, yes
from vos_contracts.wire.instants import midnight
from vos_contracts.wire.rest.registration import Refusal
from vos_simulators.party import Channel, Party
from vos_simulators.people import Citizen, People

DISTRIBUTION = "datakanon.csv"


@dataclass(frozen=True, slots=True)
class Share:
    """One row of the distribution: a kontaktgruppe, its share, an inclusive age range, and properties of its citizens."""

    kontaktgruppe: int
    share: int
    age_from: int
    age_to: int
    category: bool
    member: bool


@dataclass(frozen=True, slots=True)
class TestCitizen:
    """A citizen to register; `personkategori` None leaves the group's default category."""

    citizen: Citizen
    kontaktgruppe: int
    personkategori: int | None
    member: bool


@cache
def distribution() -> tuple[Share, ...]:
    """Read the shipped distribution `datakanon.csv`.

    Raises:
        TableError: the file is malformed.
    """
    text = files("vos_simulators").joinpath(DISTRIBUTION).read_text("utf-8")
    rows = parse(TableForm("datakanon", ("kontaktgruppe",)), text, DISTRIBUTION).values()
    return tuple(
        Share(
            kontaktgruppe=int(row["kontaktgruppe"]),
            share=int(row["share"]),
            age_from=int(row["age_from"]),
            age_to=int(row["age_to"]),
            category=yes(row["category"]),
            member=yes(row["member"]),
        )
        for row in rows
    )


def test_citizens(seed: int, day: date, contract: Contract) -> Iterator[TestCitizen]:
    """Generate an endless sequence of citizens within the contract's rules, determined by seed and day."""
    people = People(seed)
    shares = distribution()
    weights = [item.share for item in shares]
    while True:
        share = people.choose(shares, weights)
        rules = contract.group_rules[share.kontaktgruppe]
        oldest = share.age_to if rules.age_below is None else min(share.age_to, rules.age_below - 1)
        citizen = people.new(people.choose(range(share.age_from, oldest + 1)), day)
        category = people.choose(_categories(rules)) if share.category else None
        yield TestCitizen(citizen, share.kontaktgruppe, category, share.member)


def _categories(rules: GroupRules) -> Sequence[int | None]:
    """List the categories of a citizen without tilmelding; None stands for the group's default category."""
    possible = rules.categories - rules.category_requires_enrolment - {rules.default_category}
    return (None, *sorted(possible))


def register(party: Party, test_citizen: TestCitizen, now: datetime, channel: Channel) -> Mapping[str, str | Refusal]:
    """Register the citizen's group and category from today; return the answers by method name.

    Raises:
        UnreachableError
        RemoteWireError
    """
    today = midnight(now)
    response: dict[str, str | Refusal] = {}
    for kind, type_ in (
        (Kind.KONTAKTGRUPPE, test_citizen.kontaktgruppe),
        (Kind.PERSONKATEGORI, test_citizen.personkategori),
    ):
        if type_ is not None:
            response[f"Create{kind.name}"] = party.register(
                test_citizen.citizen.cpr, Create(kind, type_, today, event=today), channel
            )
    return response
