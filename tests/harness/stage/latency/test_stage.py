"""A stage with a latency model over real sockets: times, faults, the control API, and the name in every report."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import trustme

from generalproeve.cli.fuzz import resolved_target
from generalproeve.report import diff, reading, write_html, write_junit
from generalproeve.report.console import as_json
from generalproeve.report.journal import JournalWriter
from generalproeve.run.results import RunDescription, RunResult, ScenarioResult
from generalproeve.settings.options import Given
from generalproeve.settings.stage import StageSettings
from generalproeve.stage.latency.distribution import Lognormal, UniformDistribution, uniform_stream
from generalproeve.stage.latency.layer import Rule
from generalproeve.stage.latency.measurement import CallOutcome
from generalproeve.stage.latency.model import FaultEntry
from generalproeve.stage.stage import Stage, embedded
from support.builders import JOBCENTER, NOW, TODAY, contract
from support.processes import stage_process
from vos_contracts.base import stopwatch
from vos_contracts.base.ids import new_uuid
from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.base import UnreachableError
from vos_contracts.wire.rest.registration import Refusal
from vos_simulators.control import Control
from vos_simulators.parties import AKASSE, KSS
from vos_simulators.party import Channel, Party
from vos_simulators.people import People, on_stage
from vos_simulators.transport import Access, HttpTransport

CODE_LISTS, CALLS, SEED = "/v1/Kodeliste", 200, 17
SLOW = {"seed": SEED, "rule": [
    {"channel": "soap", "fixed_ms": 30}, {"service": "KodelisteService", "median_ms": 5, "sigma": 0.3},
]}  # fmt: skip
NO_TIME = UniformDistribution(0, 0)
CREATE = Create(Kind.KONTAKTGRUPPE, 13, TODAY)


@dataclass
class SlowStage:
    """A stage with a latency model, and clients of its APIs."""

    stage: Stage
    services: HttpTransport
    control: Control
    people: People

    @property
    def address(self) -> str:
        return f"{self.stage.control}/control/latency"

    def choose(self, model: object) -> Mapping[str, Any]:
        answer = httpx.put(self.address, json=model, trust_env=False)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def account(self) -> Mapping[str, Any]:
        return dict(httpx.get(self.address, trust_env=False).json())

    def posts(self) -> list[JournalEntry]:
        """Return the journal entries since the last reset."""
        posts = list(self.control.journal().entries)
        return posts[max(nr for nr, entry in enumerate(posts) if entry.kind is EntryType.RESET) :]

    def noted(self, key: str) -> list[str]:
        return [str(entry.data[key]) for entry in self.posts() if entry.kind is EntryType.LATENCY and key in entry.data]

    def party(self, line: HttpTransport | None = None) -> Party:
        return Party(KSS.identity(JOBCENTER, NOW), contract(), line or self.services, new_uuid)

    def citizen(self) -> str:
        citizen = self.people.new(40, NOW.date())
        self.control.set_up(on_stage(citizen, akasse=AKASSE))
        return citizen.cpr

    def groups(self, cpr: str) -> int:
        """Count the citizen's kontaktgrupper, with latency switched off."""
        httpx.delete(self.address, trust_env=False).raise_for_status()
        shown = self.party().read(cpr, Kind.KONTAKTGRUPPE)
        assert not isinstance(shown, Refusal)
        return len(shown)

    def outcome(self, path: str = CODE_LISTS) -> str:
        """Call on a new connection; return the status, or how the connection ended."""
        with self.open_call(path, "connection: close\r\n") as sock:
            try:
                answer = sock.recv(65536)
                while sock.recv(65536):
                    pass
            except ConnectionResetError:
                return "reset"
        return answer.split(b" ", 2)[1].decode() if answer else "closed"

    def open_call(self, path: str = CODE_LISTS, header: str = "") -> socket.socket:
        return begin_call(self.stage.services, path, header)


