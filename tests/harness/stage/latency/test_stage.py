"""A slow stage over real sockets: as slow as it was told to be, wrong as often as it was told to be, and said everywhere."""

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
from processer import scene_i_proces

from byggeklodser import I_DAG, JOBCENTER, NU, kontrakt
from generalproeve.cli.fuzz import resolved_target
from generalproeve.forloeb import Forloeb, Ramme, Sceneforloeb
from generalproeve.journal import Journalskriver
from generalproeve.konsol import som_json
from generalproeve.rapport import forskel, laesning, skriv_html, skriv_junit
from generalproeve.scene import Scene, indlejret
from generalproeve.settings.options import Given
from generalproeve.settings.stage import StageSettings
from generalproeve.stage.latency import draws as lodtraekning
from generalproeve.stage.latency.distribution import Jaevn, Lognormal
from generalproeve.stage.latency.layer import Regel
from generalproeve.stage.latency.measurement import Kaldsudgang
from generalproeve.stage.latency.model import Fejlpost
from vos_contracts.base import stopwatch
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.journal import Post, Posttype
from vos_contracts.model.registration import Art, Opret
from vos_contracts.wire.base import UnreachableError
from vos_contracts.wire.rest import Afslag
from vos_simulators.control import Styring
from vos_simulators.parties import AKASSE, KSS
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Folk, paa_scenen
from vos_simulators.transport import Adgang, HttpTransport

CODE_LISTS, CALLS, SEED = "/v1/Kodeliste", 200, 17
SLOW = {"seed": SEED, "rule": [
    {"channel": "soap", "fixed_ms": 30}, {"service": "KodelisteService", "median_ms": 5, "sigma": 0.3},
]}  # fmt: skip
CREATE = Opret(Art.KONTAKTGRUPPE, 13, I_DAG)


@dataclass
class Stage:
    """A stage that is slow, and its lines."""

    scene: Scene
    services: HttpTransport
    control: Styring
    people: Folk

    @property
    def address(self) -> str:
        return f"{self.scene.styring}/styring/latens"

    def choose(self, model: object) -> Mapping[str, Any]:
        answer = httpx.put(self.address, json=model, trust_env=False)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def account(self) -> Mapping[str, Any]:
        return dict(httpx.get(self.address, trust_env=False).json())

    def posts(self) -> list[Post]:
        """Return what has happened since the stage was emptied."""
        posts = list(self.control.journal().poster)
        return posts[max(nr for nr, post in enumerate(posts) if post.art is Posttype.NULSTILLET) :]

    def noted(self, key: str) -> list[str]:
        return [str(post.data[key]) for post in self.posts() if post.art is Posttype.LATENS and key in post.data]

    def party(self, line: HttpTransport | None = None) -> Aktoer:
        return Aktoer(KSS.identity(JOBCENTER, NU), kontrakt(), line or self.services, ny_uuid)

    def citizen(self) -> str:
        citizen = self.people.ny(40, NU.date())
        self.control.opsaet(paa_scenen(citizen, akasse=AKASSE))
        return citizen.cpr

    def groups(self, cpr: str) -> int:
        """Count the citizen's contact groups, with no model in the way."""
        httpx.delete(self.address, trust_env=False).raise_for_status()
        shown = self.party().laes(cpr, Art.KONTAKTGRUPPE)
        assert not isinstance(shown, Afslag)
        return len(shown)

    def outcome(self, path: str = CODE_LISTS) -> str:
        """Call on a connection of its own, and return how it came out: a status, or how the connection ended."""
        with self.open_call(path, "connection: close\r\n") as sock:
            try:
                answer = sock.recv(65536)
                while sock.recv(65536):
                    pass
            except ConnectionResetError:
                return "reset"
        return answer.split(b" ", 2)[1].decode() if answer else "closed"

    def open_call(self, path: str = CODE_LISTS, header: str = "") -> socket.socket:
        return begin_call(self.scene.tjenester, path, header)


def begin_call(address: str, path: str = CODE_LISTS, header: str = "") -> socket.socket:
    parts = urlsplit(address)
    sock = socket.create_connection((parts.hostname, parts.port), timeout=60)
    sock.sendall(f"GET {path} HTTP/1.1\r\nhost: x\r\n{header}\r\n".encode())
    return sock


@pytest.fixture(scope="module")
def _stage() -> Iterator[Stage]:
    with (
        indlejret(StageSettings(port=0, control_port=0, clock=NU, latency="epic")) as scene,
        HttpTransport(scene.tjenester) as services,
        HttpTransport(str(scene.styring)) as control,
    ):
        yield Stage(scene, services, Styring(control), Folk(seed=1728))


