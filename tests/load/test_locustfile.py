"""The Locust file as a performance engineer uses it: Locust's own command, its CSV files, its exit code, and our options.

That the calls were made is read from the stage's journal, not from what Locust says of itself.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.load_stub import stub
from support.processes import StageProcess, stage_process
from vos_contracts.control.journal import EntryType
from vos_load import locustfile
from vos_load.result import LoadVerdict, read_result
from vos_simulators.control import Control
from vos_simulators.transport import HttpTransport

DEADLINE_S = 240
Locust = Callable[..., subprocess.CompletedProcess[str]]
PROFILE = """
title = "Brief"
about = "All channels, for three seconds."
duration = "PT3S"
people = 60
[mix.rest]
read_kontaktgruppe = 6
create_kontaktgruppe = 2
[mix.soap]
read_kontaktgruppe = 4
create_personkategori = 1
empty_queue = 1
[rate]
calls_per_month = 864_000
working_days = 1
hours = [0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0]
from_hour = 9
to_hour = 10
times = [0.1]
[[threshold]]
what = "errors"
max = 0
"""
"""Twenty-four calls a second."""
Calls = Counter[str]


def run_locust(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "locust", "-f", str(locustfile()), "--headless", "--only-summary", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=DEADLINE_S, check=False)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[StageProcess]:
    with stage_process("--control-port", "0", "--people", "0", folder=tmp_path) as process:
        yield process


@pytest.fixture
def locust(stage: StageProcess, tmp_path: Path) -> Locust:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        target = ("--host", stage.services, "--control", stage.control, "--people", "60", "--seed", "5")
        return run_locust(tmp_path, *target, *arguments)

    return run


def journal_calls(stage: StageProcess) -> Calls:
    """Count the calls to the services that the stage's journal has: rest, soap, and wsrm."""
    with HttpTransport(stage.control) as transport:
        entries = Control(transport).journal().entries
    names = [str(entry.data["path"]).rsplit("/", 1)[-1] for entry in entries if entry.kind is EntryType.CALL]
    return Counter("wsrm" if "Wsrm" in name else "soap" if name.endswith(".svc") else "rest" for name in names)


def csv_calls(prefix: Path) -> tuple[Calls, int]:
    """Count the calls in Locust's own CSV file in the same way, and its failures."""
    calls: Calls = Counter()
    failures = 0
    with Path(f"{prefix}_stats.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["Type"]:
                calls["wsrm" if row["Name"] == "empty_queue" else row["Type"]] += int(row["Request Count"])
                failures += int(row["Failure Count"])
    return calls, failures


def test_closed_users_make_rest_soap_and_wsrm_calls_that_reach_the_stage(
    locust: Locust, stage: StageProcess, tmp_path: Path
) -> None:
    done = locust("-u", "20", "-r", "20", "-t", "6s", "--think", "0.2", "--csv", "out")
    assert done.returncode == 0, done.stderr
    calls, failures = csv_calls(tmp_path / "out")
    assert failures == 0
    assert set(calls) == {"rest", "soap", "wsrm"}
    assert journal_calls(stage) == calls


@pytest.mark.slow
@pytest.mark.parametrize("processes", [(), ("--processes", "2")], ids=["alone", "two workers"])
def test_the_profiles_shape_offers_its_calls_and_ends_by_itself(
    processes: tuple[str, ...], locust: Locust, stage: StageProcess, tmp_path: Path
) -> None:
    (tmp_path / "brief.toml").write_text(PROFILE, "utf-8")
    done = locust("--profile", "brief.toml", "--csv", "out", "--report", "report", *processes)
    result = read_result(tmp_path / "report")
    judged = {
        LoadVerdict.PASSED: 0,
        LoadVerdict.NOT_JUDGED: 2,
    }  # not judged: a machine too busy to offer the load in time
    assert done.returncode == judged[result.verdict], done.stderr
    assert (result.errors, result.interrupted) == (0, False)
    assert result.offer is not None
    assert 30 < result.offer.due < 120, "a Poisson count of 72 lies within five deviations"
    calls, failures = csv_calls(tmp_path / "out")
    assert failures == 0
    assert journal_calls(stage) == calls
    assert result.calls == calls.total()
    assert calls["rest"] + calls["soap"] < result.offer.due <= result.calls, "emptying the queue is several calls"


@pytest.mark.slow
def test_tags_and_user_classes_choose_among_the_calls(locust: Locust, stage: StageProcess, tmp_path: Path) -> None:
    done = locust("RestUser", "SoapUser", "--tags", "soap", "-u", "4", "-t", "3s", "--think", "0.1", "--csv", "out")
    assert done.returncode == 0, done.stderr
    calls, _ = csv_calls(tmp_path / "out")
    assert set(calls) == {"soap"}
    assert journal_calls(stage) == calls


@pytest.mark.slow
def test_a_comparison_is_played_too(locust: Locust, tmp_path: Path) -> None:
    done = locust("--profile", "soap_transition", "-t", "5s", "--people", "150", "--report", "report")
    result = read_result(tmp_path / "report")
    assert result.errors == 0
    assert {block.channel for block in result.blocks} == {"rest", "converter", "classic", "line"}
    assert done.returncode in {0, 2}, done.stderr  # 2: too few rounds in so short a time for a ratio


@pytest.mark.slow
def test_calls_that_fail_decide_the_exit_code(tmp_path: Path) -> None:
    (tmp_path / "brief.toml").write_text(PROFILE, "utf-8")
    with stub(status=400) as target:
        done = run_locust(
            tmp_path, "--host", target.address, "--profile", "brief.toml", "--tags", "read", "--csv", "out"
        )
    assert done.returncode in {1, 2}, done.stderr  # 2: as above
    calls, failures = csv_calls(tmp_path / "out")
    assert failures == calls.total() > 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("--host", "http://example.com"),
            "--host http://example.com: is not on this machine; --allow-remote says that it",
        ),
        (("--host", "http://127.0.0.1:9", "--control", "http://10.0.0.1"), "--control http://10.0.0.1: is not on this"),
        (("--host", "127.0.0.1:9"), "--host 127.0.0.1:9: must be an address such as http://127.0.0.1:8480"),
        (("--control", "http://10.0.0.1"), "--control http://10.0.0.1: is not on this"),
        (("--host", "http://127.0.0.1:9", "--profile", "weekend"), "profile 'weekend': unknown; known are"),
        (("--host", "http://127.0.0.1:9", "--tags", "none"), "the profile has no calls for these users and tags"),
        (("--host", "http://127.0.0.1:9", "--profile", "night"), "nightly needs a control API; give --control"),
        (("--host", "http://127.0.0.1:9", "--control", "http://127.0.0.1:1"), "the stage cannot be prepared"),
    ],
    ids=lambda value: "_".join(value) if isinstance(value, tuple) else "",
)
def test_a_target_or_profile_that_cannot_be_is_refused(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    done = run_locust(tmp_path, *arguments)
    assert done.returncode != 0
    assert f"vos_load: {says}" in done.stderr or says in done.stderr.partition("vos_load: ")[2]
