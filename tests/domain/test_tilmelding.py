from dataclasses import replace
from datetime import date, timedelta

import pytest
from support.builders import AKASSE, JOBCENTER, NOW, TODAY, category, citizen, context, contract, identity, row

from vos_contracts.model.neighbours import CreateTilmelding, EndTilmelding
from vos_contracts.model.registration import Create, Kind
from vos_contracts.tables.access import ClientSystem
from vos_reference.domain.batch_jobs import Job, due_date
from vos_reference.domain.danish_time import midnight
from vos_reference.domain.decide import Command, decide, decide_job
from vos_reference.domain.decision import Accepted, Caller, DecisionContext, Refused
from vos_reference.domain.person import Fravaer, Illness, Person, Tilmelding

DAY = NOW.date()
KG, PC = Kind.KONTAKTGRUPPE, Kind.PERSONKATEGORI


def about(days: int) -> date:
    return DAY + timedelta(days=days)


def tables(person: Person, command: Command, who: DecisionContext | None = None) -> list[int]:
    response = decide(person, command, who or context(AKASSE))
    return [error.code for error in response.errors] if isinstance(response, Refused) else []


def after(person: Person, command: Command, who: DecisionContext | None = None) -> Accepted:
    response = decide(person, command, who or context(AKASSE))
    assert isinstance(response, Accepted), response
    return response


def enrol(category_: int = 1, degree: int = 1, on_date: date = DAY) -> CreateTilmelding:
    return CreateTilmelding(category=category_, unemployment_degree=degree, on_date=on_date)


def cancel_enrolment(on_date: date = DAY, cause: int = 1) -> EndTilmelding:
    return EndTilmelding(on_date=on_date, cause=cause)


def enrolled(category_: int = 1, group: int = 1, since: date = DAY - timedelta(days=20)) -> Person:
    return replace(citizen(row(group)), tilmelding=Tilmelding(category_, since))


def group(person: Person) -> int | None:
    is_open = person.is_open(KG, NOW)
    return None if is_open is None else is_open.type


@pytest.mark.parametrize(
    ("category_", "age", "expected"),
    [(1, 40, 1), (2, 40, 2), (3, 29, 12), (4, 40, 8), (5, 40, 8), (6, 40, 26), (6, 30, 26), (6, 29, 28)],
)
def test_kategorien_giver_gruppen(category_: int, age: int, expected: int) -> None:
    response = after(citizen(age=age), enrol(category_))
    is_open = response.person.is_open(KG, NOW)
    assert is_open is not None
    assert (is_open.type, is_open.start, is_open.event) == (expected, TODAY, TODAY)
    assert is_open.registrant == identity(AKASSE)
    assert response.person.tilmelding == Tilmelding(category_, DAY, None, identity(AKASSE))


def test_en_anden_kategori_skifter_gruppen_og_afslutter_den_gamle_tilmelding() -> None:
    response = after(enrolled(), enrol(2))
    assert [(item.type, item.end) for item in response.person.registrations.values() if item.kind is KG] == [
        (1, TODAY),
        (2, None),
    ]
    assert response.person.tilmelding == Tilmelding(2, DAY, None, identity(AKASSE))
    assert response.person.former_tilmeldinger == (Tilmelding(1, about(-20), DAY),)
    category_ = response.person.is_open(PC, NOW)
    assert category_ is not None
    assert category_.type == 8


def test_en_anden_kategori_i_samme_gruppe_aendrer_ingen_gruppe() -> None:
    response = after(enrolled(4, 8), enrol(5))
    assert response.events == ()
    assert group(response.person) == 8


def test_en_ikke_tilmeldt_i_sin_gruppe_tilmeldes_uden_skift() -> None:
    response = after(citizen(row(2), category(5)), enrol(2))
    assert [(event.registration.kind, event.registration.type) for event in response.events] == [(PC, 5), (PC, 8)]


@pytest.mark.parametrize("days", [0, -10])
def test_en_tilmelding_ti_dage_tilbage_foelges_af_gruppen(days: int) -> None:
    is_open = after(citizen(), enrol(on_date=about(days))).person.is_open(KG, NOW)
    assert is_open is not None
    assert (is_open.start, is_open.event) == (midnight(about(days)), midnight(about(days)))


