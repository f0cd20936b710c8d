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

from support.load_stub import stub
from support.processes import accept_ctrl_c
from support.remote_stage import certificates
from vos_load.recording import LINE
from vos_load.result import read_result

PROGRAM = [sys.executable, "-m", "generalproeve", "load"]
DEADLINE_S = 240
READING = """
title = "Læsning"
about = "Kun læsning."
duration = "PT6S"
people = 20
[mix.rest]
read_kontaktgruppe = 1
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
USERS = 480
"""Those who can make sixty calls a second for eight seconds without an answer."""

Load = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*PROGRAM, *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=DEADLINE_S, check=False
        )

    return run


@pytest.fixture
def reading(tmp_path: Path) -> str:
    file = tmp_path / "reading.toml"
    file.write_text(READING, "utf-8")
    return str(file)


def _json(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.stdout, done.stderr
    content: dict[str, Any] = json.loads(done.stdout)
    return content


def test_the_comparison_gives_report_figures_and_intervals(load: Load, tmp_path: Path) -> None:
    done = load("soap_transition", "--rounds", "8", "--people", "200", "--seed", "3", "--json")
    assert done.returncode == 0, done.stdout[-500:] + done.stderr
    said = _json(done)
    assert (said["verdict"], said["errors"], said["seed"]) == ("passed", 0, 3)
    assert said["calls"] == 8 * 3 * 6 * 10, "eight rounds, three channels, six operations, ten calls; no warm-up"
    ratios = {(item["operation"], item["channel"], item["against"]) for item in said["ratios"]}
    assert len(ratios) == 3 * 7
    assert ("all", "converter", "classic") in ratios
    assert all(item["low"] <= item["ratio"] <= item["high"] and item["rounds"] == 8 for item in said["ratios"])
    assert set(said["converter_parts_ms"]) == {"parse", "validate", "convert", "rest", "serialise"}
    assert said["stage"]["release"] == "2024-4"
    page = (tmp_path / "load" / "report.html").read_text("utf-8")
    assert "gange så langsom som REST" in page
    with (tmp_path / "load" / "samples.csv").open(encoding="utf-8", newline="") as file:
        samples = list(csv.DictReader(file))
    assert sum(sample["channel"] != LINE for sample in samples) == said["calls"]
    assert {sample["round"] for sample in samples} == {str(item) for item in range(8)}
    assert said["line_ms"] > 0


@pytest.mark.slow
def test_the_files_certificates_are_not_for_the_stage_that_is_loaded(load: Load, reading: str, tmp_path: Path) -> None:
    certificates(tmp_path)
    stage = '[stage]\ntls_certificate = "server.pem"\ntls_key = "server.key"\nclient_ca = "ca.pem"\n'
    (tmp_path / "generalproeve.toml").write_text(stage, "utf-8")
    said = _json(load(reading, "--duration", "PT1S", "--seed", "1", "--json"))
    assert said["errors"] == 0
    assert said["calls"] > 0


@pytest.mark.slow
def test_more_users_on_the_page_do_not_repeat_the_traffic(reading: str, tmp_path: Path) -> None:
    """Open traffic is what the profile says, whatever number of users Locust's page is given."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [*PROGRAM, reading, "--seed", "1", "--ui", str(port)]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, preexec_fn=accept_ctrl_c
    ) as done, httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as page:  # fmt: skip
        wait_until(lambda: _answers(page), "Locust's page")
        page.post("/swarm", data={"user_count": "5", "spawn_rate": "5", "host": ""}).raise_for_status()

        def stats() -> dict[str, Any]:
            answer: dict[str, Any] = page.get("/stats/requests").json()
            return answer

        wait_until(lambda: sum(stat["num_requests"] for stat in stats()["stats"]) > 0, "the first calls")
        assert stats()["user_count"] == USERS, "the pool that the profile's rate needs, not the page's five"
        done.send_signal(signal.SIGINT)
        done.communicate(timeout=60)


def wait_until(true: Callable[[], bool], what: str) -> None:
    """Wait for it, with a deadline."""
    between = threading.Event()
    for _ in range(DEADLINE_S * 5):
        if true():
            return
        between.wait(0.2)
    raise AssertionError(f"{what}: not within {DEADLINE_S} s")


def _answers(page: httpx.Client) -> bool:
    try:
        return page.get("/").status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.slow
