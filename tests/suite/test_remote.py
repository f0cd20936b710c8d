"""The suite on a remote stage: HTTPS with client certificates, no control API, citizens from a pool."""

from __future__ import annotations

import json
import re
import ssl
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.processes import StageProcess, stage_process
from support.remote_stage import PARTIES, day, pool, remote_stage
from vos_simulators.control import Control
from vos_simulators.people import People
from vos_simulators.transport import HttpTransport

REASONS = (
    r"scenen(s| kan ikke) .+",
    r"puljen (mangler|er brugt op): borger, .+",
    r"ingen kan optræde som .+ på denne scene",
)


def scenarios_of(folder: Path, *flags: str, code: int = 0, target: str = "remote") -> list[dict[str, Any]]:
    result = subprocess.run(
        [sys.executable, "-m", "generalproeve", "test", target, "--out", "out", "--json", *flags],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=600, check=False,
    )  # fmt: skip
    assert result.returncode == code, result.stdout[-4000:] + result.stderr
    scenarios: list[dict[str, Any]] = json.loads(result.stdout)["scenarios"]
    return scenarios


@pytest.mark.slow
def test_the_whole_suite_against_a_remote_stage(tmp_path: Path) -> None:
    with remote_stage(tmp_path, pool(People(4711), count=3)):
        scenarios = scenarios_of(tmp_path)
    count = Counter(item["verdict"] for item in scenarios)
    assert {
        item["scenario"]: item["reason"] for item in scenarios if item["verdict"] not in {"passed", "omitted"}
    } == {}
    assert count["passed"] >= 180
    reasons = {item["reason"] for item in scenarios if item["verdict"] == "omitted"}
    assert [reason for reason in reasons if not any(re.fullmatch(item, reason) for item in REASONS)] == []
    assert "scenens ur kan ikke flyttes" in reasons
    assert "scenens hændelser, journal og rækker kan ikke læses" in reasons
    assert all(item["reason"] == "" for item in scenarios if item["verdict"] == "passed")


@pytest.mark.slow
def test_a_citizen_is_left_as_it_was_found(tmp_path: Path) -> None:
    cpr = People(4712).new(40, day()).cpr
    name = "jobcentret registrerer en kontaktgruppe via"
    with remote_stage(tmp_path, [{"cpr": cpr, "akasse": "81"}]) as process:
        for _ in range(2):
            scenarios = scenarios_of(tmp_path, "-k", name)
            assert [item["verdict"] for item in scenarios] == ["passed", "passed"]
        assert read(process, tmp_path, cpr) == []
        scenarios_of(tmp_path, "-k", "giver også standardkategorien fra den dag", code=5)


@pytest.mark.slow
def test_a_citizen_that_cannot_be_restored_is_used_once(tmp_path: Path) -> None:
    cpr = People(4713).new(40, day()).cpr
    with remote_stage(tmp_path, [{"cpr": cpr, "akasse": "81", "kontaktgruppe": 2, "personkategori": 8}]):
        scenarios = scenarios_of(tmp_path, "-k", "registrerer en personkategori via")
    played, *rest = scenarios
    assert played["verdict"] == "passed"
    assert {item["verdict"] for item in rest} == {"omitted"}
    assert rest[0]["reason"].startswith("puljen er brugt op: borger, fyldt 30 år")


@pytest.mark.slow
def test_the_calling_system_comes_from_the_certificate_not_the_header(tmp_path: Path) -> None:
    cpr = People(4714).new(40, day()).cpr
    with remote_stage(tmp_path, [{"cpr": cpr}]) as process:
        lss = {"x-clientSystemIdentifier": "3002"}
        assert create_category(process, tmp_path, cpr, "lss", {}) == 4575
        assert create_category(process, tmp_path, cpr, "en-fremmed", lss) != 4575
        with client(tmp_path, None) as without, pytest.raises(httpx.TransportError):
            without.get(process.services)