def test_en_gruppe_der_skulle_slutte_fortsaetter_for_den_der_tilmeldes_i_den() -> None:
    response = after(citizen(row(2, end=NOW + timedelta(days=3)), category(8)), enrol(2))
    is_open = response.person.is_open(KG, NOW)
    assert is_open is not None
    assert (is_open.type, is_open.start, is_open.end) == (2, TODAY, None)
    old = response.person.registrations["old"]
    assert (old.end, old.registrant) == (TODAY, identity(AKASSE))
    categories = [item for item in response.person.registrations.values() if item.kind is PC]
    assert [(item.type, item.end) for item in categories] == [(8, None)]


def test_standardkategorien_begynder_med_gruppen_ogsaa_tilbage_i_tiden() -> None:
    for person in (citizen(), citizen(row(4, start=NOW - timedelta(days=20)))):
        response = after(person, enrol(2, on_date=about(-10)))
        kg, pc = response.person.is_open(KG, NOW), response.person.is_open(PC, NOW)
        assert kg is not None
        assert pc is not None
        assert (pc.type, pc.start, kg.start) == (8, midnight(about(-10)), midnight(about(-10)))


def test_standardkategorien_begynder_ikke_foer_den_forrige_sluttede() -> None:
    previous = (row(2, end=NOW), replace(category(5), end=NOW))
    pc = after(citizen(*previous), enrol(2)).person.is_open(PC, NOW)
    assert pc is not None
    assert (pc.type, pc.start) == (8, NOW)


def test_en_gruppe_tilbage_i_tiden_begynder_ikke_foer_den_forrige_sluttede() -> None:
    end = TODAY - timedelta(days=3)
    new = after(citizen(row(4, start=TODAY - timedelta(days=30), end=end)), enrol(on_date=about(-10))).person.is_open(
        KG, NOW
    )
    assert new is not None
    assert (new.start, new.event) == (end, midnight(about(-10)))


@pytest.mark.parametrize(
    ("person", "command", "errors"),
    [
        (citizen(), enrol(7), [4313]),
        (citizen(), enrol(degree=4), [4314]),
        (citizen(), enrol(9, 4), [4313, 4314]),
        (citizen(), enrol(on_date=about(1)), [4338]),
        (citizen(), enrol(on_date=about(-11)), [4338]),
        (citizen(), enrol(1, 3), [4339]),
        (citizen(), enrol(5, 3), [4339]),
        (citizen(), enrol(4, 3), []),
        (enrolled(), enrol(1), [4316]),
        (enrolled(since=about(-2)), enrol(2, on_date=about(-3)), [4316]),
        (enrolled(since=about(-2)), enrol(2, on_date=about(-2)), []),
        (replace(citizen(), former_tilmeldinger=(Tilmelding(1, about(-9), about(-1)),)), enrol(on_date=about(-2)), [4316]),
        (replace(citizen(), former_tilmeldinger=(Tilmelding(1, about(-9), about(-1)),)), enrol(on_date=about(-1)), []),
        (replace(citizen(), memberships=()), enrol(1), [4417]),
        (replace(citizen(), memberships=()), enrol(2), []),
        (citizen(age=30), enrol(3), [4641]),
        (replace(citizen(), fravaer=(Fravaer(6, about(-1)),)), enrol(1), [4645]),
        (replace(citizen(), fravaer=(Fravaer(6, about(-9), DAY),)), enrol(1), []),
        (replace(citizen(), fravaer=(Fravaer(11, about(-1)),)), enrol(1), [4750]),
        (replace(citizen(), illness=Illness("s", about(2), 24, identity(), begun=False)), enrol(1), [4750]),
        (replace(citizen(), dead=about(-1)), enrol(1), [4405]),
        (replace(citizen(), dead=about(-1)), enrol(7, on_date=about(1)), [4313, 4338, 4405]),
    ],
)  # fmt: skip
def test_tilmeldingens_fejlkoder(person: Person, command: CreateTilmelding, errors: list[int]) -> None:
    assert tables(person, command) == errors


