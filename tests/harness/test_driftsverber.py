"""`seed`, `monitor` and `extract` as a user meets them: against a running stage, with exit codes that can be relied on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from generalproeve.base.progress import fremgang
from generalproeve.scene import Scene
from vos_contracts.control.stage import RegistreringDto
from vos_simulators.control import Styring
from vos_simulators.people import Folk, paa_scenen

LUKKET = "http://127.0.0.1:1"


def kommando(*flag: str, mappe: Path, kode: int = 0, **miljoe: str) -> subprocess.CompletedProcess[str]:
    resultat = subprocess.run(
        [sys.executable, "-m", "generalproeve", *flag],
        cwd=mappe, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
        env={**os.environ, "COLUMNS": "200", **miljoe},  # noqa: TID251 - the child's terminal width and key
    )  # fmt: skip
    assert resultat.returncode == kode, resultat.stdout + resultat.stderr
    return resultat


def paa(scene: Scene) -> list[str]:
    return ["--control", scene.styring, "--services", scene.tjenester]


def test_seed_fylder_scenen_og_taeller(scene: Scene, styring: Styring, tmp_path: Path) -> None:
    svar = json.loads(kommando("seed", "--people", "200", "--json", *paa(scene), mappe=tmp_path).stdout)
    assert (svar["people"], svar["refusals"]) == (200, {})
    assert svar["registrations"]["CreateKontaktgruppe"] == 200
    assert styring.status().personer == 200
    tekst = kommando("seed", "--people", "20", "--channel", "soap", *paa(scene), mappe=tmp_path)
    assert tekst.stdout.startswith("20 borgere på ")
    assert "20 CreateKontaktgruppe" in tekst.stdout
    assert "20 af 20 borgere" in tekst.stderr
    assert styring.status().personer == 220


def test_seed_viser_afslag_og_fejler(scene: Scene, styring: Styring, tmp_path: Path) -> None:
    """In 2025-2 registration by SOAP is retired: everything is refused, counted by code and shown."""
    styring.skift_udgave("2025-2")
    tekst = kommando("seed", "--people", "3", "--channel", "soap", *paa(scene), mappe=tmp_path, kode=1).stdout
    assert "ingen registreringer" in tekst
    assert "med 1014 " in tekst


@pytest.mark.parametrize(
    ("flag", "kode", "siger"),
    [
        (["seed", "--control", "http://eksempel.dk:8481"], 2, "is not on this machine; --allow-remote"),
        (["seed", "--services", "eksempel"], 2, "must be an address such as"),
        (["seed", "--people", "0"], 4, "--people"),
        (["seed", "--control", LUKKET], 3, "127.0.0.1:1"),
        (["monitor", "--control", LUKKET], 3, "127.0.0.1:1"),
        (["monitor", "--view", "Jobsearch=x.json"], 2, "must be DOMAIN=FILE.json with one of JobSearch"),
        (["monitor", "--view", "JobSearch=x.json"], 2, "x.json"),
        (["extract", "ud", "--control", LUKKET], 3, "127.0.0.1:1"),
        (["extract", "ud", "--control", "http://eksempel.dk"], 2, "--allow-remote"),
        (["extract", "ud", "--key-env", "FINDES_IKKE"], 2, "the environment has no FINDES_IKKE"),
        (["extract", "ud", "--key-env", "NOEGLE", "--with-cpr"], 4, "exclude one another"),
        (["extract", "ud", "--pseudonymise", "findes-ikke"], 4, "findes-ikke"),
    ],
)
def test_det_der_ikke_kan_lade_sig_goere(tmp_path: Path, flag: list[str], kode: int, siger: str) -> None:
    assert siger in kommando(*flag, mappe=tmp_path, kode=kode).stderr


def test_monitor_uden_og_med_afvigelse(scene: Scene, styring: Styring, tmp_path: Path) -> None:
    borger = Folk(3).ny(40, styring.status().ur.date())
    dto = paa_scenen(borger)
    dto.kontaktgrupper = (RegistreringDto(type=13),)
    styring.opsaet(dto)
    enige = kommando("monitor", "--control", scene.styring, mappe=tmp_path).stdout
    assert enige.splitlines() == [
        "JobSearch: ingen afvigelser blandt 1 borgere",
        "Kontaktforloeb: ingen afvigelser blandt 1 borgere",
        "Virksomhedsindsats: ingen afvigelser blandt 1 borgere",
    ]
    fil = tmp_path / "vi.json"
    fil.write_text(json.dumps([{"cpr": borger.cpr, "kontaktgrupper": [{"type": 7}]}]), "utf-8")
    syn = ["--view", "Virksomhedsindsats=vi.json"]
    uenige = kommando("monitor", "--control", scene.styring, *syn, mappe=tmp_path, kode=1).stdout
    assert "Virksomhedsindsats: 1 afvigelse blandt 1 borgere" in uenige
    assert f"Virksomhedsindsats  anden  {borger.cpr[:6]}xxxx  kontaktgruppe  13  7  " in uenige
    svar = json.loads(kommando("monitor", "--control", scene.styring, *syn, "--json", mappe=tmp_path, kode=1).stdout)
    (en,) = svar["domains"]["Virksomhedsindsats"]
    assert (svar["people"], svar["divergences"], svar["domains"]["JobSearch"]) == (1, 1, [])
    assert (en["slags"], en["vores"], en["deres"], en["borger"]) == ("different", 13, 7, f"{borger.cpr[:6]}xxxx")
    assert en["haendelseId"]
    assert borger.cpr not in uenige


@pytest.mark.parametrize(
    ("indhold", "siger"),
    [
        ("[", "truncated"),
        ('[{"cpr": "0203840023", "kontaktgruppe": 7}]', "kontaktgruppe"),
        ('[{"cpr": "0203840023", "kontaktgrupper": [{"type": "7"}]}]', "$[0].kontaktgrupper[0].type"),
        ('[{"kontaktgrupper": []}]', "$[0]: a citizen needs cpr or borgerId"),
    ],
)
def test_et_daarligt_billede_navngiver_filen_og_stedet(tmp_path: Path, indhold: str, siger: str) -> None:
    (tmp_path / "b.json").write_text(indhold, "utf-8")
    fejl = kommando("monitor", "--view", "JobSearch=b.json", mappe=tmp_path, kode=2).stderr
    assert "b.json" in fejl
    assert siger in fejl


def test_extract_fuld_saa_delta_med_noegle(scene: Scene, tmp_path: Path) -> None:
    kommando("seed", "--people", "5", "--json", *paa(scene), mappe=tmp_path)
    (tmp_path / "noegle").write_text("en noegle paa mindst 16 bytes\n")
    kontrol = ["--control", scene.styring]
    foerste = kommando("extract", "ud", "--pseudonymise", "noegle", *kontrol, mappe=tmp_path).stdout
    assert foerste.startswith(f"leverance 1 (fuld, pseudonymiseret) i {Path('ud') / '0001-full'}")
    noegle = {"NOEGLE": "en noegle paa mindst 16 bytes"}
    anden = kommando("extract", "ud", "--key-env", "NOEGLE", "--json", *kontrol, mappe=tmp_path, **noegle)
    manifest = json.loads(anden.stdout)
    assert (manifest["nummer"], manifest["art"], [en["raekker"] for en in manifest["filer"]]) == (2, "delta", [0, 0])
    kort = kommando("extract", "kort", "--key-env", "NOEGLE", *kontrol, mappe=tmp_path, kode=2, NOEGLE="kort").stderr
    assert "the key has 4 bytes and must have at least 16" in kort
    tom = kommando("extract", "tom", "--delta", *kontrol, mappe=tmp_path, kode=2).stderr
    assert "begin with --full" in tom


def test_fremgang_paa_en_terminal_er_en_bjaelke_og_ellers_linjer() -> None:
    terminal = Console(force_terminal=True, width=80, record=True, force_interactive=True)
    with terminal.capture() as tegnet, fremgang("borgere", 40, konsol=terminal) as vis:
        vis(20)
    assert "━" in tegnet.get()
    linjer = Console(force_terminal=False, width=80)
    with linjer.capture() as skrevet, fremgang("borgere", 40, konsol=linjer) as vis:
        for naaet in range(1, 41):
            vis(naaet)
    assert skrevet.get().splitlines() == [f"{naaet} af 40 borgere" for naaet in range(1, 41, 4)]
    with linjer.capture() as stille, fremgang("borgere", 40, stille=True, konsol=linjer) as vis:
        vis(40)
    assert stille.get() == ""
