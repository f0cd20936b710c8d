"""A citizen of a pool is given to a scenario only if it matches the whole description."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from support.builders import NOW, STAR, TODAY, YESTERDAY, identity
from vos_contracts.control.stage import (
    FravaerDto,
    HelbredsbegraensningDto,
    MembershipDto,
    PeriodDto,
    PersonDto,
    RegistrationDto,
)
from vos_contracts.model.identity import Identity
from vos_contracts.model.registration import Delete, Kind, RegistrationView
from vos_contracts.tables.errors import ServiceError
from vos_contracts.wire.rest.registration import Refusal
from vos_features.citizens import Pool, Wish, _matches
from vos_features.hooks import Omitted
from vos_simulators.parties import AKASSE
from vos_simulators.party import Channel
from vos_simulators.people import Citizen, People, on_stage

people = People(99)


def citizen(age: int = 40) -> Citizen:
    return people.new(age, NOW.date())


def changed(person: PersonDto, **fields: Any) -> PersonDto:
    return PersonDto(**{**{name: getattr(person, name) for name in person.__struct_fields__}, **fields})


def kg(type_: int, start: Any = YESTERDAY, end: Any = None) -> dict[str, Any]:
    return {"kontaktgrupper": (RegistrationDto(type=type_, start=start, end=end),)}


def matches(has: dict[str, Any], wanted: dict[str, Any], age: tuple[int, int] = (40, 40), exact: bool = False) -> bool:
    own = changed(on_stage(citizen(age[0])), **has)
    who = citizen(age[1])
    return _matches(own, Wish(who, changed(on_stage(who), **wanted), exact), NOW)


LIMITATION = HelbredsbegraensningDto(description="any")
MEMBER = {
    "memberships": (
        *on_stage(citizen()).memberships,
        MembershipDto(organisation_type=AKASSE.type, organisation_code=AKASSE.code),
    )
}


@pytest.mark.parametrize(
    ("has", "wanted", "response"),
    [
        ({}, {}, True),
        (MEMBER, {}, False),
        ({}, MEMBER, False),
        (MEMBER, MEMBER, True),
        (kg(13), kg(13), True),
        (kg(13), kg(4), False),
        (kg(13), {}, False),
        ({}, kg(13), False),
        (kg(13, None), kg(13), True),
        (kg(13, YESTERDAY - timedelta(days=300)), kg(13), True),
        (kg(13, YESTERDAY - timedelta(days=300)), kg(13, YESTERDAY - timedelta(days=2)), False),
        (kg(13, YESTERDAY - timedelta(days=2)), kg(13, YESTERDAY - timedelta(days=2)), True),
        (kg(13, TODAY), kg(13), False),
        (kg(13), kg(13, end=YESTERDAY), False),
        ({"personkategorier": (RegistrationDto(type=5),)}, {"personkategorier": (RegistrationDto(type=8),)}, False),
        ({"tilmeldekategori": 1}, {"tilmeldekategori": 1}, True),
        ({"tilmeldekategori": 1}, {}, False),
        ({"fravaer": (FravaerDto(type=6),)}, {"fravaer": (FravaerDto(type=6, since=date(2024, 11, 17)),)}, True),
        ({"fravaer": (FravaerDto(type=6),)}, {"fravaer": (FravaerDto(type=2),)}, False),
        ({"aktivitetstillaeg": (PeriodDto(),)}, {"aktivitetstillaeg": (PeriodDto(),)}, True),
        ({"aktivitetstillaeg": (PeriodDto(),)}, {}, False),
        ({"helbredsbegraensninger": (LIMITATION,)}, {"helbredsbegraensninger": (LIMITATION,)}, True),
        ({"helbredsbegraensninger": (LIMITATION,)}, {}, False),
        ({}, {"helbredsbegraensninger": (LIMITATION,)}, False),
        ({"fleksjob": (PeriodDto(),)}, {"fleksjob": (PeriodDto(),)}, False),
        ({"dead": date(2020, 1, 2)}, {"dead": date(2024, 11, 17)}, True),
        ({"dead": date(2020, 1, 2)}, {}, False),
    ],
)
def test_everything_the_scenario_states_must_match(has: dict[str, Any], wanted: dict[str, Any], response: bool) -> None:
    assert matches(has, wanted) is response


@pytest.mark.parametrize(
    ("age", "response"), [((40, 61), True), ((29, 18), True), ((29, 30), False), ((30, 29), False)]
)
def test_both_ages_must_be_under_thirty_or_neither(age: tuple[int, int], response: bool) -> None:
    assert matches({}, {}, age) is response


def test_an_exact_birth_date_must_be_equal() -> None:
    item = citizen()
    dto = on_stage(item)
    assert _matches(dto, Wish(item, dto, exact=True), NOW)
    assert not _matches(dto, Wish(replace(item, born=item.born + timedelta(days=1)), dto, exact=True), NOW)


def test_a_pool_without_a_match_names_what_is_missing() -> None:
    item = citizen()
    pool = Pool([changed(on_stage(citizen()), **kg(4))], lambda: None)
    with pytest.raises(Omitted, match=r"puljen mangler: borger, fyldt 30 år, hos 8/10100, .*kontaktgruppe 13"):
        pool.find(Wish(item, changed(on_stage(item), **kg(13))), NOW)


class Register:
    """A party over one citizen's history; only the latest registrant may delete."""

    def __init__(self, party: Identity, rows: list[RegistrationView], refuses: bool = False) -> None:
        self.identity, self._rows, self._refuses = party, rows, refuses

    def history(self, cpr: str, kind: Kind) -> tuple[RegistrationView, ...]:
        return tuple(row for row in self._rows if row.kind is kind)

    def read(self, cpr: str, kind: Kind) -> tuple[RegistrationView, ...]:
        latest = {item.id: item for item in reversed(self.history(cpr, kind))}
        return tuple(item for item in latest.values() if item.end is None and not item.is_deleted)

    def register(self, cpr: str, command: Delete, channel: Channel) -> str | Refusal:
        latest = next(row for row in self._rows if row.id == command.id)
        if self._refuses or latest.authority != self.identity.active:
            return Refusal(400, (ServiceError(4575),))
        self._rows.insert(0, replace(latest, is_deleted=True))
        return command.id


def group(end: Any, who: Identity) -> RegistrationView:
    return RegistrationView(Kind.KONTAKTGRUPPE, "g", 13, NOW, NOW, end, False, True, who.active, NOW)


@pytest.mark.parametrize(("refuses", "free"), [(False, True), (True, False)])
def test_the_latest_registrant_deletes_and_a_closed_group_counts(refuses: bool, free: bool) -> None:
    rows: list[RegistrationView] = []
    caller, star = identity(), identity(STAR)
    person = on_stage(citizen())
    parties: Any = {"jobcentret": Register(caller, rows), "STAR": Register(star, rows, refuses)}
    pool = Pool([person], lambda: None, lambda: parties)
    wish = Wish(citizen(), person, False)
    pool.find(wish, NOW)
    rows += [group(NOW, star), group(None, caller)]
    pool.deliver(irreparable=False)
    assert rows[0].is_deleted is free
    if free:
        pool.find(wish, NOW)
    else:
        with pytest.raises(Omitted, match="puljen er brugt op"):
            pool.find(wish, NOW)
