"""The command `up`: addresses, example calls, restarts, and errors of configuration."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from generalproeve.settings.stage import StageSettings
from generalproeve.stage.stage import Stage, serve_until_signal
from support.processes import StageProcess, stage_process
from vos_contracts.wire.soap import envelope


def test_one_line_when_ready_and_every_address_answers(tmp_path: Path) -> None:
    with stage_process(folder=tmp_path) as process:
        assert process.ready["ready"] is True
        assert process.ready["release"] == "2024-4"
        assert len(process.ready["people"]) == 4
        for name, address in process.ready["addresses"].items():
            response = httpx.get(address)
            if name.startswith("REST"):
                assert (response.status_code, response.json()["fejl"][0]["fejlkode"]) == (401, 1100), name
            else:
                assert response.status_code == (405 if name == "WSB-abonnement" else 200), name
        assert process.interrupt() == 0
        assert process.popen.stdout is not None
        assert process.popen.stdout.read() == ""


def test_the_examples_work_when_pasted(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "generalproeve", "up", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, encoding="utf-8") as popen:
        try:
            assert popen.stdout is not None
            lines: list[str] = []
            while not lines or "Ctrl-C" not in lines[-1]:
                line = popen.stdout.readline()
                assert line, "the stage ended before it was ready"
                lines.append(line)
            rest, soap_ = re.findall(r"^curl .*?^EOF$", "".join(lines), re.MULTILINE | re.DOTALL)
            response = [
                subprocess.run(["bash", "-c", item], capture_output=True, text=True, check=True).stdout
                for item in (rest, soap_)
            ]
            assert re.fullmatch(r'"[0-9a-f-]{36}"', response[0])
            receipt = envelope.read_response(response[1].encode())
            assert not isinstance(receipt, envelope.Fault), response[1]
            assert str(receipt.tag).endswith("CreateContactGroupResponse")
        finally:
            popen.terminate()
            popen.wait(timeout=30)


@pytest.mark.slow
def test_a_release_without_soap_has_no_soap_example(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "generalproeve", "up", "--port", "0", "--release", "2025-2", "--people", "1"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, encoding="utf-8") as popen:
        try:
            assert popen.stdout is not None
            lines: list[str] = []
            while not lines or "Ctrl-C" not in lines[-1]:
                line = popen.stdout.readline()
                assert line, "the stage ended before it was ready"
                lines.append(line)
        finally:
            popen.terminate()
            popen.wait(timeout=30)
    (rest,) = re.findall(r"^curl .*?^EOF$", "".join(lines), re.MULTILINE | re.DOTALL)
    assert "kontaktgruppeType" in rest


def test_a_failing_ready_callback_stops_the_stage() -> None:
    def breaks_down(stage: Stage) -> None:
        raise ZeroDivisionError(stage.services)

    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        with pytest.raises(ZeroDivisionError, match="http://127"):
            serve_until_signal(StageSettings(port=0, control_port=0), breaks_down)
    finally:
        for number, old in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
            signal.signal(number, old)


@pytest.mark.slow
def test_a_half_sent_call_at_stop_logs_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "generalproeve", "up", "--port", "0", "--json"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as popen:
        assert popen.stdout is not None
        ready = json.loads(popen.stdout.readline())
        host, _, port = ready["services"].removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as sock:
            sock.sendall(
                b"POST /v1/PersonVisitering/kontaktgruppe HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\n\r\n{"
            )
            assert httpx.get(f"{ready['control']}/control/status").status_code == 200
            popen.terminate()
            _, stderr = popen.communicate(timeout=30)
    assert (popen.returncode, stderr) == (0, "")


@pytest.mark.slow
def test_data_and_citizens_survive_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "stage.db"
    with stage_process("--db", str(file), folder=tmp_path) as process:
        first = set(process.ready["people"])
    with stage_process("--db", str(file), folder=tmp_path) as process:
        assert httpx.get(f"{process.control}/control/status").json()["people"] == 8
        assert not first & set(process.ready["people"])


@pytest.mark.slow
@pytest.mark.parametrize("clock", [(), ("--clock", "2024-11-18T09:00:00+01:00")], ids=["real", "frozen"])
def test_the_clock_does_not_go_back_at_a_restart(clock: tuple[str, ...], tmp_path: Path) -> None:
    def time(process: StageProcess) -> datetime:
        return datetime.fromisoformat(httpx.get(f"{process.control}/control/status").json()["clock"])

    with stage_process("--db", str(tmp_path / "stage.db"), *clock, folder=tmp_path) as process:
        httpx.put(f"{process.control}/control/clock", json={"forward": "P40D"}, timeout=60).raise_for_status()
        reached = time(process)
    with stage_process("--db", str(tmp_path / "stage.db"), *clock, folder=tmp_path) as process:
        assert time(process).date() >= reached.date()


@pytest.mark.parametrize(
    ("toml", "flag", "code", "text"),
    [
        ("[stage]\nport = 99999\n", [], 2, "generalproeve.toml: stage.port: must be a port number 0-65535"),
        ("[stage]\nprot = 1\n", [], 2, "generalproeve.toml: stage.prot: unknown key; known are db"),
        ("[scene]\n", [], 2, "generalproeve.toml: unknown table [scene]; known are stage, profile"),
        ("[stage\n", [], 2, "generalproeve.toml: "),
        ("[stage]\ndb = '${FINDES_IKKE_HER}'\n", [], 2, "stage.db: the environment has no FINDES_IKKE_HER"),
        ("[stage]\nclock = '2024-11-18T09:00:00'\n", [], 2, "stage.clock: must have an offset"),
        ("[stage]\nallow_real_cpr = 'ja'\n", [], 2, "stage.allow_real_cpr: must be true or false"),
        ("[stage]\nrelease = '2030-1'\n", [], 2, "release '2030-1' is unknown; known are 2024-3"),
        (
            "[stage]\nhost = '0.0.0.0'\n",
            [],
            2,
            "host 0.0.0.0: is not on this machine; --allow-remote says that it is meant",
        ),
        ("", ["--contract", "findes-ikke"], 2, "findes-ikke: the overlay is not a folder"),
        ("", ["--clock", "i morgen"], 2, "--clock: must be a date-time"),
        ("", ["--clock", "1890-01-01T00:00:00+01:00"], 2, "--clock: must lie in the years 2000-2057, not 1890"),
        ("", ["--port", "48480", "--control-port", "48480"], 2, "port and control_port are both 48480"),
        ("", ["--db", "findes/ikke.db"], 2, "ikke.db: No such file or directory"),
        ("[stage]\n", ["--db", "generalproeve.toml"], 2, "generalproeve.toml: file is not a database"),
        ("", ["--release", "2030-1"], 2, "release '2030-1' is unknown"),
        ("", ["--backend", "withdrawn"], 4, "--backend"),
        ("[stage]\nbroker = 'http://localhost/'\n", [], 2, "generalproeve.toml: stage.broker: must begin with amqp://"),
        ("[stage]\nbroker = 5672\n", [], 2, "stage.broker: must be a text"),
        ("", ["--broker", "amqps://u:hemmelig@localhost"], 2, "--broker: must begin with amqp://"),
        ("", ["--broker", "amqp://u:hemmelig@star.example:5672/"], 2, "--broker: the broker must be on loopback"),
        ("", ["--broker", "amqp://u:hemmelig@localhost:99999/"], 2, "--broker: must be an address such as amqp://"),
        ("", ["--broker", "amqp://u:hemmelig@localhost/a/b"], 2, "--broker: nothing may follow the virtual host"),
        ("", ["--ukendt"], 4, "No such option"),
    ],
)
def test_a_configuration_error_names_key_and_file(
    tmp_path: Path, toml: str, flag: list[str], code: int, text: str
) -> None:
    (tmp_path / "generalproeve.toml").write_text(toml, "utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "generalproeve", "up", "--port", "0", *flag],
        cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert result.returncode == code, result.stderr
    assert text in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_an_occupied_port_is_named(tmp_path: Path) -> None:
    with stage_process(folder=tmp_path) as process:
        port = process.services.rpartition(":")[2]
        result = subprocess.run(
            [sys.executable, "-m", "generalproeve", "up", "--port", port, "--control-port", "0"],
            cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip
    assert result.returncode == 2
    assert f"port {port} on 127.0.0.1" in result.stderr


@pytest.mark.slow
def test_flags_override_the_file(tmp_path: Path) -> None:
    (tmp_path / "generalproeve.toml").write_text("[stage]\nrelease = '2025-1'\nbackend = 'classic'\n", "utf-8")
    with stage_process(folder=tmp_path) as process:
        assert (process.ready["release"], process.ready["backend"]) == ("2025-1", "classic")
    with stage_process("--release", "2024-3", folder=tmp_path) as process:
        assert process.ready["release"] == "2024-3"
