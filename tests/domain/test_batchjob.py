"""Every nightly job: on its day and not before, what it does, who stands as registrant, and that twice is once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byggeklodser import AKASSE, I_DAG, JOBCENTER, KOMMUNE, NU, borger, identitet, kategori, kontrakt, raekke, vilkaar
from vos_contracts.model.identity import Identitet
from vos_contracts.model.neighbours import Gentilmelding, Gruppeskift
from vos_contracts.model.registration import Art
from vos_reference.domain import dfdg
from vos_reference.domain.batchjob import Job, forfald
from vos_reference.domain.beslut import beslut_job
from vos_reference.domain.decision import Kalder, Udfoert, Vilkaar
from vos_reference.domain.person import Forloeb, Person, Raskmelding, Registrering, Sygdom, Tilmelding
from vos_reference.domain.tid import DANSK_TID, midnat

DAG = NU.date()
I_MORGEN, OVERMORGEN = DAG + timedelta(days=1), DAG + timedelta(days=2)
KSD = identitet(KOMMUNE)


def nat(dag: date, job: Job) -> Vilkaar:
    """One o'clock that night, as DFDG."""
    now = datetime(dag.year, dag.month, dag.day, 1, tzinfo=DANSK_TID)
    return replace(vilkaar(now=now), kalder=Kalder(dfdg.identitet(job.value, now)))


def koer(person: Person, job: Job, dag: date) -> Udfoert | None:
    return beslut_job(person, job, nat(dag, job))


def udfoert(person: Person, job: Job, dag: date) -> Udfoert:
    """Run it on its day; the day before it does nothing, and the second time neither; only the day before is it due."""
    foer = dag - timedelta(days=1)
    assert koer(person, job, foer) is None
    assert (job, dag) in forfald(person, kontrakt(), nat(foer, job).now)
    svar = koer(person, job, dag)
    assert svar is not None
    assert koer(svar.person, job, dag) is None
    assert job not in {en for en, naar in forfald(svar.person, kontrakt(), nat(dag, job).now) if naar <= dag}
    return svar


def set_(svar: Udfoert) -> list[tuple[Art, int, bool]]:
    return [(en.art, en.type, en.slut is not None) for en in svar.raekker]


def registranter(svar: Udfoert) -> set[Identitet]:
    return {en.registrant for en in svar.raekker}


def aaben(person: Person, art: Art = Art.KONTAKTGRUPPE, dag: date = I_MORGEN) -> Registrering | None:
    return person.aaben(art, midnat(dag))


def fylder_tredive(foedt: date, *historik: Registrering) -> Person:
    return replace(borger(*historik), foedt=foedt)


@pytest.mark.parametrize(("fra", "til"), [(12, 2), (28, 26)])
def test_tredive_aar(fra: int, til: int) -> None:
    person = fylder_tredive(I_MORGEN.replace(year=I_MORGEN.year - 30), raekke(fra), kategori(8))
    svar = udfoert(person, Job.TREDIVE_AAR, I_MORGEN)
    assert set_(svar) == [(Art.KONTAKTGRUPPE, fra, True), (Art.KONTAKTGRUPPE, til, False)]
    assert [(en.start, en.slut, en.haendelse) for en in svar.raekker[1:]] == [
        (midnat(I_MORGEN), None, midnat(I_MORGEN))
    ]
    assert svar.raekker[0].slut == midnat(I_MORGEN)
    assert registranter(svar) == {nat(I_MORGEN, Job.TREDIVE_AAR).kalder.identitet}
    assert aaben(svar.person, Art.PERSONKATEGORI) == kategori(8)


@pytest.mark.parametrize("gruppe", [2, 26, 7, 25])
def test_tredive_aar_flytter_ingen_andre(gruppe: int) -> None:
    person = fylder_tredive(I_MORGEN.replace(year=I_MORGEN.year - 30), raekke(gruppe))
    assert koer(person, Job.TREDIVE_AAR, I_MORGEN) is None
    assert Job.TREDIVE_AAR not in dict(forfald(person, kontrakt(), NU))


def test_foedt_29_februar_fylder_tredive_1_marts() -> None:
    person = fylder_tredive(date(1996, 2, 29), raekke(12), kategori(8))
    svar = udfoert(person, Job.TREDIVE_AAR, date(2026, 3, 1))
    assert svar.raekker[-1].start == midnat(date(2026, 3, 1))


def test_to_foedt_29_februar_og_en_1_marts_skifter_samme_nat() -> None:
    for foedt in (date(1992, 2, 29), date(1992, 3, 1)):
        person = fylder_tredive(foedt, raekke(28, start=datetime(2021, 1, 1, tzinfo=DANSK_TID)), kategori(8))
        assert udfoert(person, Job.TREDIVE_AAR, date(2022, 3, 1)).raekker[-1].type == 26