def test_a_master_and_two_workers_divide_the_traffic(tmp_path: Path) -> None:
    """Over Locust's own line, as on several machines; every call that was due is made once."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        master = f"127.0.0.1:{listener.getsockname()[1]}"
    flag = ["peak", "--duration", "PT5S", "--times", "0.2", "--seed", "5", "--people", "300", "--json"]
    workers = [subprocess.Popen([*PROGRAM, "worker", master], cwd=tmp_path) for _ in range(2)]
    try:
        done = subprocess.run(
            [*PROGRAM, *flag, "--master", master, "--workers", "2"],
            cwd=tmp_path, capture_output=True, text=True, timeout=DEADLINE_S, check=False,
        )  # fmt: skip
        assert [worker.wait(30) for worker in workers] == [0, 0]
    finally:
        for worker in workers:
            if worker.poll() is None:
                worker.kill()
    said = _json(done)
    assert done.returncode in {0, 2}, done.stderr  # 2: a machine too busy to offer the load in time
    assert (said["errors"], said["error_reasons"]) == (0, {})
    of_the_queue = next(item["calls"] for item in said["operations"] if item["operation"] == "empty_queue")
    without_queue = said["calls"] - of_the_queue
    assert said["offer"]["due"] > 0
    assert without_queue <= said["offer"]["due"] <= said["calls"], (
        "emptying the queue is several calls, the others one each"
    )
    assert {item["channel"] for item in said["operations"]} == {"rest", "soap"}


@pytest.mark.slow
def test_several_processes_of_one_machine_do_the_same(load: Load) -> None:
    done = load("weekday", "--duration", "PT4S", "--processes", "2", "--people", "100", "--times", "4", "--json")
    said = _json(done)
    assert done.returncode in {0, 2}, done.stderr
    assert said["errors"] == 0
    assert said["calls"] > 0


@pytest.mark.slow
def test_the_nightly_jobs_run_beside_the_traffic(load: Load) -> None:
    said = _json(load("night", "--duration", "PT5S", "--people", "500", "--json"))
    assert said["nightly"]["seen"] == 500
    assert 2.0 <= said["nightly"]["begun"] < said["nightly"]["ended"]
    assert said["errors"] == 0


@pytest.mark.slow
def test_a_stall_counts_for_all_that_were_due_meanwhile(load: Load, reading: str, tmp_path: Path) -> None:
    """The open kind counts those who were due during a stall; one closed user meets it once, and hides it."""
    slow: dict[str, int] = {}
    for name, flag in (("open", ()), ("closed", ("--users", "1", "--think", "0.01"))):
        with stub(stop=(2.0, 4.0)) as target:
            done = load(reading, target.address, "--seed", "1", "--out", name, *flag)
        assert done.returncode in {0, 2}, done.stderr
        run_result = read_result(tmp_path / name)
        (measured,) = (item for item in run_result.operations if item.operation == "read_kontaktgruppe")
        assert measured.errors == 0
        (distribution,) = run_result.distributions.values()
        slow[name] = sum(count for ms, count in distribution if ms > 500)
        assert ("coordinated omission" in done.stdout) == (name == "closed")
    assert slow["open"] > 60, "sixty a second were due during two seconds of stall; most waited over half a second"
    assert slow["closed"] <= 5


def test_errors_fail_the_run_and_say_why(load: Load, reading: str, tmp_path: Path) -> None:
    answer = b'{"fejl":[{"fejlkode":4404,"fejltekst":"x","beskrivelse":"borger 0203840021"}]}'
    with stub(status=400, body=answer) as target:
        done = load(reading, target.address, "--duration", "PT1S", "--users", "2")
    assert done.returncode == 1, done.stderr
    assert "fejl: status 400 med 4404" in done.stdout
    files = "".join((tmp_path / "load" / item).read_text("utf-8") for item in ("result.json", "report.html"))
    assert "borger 020384" in files
    assert "0203840021" not in files + done.stdout, "CPR numbers are masked in everything that is kept or shown"
    assert "overskredet: andel af kald der fejlede er 1, højst 0" in done.stdout


def test_nobody_who_answers_is_unreachable(load: Load, reading: str) -> None:
    done = load(reading, "http://127.0.0.1:1")
    assert done.returncode == 3
    assert "http://127.0.0.1:1" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("weekend",), 2, "profile 'weekend': unknown; known are"),
        (("peak", "https://example.com"), 2, "is not on this machine; --allow-remote says that it is meant"),
        (("peak", "--master", "10.0.0.1:5557"), 2, "--master http://10.0.0.1:5557: is not on this machine"),
        (("peak", "--master", "10.0.0.1:5557", "--allow-remote"), 4, "cannot reach the embedded stage"),
        (("peak", "--master", "127.0.0.1"), 4, "--master 127.0.0.1: must be HOST:PORT"),
        (("peak", "--workers", "3"), 4, "--workers come to --master"),
        (("peak", "--ui", "8090", "--processes", "2"), 4, "--ui is for one process"),
        (("peak", "--users", "1", "--processes", "2"), 4, "1 users cannot be divided over 2 processes"),
        (("peak", "--people", "1", "--processes", "2"), 2, "people: 1 cannot be divided over 2 processes"),
        (("soap_transition", "--people", "30"), 2, "people: 30 are too few; a round of the comparison takes 80"),
        (("soap_transition", "--rounds", "5"), 4, "5 is not in the range"),
        (("peak", "--times", "-1"), 4, "-1.0 is not in the range"),
        (("peak", "--seed", "-1"), 4, "-1 is not in the range"),
        (("peak", "--duration", "P99999999999D"), 4, "--duration: must be an ISO 8601 duration"),
        (("peak", "--duration", "kort"), 4, "--duration: must be an ISO 8601 duration"),
        (("peak", "--rounds", "9"), 4, "--rounds: peak is not a comparison"),
        (("soap_transition", "--users", "5"), 4, "--users: soap_transition is a comparison"),
        (("soap_transition", "--processes", "2"), 4, "no --processes, --master or --ui"),
        (("soap_transition", "embedded:release=2025-2"), 2, "has no SOAP registration to compare with"),
        (
            ("peak", "--users", "5", "--times", "2"),
            4,
            "--times: closed users have no rate; each calls when its answer has come",
        ),
        (("peak", "embedded:release=1999-1"), 2, "1999-1"),
        (("peak", "http://127.0.0.1:9", "--db", "x.db"), 4, "--db is for the embedded stage"),
        (("compare", "a", "b"), 2, "a: is not the result of a load run"),
        (("worker", "here"), 4, "MASTER here: must be HOST:PORT"),
    ],
    ids=lambda item: "_".join(item) if isinstance(item, tuple) else "",
)
def test_wrong_use_is_told_before_anything_starts(load: Load, arguments: tuple[str, ...], code: int, says: str) -> None:
    done = load(*arguments)
    assert says in done.stderr
    assert done.returncode == code


def test_the_profiles_are_listed(load: Load) -> None:
    assert {"weekday", "peak", "night", "soap_transition", "endurance"} <= set(load("profiles").stdout.split())


@pytest.mark.slow
def test_two_runs_are_compared(load: Load, tmp_path: Path) -> None:
    done = load("soap_transition", "--rounds", "8", "--people", "120", "--seed", "3", "--out", "a")
    assert done.returncode == 0, done.stderr
    assert load("compare", "a", "a").returncode == 0
    run_result = json.loads((tmp_path / "a" / "result.json").read_text("utf-8"))
    for block in run_result["blocks"]:
        if block["channel"] == "converter":
            block["ms"] = [ms * 3 for ms in block["ms"]]
    (tmp_path / "b.json").write_text(json.dumps(run_result), "utf-8")
    slower = load("compare", "a", "b.json", "--json")
    assert slower.returncode == 1
    verdicts = {(one["operation"], one["channel"]): one["verdict"] for one in json.loads(slower.stdout)}
    assert verdicts["all", "converter"] == "slower"
    assert verdicts["all", "classic"] == "same"
    assert load("compare", "b.json", "a").returncode == 0


@pytest.mark.slow
def test_the_results_distribution_has_all_calls(load: Load, reading: str, tmp_path: Path) -> None:
    with stub() as target:
        assert load(reading, target.address, "--duration", "PT2S", "--seed", "4").returncode in {0, 2}
    run_result = read_result(tmp_path / "load")
    (steps,) = run_result.distributions.values()
    assert (
        sum(count for _, count in steps)
        == run_result.calls
        == sum(round(series_item.answered * 0.25) for series_item in run_result.series)
    )


def _children(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 2), pytest.param("SIGTERM", 143, marks=pytest.mark.slow)])
def test_an_interrupted_run_leaves_no_processes(name: str, code: int, tmp_path: Path) -> None:
    """Ctrl-C stops the calls and reports what was measured; being ended ends the stage and the calls too."""
    with subprocess.Popen(
        [*PROGRAM, "peak", "--duration", "PT10M", "--times", "0.1", "--people", "50"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=accept_ctrl_c,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        for line in process.stderr:
            if line.endswith("sekunder\n"):
                break
        children = _children(process.pid)
        assert len(children) == 2, "the stage and the calls"
        sent = signal.Signals[name]
        if name == "SIGINT":  # a terminal sends it to the whole group
            os.killpg(process.pid, sent)
        else:
            process.send_signal(sent)
        out, _ = process.communicate(timeout=60)
        assert process.returncode == code, out
        assert ("ikke bedømt: kørslen blev afbrudt" in out) == (name == "SIGINT")
    _, alive = psutil.wait_procs(children, timeout=30)
    assert alive == []
    assert (tmp_path / "load" / "report.html").is_file() == (name == "SIGINT")
