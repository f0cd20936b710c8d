from dataclasses import replace
from datetime import date, timedelta

import pytest

from byggeklodser import (
    AKASSE,
    I_DAG,
    I_GAAR,
    JOBCENTER,
    KOMMUNE,
    NU,
    borger,
    identitet,
    kategori,
    kontrakt,
    raekke,
    vilkaar,
)
from vos_contracts.model.identity import Organisation
from vos_contracts.model.neighbours import Gentilmelding, Gruppeskift, Raskmeld, Sygekilde, Sygemeld
from vos_contracts.model.registration import Art, Opret
from vos_reference.domain.batchjob import Job, forfald
from vos_reference.domain.beslut import Kommando, beslut, beslut_job
from vos_reference.domain.decision import Aendret, Afvist, NyeIder, Oprettet, Udfoert, Vilkaar
from vos_reference.domain.person import Forloeb, Fravaer, Person, Raskmelding, Sygdom, Tilmelding
from vos_reference.domain.tid import midnat

DAG = NU.date()
KG, PC = Art.KONTAKTGRUPPE, Art.PERSONKATEGORI
ID = "00000000-0000-0000-0000-0000000000aa"
KSD_ID = "00000000-0000-0000-0000-0000000000bb"
FRAVAER, ARBEJDE, LEDIG = Sygekilde.FRAVAER, Sygekilde.BESKAEFTIGELSE, Sygekilde.LEDIGHED
KSD = vilkaar(KOMMUNE)
DFDG = Organisation(1, "dfdg")


def om(dage: int) -> date:
    return DAG + timedelta(days=dage)


def koder(person: Person, kommando: Kommando) -> list[int]:
    svar = beslut(person, kommando, KSD)
    return [fejl.kode for fejl in svar.fejl] if isinstance(svar, Afvist) else []


def med_nye_ider(person: Person, hvem: Vilkaar) -> Vilkaar:
    nr = len(person.historik)
    return replace(hvem, nye=NyeIder(f"kg-{nr}", f"pc-{nr}"))


def efter(person: Person, *kommandoer: Kommando, hvem: Vilkaar = KSD) -> Person:
    for kommando in kommandoer:
        svar = beslut(person, kommando, med_nye_ider(person, hvem))
        assert isinstance(svar, Udfoert), svar
        person = svar.person
    return person


def job(person: Person, navn: Job, dage: int) -> Person:
    hvem = vilkaar(DFDG, now=NU + timedelta(days=dage))
    svar = beslut_job(person, navn, med_nye_ider(person, hvem))
    assert svar is not None
    assert beslut_job(svar.person, navn, hvem) is None, "doing it twice is doing it once"
    return svar.person


def syg(kilde: Sygekilde = LEDIG, fra: int = 0, til: int | None = None, id_: str = ID) -> Sygemeld:
    return Sygemeld(id=id_, kilde=kilde, fra=om(fra), til=None if til is None else om(til))


def rask(dage: int = 0, tilmelding: int | None = None, gruppe: int | str | None = None, id_: str = ID) -> Raskmeld:
    """`gruppe` "luk" ends the open one."""
    return Raskmeld(
        id=id_,
        dato=om(dage),
        tilmelding=None if tilmelding is None else Gentilmelding(kategori=tilmelding, ledighedsgrad=1),
        gruppe=None if gruppe is None else Gruppeskift(type=gruppe if isinstance(gruppe, int) else None),
    )


def tilmeldt(kategori_: int = 1, gruppe: int = 1, alder: int = 40) -> Person:
    return replace(borger(raekke(gruppe), alder=alder), tilmelding=Tilmelding(kategori_, om(-20)))


def grupper(person: Person) -> list[tuple[int, date, date | None]]:
    """Every group as it stands: type, first day, end."""
    return [
        (en.type, en.start.date(), None if en.slut is None else en.slut.date())
        for en in person.registreringer.values()
        if en.art is KG
    ]


