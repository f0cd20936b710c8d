"""Random lives over both channels, neighbours, nights and CPR changes: what must hold whatever happens, holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from direkte import Direkte
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)
from support.stores import empty_store

from byggeklodser import NU, kontrakt
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control import neighbours as control
from vos_contracts.control.stage import ForloebDto, Koerselsart, RegistreringDto
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.model import neighbours
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Art, Opdater, Opret, Slet
from vos_contracts.wire.abonnement import Abonnementer, Abonnementsoenske, Synkroniseret
from vos_contracts.wire.base import Kald
from vos_contracts.wire.rest import Afslag, Rest
from vos_contracts.wire.wsb import Wsb
from vos_contracts.wire.wsrm import WsrmBesked
from vos_reference.application import levering
from vos_reference.bootstrap import byg
from vos_reference.config import Konfiguration
from vos_reference.domain.person import Person, Registrering
from vos_reference.domain.retry import Svarede
from vos_reference.domain.tid import midnat
from vos_simulators import parties
from vos_simulators.control import Styring
from vos_simulators.oracle.expected import DOMAENER, Ventet, Wsbabonnent, ventede
from vos_simulators.oracle.happened import Haendt, haendt, registrant
from vos_simulators.oracle.received import Fik, fra_haendelse, fra_wsb, fra_wsrm
from vos_simulators.oracle.verdict import bedoem
from vos_simulators.parties import AKASSE, JOBCENTER, KOMMUNE
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Folk, paa_scenen
from vos_simulators.stage_reader import Driftslaeser

WSB = Wsb(kontrakt())
GRUPPER = [*sorted(kontrakt().kontaktgrupper), *[2, 3, 12, 13, 23] * 4]  # those with most rules, more often
KATEGORIER = [*sorted(kontrakt().personkategorier), *[5] * 6]
ROLLER: dict[str, Callable[[datetime], Identitet]] = {
    "jobcentret": lambda nu: replace(
        parties.KSS.identity(JOBCENTER, nu), bruger_organisation=KOMMUNE
    ),  # whose act it is not
    "kommunen": lambda nu: parties.KOMMUNENS_KSS.identity(KOMMUNE, nu),
    "a-kassen": lambda nu: parties.AKASSESYSTEM.identity(AKASSE, nu),
    "STAR": parties.ROLES["STAR"].identity,
}
roller = st.sampled_from(["jobcentret"] * 4 + sorted(ROLLER))  # those who may, more often than those who may not
kanaler = st.sampled_from(list(Kanal))
dage = st.integers(-3, 3)
ABONNENTER = tuple(
    Wsbabonnent(f"0193e6a0-0000-7000-8000-00000000000{nr}", organisation, arter)
    for nr, (organisation, arter) in enumerate(
        [
            (JOBCENTER, frozenset(Art)),
            (JOBCENTER, frozenset({Art.PERSONKATEGORI})),
            (AKASSE, frozenset({Art.KONTAKTGRUPPE})),
        ]
    )
)
HANDLINGER = (
    ["ny_gruppe"] * 5
    + ["ny_kategori"] * 3
    + ["afslutter"] * 3
    + ["tiden_gaar"] * 3
    + ["sletter", "skifter_bagende", "fravaer", "fleksjob", "skifter_cpr"]
    + ["tilmelder", "afmelder", "sygemelder", "sygemelder", "raskmelder", "raskmelder", "tillaeg", "tillaeg"]
    + ["syg_og_rask"] * 3
)


class Liv(RuleBasedStateMachine):
    """One citizen's life, or a few citizens' at once."""

    borgere = Bundle("borgere")

    def __init__(self) -> None:
        super().__init__()
        self.applikation = byg(Konfiguration(db=None, clock=NU), kontrakt(), empty_store())  # type: ignore[arg-type]  # no file
        self.tjenester, self.styr = Direkte(self.applikation.tjenester), Direkte(self.applikation.styring)
        self.styring, self.drift = Styring(self.styr), Driftslaeser(self.styr)
        self.folk = Folk(seed=1)
        self.historik: dict[str, tuple[Registrering, ...]] = {}
        self.haendte: list[Haendt] = []
        self.skulle: list[Ventet] = []
        self.fik: list[Fik] = []
        self.laest_til = 0
        self.hoert_til = dict.fromkeys(DOMAENER, 0)
        self.leveret: list[Fik] = []
        self.applikation.delivery.indtil_ro = self.indtil_ro  # type: ignore[method-assign]  # there is no event loop
        for en in ABONNENTER:
            self.abonner(en)

    def abonner(self, en: Wsbabonnent) -> None:
        self.styring.subscribersystem(en.system, "http://127.0.0.1:9", en.organisation)
        entiteter = [kontrakt().wsb_entiteter[art].id for art in sorted(en.arter)]
        oensker = [Abonnementsoenske(en.organisation, entitet, "/wsb", self.nu.date()) for entitet in entiteter]
        wire = Abonnementer(kontrakt(), Rest(kontrakt()))
        svar = self.tjenester.send(wire.kald(en.system, oensker, parties.ROLES["STAR"].identity(self.nu), ny_uuid()))
        assert wire.forstaa(svar) == Synkroniseret(len(oensker), 0, 0)

    async def indtil_ro(self) -> None:
        self.lever()

    def lever(self) -> None:
        """Deliver what is due to receivers who take everything; what becomes of others is `tests/robusthed`."""
        while forsendelser := levering.hent(self.applikation.drift, 8, ()):
            levering.afslut(self.applikation.drift, [levering.Forsoegt(en, Svarede(200)) for en in forsendelser])
            for en in forsendelser:
                self.leveret.append(fra_wsb(en.konvolut.modtager.system, WSB.laes(en.konvolut.krop)))

    @property
    def nu(self) -> datetime:
        return self.applikation.drift.ur.now()

    def aktoer(self, rolle: str) -> Aktoer:
        return Aktoer(ROLLER[rolle](self.nu), kontrakt(), self.tjenester, ny_uuid)

    def person(self, borger: str) -> Person:
        with self.applikation.drift.store.laesning() as t:
            return next(en for en in t.personer_efter("", 999) if en.id == borger)

    def noter(self) -> None:
        """Compare what is stored with what was, and remember what has happened, under the numbers that citizens have now."""
        with self.applikation.drift.store.laesning() as t:
            for person in t.personer_efter("", 999):
                foer = self.historik.get(person.id, ())
                assert person.historik[: len(foer)] == foer, "the history was rewritten"
                self.historik[person.id] = person.historik
        raekker = [en for side in self.drift.registreringer(self.laest_til) for en in side.registreringer]
        if raekker:
            borgere = {en.borger_id: en for side in self.drift.borgere(0) for en in side.borgere}
            for en in raekker:
                borger = borgere[en.borger_id]
                self.haendte.append(haendt(en, borger, registrant(en, borger)))
            self.laest_til = raekker[-1].nr
        assert len(self.haendte) == sum(map(len, self.historik.values())), "a row was delivered twice, or never"

    def registrer(self, rolle: str, borger: str, kommando: Opret | Opdater | Slet, kanal: Kanal) -> None:
        foer = self.person(borger)
        hvem = self.aktoer(rolle)
        svar = hvem.registrer(foer.cpr, kommando, Kanal.PVS if isinstance(kommando, Slet) else kanal)
        efter = self.person(borger)
        if isinstance(svar, Afslag):
            assert efter == foer, "a refused call changed something"
        else:
            nye = efter.historik[len(foer.historik) :]
            assert nye, "an accepted call left nothing"
            assert {en.registrant for en in nye} == {hvem.identitet}, "a change is somebody else's"
        self.noter()

    def fortael(self, rolle: str, borger: str, tjeneste: str, kommando: neighbours.Nabokommando) -> None:
        foer = self.person(borger)
        hvem = ROLLER[rolle](self.nu)
        besked = neighbours.Nabokald(tjeneste=tjeneste, cpr=foer.cpr, identitet=hvem, kommando=kommando)
        svar = control.decode_answer(self.styr.send(Kald("POST", control.STI, {}, control.encode_call(besked))).krop)
        efter = self.person(borger)
        if svar.fejl:
            assert efter == foer, "a refused command changed something"
        else:
            assert {en.registrant for en in efter.historik[len(foer.historik) :]} <= {hvem}
        self.noter()

    # what may happen

    @initialize(target=borgere, unge=st.integers(18, 29), aeldre=st.integers(30, 70))
    def de_foerste(self, unge: int, aeldre: int) -> MultipleResults[str]:
        med_tillaeg = self.foed(unge, medlem=False, med_tillaeg=True)
        return multiple(self.foed(unge, medlem=True), self.foed(aeldre, medlem=True), med_tillaeg)

    def foed(self, alder: int, *, medlem: bool, med_tillaeg: bool = False) -> str:
        borger = self.folk.ny(alder, self.nu.date())
        dto = paa_scenen(borger, akasse=AKASSE if medlem else None)
        if med_tillaeg:
            dto.kontaktgrupper, dto.personkategorier = (RegistreringDto(type=12),), (RegistreringDto(type=5),)
            dto.aktivitetstillaeg = (ForloebDto(),)
        self.styring.opsaet(dto)
        with self.applikation.drift.store.laesning() as t:
            fundet = t.find_person(borger.cpr)
        assert isinstance(fundet, Person)
        self.noter()
        return fundet.id

    @rule(borger=borgere, rolle=roller, handling=st.sampled_from(HANDLINGER), data=st.data())
    def sker(self, borger: str, rolle: str, handling: str, data: st.DataObject) -> None:
        """One rule for all that may happen, so that no life is left with half of it."""
        getattr(self, handling)(borger, rolle, data)

    def ny_gruppe(self, borger: str, rolle: str, data: st.DataObject) -> None:
        i_dag = midnat(self.nu.date())
        slut = data.draw(st.sampled_from([None] * 6 + [0, 1]))
        til = None if slut is None else i_dag + timedelta(days=slut)
        kommando = Opret(Art.KONTAKTGRUPPE, data.draw(st.sampled_from(GRUPPER)), i_dag, slut=til)
        self.registrer(rolle, borger, kommando, data.draw(kanaler))

    def ny_kategori(self, borger: str, rolle: str, data: st.DataObject) -> None:
        kommando = Opret(Art.PERSONKATEGORI, data.draw(st.sampled_from(KATEGORIER)), midnat(self.nu.date()))
        self.registrer(rolle, borger, kommando, data.draw(kanaler))

    def afslutter(self, borger: str, rolle: str, data: st.DataObject) -> None:
        art = data.draw(st.sampled_from(Art))
        ider = sorted({en.id for en in self.person(borger).historik if en.art is art})
        if ider:
            slut = self.nu + timedelta(days=data.draw(st.sampled_from([0, 0, 0, -1, 1])))
            self.registrer(rolle, borger, Opdater(art, data.draw(st.sampled_from(ider)), slut), data.draw(kanaler))

    def sletter(self, borger: str, rolle: str, data: st.DataObject) -> None:
        art = data.draw(st.sampled_from(Art))
        ider = sorted({en.id for en in self.person(borger).historik if en.art is art})
        if ider:
            self.registrer(rolle, borger, Slet(art, data.draw(st.sampled_from(ider))), Kanal.PVS)

    def skifter_bagende(self, borger: str, rolle: str, data: st.DataObject) -> None:
        self.styring.tving_bagende(data.draw(st.sampled_from([None, PrsSoap.KLASSISK, PrsSoap.CONVERTER])))

    def fravaer(self, borger: str, rolle: str, data: st.DataObject) -> None:
        type_ = data.draw(st.sampled_from(sorted(kontrakt().fravaerstyper)))
        kommando = neighbours.RegistrerFravaer(id=ny_uuid(), type=type_, fra=self.nu.date())
        self.fortael(rolle, borger, "FravaerService.CreateFravaer", kommando)

    def fleksjob(self, borger: str, rolle: str, data: st.DataObject) -> None:
        begynd = self.nu.date() + timedelta(days=data.draw(dage))
        laengde = data.draw(st.none() | st.integers(0, 9))
        til = None if laengde is None else begynd + timedelta(days=laengde)
        kommando = neighbours.RegistrerFleksjob(id=ny_uuid(), fra=begynd, til=til)
        self.fortael(rolle, borger, "FlexjobService.CreateFlexjob", kommando)

    def tilmelder(self, borger: str, rolle: str, data: st.DataObject) -> None:
        kategori = data.draw(st.sampled_from(sorted(kontrakt().tilmeldekategorier)))
        dato = self.nu.date() - timedelta(days=data.draw(st.sampled_from([0, 0, 1, 9])))
        kommando = neighbours.Tilmeld(kategori=kategori, ledighedsgrad=1, dato=dato)
        self.fortael(rolle, borger, "UnemploymentEnrollmentService.UnemploymentEnrollment", kommando)

    def afmelder(self, borger: str, rolle: str, data: st.DataObject) -> None:
        kommando = neighbours.Afmeld(dato=self.nu.date() + timedelta(days=data.draw(st.integers(0, 9))), aarsag=1)
        self.fortael(rolle, borger, "UnemploymentEnrollmentService.CancelUnemploymentEnrollment", kommando)

    def sygemelder(self, borger: str, rolle: str, data: st.DataObject) -> None:
        fra = self.nu.date() + timedelta(days=data.draw(st.integers(-9, 3)))
        laengde = data.draw(st.none() | st.integers(0, 20))
        til = None if laengde is None else fra + timedelta(days=laengde)
        kilde = data.draw(st.sampled_from(neighbours.Sygekilde))
        tjeneste = "IllnessComposite" if kilde is neighbours.Sygekilde.FRAVAER else "IllnessRecoveryInformation"
        ved = rolle if kilde is neighbours.Sygekilde.FRAVAER else "kommunen"
        kommando = neighbours.Sygemeld(id=ny_uuid(), kilde=kilde, fra=fra, til=til)
        self.fortael(ved, borger, f"{tjeneste}Service.CreateIllness", kommando)

    def syg_og_rask(self, borger: str, rolle: str, data: st.DataObject) -> None:
        """A whole case from unemployment in a day: chance alone seldom lets a member's group 25 close."""
        i_dag = self.nu.date()
        gruppe = Opret(Art.KONTAKTGRUPPE, data.draw(st.sampled_from(GRUPPER)), midnat(i_dag))
        self.registrer("jobcentret", borger, gruppe, data.draw(kanaler))
        syg = neighbours.Sygemeld(id=ny_uuid(), kilde=neighbours.Sygekilde.LEDIGHED, fra=i_dag)
        self.fortael("kommunen", borger, "IllnessRecoveryInformationService.CreateIllness", syg)
        sygdom = self.person(borger).sygdom
        if sygdom is not None:
            skift = data.draw(
                st.sampled_from([None, neighbours.Gruppeskift(type=None), neighbours.Gruppeskift(type=2)])
            )
            rask = neighbours.Raskmeld(id=sygdom.id, dato=i_dag, gruppe=skift)
            self.fortael("jobcentret", borger, "IllnessCompositeService.CreateRecovery", rask)

    def raskmelder(self, borger: str, rolle: str, data: st.DataObject) -> None:
        sygdom = self.person(borger).sygdom
        if sygdom is None:
            return
        gruppe = data.draw(st.sampled_from([None, None, neighbours.Gruppeskift(type=None)]) | st.builds(
            lambda type_: neighbours.Gruppeskift(type=type_), st.sampled_from(GRUPPER)
        ))  # fmt: skip
        kategorier = sorted(kontrakt().tilmeldekategorier)
        tilmelding = data.draw(st.none() | st.builds(
            lambda kategori: neighbours.Gentilmelding(kategori=kategori, ledighedsgrad=1), st.sampled_from(kategorier)
        ))  # fmt: skip
        dato = self.nu.date() + timedelta(days=data.draw(st.integers(-4, 4)))
        kommando = neighbours.Raskmeld(id=sygdom.id, dato=dato, gruppe=gruppe, tilmelding=tilmelding)
        self.fortael(rolle, borger, "IllnessCompositeService.CreateRecovery", kommando)

    def tiden_gaar(self, borger: str, rolle: str, data: st.DataObject) -> None:
        """Nights pass; whoever is named for what they changed told of it beforehand, or it is DFDG."""
        dage_ = data.draw(st.sampled_from([0, 1, 1, 1, 2, 5, 40, 150]))
        til = midnat(self.nu.date() + timedelta(days=dage_)) + timedelta(hours=data.draw(st.integers(0, 23)))
        if til.astimezone(UTC) > self.nu.astimezone(UTC):
            self.styring.flyt_ur(til)
            self.noter()
            foerste, anden = data.draw(st.sampled_from([tuple(Koerselsart), tuple(reversed(Koerselsart))]))
            self.styring.batch(foerste)  # what has been reported since the night, with an earlier day
            self.noter()
            assert self.styring.batch(anden).aendrede == 0, "the other kind of run found more to do"

    def skifter_cpr(self, borger: str, rolle: str, data: st.DataObject) -> None:
        foer = self.person(borger)
        nyt = self.folk.foedt(foer.foedt).cpr
        assert self.styring.cprskift(foer.cpr, nyt).flyttet
        assert self.person(borger) == replace(foer, cpr=nyt)
        assert isinstance(self.aktoer("STAR").laes(foer.cpr, Art.KONTAKTGRUPPE), Afslag)
        self.noter()

    def tillaeg(self, borger: str, rolle: str, data: st.DataObject) -> None:
        kommando = neighbours.RegistrerTillaeg(id=ny_uuid(), fra=self.nu.date())
        self.fortael(rolle, borger, "AktivitetstillaegService.CreateAktivitetstillaeg", kommando)

    # what must hold

    @invariant()
    def hoejst_en_aaben_af_hver_og_de_passer_sammen(self) -> None:
        with self.applikation.drift.store.laesning() as t:
            for person in t.personer_efter("", 999):
                aabne = [en for en in person.registreringer.values() if en.aaben(self.nu)]
                grupper = [en.type for en in aabne if en.art is Art.KONTAKTGRUPPE]
                kategorier = [en.type for en in aabne if en.art is Art.PERSONKATEGORI]
                assert len(grupper) <= 1, f"two open groups: {grupper}"
                assert len(kategorier) <= 1, f"two open categories: {kategorier}"
                tillaeg = [en for en in person.tillaeg if en.gaelder(self.nu.date())]
                assert len(tillaeg) <= 1, "two allowances"
                if tillaeg:
                    assert grupper, "an allowance without a group"
                    assert kategorier == [5], "an allowance without aktivitetsparat"
                if person.sygdom is not None and person.sygdom.begyndt:
                    assert person.tilmelding is None, "sick and enrolled"
                    assert person.sygdom.kontaktgruppe in (None, *grupper), "a KSD case without its group"
                if kategorier:
                    assert grupper, "a category without a group"
                    regler = kontrakt().grupperegler[grupper[0]]
                    tilmeldt = person.tilmelding is not None
                    imod = regler.kategori_kraever_ikke_tilmeldt if tilmeldt else regler.kategori_kraever_tilmeldt
                    assert kategorier[0] in regler.kategorier - imod

    @invariant()
    def det_aktuelle_er_hvad_historikken_giver(self) -> None:
        with self.applikation.drift.store.laesning() as t:
            personer = list(t.personer_efter("", 999))
        for person in personer:
            for art in Art:
                laeser = self.aktoer("STAR")
                aktuelle, historik = laeser.laes(person.cpr, art), laeser.historik(person.cpr, art)
                assert isinstance(aktuelle, tuple)
                assert isinstance(historik, tuple)
                seneste = {en.id: en for en in reversed(historik)}
                i_dag = self.nu.date()
                aabne = {
                    en.id
                    for en in seneste.values()
                    if not en.er_slettet and (en.slut is None or en.slut.astimezone(self.nu.tzinfo).date() > i_dag)
                }
                assert {en.id for en in aktuelle} == aabne

    @invariant()
    def enhver_har_praecis_sit(self) -> None:
        """What is new holds against what has happened since; the oracle knows whom it must be told, and in which order."""
        skulle, fik = ventede(self.haendte, ABONNENTER)[len(self.skulle) :], list(self.nyt())
        assert [str(en) for en in bedoem(skulle, fik)] == []
        self.skulle += skulle
        self.fik += fik

    def nyt(self) -> Iterator[Fik]:
        for ejer, rolle in ((JOBCENTER, "jobcentret"), (AKASSE, "a-kassen")):
            for besked in self.aktoer(rolle).indbakke.toem():
                assert isinstance(besked, WsrmBesked)
                yield fra_wsrm(ejer, besked)
        for domaene, til in self.hoert_til.items():
            for lagt in self.drift.haendelser(domaene, til):
                self.hoert_til[domaene] = lagt.nr
                yield fra_haendelse(domaene, lagt)
        self.lever()
        yield from self.leveret
        self.leveret = []

    def teardown(self) -> None:
        """See that nothing was told twice over a whole life."""
        try:
            assert [str(en) for en in bedoem(self.skulle, self.fik)] == []
        finally:
            self.applikation.luk()


TestLiv = Liv.TestCase
TestLiv.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