@pytest.fixture
def stage(_stage: Stage) -> Stage:
    """The stage, empty, with the slow model as begun anew."""
    _stage.control.nulstil()
    _stage.choose(SLOW)
    return _stage


def test_every_call_takes_at_least_the_time_that_was_drawn(stage: Stage) -> None:
    lots, measured = Regel(1, Lognormal(0.005, 0.3), Fejlpost(), lodtraekning.ny(f"{SEED}/1")), []
    with httpx.Client(base_url=stage.scene.tjenester, trust_env=False) as client:
        for _ in range(CALLS):
            begun = stopwatch.seconds()
            assert client.get(CODE_LISTS).status_code == 200
            measured.append(stopwatch.seconds() - begun)
    drawn = [lots.traek()[1] for _ in range(CALLS)]
    assert [nr for nr, (took, least) in enumerate(zip(measured, drawn, strict=True)) if took < least] == []
    rule, in_order = stage.account()["regler"][1], sorted(drawn)
    assert (rule["kald"], rule["udgange"]["besvaret"]) == (CALLS, CALLS)
    for name, share in (("p05", 0.05), ("median", 0.5), ("p95", 0.95), ("p99", 0.99)):
        assert rule["trukket"][name] == pytest.approx(in_order[int(share * (CALLS - 1))] * 1000, abs=0.001)
        assert rule["holdt"][name] >= rule["trukket"][name]


def test_soap_takes_its_own_time_and_rest_none(stage: Stage) -> None:
    cpr, begun = stage.citizen(), stopwatch.seconds()
    assert not isinstance(stage.party().registrer(cpr, CREATE, Kanal.PRS), Afslag)
    assert stopwatch.seconds() - begun >= 0.03
    assert not isinstance(stage.party().laes(cpr, Art.KONTAKTGRUPPE), Afslag)
    soap, rest = stage.account()["regler"]
    assert (soap["kald"], soap["holdt"]["median"] >= 30, rest["kald"]) == (1, True, 0)


def test_a_call_that_waits_blocks_nobody(stage: Stage) -> None:
    stage.choose({"rule": [{"service": "KodelisteService", "fixed_ms": 3_600_000}]})
    with stage.open_call():
        while not stage.account()["regler"][0]["kald"]:
            pass
        assert stage.outcome("/openapi.json") == "200"
        assert not isinstance(stage.party().laes(stage.citizen(), Art.KONTAKTGRUPPE), Afslag)


def test_faults_come_as_they_were_drawn_and_are_noted(stage: Stage) -> None:
    faults = {"error_share": 0.2, "reset_share": 0.2, "timeout_share": 0.1, "timeout_s": 0.05}
    stage.choose({"seed": SEED, "rule": [{"service": "KodelisteService", "fixed_ms": 1, "faults": faults}]})
    seen = [stage.outcome() for _ in range(CALLS)]
    as_seen = {
        Kaldsudgang.BESVARET: "200", Kaldsudgang.FEJL: "503", Kaldsudgang.NULSTILLET: "reset", Kaldsudgang.TAVS: "closed",
    }  # fmt: skip
    lots = Regel(
        0, Jaevn(0, 0), Fejlpost(error_share=0.2, reset_share=0.2, timeout_share=0.1), lodtraekning.ny(f"{SEED}/0")
    )
    assert seen == [as_seen[lots.traek()[0]] for _ in range(CALLS)]
    assert set(seen) == set(as_seen.values())
    assert stage.account()["regler"][0]["udgange"] == {en.value: seen.count(as_seen[en]) for en in Kaldsudgang}
    assert len(stage.noted("udgang")) == CALLS - seen.count("200")


@pytest.mark.parametrize(("channel", "status"), [(Kanal.PVS, 503), (Kanal.PRS, 500)])
def test_an_error_has_the_channels_own_form_and_nothing_was_done(stage: Stage, channel: Kanal, status: int) -> None:
    cpr, headers = stage.citizen(), list[Mapping[str, str]]()
    stage.choose({"rule": [{"faults": {"error_share": 1}}]})
    with HttpTransport(stage.scene.tjenester, lambda kald, svar, seconds: headers.append(svar.headers)) as line:
        refused = stage.party(line).registrer(cpr, CREATE, channel)
    assert isinstance(refused, Afslag)
    assert (refused.status, [en.kode for en in refused.fejl], headers[0]["retry-after"]) == (status, [1011], "1")
    assert stage.groups(cpr) == 0
    assert {Posttype.BESKED_LAGT, Posttype.WSB_LAGT}.isdisjoint(post.art for post in stage.posts())