class TestSygemelding:
    def test_fra_beskaeftigelse_aabner_24_ogsaa_uden_en_gruppe(self) -> None:
        person = efter(borger(), syg(ARBEJDE))
        assert grupper(person) == [(24, DAG, None)]
        assert person.sygdom == Sygdom(ID, DAG, 24, identitet(KOMMUNE))
        assert person.fravaer == ()

    def test_fra_ledighed_aabner_25_afmelder_og_husker(self) -> None:
        person = efter(tilmeldt(), syg())
        assert grupper(person) == [(1, om(-1), DAG), (25, DAG, None)]
        assert person.tilmelding is None
        assert person.tidligere_tilmeldinger[-1] == Tilmelding(1, om(-20), DAG)
        assert person.sygdom is not None
        assert (person.sygdom.husket_gruppe, person.sygdom.husket_tilmeldekategori) == (1, 1)

    def test_et_fravaer_alene_afmelder_og_lader_gruppen_staa(self) -> None:
        person = efter(tilmeldt(), syg(FRAVAER))
        assert grupper(person) == [(1, om(-1), None)]
        assert person.tilmelding is None
        assert person.fravaer == (Fravaer(11, DAG, None, ID),)
        assert person.sygdom is not None
        assert (person.sygdom.kontaktgruppe, person.sygdom.fravaer_id) == (None, ID)

    def test_en_lukket_periode_er_et_fravaer_med_slut(self) -> None:
        person = efter(tilmeldt(), syg(FRAVAER, til=4))
        assert person.fravaer == (Fravaer(11, DAG, om(5), ID),)

    def test_et_fravaer_bliver_til_en_sag_hos_ksd_og_huskes(self) -> None:
        person = efter(tilmeldt(), syg(FRAVAER), syg(LEDIG, id_=KSD_ID))
        assert person.sygdom == Sygdom(
            KSD_ID, DAG, 25, identitet(KOMMUNE), fravaer_id=ID, husket_gruppe=1, husket_tilmeldekategori=1
        )
        assert len(person.fravaer) == 1

    def test_en_sag_efter_et_gruppeskift_husker_den_nye_gruppe_og_ingen_tilmelding(self) -> None:
        person = efter(tilmeldt(), syg(FRAVAER), Opret(KG, 13, I_DAG), syg(LEDIG, id_=KSD_ID))
        assert person.sygdom is not None
        assert (person.sygdom.husket_gruppe, person.sygdom.husket_tilmeldekategori) == (13, None)

    def test_sygdom_tilbage_i_tiden_begynder_ikke_foer_den_aabne_gruppe(self) -> None:
        person = efter(borger(raekke(2, start=I_GAAR)), syg(fra=-5))
        assert grupper(person) == [(2, om(-1), om(-1)), (25, om(-1), None)]
        aaben = person.aaben(KG, NU)
        assert aaben is not None
        assert aaben.haendelse == midnat(om(-5))

    def test_kategorien_beholdes_hvor_sygegruppen_tillader_den(self) -> None:
        person = efter(borger(raekke(2), kategori(5)), syg())
        aaben = person.aaben(PC, NU)
        assert aaben is not None
        assert (aaben.id, aaben.type) == ("kategori", 5)

    def test_fremtidig_sygdom_begynder_paa_sin_dag_med_den_der_meldte_den_som_registrant(self) -> None:
        planlagt = efter(tilmeldt(), syg(fra=3))
        assert (grupper(planlagt), planlagt.tilmelding) == ([(1, om(-1), None)], Tilmelding(1, om(-20)))
        assert forfald(planlagt, kontrakt(), NU) == ((Job.SYGEMELDING, om(3)),)
        assert beslut_job(planlagt, Job.SYGEMELDING, vilkaar(DFDG, now=NU + timedelta(days=2))) is None
        person = job(planlagt, Job.SYGEMELDING, 3)
        assert grupper(person) == [(1, om(-1), om(3)), (25, om(3), None)]
        assert {en.registrant for en in person.historik[1:]} == {identitet(KOMMUNE)}
        assert person.tilmelding is None

    @pytest.mark.parametrize(
        ("person", "kommando", "fejl"),
        [
            (tilmeldt(), syg(til=-1), [1003]),
            (tilmeldt(), syg(til=0), []),
            (borger(), syg(LEDIG), [4686]),
            (borger(), syg(FRAVAER), [4686]),
            (borger(), syg(ARBEJDE), []),
            (efter(tilmeldt(), syg()), syg(), [4977]),
            (replace(tilmeldt(), fravaer=(Fravaer(10, om(-9), om(-1), ID),)), syg(FRAVAER), [4977]),
            (efter(tilmeldt(), syg()), syg(id_=KSD_ID), [4645]),
            (efter(tilmeldt(), syg()), syg(FRAVAER, id_=KSD_ID), [4645]),
            (efter(tilmeldt(), syg(FRAVAER)), syg(FRAVAER, id_=KSD_ID), [4645]),
            (borger(raekke(25)), syg(), [8096]),
            (borger(raekke(24)), syg(FRAVAER), [8096]),
            (replace(borger(raekke(4)), fravaer=(Fravaer(2, om(-1)),)), syg(ARBEJDE), [4645]),
            (replace(borger(raekke(4)), fravaer=(Fravaer(2, om(-1)),)), syg(FRAVAER), []),
            (replace(borger(), doed=om(-1)), syg(til=-1), [1003, 4405, 4686]),
        ],
    )
    def test_fejlkoder(self, person: Person, kommando: Sygemeld, fejl: list[int]) -> None:
        assert koder(person, kommando) == fejl


