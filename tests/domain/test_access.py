from dataclasses import replace
from datetime import timedelta

import pytest

from support.builders import AKASSE, JOBCENTER, KOMMUNE, NOW, OPERATOR, STAR, TODAY, citizen, contract, identity, row
from vos_contracts.model.identity import Identity, Organisation
from vos_reference.domain.access import refusal
from vos_reference.domain.person import Membership, Person, Tilmelding

CREATE = "PersonVisiteringService.CreateKontaktgruppe"
READ_KG = "PersonVisiteringService.GetKontaktgrupper"
READ_PC = "PersonVisiteringService.GetPersonkategorier"
OTHER_JOBCENTER = Organisation(8, "10200")


def code(method: str, active: Organisation, own: Organisation | None = None) -> int:
    person = replace(citizen(), memberships=(*citizen().memberships, Membership(OPERATOR, TODAY.date())))
    errors = refusal(method, identity(active, own), person, NOW, contract().access)
    return 0 if errors is None else errors.code


@pytest.mark.parametrize(
    ("method", "active", "own", "expected"),
    [
        (CREATE, JOBCENTER, None, 0),
        (CREATE, OTHER_JOBCENTER, None, 6005),
        (CREATE, KOMMUNE, None, 0),
        (CREATE, Organisation(7, "102"), None, 4575),
        (CREATE, STAR, None, 0),
        (CREATE, AKASSE, None, 4575),
        (CREATE, Organisation(24, "12345678"), None, 4575),
        (CREATE, JOBCENTER, OPERATOR, 0),
        (CREATE, JOBCENTER, Organisation(4, "87654321"), 4511),
        (CREATE, OTHER_JOBCENTER, OPERATOR, 4511),
        (CREATE, KOMMUNE, OPERATOR, 4575),
        (CREATE, JOBCENTER, KOMMUNE, 0),
        (CREATE, JOBCENTER, AKASSE, 4575),
        (CREATE, KOMMUNE, AKASSE, 4575),
        (CREATE, STAR, JOBCENTER, 4575),
        (READ_KG, AKASSE, JOBCENTER, 4575),
        (READ_KG, AKASSE, None, 0),
        (READ_KG, Organisation(2, "82"), None, 4575),
        (READ_PC, AKASSE, None, 4575),
        (READ_PC, JOBCENTER, None, 0),
        ("PersonVisiteringService.UkendtMetode", STAR, None, 4575),
    ],
)
def test_the_access_matrix(method: str, active: Organisation, own: Organisation | None, expected: int) -> None:
    assert code(method, active, own) == expected


def test_an_ended_membership_gives_no_access() -> None:
    person = replace(citizen(), memberships=(Membership(JOBCENTER, TODAY.date().replace(year=2000), TODAY.date()),))
    errors = refusal(CREATE, identity(JOBCENTER), person, NOW, contract().access)
    assert errors is not None
    assert errors.code == 6005


PSS = "PersonStatusService.GetVariablePersonStatus"
STATUS = "VisiteringOgStatusStatusService.GetPersonVisiteringOgStatusStatus"
DAY = NOW.date()
JOBNET, LSS = 32, 3002


def errors_(method: str, who: Identity, person: Person) -> int:
    errors = refusal(method, who, person, NOW, contract().access)
    return 0 if errors is None else errors.code


@pytest.mark.parametrize(
    ("since", "until", "code_"),
    [(120, None, 0), (121, None, 4575), (-900, -119, 0), (-900, -120, 4575), (-900, None, 0), (-900, 1, 0)],
)
def test_former_and_coming_citizens_for_120_days(since: int, until: int | None, code_: int) -> None:
    end = None if until is None else DAY + timedelta(days=until)
    person = replace(citizen(), memberships=(Membership(AKASSE, DAY + timedelta(days=since), end),))
    assert errors_(PSS, identity(AKASSE), person) == code_
    now = since <= 0 and (until is None or until > 0)
    assert errors_(READ_KG, identity(AKASSE), person) == (0 if now else 4575)


