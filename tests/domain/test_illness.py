from dataclasses import replace
from datetime import date, timedelta

import pytest
from support.builders import (
    AKASSE,
    JOBCENTER,
    KOMMUNE,
    NOW,
    TODAY,
    YESTERDAY,
    category,
    citizen,
    context,
    contract,
    identity,
    row,
)

from vos_contracts.model.identity import Organisation
from vos_contracts.model.neighbours import GroupChange, IllnessSource, ReEnrolment, ReportIllness, ReportRecovery
from vos_contracts.model.registration import Create, Kind
from vos_reference.domain.batch_jobs import Job, due_date
from vos_reference.domain.danish_time import midnight
from vos_reference.domain.decide import Command, decide, decide_job
from vos_reference.domain.decision import Accepted, Changed, Created, DecisionContext, NewIds, Refused
from vos_reference.domain.person import Fravaer, Illness, Period, Person, Recovery, Tilmelding

DAY = NOW.date()
KG, PC = Kind.KONTAKTGRUPPE, Kind.PERSONKATEGORI
ID = "00000000-0000-0000-0000-0000000000aa"
KSD_ID = "00000000-0000-0000-0000-0000000000bb"
FRAVAER, WORK, FREE = IllnessSource.FRAVAER, IllnessSource.EMPLOYMENT, IllnessSource.UNEMPLOYMENT
KSD = context(KOMMUNE)
DFDG = Organisation(1, "dfdg")


def about(days: int) -> date:
    return DAY + timedelta(days=days)


def tables(person: Person, command: Command) -> list[int]:
    response = decide(person, command, KSD)
    return [error.code for error in response.errors] if isinstance(response, Refused) else []


def with_new_ids(person: Person, who: DecisionContext) -> DecisionContext:
    nr = len(person.history)
    return replace(who, new=NewIds(f"kg-{nr}", f"pc-{nr}"))


def after(person: Person, *commands: Command, who: DecisionContext = KSD) -> Person:
    for command in commands:
        response = decide(person, command, with_new_ids(person, who))
        assert isinstance(response, Accepted), response
        person = response.person
    return person


def job(person: Person, name: Job, days: int) -> Person:
    who = context(DFDG, now=NOW + timedelta(days=days))
    response = decide_job(person, name, with_new_ids(person, who))
    assert response is not None
    assert decide_job(response.person, name, who) is None, "doing it twice is doing it once"
    return response.person


def ill(source: IllnessSource = FREE, since: int = 0, until: int | None = None, id_: str = ID) -> ReportIllness:
    return ReportIllness(id=id_, source=source, since=about(since), until=None if until is None else about(until))


def recovery(
    days: int = 0, tilmelding: int | None = None, group: int | str | None = None, id_: str = ID
) -> ReportRecovery:
    """`group` "luk" ends the open one."""
    return ReportRecovery(
        id=id_,
        on_date=about(days),
        tilmelding=None if tilmelding is None else ReEnrolment(category=tilmelding, unemployment_degree=1),
        group=None if group is None else GroupChange(type=group if isinstance(group, int) else None),
    )


def enrolled(category_: int = 1, group: int = 1, age: int = 40) -> Person:
    return replace(citizen(row(group), age=age), tilmelding=Tilmelding(category_, about(-20)))


def groups(person: Person) -> list[tuple[int, date, date | None]]:
    """Every group as it stands: type, first day, end."""
    return [
        (item.type, item.start.date(), None if item.end is None else item.end.date())
        for item in person.registrations.values()
        if item.kind is KG
    ]