def test_en_tilmeldt_skifter_gruppe_og_beholder_tilmeldingen_men_ikke_aktivitetsparat() -> None:
    person = replace(
        fylder_tredive(I_MORGEN.replace(year=I_MORGEN.year - 30), raekke(12), kategori(5)), tilmelding=Tilmelding(3)
    )
    svar = udfoert(person, Job.TREDIVE_AAR, I_MORGEN)
    assert set_(svar)[2:] == [(Art.PERSONKATEGORI, 5, True), (Art.PERSONKATEGORI, 8, False)]
    assert svar.person.tilmelding == Tilmelding(3)
    ikke_tilmeldt = udfoert(replace(person, tilmelding=None), Job.TREDIVE_AAR, I_MORGEN)
    assert aaben(ikke_tilmeldt.person, Art.PERSONKATEGORI) == kategori(5)


def test_den_der_for_laengst_er_fyldt_tredive_flyttes_fra_gruppens_begyndelse() -> None:
    person = fylder_tredive(date(1990, 5, 1), raekke(12, start=I_DAG), kategori(8))
    svar = koer(person, Job.TREDIVE_AAR, I_MORGEN)
    assert svar is not None
    assert (svar.raekker[-1].start, svar.raekker[-1].haendelse) == (I_DAG, midnat(date(2020, 5, 1)))


def test_fleksjob_begynder_og_slutter() -> None:
    person = replace(borger(raekke(7)), fleksjob=(Forloeb("f", I_MORGEN, I_MORGEN + timedelta(days=10)),))
    begyndt = udfoert(person, Job.FLEKSJOB, I_MORGEN)
    assert set_(begyndt) == [(Art.KONTAKTGRUPPE, 7, True), (Art.KONTAKTGRUPPE, 10, False)]
    assert registranter(begyndt) == {nat(I_MORGEN, Job.FLEKSJOB).kalder.identitet}
    slut = udfoert(begyndt.person, Job.FLEKSJOB, I_MORGEN + timedelta(days=10))
    assert set_(slut) == [(Art.KONTAKTGRUPPE, 10, True), (Art.KONTAKTGRUPPE, 7, False)]
    assert slut.raekker[-1].start == midnat(I_MORGEN + timedelta(days=10))
    assert forfald(slut.person, kontrakt(), nat(I_MORGEN + timedelta(days=10), Job.FLEKSJOB).now) == ()


@pytest.mark.parametrize(
    ("gruppe", "fleksjob"),
    [
        (7, ()),
        (7, (Forloeb("f", DAG - timedelta(days=9), DAG),)),  # over before the night came
        (7, (Forloeb("f", I_MORGEN, I_MORGEN),)),  # cancelled before it began
        (10, (Forloeb("f", DAG, None),)),
        (10, (Forloeb("a", DAG, I_MORGEN), Forloeb("b", I_MORGEN, None))),  # one takes over from the other
        (10, (Forloeb("a", DAG - timedelta(days=90), DAG - timedelta(days=30)),)),  # ended before the group began
        (13, (Forloeb("f", I_MORGEN, None),)),
    ],
)
def test_fleksjob_der_intet_flytter(gruppe: int, fleksjob: tuple[Forloeb, ...]) -> None:
    assert koer(replace(borger(raekke(gruppe)), fleksjob=fleksjob), Job.FLEKSJOB, I_MORGEN) is None


def test_et_fleksjob_efter_en_pause_er_to_skift() -> None:
    person = replace(
        borger(raekke(10)), fleksjob=(Forloeb("a", DAG, I_MORGEN), Forloeb("b", I_MORGEN + timedelta(days=3), None))
    )
    slut = udfoert(person, Job.FLEKSJOB, I_MORGEN)
    assert udfoert(slut.person, Job.FLEKSJOB, I_MORGEN + timedelta(days=3)).raekker[-1].type == 10


def syg(gruppe: int | None = 25, **andet: object) -> Person:
    felter = {"husket_gruppe": 1, "husket_tilmeldekategori": 1, **andet}
    return replace(
        borger(raekke(gruppe or 1)),
        sygdom=Sygdom("s", DAG - timedelta(days=5), gruppe, KSD, **felter),  # type: ignore[arg-type]  # a test's shorthand
    )


def test_sygedagpenge_ophoerer_dagen_efter_den_sidste_og_gentilmelder() -> None:
    svar = udfoert(syg(til=DAG), Job.SYGEDAGPENGE_OPHOER, I_MORGEN)
    assert set_(svar) == [(Art.KONTAKTGRUPPE, 25, True), (Art.KONTAKTGRUPPE, 1, False)]
    assert registranter(svar) == {nat(I_MORGEN, Job.SYGEDAGPENGE_OPHOER).kalder.identitet}
    assert svar.person.sygdom is None
    assert svar.person.tilmelding is not None
    assert (svar.person.tilmelding.kategori, svar.person.tilmelding.fra) == (1, I_MORGEN)


