from __future__ import annotations

import numpy as np
import pytest

from vos_load import kurve, profilfil
from vos_load.profil import Handling, Kanal
from vos_load.profilfil import ProfilFejl

HOVED = 'title = "t"\nabout = "a"\nduration = "PT1M"\n'
TRAFIK = HOVED + "[users]\ncount = 2\n[mix.rest]\nlaes_status = 1\n"
RATE = (
    "[rate]\ncalls_per_month = 8e6\nworking_days = 20\nhours = ["
    + ", ".join(["0.5" if en in {9, 10} else "0" for en in range(24)])
    + "]\n"
)


@pytest.mark.parametrize("navn", profilfil.navne())
def test_de_medfoelgende_profiler_kan_laeses(navn: str) -> None:
    laest = profilfil.indlaes(navn)
    assert laest.title
    assert "epic 1005.17.28" in laest.source.lower()
    assert laest.threshold, "a profile without a threshold judges nothing"


def test_alle_fem_profiler_er_der() -> None:
    assert set(profilfil.navne()) == {"hverdag", "spids", "nat", "soap_overgang", "udhold"}


@pytest.mark.parametrize(
    ("tekst", "siger"),
    [
        ("title = 1", "mine.toml: title: Expected `str`, got `int`"),
        ("titel", "mine.toml: "),
        (HOVED + "farve = 1", "mine.toml: Object contains unknown field `farve`"),
        (HOVED, "mine.toml: rate: give one of pairs"),
        (TRAFIK.replace("PT1M", "et minut"), "mine.toml: duration: must be an ISO 8601 duration such as PT5M"),
        (TRAFIK.replace("PT1M", "PT0S"), "mine.toml: duration: must be"),
        (TRAFIK.replace("PT1M", "P1M"), "mine.toml: duration: must be"),
        (TRAFIK.replace("count = 2", "count = 0"), "mine.toml: users.count: Expected `int` >= 1"),
        (TRAFIK.replace("laes_status = 1", ""), "mine.toml: mix: says nothing of what is called"),
        (TRAFIK.replace("laes_status", "toem_koe"), "mine.toml: mix.rest.toem_koe: the channel cannot do it"),
        (TRAFIK.replace("laes_status", "svaev"), "mine.toml: mix: Invalid enum value 'svaev'"),
        (TRAFIK + '[pairs]\noperations = ["laes_historik"]\n', "mine.toml: rate: give one of pairs"),
        (HOVED + '[pairs]\noperations = ["laes_status"]\n', "mine.toml: pairs.operations: laes_status: only one of"),
        (
            HOVED + RATE.replace("0.5", "0.4") + "[mix.rest]\nlaes_status = 1\n",
            "mine.toml: rate.hours: are shares of a day",
        ),
        (
            HOVED + RATE + "from_hour = 9\nto_hour = 9\n[mix.rest]\nlaes_status = 1\n",
            "mine.toml: rate.from_hour: must be",
        ),
        (TRAFIK + RATE, "mine.toml: rate: give one of pairs"),
        (
            TRAFIK + '[[threshold]]\nwhat = "ratio"\nmax = 1\n',
            "mine.toml: threshold[0].what: only a comparison has ratios",
        ),
        (
            TRAFIK + '[[threshold]]\nwhat = "latency_ms"\nmax = 1\npercentile = 75\n',
            "mine.toml: threshold[0].percentile: must be",
        ),
        (
            TRAFIK + '[[threshold]]\nwhat = "errors"\nmax = 1\nchannel = "rest"\n',
            "mine.toml: threshold[0].operation: errors is of",
        ),
        (TRAFIK + '[[threshold]]\nwhat = "errors"\nmax = nan\n', "mine.toml: threshold[0].max: "),
        (TRAFIK.replace("= 1\n", "= inf\n"), "mine.toml: mix: Expected `float` <= "),
        (
            HOVED + '[pairs]\noperations = ["afslut_kontaktgruppe"]\n',
            "mine.toml: pairs.operations: afslut_kontaktgruppe: needs",
        ),
        (
            HOVED + '[pairs]\noperations = ["laes_historik"]\nrounds = 5\n',
            "mine.toml: pairs.rounds: Expected `int` >= 8",
        ),
        (TRAFIK + '[[threshold]]\nwhat = "fart"\nmax = 1\n', "mine.toml: threshold[0].what: Invalid enum value 'fart'"),
    ],
    ids=lambda en: en[-40:] if en.startswith("mine") else "",
)
def test_en_fejl_i_en_profil_naevner_fil_noegle_og_regel(tekst: str, siger: str) -> None:
    with pytest.raises(ProfilFejl, match=r"mine\.toml") as fejl:
        profilfil.laes(tekst, "mine.toml")
    assert str(fejl.value).startswith(siger)


