"""Distributions, ratios with intervals, thresholds, two runs held together; all on made-up times of known truth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from vos_load import dom, opgoerelse, sammenlign, statistik
from vos_load.fordeling import Fordeling
from vos_load.optagelse import LINJEN, Blok, Optagelse, pak, pak_ud, samlet
from vos_load.profil import Graense, Handling, Maal
from vos_load.resultat import Resultat

HANDLINGER = ("opret_kontaktgruppe", "laes_kontaktgruppe", "laes_historik")
Opfind = Callable[..., Resultat]


def blokke(seed: int, gange: dict[str, float], runder: int = 40, pr_blok: int = 10, stoej: float = 0.25) -> list[Blok]:
    """Make up times: a machine that is now quick and now slow, the same for all channels within a round."""
    lod = np.random.default_rng(seed)
    ud: list[Blok] = []
    for runde in range(runder):
        maskinen = np.exp(lod.normal(0, 0.5))
        for handling in HANDLINGER:
            for kanal, faktor in gange.items():
                ms = 2.0 * maskinen * faktor * np.exp(lod.normal(0, stoej, pr_blok))
                ud.append(Blok(runde=runde, handling=handling, kanal=kanal, ms=tuple(float(en) for en in ms)))
        ud.append(Blok(runde=runde, handling=LINJEN, kanal=LINJEN, ms=(float(0.2 * maskinen),)))
    return ud


@pytest.fixture
def opfind() -> Opfind:
    def goer(blokkene: list[Blok], **felter: object) -> Resultat:
        grund: dict[str, object] = {
            "profile": "p", "title": "t", "about": "", "source": "", "workload": "par", "stage": {}, "machine": {},
            "seed": 1, "started": "", "seconds": 1.0, "calls": 10, "errors": 0, "error_reasons": {}, "operations": [],
            "ratios": opgoerelse.forholdstal(blokkene, 1), "ratios_without_line": [], "line_ms": None,
            "converter_parts_ms": {}, "offer": None, "series": [],
            "memory_mib": [], "nightly": None, "distributions": {}, "blocks": blokkene,
        }  # fmt: skip
        return Resultat(**{**grund, **felter})  # type: ignore[arg-type] - whatever the test gives

    return goer


def test_en_fordelings_percentiler_er_de_rigtige_paa_en_halv_procent_naer() -> None:
    tider = np.exp(np.random.default_rng(3).normal(1, 1.2, 20_000))
    fordeling = Fordeling()
    for ms in tider:
        fordeling.noter(float(ms))
    for p, rang in ((1, 200), (50, 10_000), (90, 18_000), (99, 19_800), (99.9, 19_980)):
        assert fordeling.percentil(p) == pytest.approx(float(np.sort(tider)[rang - 1]), rel=0.0051)
    assert Fordeling().percentil(50) == 0


def test_fordelinger_kan_laegges_sammen() -> None:
    a, b, begge = Fordeling(), Fordeling(), Fordeling()
    for nummer in range(100):
        (a if nummer % 3 else b).noter(nummer + 1.0)
        begge.noter(nummer + 1.0)
    a.laeg_til(b)
    assert a.spande == begge.spande


@pytest.mark.parametrize("sandt", [1.0, 1.3, 10.0, 100.0])
def test_intervallet_rummer_det_sande_forhold_saa_ofte_som_det_siger(sandt: float) -> None:
    """Two hundred runs of known truth: a 95 % interval must hold it in nearly all, and not by being wide."""
    traf, bredder = 0, []
    for seed in range(200):
        egne = blokke(seed, {"rest": 1.0, "converter": sandt}, runder=30)
        tal = statistik.forhold(
            *(statistik.medianer(egne, HANDLINGER[0], en) for en in ("converter", "rest")), seed=seed
        )
        assert tal is not None
        traf += tal.rummer(sandt)
        bredder.append(tal.oevre / tal.nedre)
    assert traf >= 184, f"{traf} of 200"
    assert np.median(bredder) < 1.15


def test_for_faa_runder_giver_intet_tal() -> None:
    egne = blokke(1, {"rest": 1.0, "converter": 2.0}, runder=2)
    assert statistik.forhold(*(statistik.medianer(egne, HANDLINGER[0], en) for en in ("converter", "rest"))) is None
    assert opgoerelse.forholdstal(egne, 1) == []


def test_en_plantet_forringelse_paa_20_procent_findes_og_intet_andet(opfind: Opfind) -> None:
    foer = opfind(blokke(1, {"rest": 1.0, "converter": 1.4, "klassisk": 1.2}))
    efter = opfind(blokke(2, {"rest": 1.0, "converter": 1.4 * 1.2, "klassisk": 1.2}))
    fundet = sammenlign.sammenlign(foer, efter)
    assert {en.hvad for en in fundet if en.dom == sammenlign.VAERRE} == {
        f"{en} converter/rest" for en in (*HANDLINGER, "alle")
    }
    tilbage = sammenlign.sammenlign(efter, foer)
    assert {en.dom for en in tilbage if "converter" in en.hvad} == {sammenlign.BEDRE}


def test_ti_par_koersler_af_det_samme_giver_ingen_forskel(opfind: Opfind) -> None:
    for seed in range(10):
        a, b = (opfind(blokke(100 + 2 * seed + en, {"rest": 1.0, "converter": 1.4, "klassisk": 1.2})) for en in (0, 1))
        assert {en.dom for en in sammenlign.sammenlign(a, b)} == {sammenlign.ENS}


def test_koersler_uden_noget_faelles_kan_ikke_sammenlignes(opfind: Opfind) -> None:
    par = opfind(blokke(1, {"rest": 1.0, "converter": 1.4}))
    with pytest.raises(ValueError, match="aaben"):
        sammenlign.sammenlign(par, opfind([], workload="aaben"))
    with pytest.raises(ValueError, match="in common"):
        sammenlign.sammenlign(par, opfind(blokke(1, {"rest": 1.0, "soap": 1.4})))


@pytest.mark.parametrize(
    ("hoejst", "ventet"),
    [(1.2, dom.OVERSKREDET), (2.0, dom.OVERHOLDT), (1.5, dom.UAFGJORT)],
    ids=["under", "over", "midt i"],
)
def test_et_forhold_er_foerst_overskredet_naar_hele_intervallet_ligger_over(
    opfind: Opfind, hoejst: float, ventet: str
) -> None:
    koert = opfind(blokke(4, {"rest": 1.0, "converter": 1.5}, runder=8))
    doemt = dom.doem(koert, [Graense(what=Maal.FORHOLD, max=hoejst, operation=Handling.LAES_HISTORIK)])
    (graense,) = doemt.thresholds
    assert graense.verdict == ventet
    assert doemt.verdict == (dom.OVERSKREDET if ventet == dom.OVERSKREDET else dom.BESTAAET)


def test_fejl_over_graensen_faelder_koerslen(opfind: Opfind) -> None:
    graense = Graense(what=Maal.FEJL, max=0.01)
    assert dom.doem(opfind([], calls=1000, errors=10), [graense]).verdict == dom.BESTAAET
    assert dom.doem(opfind([], calls=1000, errors=11), [graense]).verdict == dom.OVERSKREDET
    assert dom.doem(opfind([], calls=0), [graense]).verdict == dom.IKKE_BEDOEMT


def test_hvad_der_ikke_blev_maalt_er_ikke_bestaaet(opfind: Opfind) -> None:
    """A target without SOAP to compare, too few rounds, no memory to read: the thresholds about them decide nothing."""
    kort = opfind(blokke(1, {"rest": 1.0, "converter": 2.0}, runder=5))
    doemt = dom.doem(kort, [Graense(what=Maal.FORHOLD, max=100)])
    assert (doemt.verdict, doemt.not_judged) == (dom.IKKE_BEDOEMT, "ikke målt: ratio")
    langt = opfind(blokke(1, {"rest": 1.0, "converter": 2.0}))
    graenser = [Graense(what=Maal.FORHOLD, max=1.5), Graense(what=Maal.HUKOMMELSE, max=1)]
    assert dom.doem(langt, graenser).verdict == dom.OVERSKREDET, "what was exceeded is, whatever else was not measured"
    assert dom.doem(langt, graenser[1:]).verdict == dom.IKKE_BEDOEMT


def test_afbrudt_eller_uden_sin_nat_bedoemmes_ikke(opfind: Opfind) -> None:
    graense = Graense(what=Maal.FEJL, max=1)
    assert dom.doem(opfind([], interrupted=True), [graense]).not_judged == "kørslen blev afbrudt"
    assert dom.doem(opfind([]), [graense], nat_ventet=True).not_judged == "natkørslerne blev ikke færdige"
    assert dom.doem(opfind([]), [graense]).verdict == dom.BESTAAET


def test_voksende_hukommelse_faelder_koerslen(opfind: Opfind) -> None:
    graense = Graense(what=Maal.HUKOMMELSE, max=20)
    flad = [(float(t), 100.0 + (t < 5)) for t in range(100)]
    voksende = [(float(t), 100.0 + t) for t in range(100)]
    assert dom.doem(opfind([], memory_mib=flad), [graense]).verdict == dom.BESTAAET
    assert dom.doem(opfind([], memory_mib=voksende), [graense]).verdict == dom.OVERSKREDET


def test_en_koersel_der_ikke_kunne_tilbyde_sin_belastning_bedoemmes_ikke(opfind: Opfind) -> None:
    optagelse = Optagelse(120.0)
    for nummer in range(200):
        optagelse.forfalden(nummer / 2, 500.0 if nummer < 3 else 1.0, 100.0)
    tilbud = opgoerelse.tilbud(optagelse.tag())
    assert tilbud is not None
    assert (tilbud.due, tilbud.in_time, tilbud.offered) == (200, 197, False)
    assert dom.doem(opfind([], offer=tilbud), [Graense(what=Maal.FEJL, max=1)]).verdict == dom.IKKE_BEDOEMT


def test_dele_fra_flere_processer_bliver_til_een_koersel() -> None:
    a, b = Optagelse(120.0), Optagelse(120.0)
    for nummer, en in enumerate((a, b)):
        en.kaldt(1.5, "laes_status", "rest", 4.0 + nummer, 5.0, "")
        en.kaldt(1.5, "laes_status", "rest", 9.0, None, "status 400 med 4404")
        en.forfalden(1.5, 1.0, 100.0)
    hel = samlet(1.0, [pak_ud(pak(en.tag())) for en in (a, b)])
    (alle, en) = (next(m for m in opgoerelse.maalinger(hel) if m.operation == navn) for navn in ("alle", "laes_status"))
    assert (en.calls, en.errors) == (alle.calls, alle.errors) == (4, 2)
    assert en.latency_ms["99.9"] == pytest.approx(5.0, rel=0.006), "a failed call's time is no latency"
    assert hel.grunde == {"status 400 med 4404": 2}
    assert hel.forfaldne == {1: 2}
    assert pak(a.tag())["celler"] == [], "what was handed over is not handed over again"


def test_linjens_egen_tid_kan_tages_fra() -> None:
    """Far away: 20 ms on the line, 5 in the service, and SOAP a hundred times that; what a caller sees hides it."""
    fjernt = []
    for runde in range(12):
        for kanal, ms in (("rest", 25.0), ("soap", 520.0), (LINJEN, 20.0)):
            handling = LINJEN if kanal == LINJEN else HANDLINGER[0]
            fjernt.append(Blok(runde=runde, handling=handling, kanal=kanal, ms=(ms, ms * 1.001)))
    (set_,) = (en for en in opgoerelse.forholdstal(fjernt, 1) if en.operation == "alle")
    (uden,) = (en for en in opgoerelse.forholdstal(fjernt, 1, uden_linjen=True) if en.operation == "alle")
    assert set_.ratio == pytest.approx(20.8)
    assert uden.ratio == pytest.approx(100, rel=0.01)
    assert opgoerelse.linjetid(fjernt) == pytest.approx(20, rel=0.001)
    assert opgoerelse.forholdstal([en for en in fjernt if en.kanal != LINJEN], 1, uden_linjen=True) == []


def test_hvor_linjen_er_det_hele_er_der_intet_tal_uden_den() -> None:
    ens = [
        Blok(runde=runde, handling=LINJEN if kanal == LINJEN else HANDLINGER[0], kanal=kanal, ms=(1.0,))
        for runde in range(12) for kanal in ("rest", "soap", LINJEN)
    ]  # fmt: skip
    assert opgoerelse.forholdstal(ens, 1, uden_linjen=True) == []
