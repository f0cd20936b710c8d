"""A described environment: what a file says, what it may not say, and that what is drawn is what was described."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from importlib.resources import files
from math import log, sqrt
from pathlib import Path
from statistics import NormalDist

import msgspec
import pytest

from byggeklodser import kontrakt
from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.latens.draws import ny
from generalproeve.settings.values import LATENSER
from generalproeve.stage.latency.distribution import Jaevn, Lognormal
from generalproeve.stage.latency.layer import Regel
from generalproeve.stage.latency.lookup import Kaldet, Opslag
from generalproeve.stage.latency.measurement import Kaldsudgang
from generalproeve.stage.latency.model import Fejlpost, Model, Regelpost, indlaes, laes
from vos_contracts import krav
from vos_contracts.koder.udgave import PrsSoap

PRS = "/PjakTassWCFtService/9/PersonRegistrationService.svc"
KG = "/v1/PersonVisitering/kontaktgruppe"
ANTAL = 20_000


def model(tekst: str) -> Model:
    return laes("langsom.toml", tomllib.loads(tekst), "langsom.toml", maerket=True)


def afvist(tekst: str) -> str:
    with pytest.raises(KanIkkeKoere) as brud:
        Opslag(kontrakt()).regler(model(tekst))
    return str(brud.value)


def afstand(stikproeve: list[float], fordelt: Callable[[float], float]) -> float:
    """Return the Kolmogorov-Smirnov distance between a sample and a distribution function."""
    orden, antal = sorted(stikproeve), len(stikproeve)
    return max(max(abs(fordelt(en) - nr / antal), abs(fordelt(en) - (nr + 1) / antal)) for nr, en in enumerate(orden))


ENIGE = 1.63 / sqrt(ANTAL)
"""The Kolmogorov-Smirnov distance that a sample of what was described exceeds once in a hundred; the lots are seeded."""


# what is drawn


def test_en_lognormal_stikproeve_er_den_beskrevne() -> None:
    regel = Regel(0, model("[[rule]]\nmedian_ms = 600\np95_ms = 900\n").fordelinger[0], Fejlpost(), ny("a"))
    stikproeve = [regel.traek()[1] for _ in range(ANTAL)]
    beskrevet = NormalDist(log(0.6), log(900 / 600) / NormalDist().inv_cdf(0.95))
    assert afstand(stikproeve, lambda sekunder: beskrevet.cdf(log(sekunder))) < ENIGE
    orden = sorted(stikproeve)
    assert orden[ANTAL // 2] == pytest.approx(0.6, rel=0.01)
    assert orden[int(ANTAL * 0.95)] == pytest.approx(0.9, rel=0.01)


def test_en_jaevn_stikproeve_er_den_beskrevne() -> None:
    regel = Regel(0, model("[[rule]]\nuniform_ms = [10, 30]\n").fordelinger[0], Fejlpost(), ny("b"))
    stikproeve = [regel.traek()[1] for _ in range(ANTAL)]
    assert afstand(stikproeve, lambda sekunder: (sekunder - 0.01) / 0.02) < ENIGE
    assert (min(stikproeve) >= 0.01, max(stikproeve) < 0.03) == (True, True)


def test_sigma_og_p95_siger_det_samme_og_en_fast_tid_er_den_samme_hver_gang() -> None:
    med_p95, med_sigma, fast = model(
        "[[rule]]\nchannel = 'rest'\nmedian_ms = 5\np95_ms = 8\n"
        f"[[rule]]\nchannel = 'soap'\nmedian_ms = 5\nsigma = {log(8 / 5) / NormalDist().inv_cdf(0.95)}\n"
        "[[rule]]\nfixed_ms = 30\n"
    ).fordelinger
    for andel in (0.0, 0.05, 0.5, 0.95, 0.999):
        assert med_p95.fraktil(andel) == pytest.approx(med_sigma.fraktil(andel))
        assert fast.fraktil(andel) == 0.03
    assert med_p95.fraktil(0.95) == pytest.approx(0.008)


def test_fejlene_falder_i_de_beskrevne_andele() -> None:
    fejl = Fejlpost(error_share=0.1, reset_share=0.05, timeout_share=0.02)
    regel = Regel(0, Jaevn(0, 0), fejl, ny("c"))
    udgange = [regel.traek()[0] for _ in range(ANTAL)]
    for udgang, andel in ((Kaldsudgang.FEJL, 0.1), (Kaldsudgang.NULSTILLET, 0.05), (Kaldsudgang.TAVS, 0.02)):
        spredning = sqrt(andel * (1 - andel) / ANTAL)
        assert abs(udgange.count(udgang) / ANTAL - andel) < 2.6 * spredning, udgang


def test_samme_seed_giver_samme_lod_og_fejl_flytter_ingen_tider() -> None:
    def tider(seed: str, fejl: Fejlpost) -> list[float]:
        regel = Regel(0, Lognormal(0.005, 0.3), fejl, ny(seed))
        return [regel.traek()[1] for _ in range(100)]

    assert tider("1", Fejlpost()) == tider("1", Fejlpost(error_share=0.5))
    assert tider("1", Fejlpost()) != tider("2", Fejlpost())


# the epic's


@pytest.mark.parametrize("navn", LATENSER)
def test_hver_afsendt_model_kan_laeses_og_passer_paa_kontrakten(navn: str) -> None:
    afsendt = indlaes(navn)
    assert afsendt.navn == navn
    assert Opslag(kontrakt()).regler(afsendt)


def epicens_ord(noegle: str) -> str:
    return krav.indlaes()[noegle].tekst


@pytest.mark.parametrize(
    ("noegle", "ord_"),
    [
        (
            "svartid_faktor_100",
            "For en service med svartider i dag på fx 4-8 millisekunder (med 7-9 mio. kald pr. måned) forventes, at "
            "svartiden på SOAP-version vil være ca x 100.",
        ),
        (
            "svartid_soap_langsommere",
            "Det skyldes, at SOAP-versionerne internt kalder videre til de nye REST versioner.",
        ),
    ],
)
def test_epicens_model_er_epicens_ord(noegle: str, ord_: str) -> None:
    tekst = files("generalproeve.latens").joinpath("epic.toml").read_text("utf-8")
    assert ord_ in epicens_ord(noegle)
    assert ord_ in " ".join(tekst.replace("#", " ").split())


def test_epicens_model_er_4_til_8_ms_og_hundrede_gange_saa_meget_hvor_soap_konverteres() -> None:
    epic = indlaes("epic")
    opslag = Opslag(kontrakt())
    regler = opslag.regler(epic)

    def fordeling(tjeneste: str, operation: str, bagende: PrsSoap | None) -> tuple[float, ...]:
        kanal = "rest" if operation.endswith("gruppe") else "soap"
        valgt = epic.fordelinger[regler[Kaldet(kanal, tjeneste, operation), bagende]]
        return tuple(valgt.fraktil(andel) * 1000 for andel in (0.05, 0.95))

    rest = fordeling("PersonVisiteringService", "CreateKontaktgruppe", None)
    konverteret = fordeling("PersonRegistrationService", "CreateContactGroup", PrsSoap.CONVERTER)
    assert rest == pytest.approx((4, 8), rel=0.001)
    assert konverteret == pytest.approx((400, 800), rel=0.001)
    assert fordeling("PersonRegistrationService", "CreateContactGroup", PrsSoap.KLASSISK) == rest
    assert fordeling("WsrmService", "CreateSequence", None) == rest


# which call it is


@pytest.mark.parametrize(
    ("metode", "sti", "soapaction", "kaldet"),
    [
        ("POST", KG, None, Kaldet("rest", "PersonVisiteringService", "CreateKontaktgruppe")),
        ("GET", KG, None, Kaldet("rest", "PersonVisiteringService", "GetKontaktgrupper")),
        ("GET", f"{KG}/historik", None, Kaldet("rest", "PersonVisiteringService", "GetKontaktgruppeHistorik")),
        ("PUT", f"{KG}/0193", None, Kaldet("rest", "PersonVisiteringService", "UpdateKontaktgruppe")),
        ("POST", f"{KG}/0193", None, Kaldet("rest", "PersonVisiteringService", "CreateKontaktgruppeMedIdentifier")),
        (
            "GET", "/v2/VisiteringOgStatusStatus", None,
            Kaldet("rest", "VisiteringOgStatusStatusService", "GetPersonVisiteringOgStatusStatus"),
        ),
        ("GET", "/v1/Kodeliste", None, Kaldet("rest", "KodelisteService", "GetKodelister")),
        ("GET", "/v1/Kodeliste/x", None, Kaldet("rest", "KodelisteService", "GetKodeliste")),
        ("POST", "/v1/abonnement/sync", None, Kaldet("rest", "AbonnementService", "abonnementSync")),
        (
            "POST", PRS, '"http://service.bm.dk/pjaktass/9/PersonRegistrationService#CreateContactGroup"',
            Kaldet("soap", "PersonRegistrationService", "CreateContactGroup"),
        ),
        (
            "POST", PRS.replace("PjakTassWCFtService", "PjaktassWCFTservice"), "x#UpdateContactGroup",
            Kaldet("soap", "PersonRegistrationService", "UpdateContactGroup"),
        ),
        ("POST", PRS, None, Kaldet("soap", "PersonRegistrationService", "")),
        ("POST", PRS, "x#Findesikke", Kaldet("soap", "PersonRegistrationService", "")),
        ("GET", PRS, None, None),
        ("GET", "/openapi.json", None, None),
        ("GET", "/swagger", None, None),
        ("DELETE", KG, None, None),
        ("GET", "/", None, None),
    ],
)  # fmt: skip
def test_hvilket_kald_en_forespoergsel_er(metode: str, sti: str, soapaction: str | None, kaldet: Kaldet | None) -> None:
    headers = [] if soapaction is None else [(b"soapaction", soapaction.encode())]
    assert Opslag(kontrakt())({"type": "http", "method": metode, "path": sti, "headers": headers}) == kaldet


def test_hver_tjeneste_og_hver_operation_kan_navngives() -> None:
    for en in Opslag(kontrakt()).alle:
        if en.operation:
            regel = f"[[rule]]\nchannel = '{en.kanal}'\nservice = '{en.tjeneste}'\noperation = '{en.operation}'\n"
            regler = Opslag(kontrakt()).regler(model(regel + "fixed_ms = 1\n"))
            assert {kaldet for kaldet, _ in regler} == {en}


def test_den_foerste_regel_der_gaelder_afgoer() -> None:
    regler = Opslag(kontrakt()).regler(
        model(
            "[[rule]]\nservice = ['PersonStatusService', 'KodelisteService']\nfixed_ms = 1\n"
            "[[rule]]\nchannel = 'soap'\nfixed_ms = 2\n"
        ),
    )
    fundet = {(kaldet.tjeneste, nummer) for (kaldet, _), nummer in regler.items()}
    assert ("PersonStatusService", 0) in fundet
    assert ("KodelisteService", 0) in fundet
    assert ("PersonHistoryService", 1) in fundet
    assert "PersonVisiteringService" not in {tjeneste for tjeneste, _ in fundet}


# what may not stand there


@pytest.mark.parametrize(
    ("toml", "tekst"),
    [
        ("", "langsom.toml: Object missing required field `rule`"),
        ("rule = []", "langsom.toml: rule: Expected `array` of length >= 1"),
        ("sede = 1\n[[rule]]\nfixed_ms = 1", "unknown field `sede`"),
        ("[[rule]]", "rule[0]: says neither a time (median_ms, fixed_ms, uniform_ms) nor faults"),
        ("[[rule]]\nmedain_ms = 1", "rule[0]: Object contains unknown field `medain_ms`"),
        ("[[rule]]\nfixed_ms = '30'", "rule[0].fixed_ms: Expected `float | null`, got `str`"),
        ("[[rule]]\nfixed_ms = -1", "rule[0].fixed_ms: Expected `float` >= 0.0"),
        ("[[rule]]\nfixed_ms = inf", "rule[0].fixed_ms: Expected `float` <= 3600000.0"),
        ("[[rule]]\nfixed_ms = nan", "rule[0].fixed_ms: Expected `float` >= 0.0"),
        ("[[rule]]\nmedian_ms = 0\nsigma = 1", "rule[0].median_ms: Expected `float` >= 0.001"),
        ("[[rule]]\nmedian_ms = 5", "rule[0].median_ms: needs either p95_ms or sigma, and not both"),
        ("[[rule]]\nmedian_ms = 5\np95_ms = 8\nsigma = 1", "rule[0].median_ms: needs either p95_ms or sigma, and not"),
        ("[[rule]]\nmedian_ms = 5\np95_ms = 4", "rule[0].p95_ms: must be at least median_ms, not 4"),
        ("[[rule]]\np95_ms = 4\nfixed_ms = 1", "rule[0].p95_ms: needs median_ms"),
        ("[[rule]]\nsigma = 1", "rule[0].sigma: needs median_ms"),
        ("[[rule]]\nfixed_ms = 1\nuniform_ms = [1, 2]", "rule[0]: fixed_ms and uniform_ms are two distributions"),
        ("[[rule]]\nuniform_ms = [2, 1]", "rule[0].uniform_ms: must be [low, high], not [2.0, 1.0]"),
        ("[[rule]]\nuniform_ms = [2]", "rule[0].uniform_ms: Expected `array` of length 2"),
        ("[[rule]]\nchannel = 'graphql'\nfixed_ms = 1", "rule[0].channel: Invalid enum value 'graphql'"),
        ("[[rule]]\nbackend = 'udgaaet'\nfixed_ms = 1", "rule[0].backend: Invalid enum value 'udgaaet'"),
        ("[[rule]]\nservice = 'PRS'\nfixed_ms = 1", "rule[0].service: 'PRS' is unknown; known are PersonVisiter"),
        ("[[rule]]\nservice = []\nfixed_ms = 1", "rule[0]: is never used: no call is all that it says"),
        ("[[rule]]\noperation = 'Create'\nfixed_ms = 1", "rule[0].operation: 'Create' is unknown; known are Cr"),
        (
            "[[rule]]\nchannel = 'rest'\nservice = 'WsrmService'\nfixed_ms = 1",
            "langsom.toml: rule[0]: is never used: no call is all that it says",
        ),
        (
            "[[rule]]\nfixed_ms = 1\n[[rule]]\nchannel = 'soap'\nfixed_ms = 2",
            "langsom.toml: rule[1]: is never used: every call it is about has an earlier rule",
        ),
        ("[[rule]]\n[rule.faults]", "rule[0].faults: the shares must be more than 0 and at most 1 together, not 0"),
        (
            "[[rule]]\n[rule.faults]\nerror_share = 0.6\nreset_share = 0.6",
            "rule[0].faults: the shares must be more than 0 and at most 1 together, not 1.2",
        ),
        ("[[rule]]\n[rule.faults]\nerror_share = 2", "rule[0].faults.error_share: Expected `float` <= 1.0"),
        ("[[rule]]\n[rule.faults]\nerror_shar = 1", "rule[0].faults: Object contains unknown field `error_shar`"),
        (
            "[[rule]]\n[rule.faults]\nerror_share = 1\ntimeout_after = true",
            "rule[0].faults.timeout_after: needs timeout_share",
        ),
        (
            "[[rule]]\n[rule.faults]\nerror_share = 1\nreset_after = true",
            "rule[0].faults.reset_after: needs reset_share",
        ),
        (
            "[[rule]]\n[rule.faults]\ntimeout_share = 1\ntimeout_s = 0",
            "rule[0].faults.timeout_s: Expected `float` > 0.0",
        ),
    ],
)  # fmt: skip
def test_hver_fejl_i_en_model_navngiver_fil_regel_og_noegle(toml: str, tekst: str) -> None:
    fejl = afvist(toml)
    assert fejl.startswith("langsom.toml: ")
    assert tekst in fejl


def dokumentet() -> str:
    return Path(__file__).parents[3].joinpath("docs", "latency.md").read_text("utf-8")


def test_dokumentets_eksempler_kan_laeses() -> None:
    eksempel = "\n".join(re.findall(r"^    (.*)|^$", dokumentet().partition("## A model of your own")[2], re.MULTILINE))
    toml = eksempel[: eksempel.index("curl")]
    assert sorted(set(Opslag(kontrakt()).regler(model(toml)).values())) == [0, 1]
    kroppe = [json.loads(en) for en in re.findall(r"-d '(.*)'$", dokumentet(), re.MULTILINE)]
    assert kroppe[0] in LATENSER
    assert Opslag(kontrakt()).regler(laes("body", kroppe[1], "styring"))


def test_dokumentet_har_hver_noegle_og_epicens_ord() -> None:
    felter = [en.name for post in (Regelpost, Fejlpost) for en in msgspec.structs.fields(post) if en.name != "faults"]
    assert [en for en in felter if not re.search(rf"`(faults\.)?{en}`", dokumentet())] == []
    assert epicens_ord("svartid_faktor_100") in dokumentet()


def test_en_fil_der_ikke_kan_laeses(tmp_path: Path) -> None:
    with pytest.raises(KanIkkeKoere, match=r"latency epci: there is no such file; the models with a name are epic"):
        indlaes(Path("epci"))
    (tmp_path / "brudt.toml").write_text("[[rule", "utf-8")
    with pytest.raises(KanIkkeKoere, match=r"brudt\.toml: Expected"):
        indlaes(tmp_path / "brudt.toml")


def test_navnet_baerer_et_maerke_af_indholdet(tmp_path: Path) -> None:
    fil = tmp_path / "langsom.toml"
    navne = []
    for tekst in ("[[rule]]\nfixed_ms = 1\n", "# det samme\n[[rule]]\nfixed_ms = 1.0\n", "[[rule]]\nfixed_ms = 2\n"):
        fil.write_text(tekst, "utf-8")
        navne.append(indlaes(fil).navn)
    assert navne[0].startswith("langsom.toml (")
    assert navne[0] == navne[1] != navne[2]
