"""Scenes in several processes and in any order come to the same as one after the other."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.udvalg import Udvalg, laes_orden

VALG = "kontaktgruppe 13"


def spil(mappe: Path, *flag: str, kode: int = 0) -> dict[str, Any]:
    resultat = subprocess.run(
        [sys.executable, "-m", "generalproeve", "test", "embedded:", "--json", "--out", "ud", *flag],
        cwd=mappe, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert resultat.returncode == kode, resultat.stdout[-2000:] + resultat.stderr
    fundet: dict[str, Any] = json.loads(resultat.stdout) if resultat.stdout else {"fejl": resultat.stderr}
    return fundet


def udfald(run: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(en["feature"], en["scene"], en["verdict"]) for en in run["scenes"]]


def test_flere_processer_og_tilfaeldig_orden_giver_det_samme(tmp_path: Path) -> None:
    en_for_en = spil(tmp_path, "-k", VALG)
    assert len(en_for_en["scenes"]) >= 15
    assert {en["verdict"] for en in en_for_en["scenes"]} == {"passed"}
    sammen = spil(tmp_path, "-k", VALG, "-n", "3", "--order", "random:frø")
    assert udfald(sammen) == udfald(en_for_en)
    assert sammen["order"] == "frø"
    poster = [json.loads(linje) for linje in (tmp_path / "ud" / "journal.ndjson").read_text("utf-8").splitlines()]
    spillet = [post["scene"] for post in poster if post["art"] == "udfald"]
    assert sorted(spillet) == sorted(scene for _, scene, _ in udfald(en_for_en))
    assert spillet != [scene for _, scene, _ in udfald(en_for_en)]
    assert poster[0]["scener"] == len(spillet)


def test_det_der_ikke_kan_startes_siges(tmp_path: Path) -> None:
    fejl = spil(tmp_path, "-n", "2", "--release", "2020-1", kode=2)["fejl"]
    assert "2020-1" in fejl
    assert "Traceback" not in fejl


@pytest.mark.parametrize("flag", [("--db", "x.db"), ("--cast", "kss=external")])
def test_kun_den_indlejrede_scene_kan_deles_ud(flag: tuple[str, ...], tmp_path: Path) -> None:
    assert "--parallel" in spil(tmp_path, "-n", "2", *flag, kode=4)["fejl"]


def test_hver_scene_spilles_af_en_og_kun_en() -> None:
    scener = [(f"s{nr}", nr) for nr in range(10)]
    for orden in ("", "a", "b"):
        dele = [Udvalg(orden=orden).del_(nr, 3).ordn(scener) for nr in range(3)]
        assert sorted(scene for del_ in dele for scene in del_) == list(range(10))
    assert Udvalg().ordn(scener) == list(range(10))
    assert Udvalg(orden="a").ordn(scener) != Udvalg(orden="b").ordn(scener)
    assert Udvalg(orden="a").ordn(scener) == Udvalg(orden="a").ordn(scener)


def test_ordenen_laeses() -> None:
    assert laes_orden("file") == ""
    assert laes_orden("random:17") == "17"
    assert re.fullmatch(r"[0-9a-f]{8}", laes_orden("random"))
    with pytest.raises(KanIkkeKoere, match="--order sideways"):
        laes_orden("sideways")