def test_sygedagpenge_fra_beskaeftigelse_ophoerer_og_gruppen_lukkes() -> None:
    svar = udfoert(syg(24, til=DAG), Job.SYGEDAGPENGE_OPHOER, I_MORGEN)
    assert set_(svar) == [(Art.KONTAKTGRUPPE, 24, True)]
    assert aaben(svar.person) is None


def test_uden_en_husket_gruppe_lukkes_25() -> None:
    svar = udfoert(syg(til=DAG, husket_gruppe=None, husket_tilmeldekategori=None), Job.SYGEDAGPENGE_OPHOER, I_MORGEN)
    assert set_(svar) == [(Art.KONTAKTGRUPPE, 25, True)]
    assert aaben(svar.person) is None


def test_en_meldt_raskmelding_traeder_i_stedet_for_den_ventede_slutdag() -> None:
    melding = Raskmelding(OVERMORGEN, KSD, gruppe=Gruppeskift(type=13))
    person = syg(til=DAG, raskmelding=melding)
    assert koer(person, Job.SYGEDAGPENGE_OPHOER, I_MORGEN) is None
    assert udfoert(person, Job.RASKMELDING, OVERMORGEN).raekker[-1].type == 13


def test_fremtidig_raskmelding_har_den_der_meldte_som_registrant_ogsaa_paa_det_afledte() -> None:
    melding = Raskmelding(I_MORGEN, identitet(JOBCENTER), gruppe=Gruppeskift(type=2))
    svar = udfoert(syg(raskmelding=melding), Job.RASKMELDING, I_MORGEN)
    assert set_(svar) == [
        (Art.KONTAKTGRUPPE, 25, True), (Art.KONTAKTGRUPPE, 2, False), (Art.PERSONKATEGORI, 8, False),
    ]  # fmt: skip
    assert registranter(svar) == {identitet(JOBCENTER)}


def test_fremtidig_raskmelding_med_tilmelding() -> None:
    melding = Raskmelding(I_MORGEN, identitet(AKASSE), Gentilmelding(kategori=4, ledighedsgrad=1))
    svar = udfoert(syg(raskmelding=melding), Job.RASKMELDING, I_MORGEN)
    assert svar.raekker[-1].type == 8
    assert svar.person.tilmelding is not None
    assert svar.person.tilmelding.registrant == identitet(AKASSE)


def test_den_der_er_fyldt_tredive_under_sygdommen_vender_tilbage_til_den_rette_gruppe() -> None:
    person = replace(
        syg(husket_gruppe=12, husket_tilmeldekategori=3, til=I_MORGEN), foedt=I_MORGEN.replace(year=I_MORGEN.year - 30)
    )
    assert koer(person, Job.TREDIVE_AAR, I_MORGEN) is None
    assert udfoert(person, Job.SYGEDAGPENGE_OPHOER, OVERMORGEN).raekker[-2].type == 2


def test_fremtidig_sygemelding_begynder_paa_sin_dag_og_har_den_der_meldte_som_registrant() -> None:
    person = replace(borger(raekke(1)), tilmelding=Tilmelding(1), sygdom=Sygdom("s", I_MORGEN, 25, KSD, begyndt=False))
    svar = udfoert(person, Job.SYGEMELDING, I_MORGEN)
    assert set_(svar) == [(Art.KONTAKTGRUPPE, 1, True), (Art.KONTAKTGRUPPE, 25, False)]
    assert registranter(svar) == {KSD}
    assert svar.person.tilmelding is None
    assert svar.person.sygdom is not None
    assert (svar.person.sygdom.husket_gruppe, svar.person.sygdom.husket_tilmeldekategori) == (1, 1)


def test_sygemelding_og_raskmelding_samme_dag_er_begge_dele() -> None:
    sygdom = Sygdom("s", I_MORGEN, 25, KSD, begyndt=False, raskmelding=Raskmelding(I_MORGEN, KSD))
    person = replace(borger(raekke(1)), tilmelding=Tilmelding(1), sygdom=sygdom)
    begyndt = udfoert(person, Job.SYGEMELDING, I_MORGEN)
    rask = koer(begyndt.person, Job.RASKMELDING, I_MORGEN)
    assert rask is not None
    assert rask.raekker[-1].type == 1
    assert rask.person.tilmelding is not None