@pytest.mark.parametrize(
    ("fault", "after", "channel"),
    [
        ("reset", False, Kanal.PVS),
        ("reset", True, Kanal.PRS),
        ("timeout", False, Kanal.PRS),
        ("timeout", True, Kanal.PVS),
    ],
)
def test_a_call_without_an_answer_was_carried_out_or_not(stage: Stage, fault: str, after: bool, channel: Kanal) -> None:
    cpr = stage.citizen()
    stage.choose({"rule": [{"faults": {f"{fault}_share": 1, f"{fault}_after": after, "timeout_s": 0.05}}]})
    with pytest.raises(UnreachableError, match="reset by peer" if fault == "reset" else "without sending a response"):
        stage.party().registrer(cpr, CREATE, channel)
    assert stage.groups(cpr) == int(after)


def test_silence_lasts_to_its_deadline_and_a_caller_that_gives_up_is_forgotten(stage: Stage) -> None:
    stage.choose({"rule": [{"service": "KodelisteService", "faults": {"timeout_share": 1, "timeout_s": 0.3}}]})
    begun = stopwatch.seconds()
    assert stage.outcome() == "closed"
    assert stopwatch.seconds() - begun >= 0.3
    stage.choose({"rule": [{"service": "KodelisteService", "faults": {"timeout_share": 1, "timeout_s": 3600}}]})
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{stage.scene.tjenester}{CODE_LISTS}", timeout=0.2, trust_env=False)
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
        indlejret(StageSettings(port=0, control_port=0, latency=tmp_path / "x.toml", **tls)) as scene,
        pytest.raises(ConnectionResetError),
    ):
        parts, received, to_send = urlsplit(scene.tjenester), ssl.MemoryBIO(), ssl.MemoryBIO()
        # over memory, because a socket of Python's own ssl takes a reset for an end
        line = Adgang(ca=tmp_path / "ca.pem").tls().wrap_bio(received, to_send, server_hostname="127.0.0.1")
        with socket.create_connection((parts.hostname, parts.port), timeout=60) as sock:
            while True:
                try:
                    line.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    sock.sendall(to_send.read())
                    received.write(sock.recv(65536))
            line.write(f"GET {CODE_LISTS} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
            sock.sendall(to_send.read())
            while sock.recv(65536):
                pass


def test_the_model_can_be_changed_while_the_stage_runs_also_for_open_connections(stage: Stage) -> None:
    with httpx.Client(base_url=stage.scene.tjenester, trust_env=False) as client:

        def now() -> tuple[int, str | None]:
            return client.get(CODE_LISTS).status_code, stage.control.status().latens

        assert now()[0] == 200
        chosen = stage.choose({"rule": [{"faults": {"error_share": 1}}]})
        assert chosen["model"]["rule"][0]["faults"]["error_share"] == 1
        assert now() == (503, chosen["latens"])
        httpx.delete(stage.address, trust_env=False).raise_for_status()
        assert now() == (200, None)
        assert stage.account() == {"latens": None, "model": None, "regler": []}
        assert stage.choose("epic")["latens"] == "epic"
        assert (now(), stage.account()["regler"][1]["kald"]) == ((200, "epic"), 1)
    assert [name.partition(" ")[0] for name in stage.noted("model")] == ["styring", "styring", "off", "epic"]
    for body, said in (
        (b"{", "body: is not JSON"),
        (b'"epci"', "body: must be a model, or the name of one (epic)"),
        (b"[]", "body: must be a model, or the name of one (epic)"),
        (b'{"rule":[{"fixed_ms":1},{"fixed_ms":2}]}', "body: rule[1]: is never used"),
    ):
        refused = httpx.put(stage.address, content=body, trust_env=False)
        error = refused.json()["fejl"][0]
        assert (refused.status_code, error["fejlkode"], error["fejltekst"].startswith(said)) == (400, 1014, True)
        assert stage.control.status().latens == "epic"


# everywhere


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "generalproeve", *arguments],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip


