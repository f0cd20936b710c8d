"""Steps that describe the citizen before it is put on the stage."""

from __future__ import annotations

from datetime import date, timedelta

from pytest_bdd import given, parsers

from vos_contracts.control.stage import FravaerDto, HelbredsbegraensningDto, MembershipDto, PeriodDto, RegistrationDto
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Kind
from vos_features.scenario import TODAY, YESTERDAY, Scenario
from vos_features.steps.step_types import TYPES


@given(parsers.parse("en borger på {age:Number} år", extra_types=TYPES))
def a_citizen(scenario: Scenario, age: int) -> None:
    """Describe a citizen of that age who is not a member of the a-kasse."""
    scenario.think_up_citizen(age, is_member=False)


@given(parsers.parse("en borger på {age:Number} år, som er medlem af a-kassen", extra_types=TYPES))
def a_member(scenario: Scenario, age: int) -> None:
    """Describe a citizen of that age who is a member of the a-kasse."""
    scenario.think_up_citizen(age, is_member=True)


@given(parsers.parse("borgeren har {kind:Kind} {code:Number}", extra_types=TYPES))
def has_registration(scenario: Scenario, kind: Kind, code: int) -> None:
    """Give the citizen an open registration that began yesterday."""
    _describe_registration(scenario, kind, code, YESTERDAY)


@given(parsers.parse("borgeren har {kind:Kind} {code:Number} fra {day:Day}", extra_types=TYPES))
def has_registration_from(scenario: Scenario, kind: Kind, code: int, day: int) -> None:
    """Give the citizen an open registration that began on that day."""
    scenario.start_is_said = True
    _describe_registration(scenario, kind, code, day)


@given(
    parsers.parse(
        "borgeren har haft kontaktgrupperne {groups:Numbers}, som sluttede for {years:Number} år siden",
        extra_types=TYPES,
    )
)
def has_had_groups(scenario: Scenario, groups: tuple[int, ...], years: int) -> None:
    """Give the citizen these kontaktgrupper, which ended that many years ago."""
    _describe_ended_groups(scenario, groups, years, extra_days=0)


@given(
    parsers.parse(
        "borgeren har haft kontaktgrupperne {groups:Numbers}, som sluttede for {years:Number} år siden og en dag",
        extra_types=TYPES,
    )
)
def has_had_groups_a_day_longer_ago(scenario: Scenario, groups: tuple[int, ...], years: int) -> None:
    """Give the citizen these kontaktgrupper, which ended that many years and one day ago."""
    _describe_ended_groups(scenario, groups, years, extra_days=1)


@given(parsers.parse("borgeren er tilmeldt i tilmeldekategori {category:Number}", extra_types=TYPES))
def is_enrolled(scenario: Scenario, category: int) -> None:
    """Give the citizen a tilmelding in that tilmeldekategori."""
    scenario.describe_citizen(tilmeldekategori=category)


@given(parsers.parse("borgeren har et åbent fravær af type {code:Number}", extra_types=TYPES))
def has_fravaer(scenario: Scenario, code: int) -> None:
    """Give the citizen an open fravaer that began yesterday."""
    scenario.describe_citizen(fravaer=(FravaerDto(type=code, since=scenario.day(YESTERDAY).date()),))


@given("borgeren har aktivitetstillæg")
def has_aktivitetstillaeg(scenario: Scenario) -> None:
    """Give the citizen an open aktivitetstillaeg that began yesterday."""
    _describe_aktivitetstillaeg(scenario, None)


@given("borgeren har aktivitetstillæg, som er ophørt")
def has_had_aktivitetstillaeg(scenario: Scenario) -> None:
    """Give the citizen an aktivitetstillaeg that began yesterday and ended today."""
    _describe_aktivitetstillaeg(scenario, TODAY)


@given(parsers.parse("borgeren har aktivitetstillæg, som ophører {day:Day}", extra_types=TYPES))
def has_aktivitetstillaeg_until(scenario: Scenario, day: int) -> None:
    """Give the citizen an aktivitetstillaeg that began yesterday and ends on that day."""
    _describe_aktivitetstillaeg(scenario, day)