@pytest.mark.slow
def test_a_caseworker_on_jobnet_is_known_by_the_certificate(tmp_path: Path) -> None:
    """The limits of Jobnet's caseworkers hold for its certificate, whatever the header says, and for no other."""
    member = {"akasse": "81"}
    citizens = [
        {"cpr": People(4715 + number).new(40, day()).cpr, "since": day() - timedelta(days=1), **member, **fields}
        for number, fields in enumerate(
            (
                {"kontaktgruppe": 1},
                {"kontaktgruppe": 1, "tilmeldekategori": 1},
                {"kontaktgruppe": 8, "tilmeldekategori": 5},
                {"kontaktgruppe": 8},
                {"kontaktgruppe": 13},
            )
        )
    ]
    with remote_stage(tmp_path, citizens) as process:
        scenarios = scenarios_of(tmp_path, "-k", "sagsbehandler på Jobnet når")
        assert status(process, tmp_path, str(citizens[4]["cpr"]), "jobnet", "1001") == 403
        assert status(process, tmp_path, str(citizens[4]["cpr"]), "akasse", "32") == 200
    verdicts = Counter(item["verdict"] for item in scenarios)
    assert verdicts["passed"] >= 5
    assert set(verdicts) <= {"passed", "omitted"}


def status(process: StageProcess, folder: Path, cpr: str, certificate: str, system: str) -> int:
    """Read the status as a caseworker of the a-kasse, with a header that claims a calling system."""
    with client(folder, certificate) as http:
        told = {**headers("a-kassen", cpr), "x-clientSystemIdentifier": system}
        return http.get(f"{process.services}/v2/VisiteringOgStatusStatus", headers=told).status_code


def client(folder: Path, certificate: str | None) -> httpx.Client:
    tls = ssl.create_default_context(cafile=folder / "ca.pem")
    if certificate is not None:
        tls.load_cert_chain(folder / f"{certificate}.pem", folder / f"{certificate}.key")
    return httpx.Client(verify=tls, trust_env=False)


def headers(party: str, cpr: str) -> dict[str, str]:
    type_, code = PARTIES[party][0].split("/")
    return {
        "x-civilregistrationIdentifier": cpr, "x-organisationTypeIdentifier": type_, "x-organisationCode": code,
        "x-userFullName": "En", "x-requestUserTypeIdentifier": "2", "x-userIdentifier": "en",
        "x-requestOrganisationTypeIdentifier": type_, "x-requestOrganisationCode": code,
        "x-registrationDateTime": "2026-01-01T00:00:00+01:00",
    }  # fmt: skip


def read(process: StageProcess, folder: Path, cpr: str) -> object:
    with client(folder, "star") as http:
        response = http.get(f"{process.services}/v1/PersonVisitering/kontaktgruppe", headers=headers("STAR", cpr))
    assert response.status_code == 200
    return response.json()


def create_category(process: StageProcess, folder: Path, cpr: str, certificate: str, extra: dict[str, str]) -> int:
    with client(folder, certificate) as http:
        response = http.post(
            f"{process.services}/v1/PersonVisitering/personkategori",
            headers={**headers("Landssupporten", cpr), "x-requestId": f"{certificate}-1", **extra},
            json={"personkategoriType": 5, "starttidspunkt": f"{day()}T00:00:00+01:00"},
        )
    assert response.status_code >= 400
    code: int = response.json()["fejl"][0]["fejlkode"]
    return code


@pytest.mark.slow
def test_a_shared_stage_is_not_reset(tmp_path: Path) -> None:
    with stage_process("--clock", "2024-11-18T09:00:00+01:00", folder=tmp_path) as process:
        options = ("--control", process.control)
        scenarios = scenarios_of(tmp_path, "-k", "overgår til", *options, target=process.services)
        count = Counter(item["verdict"] for item in scenarios)
        assert set(count) <= {"passed", "omitted"}
        assert count["passed"] >= 15
        with HttpTransport(process.control) as line:
            assert Control(line).status().people >= 4 + count["passed"]