def test_en_anden_grad_der_ikke_passer_er_6014() -> None:
    narrow = replace(contract().tilmeldekategorier[1], unemployment_degrees=frozenset({1}))
    andre = {**contract().tilmeldekategorier, 1: narrow}
    who = replace(context(AKASSE), contract=replace(contract(), tilmeldekategorier=andre))
    assert tables(citizen(), enrol(1, 2), who) == [6014]
    assert tables(citizen(), enrol(1, 3), who) == [4339]


@pytest.mark.parametrize(
    ("age", "category_", "system", "errors"),
    [
        (65, 1, ClientSystem.JOBNET, [4763]),
        (65, 4, ClientSystem.JOBNET, []),
        (64, 1, ClientSystem.JOBNET, []),
        (65, 1, 2001, []),
    ],
)
def test_fra_65_tilmelder_jobnet_kun_uden_ydelse(age: int, category_: int, system: int, errors: list[int]) -> None:
    who = replace(context(), caller=Caller(replace(identity(), system=system)))
    assert tables(citizen(age=age), enrol(category_), who) == errors


def test_en_afmelding_i_dag_lader_gruppen_staa() -> None:
    response = after(enrolled(), cancel_enrolment())
    assert (response.person.tilmelding, group(response.person), response.events) == (None, 1, ())
    assert response.person.former_tilmeldinger == (Tilmelding(1, about(-20), DAY),)
    assert tables(response.person, Create(KG, 13, TODAY), context(JOBCENTER)) == []


def test_kategorien_foelger_afmeldingen() -> None:
    """Group 2: category 4 is for the enrolled only, so that 8 follows (Matchregler)."""
    response = after(replace(enrolled(2, 2), history=(row(2), category(4))), cancel_enrolment())
    category_ = response.person.is_open(PC, NOW)
    assert category_ is not None
    assert (category_.type, category_.registrant) == (8, identity(AKASSE))


@pytest.mark.parametrize(
    ("person", "command", "errors"),
    [
        (citizen(), cancel_enrolment(), [4367]),
        (enrolled(), cancel_enrolment(about(-1)), [4322]),
        (enrolled(), cancel_enrolment(about(31)), [4322]),
        (enrolled(), cancel_enrolment(about(30)), []),
        (enrolled(), cancel_enrolment(cause=99), [4340]),
        (replace(enrolled(), tilmelding=Tilmelding(1, about(-9), about(3))), cancel_enrolment(), [4317]),
        (citizen(), cancel_enrolment(about(-1), 99), [4322, 4340, 4367]),
        (replace(enrolled(), dead=about(-1)), cancel_enrolment(), [4405]),
    ],
)
def test_afmeldingens_fejlkoder(person: Person, command: EndTilmelding, errors: list[int]) -> None:
    assert tables(person, command) == errors


def test_en_fremtidig_afmelding_sker_paa_sin_dag() -> None:
    planned = after(enrolled(), cancel_enrolment(about(5))).person
    assert planned.tilmelding == Tilmelding(1, about(-20), about(5), identity(AKASSE))
    assert tables(planned, Create(KG, 13, TODAY), context(JOBCENTER)) == [100029]
    assert due_date(planned, contract(), NOW) == ((Job.CANCELLATION, about(5)),)
    day_before, day = (context(now=NOW + timedelta(days=days)) for days in (4, 5))
    assert decide_job(planned, Job.CANCELLATION, day_before) is None
    response = decide_job(planned, Job.CANCELLATION, day)
    assert response is not None
    assert (response.person.tilmelding, group(response.person)) == (None, 1)
    assert response.person.former_tilmeldinger[-1].until == about(5)
    assert decide_job(response.person, Job.CANCELLATION, day) is None


def test_en_ny_tilmelding_aflyser_den_fremtidige_afmelding() -> None:
    planned = replace(enrolled(), tilmelding=Tilmelding(1, about(-9), about(3)))
    response = after(planned, enrol(2))
    assert response.person.tilmelding == Tilmelding(2, DAY, None, identity(AKASSE))
    assert due_date(response.person, contract(), NOW) == ()