def test_up_says_it_and_refuses_a_model_that_does_not_hold(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text("[[rule]]\nfixed_ms = 1\n", "utf-8")
    (tmp_path / "generalproeve.toml").write_text('[stage]\nlatency = "x.toml"\n', "utf-8")
    for flag, name in ((), "x.toml ("), (("--latency", "epic"), "epic"), (("--latency", "off"), "off"):
        with scene_i_proces("--people", "0", *flag, mappe=tmp_path) as process:
            assert process.klar["latency"].startswith(name)
            status = httpx.get(f"{process.styring}/styring/status", trust_env=False).json()
            assert (status["latens"] or "off") == process.klar["latency"]
    with scene_i_proces("--people", "0", "--no-control", mappe=tmp_path) as process:
        assert process.klar["latency"].startswith("x.toml (")
    (tmp_path / "wrong.toml").write_text("[[rule]]\nservice = 'PRS'\nfixed_ms = 1\n", "utf-8")
    refused = command(tmp_path, "up", "--port", "0", "--latency", "wrong.toml")
    assert (refused.returncode, "Traceback" in refused.stderr) == (2, False), refused.stderr
    assert "wrong.toml: rule[0].service: 'PRS' is unknown" in " ".join(refused.stderr.split())


def said(folder: Path) -> tuple[set[str | None], str, bool]:
    """Return what the three reports in that folder say of the latency."""
    properties = ET.parse(folder / "junit.xml").getroot().iter("property")
    name = str(json.loads((folder / "journal.ndjson").read_text("utf-8").splitlines()[0])["latens"])
    page = (folder / "report.html").read_text("utf-8")
    return {en.get("value") for en in properties if en.get("name") == "latency"}, name, f"latens {name} ·" in page


def test_the_reports_of_a_run_say_it(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text("[[rule]]\nfixed_ms = 1\n", "utf-8")
    for flags, name in ((("embedded:", "--latency", "epic"), "epic"), (("embedded:latency=x.toml",), "x.toml (")):
        run = command(tmp_path, "test", *flags, "-k", "De to kodelister er udstillet", "--json", "--out", "out")
        assert run.returncode == 0, run.stdout + run.stderr
        latency = str(json.loads(run.stdout)["latency"])
        assert latency.startswith(name)
        assert said(tmp_path / "out") == ({latency}, latency, True)


def test_runs_are_compared_by_it_also_with_one_from_before_there_was_any(tmp_path: Path) -> None:
    runs = []
    for latency in ("off", "epic"):
        folder = tmp_path / latency
        folder.mkdir()
        run = Forloeb(
            Ramme("t", "2024-4", "converter", NU, "0", "h", None, (), latens=latency),
            [Sceneforloeb("e", "s", (), {}, [])],
            1,
        )
        skriv_junit(run, folder / "junit.xml")
        skriv_html(run, folder / "report.html")
        writer = Journalskriver(folder / "journal.ndjson")
        writer.begyndt(run)
        writer.sluttet(run)
        assert said(folder) == ({latency}, latency, True)
        assert json.loads(som_json(run, {}))["latency"] == latency
        runs.append(laesning.laes(folder / "journal.ndjson"))
    old = tmp_path / "old.ndjson"
    old.write_text((tmp_path / "off" / "journal.ndjson").read_text("utf-8").replace('"latens": "off", ', ""), "utf-8")
    assert "latens" not in old.read_text("utf-8")
    assert forskel.rammeforskelle(*runs) == [("latens", "off", "epic")]
    assert forskel.rammeforskelle(runs[0], laesning.laes(old)) == []


def test_fuzz_takes_a_model_from_its_target_only(tmp_path: Path) -> None:
    file = tmp_path / "generalproeve.toml"
    file.write_text('[stage]\nlatency = "epic"\n', "utf-8")
    given = Given(file)
    assert given.settings().latency == "epic"
    assert resolved_target("embedded:", given, None, allow_remote=False).settings.latency is None
    assert resolved_target("embedded:latency=epic", given, None, allow_remote=False).settings.latency == "epic"


def test_a_stage_where_a_call_waits_closes_quietly(tmp_path: Path) -> None:
    (tmp_path / "silent.toml").write_text("[[rule]]\n[rule.faults]\ntimeout_share = 1\ntimeout_s = 3600\n", "utf-8")
    started = [sys.executable, "-m", "generalproeve", "up", "--port", "0", "--json", "--latency", "silent.toml"]
    with subprocess.Popen(started, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        with begin_call(ready["services"]):
            while not httpx.get(f"{ready['control']}/styring/latens", trust_env=False).json()["regler"][0]["kald"]:
                pass
            process.terminate()
            _, stderr = process.communicate(timeout=30)
    assert (process.returncode, stderr) == (0, "")
