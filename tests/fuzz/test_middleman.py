"""A stage behind somebody who asks for a password, hangs up, or dies: what is found, what is not, and how it ends."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from processer import Proces, scene_i_proces
from support.fuzz_command import fuzz
from support.middleman import Kald, Uvaner, mellemmand

pytestmark = [  # what the party in the middle leaves behind, when callers hang up on it, is not what is tested
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]
KLOKKEN = ("--clock", "2024-11-18T09:00:00+01:00")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Proces]:
    with scene_i_proces("--control-port", "0", *KLOKKEN, mappe=tmp_path) as proces:
        yield proces


@pytest.mark.parametrize(
    ("jagt", "efter"), [("--soap", 45), ("--soap", 60), ("--rest", 40), ("--rest", 61), ("--parity", 75)]
)
def test_en_scene_der_forsvinder_er_intet_fund(jagt: str, efter: int, scene: Proces, tmp_path: Path) -> None:
    with mellemmand(scene.tjenester, Uvaner(doer_efter=efter)) as adresse:
        flag = (adresse, "--control", scene.styring, jagt, "--seed", "1", "--max-calls", "300", "--json")
        svar = fuzz(*flag, folder=tmp_path, code=3)
    assert json.loads(svar.stdout)["findings"] == []
    assert "Traceback" not in svar.stderr
    assert svar.stderr.splitlines()[-1].startswith(f"generalproeve: target {adresse}: ")


@pytest.mark.parametrize("jagt", ["--rest", "--soap"])
def test_et_kontrol_api_der_forsvinder_ender_koerslen(jagt: str, scene: Proces, tmp_path: Path) -> None:
    with mellemmand(scene.styring, Uvaner(doer_efter=60)) as styring:
        flag = (scene.tjenester, "--control", styring, jagt, "--seed", "1", "--max-calls", "300", "--json")
        svar = fuzz(*flag, folder=tmp_path, code=3)
    assert "Traceback" not in svar.stderr


def test_dommerens_egne_kald_uden_svar_er_fund(scene: Proces, tmp_path: Path) -> None:
    """Whoever hangs up on the second call under one request id is found, and the finding can be replayed."""
    sete: Counter[str] = Counter()

    def igen(kald: Kald) -> bool:
        nummer = kald[2].get("x-requestid", "")
        sete[nummer] += bool(nummer)
        return sete[nummer] > 1

    with mellemmand(scene.tjenester, Uvaner(laeg_paa=igen)) as adresse:
        flag = (adresse, "--control", scene.styring)
        valgt = ("--rest", "--seed", "1", "--max-calls", "300", "--json")
        fundne = json.loads(fuzz(*flag, *valgt, folder=tmp_path, code=1).stdout)["findings"]
        fil = next(en["file"] for en in fundne if "aftalen: ubesvaret" in en["what"])
        fuzz(*flag, "--replay", fil, folder=tmp_path, code=1)
    fuzz(scene.tjenester, "--control", scene.styring, "--replay", fil, folder=tmp_path, code=0)


@pytest.mark.parametrize("jagt", ["--parity"])
def test_hvad_der_kaldes_ved_siden_af_er_ogsaa_fund(jagt: str, scene: Proces, tmp_path: Path) -> None:
    """The subscription call is made before a history begins."""
    with mellemmand(scene.tjenester, Uvaner(laeg_paa=lambda kald: "abonnement" in kald[1].lower())) as adresse:
        flag = (adresse, "--control", scene.styring, jagt, "--seed", "1", "--max-calls", "60", "--json")
        fundne = json.loads(fuzz(*flag, folder=tmp_path, code=1).stdout)["findings"]
    assert any("ubesvaret" in en["what"] for en in fundne)


@pytest.mark.parametrize("jagt", ["--rest", "--soap"])
def test_login_og_sti_i_adressen(jagt: str, scene: Proces, tmp_path: Path) -> None:
    """Nothing is found that is not there, and the password is shown to nobody but who asks for it."""
    uvaner = Uvaner(praefiks="/foran", login="u:hemmelig")
    with mellemmand(scene.tjenester, uvaner) as adresse:
        flag = (adresse, "--control", scene.styring, jagt, "--seed", "1", "--max-calls", "300")
        svar = fuzz(*flag, folder=tmp_path, code=0)
    assert "0 fund" in svar.stdout
    assert "hemmelig" not in svar.stdout + svar.stderr
    assert {sti.split("/")[1] for _, sti, _ in uvaner.kald} == {"foran"}


def test_en_forbindelse_der_lukkes_efter_hvert_svar_er_intet_fund(scene: Proces, tmp_path: Path) -> None:
    with mellemmand(scene.tjenester, Uvaner(afbryd_efter_svar=True)) as adresse:
        for jagt in ("--soap", "--variants"):
            fuzz(
                adresse, "--control", scene.styring, jagt, "--seed", "1", "--max-calls", "200", folder=tmp_path, code=0
            )


def test_et_dokument_bestemmer_ikke_hvor_der_kaldes(scene: Proces, tmp_path: Path) -> None:
    """A test environment's document may name another one, which nobody asked to have fuzzed."""

    def andensteds(sti: str, krop: bytes) -> bytes:
        return krop.replace(b'"url":"/"', b'"url":"http://127.0.0.1:9/drift"') if "openapi" in sti else krop

    uvaner = Uvaner(omskriv=andensteds)
    with mellemmand(scene.tjenester, uvaner) as adresse:
        flag = (adresse, "--control", scene.styring, "--rest", "--seed", "1", "--max-calls", "100")
        fuzz(*flag, folder=tmp_path, code=0)
    stier = [sti for _, sti, _ in uvaner.kald]
    assert sum(sti.startswith("/v1/PersonVisitering") for sti in stier) > 50
    assert not any(sti.startswith("/drift") for sti in stier)


def test_en_forkert_control_siges(scene: Proces, tmp_path: Path) -> None:
    svar = fuzz(scene.tjenester, "--control", scene.tjenester, "--rest", folder=tmp_path, code=2)
    assert "is no control API of ours" in svar.stderr