class TestRaskmelding:
    def test_fra_24_lukker_gruppen_helt(self) -> None:
        sygemeldt = efter(borger(raekke(4)), syg(ARBEJDE))
        svar = beslut(sygemeldt, rask(), KSD)
        assert isinstance(svar, Udfoert)
        assert grupper(svar.person) == [(4, om(-1), DAG), (24, DAG, DAG)]
        assert svar.person.sygdom is None
        assert [en.efterfoelger for en in svar.haendelser if isinstance(en, Aendret)] == [None]

    def test_fra_25_aabner_den_huskede_gruppe_og_tilmelder_igen(self) -> None:
        svar = beslut(efter(tilmeldt(), syg()), rask(), KSD)
        assert isinstance(svar, Udfoert)
        assert grupper(svar.person) == [(1, om(-1), DAG), (25, DAG, DAG), (1, DAG, None)]
        assert svar.person.tilmelding == Tilmelding(1, DAG, None, identitet(KOMMUNE))
        assert svar.id == ID
        assert [type(en) for en in svar.haendelser] == [Aendret, Oprettet]

    def test_fra_25_uden_tilmelding_aabner_gruppen_og_intet_mere(self) -> None:
        person = efter(borger(raekke(2), kategori(5)), syg(), rask())
        assert [type_ for type_, _, _ in grupper(person)] == [2, 25, 2]
        assert person.tilmelding is None

    def test_fra_25_uden_noget_husket_lukker_gruppen(self) -> None:
        """A case that lay ahead when the group closed: there is nothing to return to, and 25 may not stand."""
        planlagt = efter(borger(raekke(4)), syg(fra=1))
        lukket = planlagt.med([raekke(4, slut=I_DAG)])
        sygemeldt = job(lukket, Job.SYGEMELDING, 1)
        person = job(efter(sygemeldt, rask(2)), Job.RASKMELDING, 2)
        assert grupper(person) == [(4, om(-1), DAG), (25, om(1), om(2))]

    @pytest.mark.parametrize(
        ("slut", "rask_dag", "gruppe"),
        [(3, 5, 7), (3, 3, 7), (3, 2, 10), (None, 5, 10)],
        ids=["ended before", "ended that day", "ends the day after", "goes on"],
    )
    def test_den_hvis_fleksjob_sluttede_under_sygdommen_er_ledig_fleksjobvisiteret(
        self, slut: int | None, rask_dag: int, gruppe: int
    ) -> None:
        fleksjob = (Forloeb(KSD_ID, om(-30), None if slut is None else om(slut)),)
        sygemeldt = efter(replace(borger(raekke(10)), fleksjob=fleksjob), syg())
        hvem = vilkaar(KOMMUNE, now=NU + timedelta(days=5))
        assert grupper(efter(sygemeldt, rask(rask_dag), hvem=hvem))[-1] == (gruppe, om(rask_dag), None)

    def test_den_der_intet_fleksjob_har_vender_tilbage_til_sin_gruppe(self) -> None:
        gammelt = (Forloeb(KSD_ID, om(-30), om(-10)),)
        for fleksjob in ((), gammelt):
            sygemeldt = efter(replace(borger(raekke(10)), fleksjob=fleksjob), syg())
            assert grupper(efter(sygemeldt, rask()))[-1] == (10, DAG, None)

    @pytest.mark.parametrize(("gruppe", "ny"), [(12, 2), (28, 26)])
    def test_den_der_er_fyldt_30_vender_tilbage_til_gruppens_afloeser(self, gruppe: int, ny: int) -> None:
        sygemeldt = efter(borger(raekke(gruppe), alder=29), syg())
        person = efter(replace(sygemeldt, foedt=date(NU.year - 30, NU.month, NU.day)), rask())
        assert grupper(person)[-1] == (ny, DAG, None)

    @pytest.mark.parametrize("oensket", [{"tilmelding": 3}, {"gruppe": 12}, {"tilmelding": 3, "gruppe": 12}])
    def test_den_der_er_fyldt_30_siden_meldingen_faar_gruppens_afloeser(self, oensket: dict[str, int]) -> None:
        meldt = efter(borger(raekke(12), alder=29), syg(FRAVAER), rask(3, **oensket))
        person = job(replace(meldt, foedt=date(NU.year - 30, NU.month, NU.day)), Job.RASKMELDING, 3)
        assert [type_ for type_, _, _ in grupper(person)] == [12, 2]

    def test_en_historisk_raskmelding_virker_straks_med_den_historiske_dag(self) -> None:
        fra = NU - timedelta(days=6)
        sygemeldt = efter(borger(raekke(2, start=fra)), syg(fra=-5), hvem=replace(KSD, now=NU - timedelta(days=5)))
        person = efter(sygemeldt, rask(-2))
        assert grupper(person) == [(2, om(-6), om(-5)), (25, om(-5), om(-2)), (2, om(-2), None)]
        aaben = person.aaben(KG, NU)
        assert aaben is not None
        assert (aaben.haendelse, aaben.registreret) == (midnat(om(-2)), NU)

    def test_et_fravaer_alene_slutter_og_intet_andet_sker(self) -> None:
        person = efter(tilmeldt(), syg(FRAVAER), rask())
        assert (grupper(person), person.tilmelding, person.sygdom) == ([(1, om(-1), None)], None, None)
        assert person.fravaer == (Fravaer(11, DAG, DAG, ID),)

    def test_med_tilmelding_foelger_gruppen_tilmeldingen(self) -> None:
        person = efter(tilmeldt(), syg(FRAVAER), rask(tilmelding=2))
        assert grupper(person) == [(1, om(-1), DAG), (2, DAG, None)]
        assert person.tilmelding == Tilmelding(2, DAG, None, identitet(KOMMUNE))

    def test_med_gruppe_vinder_gruppen_over_den_huskede(self) -> None:
        person = efter(tilmeldt(), syg(), rask(gruppe=13))
        assert grupper(person)[1:] == [(25, DAG, DAG), (13, DAG, None)]
        assert person.tilmelding is None

    def test_med_tilmelding_og_gruppe_sker_begge(self) -> None:
        person = efter(tilmeldt(), syg(), rask(tilmelding=2, gruppe=2))
        assert (grupper(person)[-1], person.tilmelding) == (
            (2, DAG, None), Tilmelding(2, DAG, None, identitet(KOMMUNE)),
        )  # fmt: skip

    def test_med_slut_paa_gruppen_lukker_den_helt_og_fravaer_slutter(self) -> None:
        ferie = Fravaer(10, om(-1), None, "ferie")
        person = efter(replace(tilmeldt(), fravaer=(ferie,)), syg(), rask(gruppe="luk"))
        assert grupper(person)[-1] == (25, DAG, DAG)
        assert (person.tilmelding, person.sygdom) == (None, None)
        assert [en.til for en in person.fravaer] == [DAG]

    def test_sagen_kan_raskmeldes_med_fravaerets_id(self) -> None:
        person = efter(tilmeldt(), syg(FRAVAER), syg(LEDIG, id_=KSD_ID), rask(id_=ID))
        assert grupper(person)[-1] == (1, DAG, None)
        assert person.fravaer == (Fravaer(11, DAG, DAG, ID),)

    def test_registrant_er_den_der_raskmelder(self) -> None:
        person = efter(efter(tilmeldt(), syg()), rask(), hvem=vilkaar(JOBCENTER))
        aaben = person.aaben(KG, NU)
        assert aaben is not None
        assert aaben.registrant == identitet(JOBCENTER)

    @pytest.mark.parametrize(
        ("person", "kommando", "fejl"),
        [
            (tilmeldt(), rask(), [4632]),
            (efter(tilmeldt(), syg()), rask(id_=KSD_ID), [4632]),
            (efter(tilmeldt(), syg(fra=2)), rask(), [4632, 4636]),
            (efter(tilmeldt(), syg()), rask(-1), [4636]),
            (efter(tilmeldt(), syg()), rask(tilmelding=9), [4313]),
            (efter(replace(tilmeldt(), tilknytninger=()), syg()), rask(tilmelding=1), [4417]),
            (efter(tilmeldt(), syg()), rask(tilmelding=3), [4641]),
            (efter(tilmeldt(), syg()), rask(gruppe=9), [4675]),
            (efter(tilmeldt(), syg()), rask(gruppe=24), [8096]),
            (efter(tilmeldt(), syg()), rask(gruppe=12), [6033]),
            (efter(replace(tilmeldt(), fravaer=(Fravaer(2, om(-1)),)), syg(FRAVAER)), rask(gruppe=13), [4645]),
            (efter(tilmeldt(), syg()), rask(tilmelding=1, gruppe=13), [100029]),
            (efter(tilmeldt(), syg()), rask(tilmelding=1, gruppe="luk"), [100029]),
            (efter(tilmeldt(), syg()), rask(tilmelding=6, gruppe=26), []),
            (replace(efter(tilmeldt(), syg()), doed=om(-1)), rask(gruppe=9), [4405, 4675]),
        ],
    )
    def test_fejlkoder(self, person: Person, kommando: Raskmeld, fejl: list[int]) -> None:
        assert koder(person, kommando) == fejl

    def test_ledighedsgraden_skal_findes_4314_og_passe_4339(self) -> None:
        person = efter(tilmeldt(), syg())
        for grad, kode in ((4, 4314), (3, 4339)):
            kommando = Raskmeld(id=ID, dato=DAG, tilmelding=Gentilmelding(kategori=1, ledighedsgrad=grad))
            assert koder(person, kommando) == [kode]