@given("borgeren har en helbredsbegrænsning")
def has_helbredsbegraensning(scenario: Scenario) -> None:
    """Give the citizen a documented health limitation that began yesterday and has no end."""
    _describe_helbredsbegraensning(scenario, None)


@given(parsers.parse("borgeren har en helbredsbegrænsning, som ophører {day:Day}", extra_types=TYPES))
def has_helbredsbegraensning_until(scenario: Scenario, day: int) -> None:
    """Give the citizen a documented health limitation that began yesterday and ends on that day."""
    _describe_helbredsbegraensning(scenario, day)


@given("borgeren er død")
def is_dead(scenario: Scenario) -> None:
    """Describe the citizen as dead since yesterday."""
    scenario.describe_citizen(dead=scenario.day(YESTERDAY).date())


@given("borgeren er også hos anden aktør")
def is_also_with_an_operator(scenario: Scenario) -> None:
    """Add a membership of the operator to the citizen."""
    assert scenario.setup is not None
    operator = scenario.party("anden aktør").identity.user_organisation
    scenario.describe_citizen(memberships=(*scenario.setup.memberships, _membership(operator)))


@given(parsers.parse("borgeren hører til {role:Party}", extra_types=TYPES))
def belongs_to(scenario: Scenario, role: str) -> None:
    """Make the citizen a member of the role's authority instead of another of the same organisation type."""
    assert scenario.setup is not None
    authority = scenario.party(role).identity.active
    others = tuple(other for other in scenario.setup.memberships if other.organisation_type != authority.type)
    scenario.describe_citizen(memberships=(*others, _membership(authority)))


@given(parsers.parse("{role:Party} har gæsteadgang til borgeren", extra_types=TYPES))
def has_guest_access(scenario: Scenario, role: str) -> None:
    """Give the role's authority guest access to the citizen."""
    scenario.describe_citizen(guests=(_membership(scenario.party(role).identity.active),))


@given(parsers.parse("borgeren meldte sig ud af a-kassen for {days:Number} dage siden", extra_types=TYPES))
def left_the_akasse(scenario: Scenario, days: int) -> None:
    """End the membership of the a-kasse that many days ago."""
    assert scenario.setup is not None
    end = (scenario.now - timedelta(days=days)).date()
    akasse = scenario.party("a-kassen").identity.active
    others = tuple(
        membership for membership in scenario.setup.memberships if membership.organisation_type != akasse.type
    )
    scenario.describe_citizen(memberships=(*others, _membership(akasse, end)))


def _describe_registration(scenario: Scenario, kind: Kind, code: int, day: int) -> None:
    fields = {Kind.KONTAKTGRUPPE: "kontaktgrupper", Kind.PERSONKATEGORI: "personkategorier"}
    scenario.describe_citizen(**{fields[kind]: (RegistrationDto(type=code, start=scenario.day(day)),)})


def _describe_ended_groups(scenario: Scenario, groups: tuple[int, ...], years: int, extra_days: int) -> None:
    start, end = scenario.years_ago(years + 1), scenario.years_ago(years, extra_days)
    scenario.describe_citizen(
        kontaktgrupper=tuple(RegistrationDto(type=group, start=start, end=end) for group in groups)
    )


def _describe_aktivitetstillaeg(scenario: Scenario, end: int | None) -> None:
    last = None if end is None else scenario.day(end).date()
    scenario.describe_citizen(aktivitetstillaeg=(PeriodDto(since=scenario.day(YESTERDAY).date(), until=last),))


def _describe_helbredsbegraensning(scenario: Scenario, end: int | None) -> None:
    limitation = HelbredsbegraensningDto(
        start=scenario.day(YESTERDAY),
        end=None if end is None else scenario.day(end),
        description="Må ikke løfte over 5 kg",
        impossible_tasks="Lagerarbejde",
    )
    scenario.describe_citizen(helbredsbegraensninger=(limitation,))


def _membership(organisation: Organisation, end: date | None = None) -> MembershipDto:
    return MembershipDto(organisation_type=organisation.type, organisation_code=organisation.code, until=end)