def test_fremtidig_afmelding_lader_gruppen_staa_og_kategorien_foelge() -> None:
    person = replace(
        borger(raekke(2), kategori(4)), tilmelding=Tilmelding(2, til=I_MORGEN, registrant=identitet(AKASSE))
    )
    svar = udfoert(person, Job.AFMELDING, I_MORGEN)
    assert svar.person.tilmelding is None
    assert svar.person.tidligere_tilmeldinger[-1].til == I_MORGEN
    assert set_(svar) == [(Art.PERSONKATEGORI, 4, True), (Art.PERSONKATEGORI, 8, False)]
    assert registranter(svar) == {identitet(AKASSE)}


@pytest.mark.parametrize("job", Job)
def test_en_doed_roeres_ikke(job: Job) -> None:
    alt = replace(
        syg(til=DAG, raskmelding=Raskmelding(DAG, KSD), begyndt=False),
        doed=DAG,
        foedt=date(1990, 1, 2),
        tilmelding=Tilmelding(1, til=DAG),
        fleksjob=(Forloeb("f", DAG),),
    )
    for gruppe in (12, 7, 25):
        person = replace(alt, historik=(raekke(gruppe),))
        assert koer(person, job, I_MORGEN) is None
        assert forfald(person, kontrakt(), NU) == ()


dage = st.dates(DAG - timedelta(days=40), DAG + timedelta(days=40))
forloeb = st.builds(
    lambda fra, laengde: Forloeb("f", fra, fra + timedelta(days=laengde) if laengde < 60 else None),
    dage,
    st.integers(0, 80),
)
sygdomme = st.builds(
    lambda gruppe, fra, begyndt, laengde, husket, kategori_, rask: Sygdom(
        "s", fra, gruppe, KSD, begyndt, fra + timedelta(days=laengde) if laengde else None, husket_gruppe=husket,
        husket_tilmeldekategori=kategori_, raskmelding=None if rask is None else Raskmelding(fra + timedelta(days=rask), KSD),
    ),
    st.sampled_from([None, 24, 25]), dage, st.booleans(), st.integers(0, 40), st.sampled_from([None, 1, 2, 12, 28]),
    st.sampled_from([None, 1, 2, 3, 6]), st.none() | st.integers(0, 40),
)  # fmt: skip
personer = st.builds(
    lambda gruppe, foedt, flex, tilmelding, til, sygdom: replace(
        borger(*([raekke(gruppe)] if gruppe else [])),
        foedt=foedt.replace(year=foedt.year - 30) if (foedt.month, foedt.day) != (2, 29) else date(1992, 2, 29),
        fleksjob=tuple(flex), tilmelding=None if tilmelding is None else Tilmelding(tilmelding, til=til), sygdom=sygdom,
    ),
    st.sampled_from([None, 1, 2, 7, 10, 12, 13, 24, 25, 28]), dage, st.lists(forloeb, max_size=3),
    st.sampled_from([None, 1, 2, 3, 6]), st.none() | dage, st.none() | sygdomme,
)  # fmt: skip


@given(personer)
def test_hver_nat_er_hvert_job_faerdigt_med_borgeren_og_det_noterede_forfald_er_det_der_sker(person: Person) -> None:
    """Forty nights: a job acts on exactly the nights for which it is noted as due, and is then due no longer that night."""
    noteret = forfald(person, kontrakt(), nat(DAG, Job.AFMELDING).now)
    for nummer in range(40):
        dag = DAG + timedelta(days=nummer)
        for job in Job:
            ventet = any(en is job and naar <= dag for en, naar in noteret)
            svar = koer(person, job, dag)
            assert (svar is not None) == ventet
            if svar is not None:
                person = svar.person
                noteret = forfald(person, kontrakt(), nat(dag, job).now)
                assert not any(en is job and naar <= dag for en, naar in noteret)
            grupper = [en for en in person.registreringer.values() if en.art is Art.KONTAKTGRUPPE]
            assert sum(en.aaben(nat(dag, job).now) for en in grupper) <= 1


def test_en_kategori_med_slut_i_fremtiden_faar_sin_afloeser_paa_dagen() -> None:
    person = borger(raekke(2), kategori(5), replace(kategori(5), slut=midnat(I_MORGEN)))
    svar = udfoert(person, Job.UDLOEB, I_MORGEN)
    assert set_(svar) == [(Art.PERSONKATEGORI, 8, False)]


def test_en_gruppe_med_slut_i_fremtiden_tager_sin_kategori_med_paa_dagen() -> None:
    person = borger(raekke(2), kategori(5), raekke(2, slut=midnat(I_MORGEN)))
    svar = udfoert(person, Job.UDLOEB, I_MORGEN)
    assert set_(svar) == [(Art.PERSONKATEGORI, 5, True)]


def test_en_der_aldrig_har_haft_en_kategori_faar_ingen_om_natten() -> None:
    assert koer(borger(raekke(2)), Job.UDLOEB, I_MORGEN) is None
