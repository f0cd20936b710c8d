"""Datakanon: STAR's supplier of test citizens, who registers them through the public services (epic AC 1005.17.28.13).

Here: whom it thinks up, and one citizen's registrations. Not here: who it is (`vos_simulators.parties`), or how many citizens
at a time (`vos_simulators.bulk_registration`).
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
    """One row of the distribution: a group's share, its citizens' ages, both included, and what else they tend to have."""

    kontaktgruppe: int
    share: int
    age_since: int
    age_until: int
    category: bool
    member: bool


@dataclass(frozen=True, slots=True)
class TestCitizen:
    """A citizen to be registered; no category leaves what follows from the group."""

    citizen: Citizen
    kontaktgruppe: int
    personkategori: int | None
    member: bool


@cache
def distribution() -> tuple[Share, ...]:
    """Read the distribution; errors: TableError."""
    text = files("vos_simulators").joinpath(DISTRIBUTION).read_text("utf-8")
    rows = parse(TableForm("datakanon", ("kontaktgruppe",)), text, DISTRIBUTION).values()
    return tuple(
        Share(
            kontaktgruppe=int(row["kontaktgruppe"]),
            share=int(row["share"]),
            age_since=int(row["age_since"]),
            age_until=int(row["age_until"]),
            category=yes(row["category"]),
            member=yes(row["member"]),
        )
        for row in rows
    )


def test_citizens(seed: int, day: date, contract: Contract) -> Iterator[TestCitizen]:
    """Think up citizens without end: the same seed and day give the same ones, as the contract's rules allow them."""
    people = People(seed)
    shares = distribution()
    weights = [item.share for item in shares]
    while True:
        share = people.choose(shares, weights)
        rules = contract.group_rules[share.kontaktgruppe]
        oldest = share.age_until if rules.under_age is None else min(share.age_until, rules.under_age - 1)
        citizen = people.new(people.choose(range(share.age_since, oldest + 1)), day)
        category = people.choose(_categories(rules)) if share.category else None
        yield TestCitizen(citizen, share.kontaktgruppe, category, share.member)


def _categories(rules: GroupRules) -> Sequence[int | None]:
    """List what one who is not enrolled can be registered with; None is what follows from the group."""
    possible = rules.categories - rules.category_requires_enrolled - {rules.default_category}
    return (None, *sorted(possible))


def register(party: Party, test_citizen: TestCitizen, now: datetime, channel: Channel) -> Mapping[str, str | Refusal]:
    """Register the citizen's group and category from today; return the answers by method.

    Errors: UnreachableError, RemoteWireError.
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