def begin_call(address: str, path: str = CODE_LISTS, header: str = "") -> socket.socket:
    parts = urlsplit(address)
    sock = socket.create_connection((parts.hostname, parts.port), timeout=60)
    sock.sendall(f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{header}\r\n".encode())
    return sock


@pytest.fixture(scope="module")
def _stage() -> Iterator[SlowStage]:
    with (
        embedded(StageSettings(port=0, control_port=0, clock=NOW, latency="epic")) as stage,
        HttpTransport(stage.services) as services,
        HttpTransport(str(stage.control)) as control,
    ):
        yield SlowStage(stage, services, Control(control), People(seed=1728))


@pytest.fixture
def stage(_stage: SlowStage) -> SlowStage:
    """The stage after a reset, with a fresh SLOW model."""
    _stage.control.reset()
    _stage.choose(SLOW)
    return _stage


def test_every_call_takes_at_least_the_time_that_was_drawn(stage: SlowStage) -> None:
    rule_draws, measured = Rule(1, Lognormal(0.005, 0.3), FaultEntry(), uniform_stream(f"{SEED}/1")), []
    with httpx.Client(base_url=stage.stage.services, trust_env=False) as client:
        for _ in range(CALLS):
            begun = stopwatch.seconds()
            assert client.get(CODE_LISTS).status_code == 200
            measured.append(stopwatch.seconds() - begun)
    drawn = [rule_draws.draw()[1] for _ in range(CALLS)]
    assert [nr for nr, (took, least) in enumerate(zip(measured, drawn, strict=True)) if took < least] == []
    rule, in_order = stage.account()["rules"][1], sorted(drawn)
    assert (rule["calls"], rule["outcomes"]["answered"]) == (CALLS, CALLS)
    for name, share in (("p05", 0.05), ("median", 0.5), ("p95", 0.95), ("p99", 0.99)):
        assert rule["drawn"][name] == pytest.approx(in_order[int(share * (CALLS - 1))] * 1000, abs=0.001)
        assert rule["held"][name] >= rule["drawn"][name]


def test_a_soap_rule_delays_soap_calls_only(stage: SlowStage) -> None:
    cpr, begun = stage.citizen(), stopwatch.seconds()
    assert not isinstance(stage.party().register(cpr, CREATE, Channel.PRS), Refusal)
    assert stopwatch.seconds() - begun >= 0.03
    assert not isinstance(stage.party().read(cpr, Kind.KONTAKTGRUPPE), Refusal)
    soap, rest = stage.account()["rules"]
    assert (soap["calls"], soap["held"]["median"] >= 30, rest["calls"]) == (1, True, 0)


def test_a_delayed_call_blocks_no_other(stage: SlowStage) -> None:
    stage.choose({"rule": [{"service": "KodelisteService", "fixed_ms": 3_600_000}]})
    with stage.open_call():
        while not stage.account()["rules"][0]["calls"]:
            pass
        assert stage.outcome("/openapi.json") == "200"
        assert not isinstance(stage.party().read(stage.citizen(), Kind.KONTAKTGRUPPE), Refusal)


def test_faults_are_those_that_were_drawn_and_are_journalled(stage: SlowStage) -> None:
    faults = {"error_share": 0.2, "reset_share": 0.2, "timeout_share": 0.1, "timeout_s": 0.05}
    stage.choose({"seed": SEED, "rule": [{"service": "KodelisteService", "fixed_ms": 1, "faults": faults}]})
    seen = [stage.outcome() for _ in range(CALLS)]
    as_seen = {
        CallOutcome.ANSWERED: "200", CallOutcome.ERROR: "503", CallOutcome.RESET: "reset", CallOutcome.SILENT: "closed",
    }  # fmt: skip
    rule_draws = Rule(
        0,
        UniformDistribution(0, 0),
        FaultEntry(error_share=0.2, reset_share=0.2, timeout_share=0.1),
        uniform_stream(f"{SEED}/0"),
    )
    assert seen == [as_seen[rule_draws.draw()[0]] for _ in range(CALLS)]
    assert set(seen) == set(as_seen.values())
    assert stage.account()["rules"][0]["outcomes"] == {item.value: seen.count(as_seen[item]) for item in CallOutcome}
    assert len(stage.noted("outcome")) == CALLS - seen.count("200")


@pytest.mark.parametrize(("channel", "status"), [(Channel.PVS, 503), (Channel.PRS, 500)])
def test_an_error_has_the_format_of_its_channel_and_nothing_is_carried_out(
    stage: SlowStage, channel: Channel, status: int
) -> None:
    cpr, headers = stage.citizen(), list[Mapping[str, str]]()
    stage.choose({"rule": [{"faults": {"error_share": 1}}]})
    with HttpTransport(stage.stage.services, lambda call, response, seconds: headers.append(response.headers)) as line:
        refused = stage.party(line).register(cpr, CREATE, channel)
    assert isinstance(refused, Refusal)
    assert (refused.status, [error.code for error in refused.errors], headers[0]["retry-after"]) == (
        status,
        [1011],
        "1",
    )
    assert stage.groups(cpr) == 0
    assert {EntryType.MESSAGE_QUEUED, EntryType.WSB_QUEUED}.isdisjoint(entry.kind for entry in stage.posts())


@pytest.mark.parametrize(
    ("fault", "after", "channel"),
    [
        ("reset", False, Channel.PVS),
        ("reset", True, Channel.PRS),
        ("timeout", False, Channel.PRS),
        ("timeout", True, Channel.PVS),
    ],
)
def test_a_call_without_an_answer_was_carried_out_or_not(
    stage: SlowStage, fault: str, after: bool, channel: Channel
) -> None:
    cpr = stage.citizen()
    stage.choose({"rule": [{"faults": {f"{fault}_share": 1, f"{fault}_after": after, "timeout_s": 0.05}}]})
    with pytest.raises(UnreachableError, match="reset by peer" if fault == "reset" else "without sending a response"):
        stage.party().register(cpr, CREATE, channel)
    assert stage.groups(cpr) == int(after)


def test_silence_lasts_until_the_timeout_or_until_the_caller_gives_up(stage: SlowStage) -> None:
    stage.choose({"rule": [{"service": "KodelisteService", "faults": {"timeout_share": 1, "timeout_s": 0.3}}]})
    begun = stopwatch.seconds()
    assert stage.outcome() == "closed"
    assert stopwatch.seconds() - begun >= 0.3
    stage.choose({"rule": [{"service": "KodelisteService", "faults": {"timeout_share": 1, "timeout_s": 3600}}]})
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{stage.stage.services}{CODE_LISTS}", timeout=0.2, trust_env=False)
    assert stage.outcome("/openapi.json") == "200"


def test_a_reset_under_tls(tmp_path: Path) -> None:
    ca = trustme.CA()
    server = ca.issue_cert("127.0.0.1")
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    server.private_key_pem.write_to_path(tmp_path / "server.key")
    server.cert_chain_pems[0].write_to_path(tmp_path / "server.pem")
    (tmp_path / "x.toml").write_text("[[rule]]\n[rule.faults]\nreset_share = 1\n", "utf-8")
    tls = {"tls_certificate": tmp_path / "server.pem", "tls_key": tmp_path / "server.key"}
    with (
        embedded(StageSettings(port=0, control_port=0, latency=tmp_path / "x.toml", **tls)) as stage,
        pytest.raises(ConnectionResetError),
    ):
        parts, received, to_send = urlsplit(stage.services), ssl.MemoryBIO(), ssl.MemoryBIO()
        # over memory BIOs: Python's SSLSocket reports a reset as an ordinary end
        line = Access(ca=tmp_path / "ca.pem").tls().wrap_bio(received, to_send, server_hostname="127.0.0.1")
        with socket.create_connection((parts.hostname, parts.port), timeout=60) as sock:
            while True:
                try:
                    line.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    sock.sendall(to_send.read())
                    received.write(sock.recv(65536))
            line.write(f"GET {CODE_LISTS} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode())
            sock.sendall(to_send.read())
            while sock.recv(65536):
                pass


def test_the_model_can_be_changed_at_run_time_also_for_open_connections(stage: SlowStage) -> None:
    with httpx.Client(base_url=stage.stage.services, trust_env=False) as client:

        def now() -> tuple[int, str | None]:
            return client.get(CODE_LISTS).status_code, stage.control.status().latency

        assert now()[0] == 200
        chosen = stage.choose({"rule": [{"faults": {"error_share": 1}}]})
        assert chosen["model"]["rule"][0]["faults"]["error_share"] == 1
        assert now() == (503, chosen["latency"])
        httpx.delete(stage.address, trust_env=False).raise_for_status()
        assert now() == (200, None)
        assert stage.account() == {"latency": None, "model": None, "rules": []}
        assert stage.choose("epic")["latency"] == "epic"
        assert (now(), stage.account()["rules"][1]["calls"]) == ((200, "epic"), 1)
    assert [name.partition(" ")[0] for name in stage.noted("model")] == ["control", "control", "off", "epic"]
    for body, said in (
        (b"{", "body: is not JSON"),
        (b'"epci"', "body: must be a model, or the name of one (epic)"),
        (b"[]", "body: must be a model, or the name of one (epic)"),
        (b'{"rule":[{"fixed_ms":1},{"fixed_ms":2}]}', "body: rule[1]: is never used"),
    ):
        refused = httpx.put(stage.address, content=body, trust_env=False)
        error = refused.json()["fejl"][0]
        assert (refused.status_code, error["fejlkode"], error["fejltekst"].startswith(said)) == (400, 1014, True)
        assert stage.control.status().latency == "epic"


# commands and reports


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "generalproeve", *arguments],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_up_prints_the_model_and_refuses_an_invalid_one(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text("[[rule]]\nfixed_ms = 1\n", "utf-8")
    (tmp_path / "generalproeve.toml").write_text('[stage]\nlatency = "x.toml"\n', "utf-8")
    for flag, name in ((), "x.toml ("), (("--latency", "epic"), "epic"), (("--latency", "off"), "off"):
        with stage_process("--people", "0", *flag, folder=tmp_path) as process:
            assert process.ready["latency"].startswith(name)
            status = httpx.get(f"{process.control}/control/status", trust_env=False).json()
            assert (status["latency"] or "off") == process.ready["latency"]
    with stage_process("--people", "0", "--no-control", folder=tmp_path) as process:
        assert process.ready["latency"].startswith("x.toml (")
    (tmp_path / "wrong.toml").write_text("[[rule]]\nservice = 'PRS'\nfixed_ms = 1\n", "utf-8")
    refused = command(tmp_path, "up", "--port", "0", "--latency", "wrong.toml")
    assert (refused.returncode, "Traceback" in refused.stderr) == (2, False), refused.stderr
    assert "wrong.toml: rule[0].service: 'PRS' is unknown" in " ".join(refused.stderr.split())


def said(folder: Path) -> tuple[set[str | None], str, bool]:
    """Return the latency in junit.xml and the journal, and whether report.html names it."""
    properties = ET.parse(folder / "junit.xml").getroot().iter("property")
    name = str(json.loads((folder / "journal.ndjson").read_text("utf-8").splitlines()[0])["latency"])
    page = (folder / "report.html").read_text("utf-8")
    return {item.get("value") for item in properties if item.get("name") == "latency"}, name, f"latens {name} ·" in page


@pytest.mark.slow
def test_the_reports_of_a_run_name_the_model(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text("[[rule]]\nfixed_ms = 1\n", "utf-8")
    for flags, name in ((("embedded:", "--latency", "epic"), "epic"), (("embedded:latency=x.toml",), "x.toml (")):
        run = command(tmp_path, "test", *flags, "-k", "De to kodelister er udstillet", "--json", "--out", "out")
        assert run.returncode == 0, run.stdout + run.stderr
        latency = str(json.loads(run.stdout)["latency"])
        assert latency.startswith(name)
        assert said(tmp_path / "out") == ({latency}, latency, True)


def test_a_diff_compares_the_models_if_both_runs_have_one(tmp_path: Path) -> None:
    runs = []
    for latency in ("off", "epic"):
        folder = tmp_path / latency
        folder.mkdir()
        run = RunResult(
            RunDescription("t", "2024-4", "converter", NOW, "0", "h", None, (), latency=latency),
            [ScenarioResult("e", "s", (), {}, [])],
            1,
        )
        write_junit(run, folder / "junit.xml")
        write_html(run, folder / "report.html")
        writer = JournalWriter(folder / "journal.ndjson")
        writer.begun(run)
        writer.ended(run)
        assert said(folder) == ({latency}, latency, True)
        assert json.loads(as_json(run, {}))["latency"] == latency
        runs.append(reading.read(folder / "journal.ndjson"))
    old = tmp_path / "old.ndjson"
    old.write_text((tmp_path / "off" / "journal.ndjson").read_text("utf-8").replace('"latency": "off", ', ""), "utf-8")
    assert "latency" not in old.read_text("utf-8")
    assert diff.description_differences(*runs) == [("latency", "off", "epic")]
    assert diff.description_differences(runs[0], reading.read(old)) == []


def test_fuzz_uses_the_model_of_its_target_only(tmp_path: Path) -> None:
    file = tmp_path / "generalproeve.toml"
    file.write_text('[stage]\nlatency = "epic"\n', "utf-8")
    given = Given(file)
    assert given.settings().latency == "epic"
    assert resolved_target("embedded:", given, None, allow_remote=False).settings.latency is None
    assert resolved_target("embedded:latency=epic", given, None, allow_remote=False).settings.latency == "epic"


def test_a_stage_with_a_waiting_call_stops_without_output(tmp_path: Path) -> None:
    (tmp_path / "silent.toml").write_text("[[rule]]\n[rule.faults]\ntimeout_share = 1\ntimeout_s = 3600\n", "utf-8")
    started = [sys.executable, "-m", "generalproeve", "up", "--port", "0", "--json", "--latency", "silent.toml"]
    with subprocess.Popen(started, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        with begin_call(ready["services"]):
            while not httpx.get(f"{ready['control']}/control/latency", trust_env=False).json()["rules"][0]["calls"]:
                pass
            process.terminate()
            _, stderr = process.communicate(timeout=30)
    assert (process.returncode, stderr) == (0, "")
