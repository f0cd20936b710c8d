"""Scenes in several processes and in any order come to the same as one after the other."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from generalproeve.base.exit_codes import CannotRun
from generalproeve.run.selection import Selection, read_order

CHOICE = "kontaktgruppe 13"


def scenario(folder: Path, *flag: str, code: int = 0) -> dict[str, Any]:
    result = subprocess.run(
        [sys.executable, "-m", "generalproeve", "test", "embedded:", "--json", "--out", "out", *flag],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert result.returncode == code, result.stdout[-2000:] + result.stderr
    found: dict[str, Any] = json.loads(result.stdout) if result.stdout else {"fejl": result.stderr}
    return found


def verdict(run: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(item["feature"], item["stage"], item["verdict"]) for item in run["scenes"]]


def test_flere_processer_og_tilfaeldig_orden_giver_det_samme(tmp_path: Path) -> None:
    one_for_one = scenario(tmp_path, "-k", CHOICE)
    assert len(one_for_one["scenes"]) >= 15
    assert {item["verdict"] for item in one_for_one["scenes"]} == {"passed"}
    together = scenario(tmp_path, "-k", CHOICE, "-n", "3", "--order", "random:frø")
    assert verdict(together) == verdict(one_for_one)
    assert together["order"] == "frø"
    entries = [json.loads(line) for line in (tmp_path / "out" / "journal.ndjson").read_text("utf-8").splitlines()]
    played = [entry["stage"] for entry in entries if entry["kind"] == "verdict"]
    assert sorted(played) == sorted(stage for _, stage, _ in verdict(one_for_one))
    assert played != [stage for _, stage, _ in verdict(one_for_one)]
    assert entries[0]["scenarios"] == len(played)


def test_det_der_ikke_kan_startes_siges(tmp_path: Path) -> None:
    errors = scenario(tmp_path, "-n", "2", "--release", "2020-1", code=2)["fejl"]
    assert "2020-1" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("flag", [("--db", "x.db"), ("--cast", "kss=external")])
def test_kun_den_indlejrede_scene_kan_deles_ud(flag: tuple[str, ...], tmp_path: Path) -> None:
    assert "--parallel" in scenario(tmp_path, "-n", "2", *flag, code=4)["fejl"]


def test_hver_scene_spilles_af_en_og_kun_en() -> None:
    scenarios = [(f"s{nr}", nr) for nr in range(10)]
    for order in ("", "a", "b"):
        parts = [Selection(order=order).part_(nr, 3).arrange(scenarios) for nr in range(3)]
        assert sorted(stage for part_ in parts for stage in part_) == list(range(10))
    assert Selection().arrange(scenarios) == list(range(10))
    assert Selection(order="a").arrange(scenarios) != Selection(order="b").arrange(scenarios)
    assert Selection(order="a").arrange(scenarios) == Selection(order="a").arrange(scenarios)


def test_ordenen_laeses() -> None:
    assert read_order("file") == ""
    assert read_order("random:17") == "17"
    assert re.fullmatch(r"[0-9a-f]{8}", read_order("random"))
    with pytest.raises(CannotRun, match="--order sideways"):
        read_order("sideways")