class TestIllnessReport:
    def test_fra_beskaeftigelse_aabner_24_ogsaa_uden_en_gruppe(self) -> None:
        person = after(citizen(), ill(WORK))
        assert groups(person) == [(24, DAY, None)]
        assert person.illness == Illness(ID, DAY, 24, identity(KOMMUNE))
        assert person.fravaer == ()

    def test_fra_ledighed_aabner_25_afmelder_og_husker(self) -> None:
        person = after(enrolled(), ill())
        assert groups(person) == [(1, about(-1), DAY), (25, DAY, None)]
        assert person.tilmelding is None
        assert person.former_tilmeldinger[-1] == Tilmelding(1, about(-20), DAY)
        assert person.illness is not None
        assert (person.illness.remembered_group, person.illness.remembered_tilmeldekategori) == (1, 1)

    def test_et_fravaer_alene_afmelder_og_lader_gruppen_staa(self) -> None:
        person = after(enrolled(), ill(FRAVAER))
        assert groups(person) == [(1, about(-1), None)]
        assert person.tilmelding is None
        assert person.fravaer == (Fravaer(11, DAY, None, ID),)
        assert person.illness is not None
        assert (person.illness.kontaktgruppe, person.illness.fravaer_id) == (None, ID)

    def test_en_lukket_periode_er_et_fravaer_med_slut(self) -> None:
        person = after(enrolled(), ill(FRAVAER, until=4))
        assert person.fravaer == (Fravaer(11, DAY, about(5), ID),)

    def test_et_fravaer_bliver_til_en_sag_hos_ksd_og_huskes(self) -> None:
        person = after(enrolled(), ill(FRAVAER), ill(FREE, id_=KSD_ID))
        assert person.illness == Illness(
            KSD_ID, DAY, 25, identity(KOMMUNE), fravaer_id=ID, remembered_group=1, remembered_tilmeldekategori=1
        )
        assert len(person.fravaer) == 1

    def test_en_sag_efter_et_gruppeskift_husker_den_nye_gruppe_og_ingen_tilmelding(self) -> None:
        person = after(enrolled(), ill(FRAVAER), Create(KG, 13, TODAY), ill(FREE, id_=KSD_ID))
        assert person.illness is not None
        assert (person.illness.remembered_group, person.illness.remembered_tilmeldekategori) == (13, None)

    def test_sygdom_tilbage_i_tiden_begynder_ikke_foer_den_aabne_gruppe(self) -> None:
        person = after(citizen(row(2, start=YESTERDAY)), ill(since=-5))
        assert groups(person) == [(2, about(-1), about(-1)), (25, about(-1), None)]
        is_open = person.is_open(KG, NOW)
        assert is_open is not None
        assert is_open.event == midnight(about(-5))

    def test_kategorien_beholdes_hvor_sygegruppen_tillader_den(self) -> None:
        person = after(citizen(row(2), category(5)), ill())
        is_open = person.is_open(PC, NOW)
        assert is_open is not None
        assert (is_open.id, is_open.type) == ("category", 5)

    def test_fremtidig_sygdom_begynder_paa_sin_dag_med_den_der_meldte_den_som_registrant(self) -> None:
        planned = after(enrolled(), ill(since=3))
        assert (groups(planned), planned.tilmelding) == ([(1, about(-1), None)], Tilmelding(1, about(-20)))
        assert due_date(planned, contract(), NOW) == ((Job.ILLNESS_REPORT, about(3)),)
        assert decide_job(planned, Job.ILLNESS_REPORT, context(DFDG, now=NOW + timedelta(days=2))) is None
        person = job(planned, Job.ILLNESS_REPORT, 3)
        assert groups(person) == [(1, about(-1), about(3)), (25, about(3), None)]
        assert {item.registrant for item in person.history[1:]} == {identity(KOMMUNE)}
        assert person.tilmelding is None

    @pytest.mark.parametrize(
        ("person", "command", "errors"),
        [
            (enrolled(), ill(until=-1), [1003]),
            (enrolled(), ill(until=0), []),
            (citizen(), ill(FREE), [4686]),
            (citizen(), ill(FRAVAER), [4686]),
            (citizen(), ill(WORK), []),
            (after(enrolled(), ill()), ill(), [4977]),
            (replace(enrolled(), fravaer=(Fravaer(10, about(-9), about(-1), ID),)), ill(FRAVAER), [4977]),
            (after(enrolled(), ill()), ill(id_=KSD_ID), [4645]),
            (after(enrolled(), ill()), ill(FRAVAER, id_=KSD_ID), [4645]),
            (after(enrolled(), ill(FRAVAER)), ill(FRAVAER, id_=KSD_ID), [4645]),
            (citizen(row(25)), ill(), [8096]),
            (citizen(row(24)), ill(FRAVAER), [8096]),
            (replace(citizen(row(4)), fravaer=(Fravaer(2, about(-1)),)), ill(WORK), [4645]),
            (replace(citizen(row(4)), fravaer=(Fravaer(2, about(-1)),)), ill(FRAVAER), []),
            (replace(citizen(), dead=about(-1)), ill(until=-1), [1003, 4405, 4686]),
        ],
    )
    def test_fejlkoder(self, person: Person, command: ReportIllness, errors: list[int]) -> None:
        assert tables(person, command) == errors


