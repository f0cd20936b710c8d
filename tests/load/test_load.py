"""`generalproeve load` through its front door: the real command, the real stage, Locust in its own processes."""

from __future__ import annotations

import csv
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from fjernscene import certifikater
from laststub import stub
from processer import hoerer_ctrl_c

from vos_load import resultat
from vos_load.optagelse import LINJEN

PROGRAM = [sys.executable, "-m", "generalproeve", "load"]
FRIST_S = 240
LAESER = """
title = "Læsning"
about = "Kun læsning."
duration = "PT6S"
people = 20
[mix.rest]
laes_kontaktgruppe = 1
[rate]
calls_per_month = 4_320_000
working_days = 1
hours = [0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0]
from_hour = 9
to_hour = 10
times = [0.05]
[[threshold]]
what = "errors"
max = 0
"""
"""Sixty calls a second."""

Koer = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def koer(tmp_path: Path) -> Koer:
    def goer(*argumenter: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*PROGRAM, *argumenter], cwd=tmp_path, capture_output=True, text=True, timeout=FRIST_S, check=False
        )

    return goer


@pytest.fixture
def laeser(tmp_path: Path) -> str:
    fil = tmp_path / "laeser.toml"
    fil.write_text(LAESER, "utf-8")
    return str(fil)


def _json(koert: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert koert.stdout, koert.stderr
    indhold: dict[str, Any] = json.loads(koert.stdout)
    return indhold


def test_sammenligningen_giver_rapport_tal_og_intervaller(koer: Koer, tmp_path: Path) -> None:
    koert = koer("soap_overgang", "--rounds", "8", "--people", "200", "--seed", "3", "--json")
    assert koert.returncode == 0, koert.stdout[-500:] + koert.stderr
    sagt = _json(koert)
    assert (sagt["verdict"], sagt["errors"], sagt["seed"]) == ("bestået", 0, 3)
    assert sagt["calls"] == 8 * 3 * 6 * 10, "eight rounds, three channels, six operations, ten calls; no warm-up"
    forhold = {(en["operation"], en["channel"], en["against"]) for en in sagt["ratios"]}
    assert len(forhold) == 3 * 7
    assert ("alle", "converter", "klassisk") in forhold
    assert all(en["low"] <= en["ratio"] <= en["high"] and en["rounds"] == 8 for en in sagt["ratios"])
    assert set(sagt["converter_parts_ms"]) == {"parse", "validate", "convert", "rest", "serialise"}
    assert sagt["stage"]["release"] == "2024-4"
    side = (tmp_path / "load" / "report.html").read_text("utf-8")
    assert "gange så langsom som REST" in side
    with (tmp_path / "load" / "samples.csv").open(encoding="utf-8", newline="") as fil:
        proever = list(csv.DictReader(fil))
    assert sum(en["channel"] != LINJEN for en in proever) == sagt["calls"]
    assert {en["round"] for en in proever} == {str(en) for en in range(8)}
    assert sagt["line_ms"] > 0


def test_filens_certifikater_gaelder_ikke_scenen_der_belastes(koer: Koer, laeser: str, tmp_path: Path) -> None:
    certifikater(tmp_path)
    stage = '[stage]\ntls_certificate = "server.pem"\ntls_key = "server.key"\nclient_ca = "ca.pem"\n'
    (tmp_path / "generalproeve.toml").write_text(stage, "utf-8")
    sagt = _json(koer(laeser, "--duration", "PT1S", "--seed", "1", "--json"))
    assert sagt["errors"] == 0
    assert sagt["calls"] > 0


def test_flere_brugere_paa_siden_gentager_ikke_trafikken(laeser: str, tmp_path: Path) -> None:
    """Open traffic is made by one user, whatever number Locust's page is given."""
    with socket.socket() as stik:
        stik.bind(("127.0.0.1", 0))
        port = stik.getsockname()[1]
    kommando = [*PROGRAM, laeser, "--seed", "1", "--ui", str(port)]
    with subprocess.Popen(
        kommando, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, preexec_fn=hoerer_ctrl_c
    ) as koert, httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as side:  # fmt: skip
        vent_til(lambda: _svarer(side), "Locust's page")
        side.post("/swarm", data={"user_count": "5", "spawn_rate": "5", "host": ""}).raise_for_status()

        def tal() -> dict[str, Any]:
            svar: dict[str, Any] = side.get("/stats/requests").json()
            return svar

        vent_til(lambda: sum(en["num_requests"] for en in tal()["stats"]) > 0, "the first calls")
        assert tal()["user_count"] == 1
        koert.send_signal(signal.SIGINT)
        koert.communicate(timeout=60)


def vent_til(sandt: Callable[[], bool], hvad: str) -> None:
    """Wait for it, with a deadline."""
    imellem = threading.Event()
    for _ in range(FRIST_S * 5):
        if sandt():
            return
        imellem.wait(0.2)
    raise AssertionError(f"{hvad}: not within {FRIST_S} s")


def _svarer(side: httpx.Client) -> bool:
    try:
        return side.get("/").status_code == 200
    except httpx.TransportError:
        return False


def test_en_mester_og_to_arbejdere_deler_trafikken(tmp_path: Path) -> None:
    """Over Locust's own line, as on several machines; every call that was due is made once."""
    with socket.socket() as stik:
        stik.bind(("127.0.0.1", 0))
        mester = f"127.0.0.1:{stik.getsockname()[1]}"
    flag = ["spids", "--duration", "PT5S", "--times", "0.2", "--seed", "5", "--people", "300", "--json"]
    arbejdere = [subprocess.Popen([*PROGRAM, "worker", mester], cwd=tmp_path) for _ in range(2)]
    try:
        koert = subprocess.run(
            [*PROGRAM, *flag, "--master", mester, "--workers", "2"],
            cwd=tmp_path, capture_output=True, text=True, timeout=FRIST_S, check=False,
        )  # fmt: skip
        assert [en.wait(30) for en in arbejdere] == [0, 0]
    finally:
        for en in arbejdere:
            if en.poll() is None:
                en.kill()
    sagt = _json(koert)
    assert koert.returncode in {0, 2}, koert.stderr  # 2: a machine too busy to offer the load in time
    assert (sagt["errors"], sagt["error_reasons"]) == (0, {})
    koeens = next(en["calls"] for en in sagt["operations"] if en["operation"] == "toem_koe")
    uden_koen = sagt["calls"] - koeens
    assert sagt["offer"]["due"] > 0
    assert uden_koen <= sagt["offer"]["due"] <= sagt["calls"], (
        "emptying the queue is several calls, the others one each"
    )
    assert {en["channel"] for en in sagt["operations"]} == {"rest", "soap"}


def test_flere_processer_paa_een_maskine_goer_det_samme(koer: Koer) -> None:
    koert = koer("hverdag", "--duration", "PT4S", "--processes", "2", "--people", "100", "--times", "4", "--json")
    sagt = _json(koert)
    assert koert.returncode in {0, 2}, koert.stderr
    assert sagt["errors"] == 0
    assert sagt["calls"] > 0


def test_natkoerslerne_gaar_ved_siden_af_trafikken(koer: Koer) -> None:
    sagt = _json(koer("nat", "--duration", "PT5S", "--people", "500", "--json"))
    assert sagt["nightly"]["seen"] == 500
    assert 2.0 <= sagt["nightly"]["begun"] < sagt["nightly"]["ended"]
    assert sagt["errors"] == 0


def test_et_stop_rammer_alle_der_skulle_vaere_kommet_imens(koer: Koer, laeser: str, tmp_path: Path) -> None:
    """The open kind counts those who were due during a stall; one closed user meets it once, and hides it."""
    langsomme: dict[str, int] = {}
    for navn, flag in (("aaben", ()), ("lukket", ("--users", "1", "--think", "0.01"))):
        with stub(stop=(2.0, 4.0)) as maal:
            koert = koer(laeser, maal.adresse, "--seed", "1", "--out", navn, *flag)
        assert koert.returncode in {0, 2}, koert.stderr
        koersel = resultat.laes(tmp_path / navn)
        (maaling,) = (en for en in koersel.operations if en.operation == "laes_kontaktgruppe")
        assert maaling.errors == 0
        (fordeling,) = koersel.distributions.values()
        langsomme[navn] = sum(antal for ms, antal in fordeling if ms > 500)
        assert ("coordinated omission" in koert.stdout) == (navn == "lukket")
    assert langsomme["aaben"] > 60, (
        "sixty a second were due during two seconds of stall; most waited over half a second"
    )
    assert langsomme["lukket"] <= 5


def test_fejl_faelder_koerslen_og_siger_hvorfor(koer: Koer, laeser: str, tmp_path: Path) -> None:
    svar = b'{"fejl":[{"fejlkode":4404,"fejltekst":"x","beskrivelse":"borger 0203840021"}]}'
    with stub(status=400, krop=svar) as maal:
        koert = koer(laeser, maal.adresse, "--duration", "PT1S", "--users", "2")
    assert koert.returncode == 1, koert.stderr
    assert "fejl: status 400 med 4404" in koert.stdout
    filer = "".join((tmp_path / "load" / en).read_text("utf-8") for en in ("result.json", "report.html"))
    assert "borger 020384" in filer
    assert "0203840021" not in filer + koert.stdout, "CPR numbers are masked in everything that is kept or shown"
    assert "overskredet: andel af kald der fejlede er 1, højst 0" in koert.stdout


def test_ingen_der_svarer_er_uopnaaelig(koer: Koer, laeser: str) -> None:
    koert = koer(laeser, "http://127.0.0.1:1")
    assert koert.returncode == 3
    assert "http://127.0.0.1:1" in koert.stderr


@pytest.mark.parametrize(
    ("argumenter", "kode", "siger"),
    [
        (("weekend",), 2, "profile 'weekend': unknown; known are"),
        (("spids", "https://example.com"), 2, "is not on this machine; --allow-remote says that it is meant"),
        (("spids", "--master", "10.0.0.1:5557"), 2, "--master http://10.0.0.1:5557: is not on this machine"),
        (("spids", "--master", "10.0.0.1:5557", "--allow-remote"), 4, "cannot reach the embedded stage"),
        (("spids", "--master", "127.0.0.1"), 4, "--master 127.0.0.1: must be HOST:PORT"),
        (("spids", "--workers", "3"), 4, "--workers come to --master"),
        (("spids", "--ui", "8090", "--processes", "2"), 4, "--ui is for one process"),
        (("spids", "--users", "1", "--processes", "2"), 4, "1 users cannot be shared out to 2 processes"),
        (("spids", "--people", "1", "--processes", "2"), 2, "people: 1 cannot be shared out to 2 processes"),
        (("soap_overgang", "--people", "30"), 2, "people: 30 are too few; a round of the comparison takes 80"),
        (("soap_overgang", "--rounds", "5"), 4, "5 is not in the range"),
        (("spids", "--times", "-1"), 4, "-1.0 is not in the range"),
        (("spids", "--seed", "-1"), 4, "-1 is not in the range"),
        (("spids", "--duration", "P99999999999D"), 4, "--duration: must be an ISO 8601 duration"),
        (("spids", "--duration", "kort"), 4, "--duration: must be an ISO 8601 duration"),
        (("spids", "--rounds", "9"), 4, "--rounds: spids is no comparison"),
        (("soap_overgang", "--users", "5"), 4, "--users: soap_overgang is a comparison"),
        (("soap_overgang", "--processes", "2"), 4, "no --processes, --master or --ui"),
        (("soap_overgang", "embedded:release=2025-2"), 2, "has no SOAP registration to compare with"),
        (("spids", "--users", "5", "--times", "2"), 4, "--times: closed users call when they have their answer"),
        (("spids", "embedded:release=1999-1"), 2, "1999-1"),
        (("spids", "http://127.0.0.1:9", "--db", "x.db"), 4, "--db is for the embedded stage"),
        (("compare", "a", "b"), 2, "a: is not the result of a load run"),
        (("worker", "her"), 4, "MASTER her: must be HOST:PORT"),
    ],
    ids=lambda en: "_".join(en) if isinstance(en, tuple) else "",
)
def test_forkert_brug_siges_foer_noget_startes(koer: Koer, argumenter: tuple[str, ...], kode: int, siger: str) -> None:
    koert = koer(*argumenter)
    assert siger in koert.stderr
    assert koert.returncode == kode


def test_profilerne_staar_i_listen(koer: Koer) -> None:
    assert {"hverdag", "spids", "nat", "soap_overgang", "udhold"} <= set(koer("profiles").stdout.split())


def test_to_koersler_holdes_sammen(koer: Koer, tmp_path: Path) -> None:
    koert = koer("soap_overgang", "--rounds", "8", "--people", "120", "--seed", "3", "--out", "a")
    assert koert.returncode == 0, koert.stderr
    assert koer("compare", "a", "a").returncode == 0
    koersel = json.loads((tmp_path / "a" / "result.json").read_text("utf-8"))
    for blok in koersel["blocks"]:
        if blok["kanal"] == "converter":
            blok["ms"] = [ms * 3 for ms in blok["ms"]]
    (tmp_path / "b.json").write_text(json.dumps(koersel), "utf-8")
    langsommere = koer("compare", "a", "b.json", "--json")
    assert langsommere.returncode == 1
    domme = {en["what"]: en["verdict"] for en in json.loads(langsommere.stdout)}
    assert domme["alle converter/rest"] == "langsommere"
    assert domme["alle klassisk/rest"] == "ens"
    assert koer("compare", "b.json", "a").returncode == 0


def test_fordelingen_i_resultatet_har_alle_kald(koer: Koer, laeser: str, tmp_path: Path) -> None:
    with stub() as maal:
        assert koer(laeser, maal.adresse, "--duration", "PT2S", "--seed", "4").returncode in {0, 2}
    koersel = resultat.laes(tmp_path / "load")
    (trin,) = koersel.distributions.values()
    assert sum(antal for _, antal in trin) == koersel.calls == sum(round(en.answered * 0.25) for en in koersel.series)


def _boern(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


@pytest.mark.parametrize(("navn", "kode"), [("SIGINT", 2), ("SIGTERM", 143)])
def test_en_afbrudt_koersel_efterlader_ingen_processer(navn: str, kode: int, tmp_path: Path) -> None:
    """Ctrl-C stops the calls and reports what was measured; being ended ends the stage and the calls too."""
    with subprocess.Popen(
        [*PROGRAM, "spids", "--duration", "PT10M", "--times", "0.1", "--people", "50"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=hoerer_ctrl_c,
    ) as proces:  # fmt: skip
        assert proces.stderr is not None
        for linje in proces.stderr:
            if linje.endswith("sekunder\n"):
                break
        boern = _boern(proces.pid)
        assert len(boern) == 2, "the stage and the calls"
        signalet = signal.Signals[navn]
        if navn == "SIGINT":  # a terminal sends it to the whole group
            os.killpg(proces.pid, signalet)
        else:
            proces.send_signal(signalet)
        ud, _ = proces.communicate(timeout=60)
        assert proces.returncode == kode, ud
        assert ("ikke bedømt: kørslen blev afbrudt" in ud) == (navn == "SIGINT")
    _, levende = psutil.wait_procs(boern, timeout=30)
    assert levende == []
    assert (tmp_path / "load" / "report.html").is_file() == (navn == "SIGINT")