@pytest.mark.parametrize(("method", "code_"), [(PSS, 0), (STATUS, 0), (CREATE, 6005), (READ_KG, 6005)])
def test_guest_access_where_the_matrix_has_it(method: str, code_: int) -> None:
    guest = replace(citizen(), memberships=(), guests=(Membership(JOBCENTER, DAY),))
    assert errors_(method, identity(JOBCENTER), guest) == code_
    expired = replace(guest, guests=(Membership(JOBCENTER, TODAY.date().replace(year=2020), DAY),))
    assert errors_(method, identity(JOBCENTER), expired) == 6005


def test_the_three_levels_of_an_operator() -> None:
    own = replace(citizen(), memberships=(Membership(OPERATOR, TODAY.date()),), guests=(Membership(JOBCENTER, DAY),))
    foreign = replace(citizen(), memberships=())
    party = identity(JOBCENTER, OPERATOR)
    assert [errors_(method, party, own) for method in (PSS, STATUS, CREATE)] == [0, 0, 4511]
    assert [errors_(method, party, foreign) for method in (PSS, STATUS, CREATE)] == [0, 4511, 4511]
    assert errors_(PSS, identity(AKASSE, OPERATOR), own) == 4575


def test_an_operator_does_not_reach_everyone_because_the_jobcenter_does() -> None:
    tilmelding = "UnemploymentEnrollmentService.UnemploymentEnrollment"
    foreign = replace(citizen(), memberships=())
    assert errors_(tilmelding, identity(JOBCENTER), foreign) == 0
    assert errors_(tilmelding, identity(JOBCENTER, OPERATOR), foreign) == 4511
    assert errors_(tilmelding, identity(STAR, OPERATOR), foreign) == 4575


def test_a_system_without_a_caseworker_reads_the_status_of_everyone() -> None:
    foreign = replace(citizen(), memberships=())
    system = replace(identity(JOBCENTER), user=replace(identity().user, type=3))
    assert [errors_(method, system, foreign) for method in (STATUS, PSS)] == [0, 6005]
    assert errors_(STATUS, identity(JOBCENTER), foreign) == 6005


def on_jobnet(active: Organisation, type_: int = 2) -> Identity:
    who = identity(active)
    return replace(who, system=JOBNET, user=replace(who.user, type=type_))


@pytest.mark.parametrize(
    ("group", "category_", "code_"),
    [(1, None, 0), (1, 1, 0), (8, 5, 0), (8, 4, 4575), (8, None, 4575), (13, None, 4575), (None, None, 4575)],
)
def test_an_akasse_caseworker_on_jobnet(group: int | None, category_: int | None, code_: int) -> None:
    history = () if group is None else (row(group),)
    person = replace(citizen(*history), tilmelding=None if category_ is None else Tilmelding(category_))
    assert errors_(STATUS, on_jobnet(AKASSE), person) == code_
    assert errors_(STATUS, on_jobnet(AKASSE, type_=1), person) == 0
    assert errors_(STATUS, on_jobnet(AKASSE), replace(person, memberships=())) == 4575


def test_a_jobcenter_caseworker_on_jobnet_reaches_the_jobcenters_own_citizens() -> None:
    guest = replace(citizen(), memberships=(), guests=(Membership(JOBCENTER, DAY),))
    assert errors_(PSS, on_jobnet(JOBCENTER), citizen()) == 0
    assert errors_(PSS, on_jobnet(JOBCENTER), guest) == 6005
    assert errors_(PSS, identity(JOBCENTER), guest) == 0


def test_the_national_support_registers_groups_and_not_categories() -> None:
    lss = replace(identity(STAR), system=LSS)
    assert errors_(CREATE, lss, citizen()) == 0
    for method in (
        "CreatePersonkategori",
        "CreatePersonkategoriMedIdentifier",
        "UpdatePersonkategori",
        "DeletePersonkategori",
    ):
        assert errors_(f"PersonVisiteringService.{method}", lss, citizen()) == 4575
        assert errors_(f"PersonVisiteringService.{method}", identity(STAR), citizen()) == 0