class TestRecovery:
    def test_fra_24_lukker_gruppen_helt(self) -> None:
        reported_ill = after(citizen(row(4)), ill(WORK))
        response = decide(reported_ill, recovery(), KSD)
        assert isinstance(response, Accepted)
        assert groups(response.person) == [(4, about(-1), DAY), (24, DAY, DAY)]
        assert response.person.illness is None
        assert [item.successor for item in response.events if isinstance(item, Changed)] == [None]

    def test_fra_25_aabner_den_huskede_gruppe_og_tilmelder_igen(self) -> None:
        response = decide(after(enrolled(), ill()), recovery(), KSD)
        assert isinstance(response, Accepted)
        assert groups(response.person) == [(1, about(-1), DAY), (25, DAY, DAY), (1, DAY, None)]
        assert response.person.tilmelding == Tilmelding(1, DAY, None, identity(KOMMUNE))
        assert response.id == ID
        assert [type(item) for item in response.events] == [Changed, Created]

    def test_fra_25_uden_tilmelding_aabner_gruppen_og_intet_mere(self) -> None:
        person = after(citizen(row(2), category(5)), ill(), recovery())
        assert [type_ for type_, _, _ in groups(person)] == [2, 25, 2]
        assert person.tilmelding is None

    def test_fra_25_uden_noget_husket_lukker_gruppen(self) -> None:
        """A case that lay ahead when the group closed: there is nothing to return to, and 25 may not stand."""
        planned = after(citizen(row(4)), ill(since=1))
        closed = planned.with_([row(4, end=TODAY)])
        reported_ill = job(closed, Job.ILLNESS_REPORT, 1)
        person = job(after(reported_ill, recovery(2)), Job.RECOVERY, 2)
        assert groups(person) == [(4, about(-1), DAY), (25, about(1), about(2))]

    @pytest.mark.parametrize(
        ("end", "recovery_day", "group"),
        [(3, 5, 7), (3, 3, 7), (3, 2, 10), (None, 5, 10)],
        ids=["ended before", "ended that day", "ends the day after", "goes on"],
    )
    def test_den_hvis_fleksjob_sluttede_under_sygdommen_er_ledig_fleksjobvisiteret(
        self, end: int | None, recovery_day: int, group: int
    ) -> None:
        fleksjob = (Period(KSD_ID, about(-30), None if end is None else about(end)),)
        reported_ill = after(replace(citizen(row(10)), fleksjob=fleksjob), ill())
        who = context(KOMMUNE, now=NOW + timedelta(days=5))
        assert groups(after(reported_ill, recovery(recovery_day), who=who))[-1] == (group, about(recovery_day), None)

    def test_den_der_intet_fleksjob_har_vender_tilbage_til_sin_gruppe(self) -> None:
        old = (Period(KSD_ID, about(-30), about(-10)),)
        for fleksjob in ((), old):
            reported_ill = after(replace(citizen(row(10)), fleksjob=fleksjob), ill())
            assert groups(after(reported_ill, recovery()))[-1] == (10, DAY, None)

    @pytest.mark.parametrize(("group", "new"), [(12, 2), (28, 26)])
    def test_den_der_er_fyldt_30_vender_tilbage_til_gruppens_afloeser(self, group: int, new: int) -> None:
        reported_ill = after(citizen(row(group), age=29), ill())
        person = after(replace(reported_ill, born=date(NOW.year - 30, NOW.month, NOW.day)), recovery())
        assert groups(person)[-1] == (new, DAY, None)

    @pytest.mark.parametrize("wanted", [{"tilmelding": 3}, {"group": 12}, {"tilmelding": 3, "group": 12}])
    def test_den_der_er_fyldt_30_siden_meldingen_faar_gruppens_afloeser(self, wanted: dict[str, int]) -> None:
        reported = after(citizen(row(12), age=29), ill(FRAVAER), recovery(3, **wanted))
        person = job(replace(reported, born=date(NOW.year - 30, NOW.month, NOW.day)), Job.RECOVERY, 3)
        assert [type_ for type_, _, _ in groups(person)] == [12, 2]

    def test_en_historisk_raskmelding_virker_straks_med_den_historiske_dag(self) -> None:
        since = NOW - timedelta(days=6)
        reported_ill = after(citizen(row(2, start=since)), ill(since=-5), who=replace(KSD, now=NOW - timedelta(days=5)))
        person = after(reported_ill, recovery(-2))
        assert groups(person) == [(2, about(-6), about(-5)), (25, about(-5), about(-2)), (2, about(-2), None)]
        is_open = person.is_open(KG, NOW)
        assert is_open is not None
        assert (is_open.event, is_open.registered) == (midnight(about(-2)), NOW)

    def test_et_fravaer_alene_slutter_og_intet_andet_sker(self) -> None:
        person = after(enrolled(), ill(FRAVAER), recovery())
        assert (groups(person), person.tilmelding, person.illness) == ([(1, about(-1), None)], None, None)
        assert person.fravaer == (Fravaer(11, DAY, DAY, ID),)

    def test_med_tilmelding_foelger_gruppen_tilmeldingen(self) -> None:
        person = after(enrolled(), ill(FRAVAER), recovery(tilmelding=2))
        assert groups(person) == [(1, about(-1), DAY), (2, DAY, None)]
        assert person.tilmelding == Tilmelding(2, DAY, None, identity(KOMMUNE))

    def test_med_gruppe_vinder_gruppen_over_den_huskede(self) -> None:
        person = after(enrolled(), ill(), recovery(group=13))
        assert groups(person)[1:] == [(25, DAY, DAY), (13, DAY, None)]
        assert person.tilmelding is None

    def test_med_tilmelding_og_gruppe_sker_begge(self) -> None:
        person = after(enrolled(), ill(), recovery(tilmelding=2, group=2))
        assert (groups(person)[-1], person.tilmelding) == (
            (2, DAY, None), Tilmelding(2, DAY, None, identity(KOMMUNE)),
        )  # fmt: skip

    def test_med_slut_paa_gruppen_lukker_den_helt_og_fravaer_slutter(self) -> None:
        ferie = Fravaer(10, about(-1), None, "ferie")
        person = after(replace(enrolled(), fravaer=(ferie,)), ill(), recovery(group="close"))
        assert groups(person)[-1] == (25, DAY, DAY)
        assert (person.tilmelding, person.illness) == (None, None)
        assert [item.until for item in person.fravaer] == [DAY]

    def test_sagen_kan_raskmeldes_med_fravaerets_id(self) -> None:
        person = after(enrolled(), ill(FRAVAER), ill(FREE, id_=KSD_ID), recovery(id_=ID))
        assert groups(person)[-1] == (1, DAY, None)
        assert person.fravaer == (Fravaer(11, DAY, DAY, ID),)

    def test_registrant_er_den_der_raskmelder(self) -> None:
        person = after(after(enrolled(), ill()), recovery(), who=context(JOBCENTER))
        is_open = person.is_open(KG, NOW)
        assert is_open is not None
        assert is_open.registrant == identity(JOBCENTER)

    @pytest.mark.parametrize(
        ("person", "command", "errors"),
        [
            (enrolled(), recovery(), [4632]),
            (after(enrolled(), ill()), recovery(id_=KSD_ID), [4632]),
            (after(enrolled(), ill(since=2)), recovery(), [4632, 4636]),
            (after(enrolled(), ill()), recovery(-1), [4636]),
            (after(enrolled(), ill()), recovery(tilmelding=9), [4313]),
            (after(replace(enrolled(), memberships=()), ill()), recovery(tilmelding=1), [4417]),
            (after(enrolled(), ill()), recovery(tilmelding=3), [4641]),
            (after(enrolled(), ill()), recovery(group=9), [4675]),
            (after(enrolled(), ill()), recovery(group=24), [8096]),
            (after(enrolled(), ill()), recovery(group=12), [6033]),
            (after(replace(enrolled(), fravaer=(Fravaer(2, about(-1)),)), ill(FRAVAER)), recovery(group=13), [4645]),
            (after(enrolled(), ill()), recovery(tilmelding=1, group=13), [100029]),
            (after(enrolled(), ill()), recovery(tilmelding=1, group="close"), [100029]),
            (after(enrolled(), ill()), recovery(tilmelding=6, group=26), []),
            (replace(after(enrolled(), ill()), dead=about(-1)), recovery(group=9), [4405, 4675]),
        ],
    )
    def test_fejlkoder(self, person: Person, command: ReportRecovery, errors: list[int]) -> None:
        assert tables(person, command) == errors

    def test_ledighedsgraden_skal_findes_4314_og_passe_4339(self) -> None:
        person = after(enrolled(), ill())
        for degree, code in ((4, 4314), (3, 4339)):
            command = ReportRecovery(id=ID, on_date=DAY, tilmelding=ReEnrolment(category=1, unemployment_degree=degree))
            assert tables(person, command) == [code]


