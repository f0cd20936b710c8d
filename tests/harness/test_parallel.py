"""Runs in several processes and in random order have the same results as one process in order."""

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
    found: dict[str, Any] = json.loads(result.stdout) if result.stdout else {"stderr": result.stderr}
    return found


def verdict(run: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(item["feature"], item["scenario"], item["verdict"]) for item in run["scenarios"]]


@pytest.mark.slow
def test_several_processes_in_random_order_give_the_same_results(tmp_path: Path) -> None:
    sequential = scenario(tmp_path, "-k", CHOICE)
    assert len(sequential["scenarios"]) >= 15
    assert {item["verdict"] for item in sequential["scenarios"]} == {"passed"}
    parallel = scenario(tmp_path, "-k", CHOICE, "-n", "3", "--order", "random:seed")
    assert verdict(parallel) == verdict(sequential)
    assert parallel["order"] == "seed"
    entries = [json.loads(line) for line in (tmp_path / "out" / "journal.ndjson").read_text("utf-8").splitlines()]
    played = [entry["scenario"] for entry in entries if entry["kind"] == "verdict"]
    assert sorted(played) == sorted(name for _, name, _ in verdict(sequential))
    assert played != [name for _, name, _ in verdict(sequential)]
    assert entries[0]["scenarios"] == len(played)


def test_a_stage_that_cannot_start_is_reported(tmp_path: Path) -> None:
    errors = scenario(tmp_path, "-n", "2", "--release", "2020-1", code=2)["stderr"]
    assert "2020-1" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("flag", [("--db", "x.db"), ("--cast", "kss=external")])
def test_only_an_embedded_stage_runs_in_parallel(flag: tuple[str, ...], tmp_path: Path) -> None:
    assert "--parallel" in scenario(tmp_path, "-n", "2", *flag, code=4)["stderr"]


def test_every_scenario_is_played_by_exactly_one_worker() -> None:
    scenarios = [(f"s{nr}", nr) for nr in range(10)]
    for order in ("", "a", "b"):
        parts = [Selection(order=order).share(nr, 3).arrange(scenarios) for nr in range(3)]
        assert sorted(scenario for part in parts for scenario in part) == list(range(10))
    assert Selection().arrange(scenarios) == list(range(10))
    assert Selection(order="a").arrange(scenarios) != Selection(order="b").arrange(scenarios)
    assert Selection(order="a").arrange(scenarios) == Selection(order="a").arrange(scenarios)


def test_the_order_option() -> None:
    assert read_order("file") == ""
    assert read_order("random:17") == "17"
    assert re.fullmatch(r"[0-9a-f]{8}", read_order("random"))
    with pytest.raises(CannotRun, match="--order sideways"):
        read_order("sideways")
