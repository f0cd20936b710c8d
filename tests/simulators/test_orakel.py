"""The oracle alone: what must be there, and what is wrong with what is there, by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from vos_contracts.control.journal import Post, Posttype
from vos_contracts.control.operations import OPSAETTER, Borgerraekke, Registreringsraekke
from vos_contracts.model.identity import Bruger, Identitet, Organisation
from vos_contracts.model.registration import Art
from vos_contracts.wire.wsrm_cpr import CprBesked
from vos_simulators.oracle import cpr_change
from vos_simulators.oracle.expected import Kanal, Modtager, Ventet, Wsbabonnent, ventede
from vos_simulators.oracle.happened import Forfatter, Haendt, haendt
from vos_simulators.oracle.received import Fik
from vos_simulators.oracle.verdict import Afvigelse, Afvigelsesart, bedoem

NU = datetime(2024, 11, 18, 8, 0, tzinfo=UTC)
JOBCENTER, AKASSE = Organisation(8, "10100"), Organisation(2, "81")
KSS = Forfatter(JOBCENTER, 1001, "tt")
KG, PC = Art.KONTAKTGRUPPE, Art.PERSONKATEGORI
J, A = Modtager(Kanal.WSRM, "8/10100"), Modtager(Kanal.WSRM, "2/81")
ABONNENTER = [Wsbabonnent("s", JOBCENTER, frozenset({KG, PC})), Wsbabonnent("s", AKASSE, frozenset({KG, PC}))]


def sket(type_: int, id_: str = "r1", art: Art = KG, *, slut: datetime | None = None, slettet: bool = False) -> Haendt:
    aarsag = f"kald om {id_}"
    return Haendt("b", "0203840000", art, id_, type_, None, NU, slut, slettet, KSS, NU, JOBCENTER, AKASSE, aarsag)


def modtagere(*haendte: Haendt) -> list[tuple[str, str]]:
    """Recipients of the last of these, by channel."""
    alle, foer = ventede(haendte, ABONNENTER), ventede(haendte[:-1], ABONNENTER)
    return [(en.modtager.navn, en.slags) for en in alle[len(foer) :]]


V5, V4, V1 = "GetContactGroupVersion5", "GetContactGroupVersion4", "GetPersonCategoryVersion1"
DOMAENER_KG = [(navn, "kontaktgruppe") for navn in ("JobSearch", "Kontaktforloeb", "Virksomhedsindsats")]
JOBCENTRET = [*DOMAENER_KG, ("8/10100", V5), ("8/10100", V4)]
FRA_WSB = [("s for 8/10100", "Kontaktgruppe")]
AKASSEN = [("2/81", V5)]
AKASSEN_WSB = [("s for 2/81", "Kontaktgruppe")]


@pytest.mark.parametrize(
    ("haendte", "akassen"),
    [
        ((sket(13),), True),
        ((sket(23),), True),
        ((sket(25), sket(25, slut=NU)), True),
        ((sket(12),), False),
        ((sket(2),), False),
        ((sket(24),), False),
        ((sket(25),), False),
        ((sket(25), sket(25, slut=NU, slettet=True)), False),
        ((sket(24), sket(24, slut=NU)), False),
        ((sket(13), sket(13, slut=NU)), False),
        ((sket(23), sket(23, slut=NU)), False),
        ((sket(13), sket(13, slettet=True)), False),
    ],
)
def test_de_fire_tilfaelde_og_deres_naboer(haendte: tuple[Haendt, ...], akassen: bool) -> None:
    assert modtagere(*haendte) == [
        *JOBCENTRET,
        *(AKASSEN if akassen else []),
        *FRA_WSB,
        *(AKASSEN_WSB if akassen else []),
    ]


def test_en_personkategori_er_kun_jobcentrets_og_to_domaeners() -> None:
    assert modtagere(sket(5, art=PC)) == [
        ("JobSearch", "personkategori"),
        ("Kontaktforloeb", "personkategori"),
        ("8/10100", V1),
        ("s for 8/10100", "Personkategori"),
    ]


def test_det_opsatte_fortaelles_kun_domaenerne_og_uden_wsrm_er_der_ingen() -> None:
    opsat = replace(sket(13), forfatter=Forfatter(OPSAETTER, 0, "generalproeve"))
    assert modtagere(opsat) == DOMAENER_KG
    assert {en.modtager.kanal for en in ventede([sket(13)], ABONNENTER, wsrm=False)} == {Kanal.WSB, Kanal.HAENDELSE}
    uden = replace(sket(13), jobcenter=None, akasse=None)
    assert modtagere(uden) == DOMAENER_KG


def test_en_abonnent_faar_kun_de_arter_den_har_bedt_om() -> None:
    abonnenter = [Wsbabonnent("kg", JOBCENTER, frozenset({KG})), Wsbabonnent("pc", JOBCENTER, frozenset({PC}))]
    for en, navn in ((sket(2), "kg"), (sket(5, art=PC), "pc")):
        alle = ventede([en], abonnenter)
        assert [v.modtager.navn for v in alle if v.modtager.kanal is Kanal.WSB] == [f"{navn} for 8/10100"]


def fik(en: Ventet, besked_id: str) -> Fik:
    return Fik(en.modtager, besked_id, en.slags, en.id, en.indhold)


SKETE = [sket(13), sket(13, slut=NU + timedelta(hours=1)), sket(25, "r2"), sket(5, "r3", PC)]


def alt() -> tuple[list[Ventet], list[Fik]]:
    skulle = ventede(SKETE, ABONNENTER)
    return skulle, [fik(en, f"m{nr}") for nr, en in enumerate(skulle)]


def dom(fik_: list[Fik]) -> list[Afvigelse]:
    return bedoem(alt()[0], fik_)


def test_hvor_alt_er_som_det_skal_siges_intet() -> None:
    assert dom(alt()[1]) == []


@pytest.mark.parametrize("nummer", range(len(alt()[0])))
def test_enhver_besked_savnes_ved_navn(nummer: int) -> None:
    skulle, er = alt()
    tabt = skulle[nummer]
    (afvigelse,) = dom(er[:nummer] + er[nummer + 1 :])
    assert (afvigelse.art, afvigelse.modtager, afvigelse.slags) == (Afvigelsesart.MANGLER, tabt.modtager, tabt.slags)
    assert (afvigelse.id, afvigelse.aarsag) == (tabt.id, tabt.aarsag)


def test_samme_id_igen_er_en_gentagelse_hvor_der_leveres_mindst_en_gang_og_ellers_en_dublet() -> None:
    _, er = alt()
    wsb = next(en for en in er if en.modtager.kanal is Kanal.WSB)
    (gentagelse,) = dom([*er, wsb])
    assert (gentagelse.art, gentagelse.brud) == (Afvigelsesart.GENTAGELSE, False)
    wsrm = next(en for en in er if en.modtager == J)
    (dublet,) = dom([*er, wsrm])
    assert (dublet.art, dublet.brud) == (Afvigelsesart.DUBLET, True)


def test_samme_indhold_under_et_nyt_id_er_en_dublet() -> None:
    _, er = alt()
    for en in er:
        (dublet,) = dom([*er, replace(en, besked_id="ny")])
        assert (dublet.art, dublet.modtager, dublet.aarsag) == (Afvigelsesart.DUBLET, en.modtager, f"kald om {en.id}")


def test_en_besked_til_den_forkerte_er_ekstra_og_navngiver_kaldet() -> None:
    _, er = alt()
    til_akassen = next(replace(en, modtager=A, besked_id="ny") for en in er if en.slags == V1)
    (ekstra,) = dom([*er, til_akassen])
    assert (ekstra.art, ekstra.modtager, ekstra.aarsag) == (Afvigelsesart.EKSTRA, A, "kald om r3")
    (fremmed,) = dom([*er, replace(til_akassen, id="r9")])
    assert fremmed.aarsag == "intet, der er sket"
    assert str(ekstra) == "2/81 (WSRM): GetPersonCategoryVersion1 om r3 er ekstra - efter kald om r3"


def test_et_forkert_felt_navngives_med_begge_vaerdier() -> None:
    _, er = alt()
    plads = next(nr for nr, en in enumerate(er) if en.modtager == A)
    indhold = tuple((felt, "1/1" if felt == "myndighed" else vaerdi) for felt, vaerdi in er[plads].indhold)
    er[plads] = replace(er[plads], indhold=indhold)
    (afvigelse,) = dom(er)
    assert (afvigelse.art, afvigelse.felter) == (Afvigelsesart.FORKERT, (("myndighed", "8/10100", "1/1"),))
    assert "myndighed: skulle være 8/10100, er 1/1" in str(afvigelse)


AABNET = sket(2)
LUKKET = replace(sket(2, slut=NU + timedelta(hours=1)), aarsag="afslutningen")


def test_det_kald_navngives_som_beskeden_fortaeller_om_og_ikke_det_seneste_om_registreringen() -> None:
    skulle = ventede([AABNET, LUKKET])
    er = [fik(en, f"m{nr}") for nr, en in enumerate(skulle)]
    om = {
        slut: next(en for en in er if en.slags == V5 and (slut in dict(en.indhold)["slut"]))
        for slut in ("åben", "09:00")
    }
    for slut, aarsag in (("åben", AABNET.aarsag), ("09:00", LUKKET.aarsag)):
        (ekstra,) = bedoem(skulle, [*er, replace(om[slut], modtager=A, besked_id="ny")])
        assert (ekstra.art, ekstra.aarsag) == (Afvigelsesart.EKSTRA, aarsag)
        (dublet,) = bedoem(skulle, [*er, om[slut]])
        assert (dublet.art, dublet.aarsag) == (Afvigelsesart.DUBLET, aarsag)


def test_en_forkert_besked_holdes_op_mod_den_der_ligner_mest() -> None:
    skulle = ventede([AABNET, LUKKET])
    er = [fik(en, f"m{nr}") for nr, en in enumerate(skulle)]
    aabnet, lukket = (nr for nr, en in enumerate(er) if (en.modtager, en.slags) == (J, V5))
    indhold = tuple((felt, "1/1" if felt == "myndighed" else vaerdi) for felt, vaerdi in er[lukket].indhold)
    er[lukket] = replace(er[lukket], indhold=indhold)
    del er[aabnet]
    fundne = {en.art: en for en in bedoem(skulle, er)}
    assert set(fundne) == {Afvigelsesart.FORKERT, Afvigelsesart.MANGLER}
    assert fundne[Afvigelsesart.FORKERT].felter == (("myndighed", "8/10100", "1/1"),)
    assert fundne[Afvigelsesart.FORKERT].aarsag == LUKKET.aarsag
    assert fundne[Afvigelsesart.MANGLER].aarsag == AABNET.aarsag


@pytest.mark.parametrize(
    ("kanal", "felter"),
    [
        (Kanal.WSRM, ["cpr", "type", "haendelse", "start", "slut", "slettet", "myndighed", "system", "bruger"]),
        (Kanal.WSB, ["cpr", "aendring"]),
        (Kanal.HAENDELSE, ["borger", "cpr", "type", "haendelse", "start", "slut", "aendring", "myndighed"]),
    ],
)
def test_hvert_felt_som_en_besked_har_holdes_op_mod_det_skete(kanal: Kanal, felter: list[str]) -> None:
    skulle, er = alt()
    nummer = next(nr for nr, en in enumerate(er) if en.modtager.kanal is kanal)
    assert [felt for felt, _ in er[nummer].indhold] == felter
    for felt in felter:
        indhold = tuple((navn, "x" if navn == felt else vaerdi) for navn, vaerdi in er[nummer].indhold)
        (afvigelse,) = bedoem(skulle, [*er[:nummer], replace(er[nummer], indhold=indhold), *er[nummer + 1 :]])
        assert [(navn, fundet) for navn, _, fundet in afvigelse.felter] == [(felt, "x")]


def test_orden_kraeves_inden_for_en_linje_og_ikke_paa_tvaers() -> None:
    _, er = alt()
    egne = [nr for nr, en in enumerate(er) if (en.modtager, en.slags) == (J, V5)]
    er[egne[0]], er[egne[1]] = er[egne[1]], er[egne[0]]
    (afvigelse,) = dom(er)
    assert (afvigelse.art, afvigelse.modtager, afvigelse.id) == (Afvigelsesart.UDE_AF_ORDEN, J, "r1")
    skulle, er = alt()
    omvendt = [*er]
    v5, v4 = (next(nr for nr, en in enumerate(er) if (en.modtager, en.slags) == (J, slags)) for slags in (V5, V4))
    omvendt[v5], omvendt[v4] = omvendt[v4], omvendt[v5]
    assert bedoem(skulle, omvendt) == []


def test_en_raekke_fra_scenen_bliver_til_et_faktum() -> None:
    raekke = Registreringsraekke(
        nr=7, borger_id="b", id="r", art=KG, type=13, haendelse=None, start=NU, slut=None, er_slettet=False, registreret=NU,
        organisation_type=8, organisation_kode="10100", system=1001, bruger_type=2, bruger_id="tt", bruger_navn="Test",
    )  # fmt: skip
    tilknytninger = ("2/81 2000-01-01/2024-11-18", "2/82 2024-11-18/", "8/10100 2000-01-01/", "8/10200 2024-11-19/")
    borger = Borgerraekke(
        nr=1, borger_id="b", cpr="0203840000", foedt=NU.date(), doed=None, tilknytninger=tilknytninger
    )
    en = haendt(raekke, borger, "kaldet")
    assert (en.jobcenter, en.akasse) == (JOBCENTER, Organisation(2, "82"))
    assert (en.forfatter, en.aarsag, en.cpr) == (KSS, "kaldet", "0203840000")


SKIFT = cpr_change.Cprskiftet("0203840000", "0203840018", (JOBCENTER, AKASSE), "CPR-skift")


def cprbesked(nyt: str = SKIFT.nyt, hvem: Organisation = cpr_change.STAR) -> CprBesked:
    identitet = Identitet(hvem, Bruger("CPR-skift", 3, "DFDG"), hvem, NU, 0)
    return CprBesked(besked_id=nyt, registrant=identitet, gammelt=SKIFT.gammelt, nyt=nyt)


@pytest.mark.parametrize(
    ("abonnenter", "fik", "art"),
    [
        ({JOBCENTER}, [(JOBCENTER, cprbesked())], []),
        ({JOBCENTER, AKASSE}, [(JOBCENTER, cprbesked()), (AKASSE, cprbesked())], []),
        ({Organisation(8, "10200")}, [], []),
        ({JOBCENTER}, [], [Afvigelsesart.MANGLER]),
        (set(), [(JOBCENTER, cprbesked())], [Afvigelsesart.EKSTRA]),
        ({JOBCENTER}, [(JOBCENTER, cprbesked())] * 2, [Afvigelsesart.DUBLET]),
        ({JOBCENTER}, [(JOBCENTER, cprbesked(hvem=JOBCENTER))], [Afvigelsesart.FORKERT]),
    ],
)
def test_cprskift_fortaelles_borgerens_egne_abonnenter(
    abonnenter: set[Organisation], fik: list[tuple[Organisation, CprBesked]], art: list[Afvigelsesart]
) -> None:
    skulle = list(cpr_change.ventede([SKIFT], abonnenter))
    assert [en.art for en in bedoem(skulle, [cpr_change.fra_wsrm(*en) for en in fik])] == art


def test_cprskift_laeses_af_journalen_ogsaa_naar_nummeret_skifter_igen() -> None:
    def skiftet(fra: str, til: str) -> Post:
        return Post(art=Posttype.CPRSKIFT, tidspunkt=NU, cpr=til, data={"gammelt": fra, "beskeder": 1})

    nu = Borgerraekke(
        nr=1, borger_id="b", cpr="0203840034", foedt=date(1984, 3, 2), doed=None, tilknytninger=("8/10100 2020-01-01/",)
    )
    poster = [skiftet("0101900000", "0101900018"), Post(art=Posttype.NULSTILLET, tidspunkt=NU),
              skiftet("0203840000", "0203840018"), skiftet("0203840018", "0203840034")]  # fmt: skip
    assert [(en.gammelt, en.nyt, en.myndigheder) for en in cpr_change.fra_journalen(poster, [nu])] == [
        ("0203840000", "0203840018", (JOBCENTER,)),
        ("0203840018", "0203840034", (JOBCENTER,)),
    ]