class TestFremtidigRaskmelding:
    """What lies ahead is registered now and carried out by the nightly job of its day."""

    def test_intet_sker_foer_dagen(self) -> None:
        sygemeldt = efter(tilmeldt(), syg())
        planlagt = efter(sygemeldt, rask(7))
        assert planlagt.historik == sygemeldt.historik
        assert planlagt.sygdom is not None
        assert planlagt.sygdom.raskmelding == Raskmelding(om(7), identitet(KOMMUNE))
        assert forfald(planlagt, kontrakt(), NU) == ((Job.RASKMELDING, om(7)),)
        assert beslut_job(planlagt, Job.RASKMELDING, vilkaar(DFDG, now=NU + timedelta(days=6))) is None

    def test_fra_25_paa_dagen(self) -> None:
        person = job(efter(tilmeldt(), syg(), rask(7)), Job.RASKMELDING, 7)
        assert grupper(person)[1:] == [(25, DAG, om(7)), (1, om(7), None)]
        assert person.tilmelding == Tilmelding(1, om(7), None, identitet(KOMMUNE))
        assert forfald(person, kontrakt(), NU + timedelta(days=7)) == ()

    def test_fra_24_paa_dagen(self) -> None:
        person = job(efter(borger(), syg(ARBEJDE), rask(7)), Job.RASKMELDING, 7)
        assert grupper(person) == [(24, DAG, om(7))]

    def test_et_forsinket_job_bruger_raskmeldingens_dag(self) -> None:
        person = job(efter(tilmeldt(), syg(), rask(7)), Job.RASKMELDING, 9)
        assert grupper(person)[-1] == (1, om(7), None)

    def test_med_tilmelding_og_gruppe_paa_dagen(self) -> None:
        planlagt = efter(tilmeldt(), syg(FRAVAER), rask(7, tilmelding=2, gruppe=2))
        assert planlagt.tilmelding is None
        person = job(planlagt, Job.RASKMELDING, 7)
        assert grupper(person) == [(1, om(-1), om(7)), (2, om(7), None)]
        assert person.tilmelding == Tilmelding(2, om(7), None, identitet(KOMMUNE))
        assert person.fravaer == (Fravaer(11, DAG, om(7), ID),)

    def test_registrant_af_alt_er_den_der_raskmeldte_og_ikke_jobbet(self) -> None:
        sygemeldt = efter(tilmeldt(2, 2), syg())
        foer = len(sygemeldt.historik)
        person = job(efter(sygemeldt, rask(7), hvem=vilkaar(AKASSE)), Job.RASKMELDING, 7)
        nye = person.historik[foer:]
        assert {en.art for en in nye} == {KG, PC}
        assert {en.registrant for en in nye} == {identitet(AKASSE)}

    def test_en_ny_raskmelding_afloeser_den_planlagte(self) -> None:
        planlagt = efter(tilmeldt(), syg(), rask(7))
        assert grupper(efter(planlagt, rask()))[-1] == (1, DAG, None)

    def test_sygdom_og_raskmelding_i_fremtiden(self) -> None:
        planlagt = efter(tilmeldt(), syg(fra=2), rask(5))
        assert forfald(planlagt, kontrakt(), NU) == ((Job.SYGEMELDING, om(2)), (Job.RASKMELDING, om(5)))
        person = job(job(planlagt, Job.SYGEMELDING, 2), Job.RASKMELDING, 5)
        assert grupper(person) == [(1, om(-1), om(2)), (25, om(2), om(5)), (1, om(5), None)]


class TestSygedagpengeOphoerer:
    def test_dagen_efter_den_sidste_dag(self) -> None:
        person = efter(tilmeldt(), syg(til=4))
        assert forfald(person, kontrakt(), NU) == ((Job.SYGEDAGPENGE_OPHOER, om(5)),)
        assert beslut_job(person, Job.SYGEDAGPENGE_OPHOER, vilkaar(DFDG, now=NU + timedelta(days=4))) is None
        rask_ = job(person, Job.SYGEDAGPENGE_OPHOER, 5)
        assert grupper(rask_)[-1] == (1, om(5), None)
        assert rask_.tilmelding is not None
        assert rask_.historik[-1].registrant == identitet(DFDG)

    def test_en_doed_borger_roeres_ikke(self) -> None:
        person = replace(efter(tilmeldt(), syg(til=4)), doed=om(1))
        assert forfald(person, kontrakt(), NU) == ()
        assert beslut_job(person, Job.SYGEDAGPENGE_OPHOER, vilkaar(DFDG, now=NU + timedelta(days=5))) is None