def test_en_profil_kan_ligne_en_anden_og_sige_det_der_er_anderledes() -> None:
    hverdag, spids = profilfil.indlaes("hverdag"), profilfil.indlaes("spids")
    assert spids.mix == hverdag.mix
    assert spids.rate is not None
    assert hverdag.rate is not None
    assert spids.rate.hours == hverdag.rate.hours
    assert (spids.rate.from_hour, spids.duration) == (9, "PT3M")
    egen = profilfil.laes('like = "spids"\ntitle = "min"\n[mix.soap]\ntoem_koe = 1\n', "x")
    assert egen.rate == spids.rate
    assert egen.mix == {**spids.mix, Kanal.SOAP: {Handling.TOEM_KOE: 1}}
    with pytest.raises(ProfilFejl, match=r"x: like: must be one of hverdag, nat, .*, not 'weekend'"):
        profilfil.laes('like = "weekend"', "x")


def test_et_ukendt_navn_siger_hvilke_der_er() -> None:
    with pytest.raises(ProfilFejl, match="known are hverdag, nat, soap_overgang, spids, udhold"):
        profilfil.indlaes("weekend")


def test_raten_er_epikkens_kald_delt_ud_paa_dage_og_timer() -> None:
    rate = profilfil.laes(HOVED + RATE + "[mix.rest]\nlaes_status = 1\n", "x").rate
    assert rate is not None
    assert kurve.rate(rate, 24.0, 9.5) == pytest.approx(8e6 / 20 * 0.5 / 3600)
    assert kurve.rate(rate, 24.0, 12.5) == 0
    rate.from_hour, rate.to_hour, rate.times = 9, 10, (1.0, 50.0)
    assert kurve.rate(rate, 60.0, 45.0) == pytest.approx(50 * kurve.rate(rate, 60.0, 15.0))


def test_ankomsterne_kommer_i_orden_og_saa_mange_som_raten_siger() -> None:
    rate = profilfil.indlaes("spids").rate
    assert rate is not None
    tider = list(kurve.ankomster(rate, 180.0, np.random.default_rng(7)))
    assert tider == sorted(tider)
    assert tider[0] >= 0
    assert tider[-1] < 180
    ventet = kurve.ventede(rate, 180.0)
    assert abs(len(tider) - ventet) < 5 * ventet**0.5, "a Poisson count lies within five deviations"
    halve = len(list(kurve.ankomster(rate, 180.0, np.random.default_rng(7), 0.5)))
    assert abs(halve - ventet / 2) < 5 * (ventet / 2) ** 0.5
    assert tider == list(kurve.ankomster(rate, 180.0, np.random.default_rng(7))), "the same seed, the same calls"


def test_hverdagen_har_epikkens_antal_kald() -> None:
    laest = profilfil.indlaes("hverdag")
    assert laest.rate is not None
    assert 7e6 <= laest.rate.calls_per_month <= 9e6
    assert laest.mix[Kanal.SOAP][Handling.TOEM_KOE] > 0