class TestFutureRecovery:
    """What lies ahead is registered now and carried out by the nightly job of its day."""

    def test_intet_sker_foer_dagen(self) -> None:
        reported_ill = after(enrolled(), ill())
        planned = after(reported_ill, recovery(7))
        assert planned.history == reported_ill.history
        assert planned.illness is not None
        assert planned.illness.recovery == Recovery(about(7), identity(KOMMUNE))
        assert due_date(planned, contract(), NOW) == ((Job.RECOVERY, about(7)),)
        assert decide_job(planned, Job.RECOVERY, context(DFDG, now=NOW + timedelta(days=6))) is None

    def test_fra_25_paa_dagen(self) -> None:
        person = job(after(enrolled(), ill(), recovery(7)), Job.RECOVERY, 7)
        assert groups(person)[1:] == [(25, DAY, about(7)), (1, about(7), None)]
        assert person.tilmelding == Tilmelding(1, about(7), None, identity(KOMMUNE))
        assert due_date(person, contract(), NOW + timedelta(days=7)) == ()

    def test_fra_24_paa_dagen(self) -> None:
        person = job(after(citizen(), ill(WORK), recovery(7)), Job.RECOVERY, 7)
        assert groups(person) == [(24, DAY, about(7))]

    def test_et_forsinket_job_bruger_raskmeldingens_dag(self) -> None:
        person = job(after(enrolled(), ill(), recovery(7)), Job.RECOVERY, 9)
        assert groups(person)[-1] == (1, about(7), None)

    def test_med_tilmelding_og_gruppe_paa_dagen(self) -> None:
        planned = after(enrolled(), ill(FRAVAER), recovery(7, tilmelding=2, group=2))
        assert planned.tilmelding is None
        person = job(planned, Job.RECOVERY, 7)
        assert groups(person) == [(1, about(-1), about(7)), (2, about(7), None)]
        assert person.tilmelding == Tilmelding(2, about(7), None, identity(KOMMUNE))
        assert person.fravaer == (Fravaer(11, DAY, about(7), ID),)

    def test_registrant_af_alt_er_den_der_raskmeldte_og_ikke_jobbet(self) -> None:
        reported_ill = after(enrolled(2, 2), ill())
        before = len(reported_ill.history)
        person = job(after(reported_ill, recovery(7), who=context(AKASSE)), Job.RECOVERY, 7)
        new = person.history[before:]
        assert {item.kind for item in new} == {KG, PC}
        assert {item.registrant for item in new} == {identity(AKASSE)}

    def test_en_ny_raskmelding_afloeser_den_planlagte(self) -> None:
        planned = after(enrolled(), ill(), recovery(7))
        assert groups(after(planned, recovery()))[-1] == (1, DAY, None)

    def test_sygdom_og_raskmelding_i_fremtiden(self) -> None:
        planned = after(enrolled(), ill(since=2), recovery(5))
        assert due_date(planned, contract(), NOW) == ((Job.ILLNESS_REPORT, about(2)), (Job.RECOVERY, about(5)))
        person = job(job(planned, Job.ILLNESS_REPORT, 2), Job.RECOVERY, 5)
        assert groups(person) == [(1, about(-1), about(2)), (25, about(2), about(5)), (1, about(5), None)]


class TestSygedagpengeStops:
    def test_dagen_efter_den_sidste_dag(self) -> None:
        person = after(enrolled(), ill(until=4))
        assert due_date(person, contract(), NOW) == ((Job.SYGEDAGPENGE_STOP, about(5)),)
        assert decide_job(person, Job.SYGEDAGPENGE_STOP, context(DFDG, now=NOW + timedelta(days=4))) is None
        recovery_ = job(person, Job.SYGEDAGPENGE_STOP, 5)
        assert groups(recovery_)[-1] == (1, about(5), None)
        assert recovery_.tilmelding is not None
        assert recovery_.history[-1].registrant == identity(DFDG)

    def test_en_doed_borger_roeres_ikke(self) -> None:
        person = replace(after(enrolled(), ill(until=4)), dead=about(1))
        assert due_date(person, contract(), NOW) == ()
        assert decide_job(person, Job.SYGEDAGPENGE_STOP, context(DFDG, now=NOW + timedelta(days=5))) is None
