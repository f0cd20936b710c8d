"""Fuzz a remote stage with the addresses, certificates, roles and citizens of a profile."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from support.fuzz_command import BENT, FAULTS, fuzz
from support.processes import stage_process
from support.remote_stage import day, remote_stage
from vos_contracts.control.journal import EntryType
from vos_contracts.wire.calls import REST_SERVICES
from vos_contracts.wire.soap.schemas import SERVICE_VERSIONS
from vos_simulators.control import Control
from vos_simulators.people import People
from vos_simulators.transport import HttpTransport


def citizens() -> list[dict[str, object]]:
    people = People(seed=4714)
    return [{"cpr": people.new(40, day()).cpr, "akasse": "81"} for _ in range(2)]


@pytest.mark.parametrize("hunt", ["--soap", pytest.param("--rest", marks=pytest.mark.slow)])
def test_each_service_is_called_at_its_own_address_with_the_certificate_of_the_role(hunt: str, tmp_path: Path) -> None:
    """`services` names another stage, which gets only the reachability call; only the roles have a certificate."""
    with stage_process("--control-port", "0", folder=tmp_path) as other, remote_stage(tmp_path, citizens()) as process:
        file = tmp_path / "generalproeve.toml"
        addresses = ", ".join(f'{name} = "{process.services}"' for name in (*REST_SERVICES, *SERVICE_VERSIONS))
        own = f'services = "{other.services}"\naddresses = {{ {addresses} }}\n'
        text = file.read_text("utf-8").replace(f'services = "{process.services}"\n', own)
        file.write_text(text.replace('certificate = "kss.pem"\nkey = "kss.key"\n', "", 1), "utf-8")
        flags = ("remote", hunt, "--seed", "1", "--max-calls", "300", "--json")
        report = json.loads(fuzz(*flags, folder=tmp_path, code=0).stdout)
        assert sum(report["calls"].values()) >= 300
        with HttpTransport(other.control) as line:
            paths = [entry.data["path"] for entry in Control(line).journal().entries if entry.kind is EntryType.CALL]
        assert paths == ["/"]


@pytest.mark.slow
def test_calls_are_about_the_citizens_of_the_pool_and_a_finding_is_replayed(tmp_path: Path) -> None:
    """A defect is planted on the remote stage; the file of the finding holds neither address nor certificate."""
    flags = ("remote", "--rest", "--seed", "1", "--max-calls", "800", "--json")
    builder = (str(BENT), f"{FAULTS}:crashes_on_a_group")
    with remote_stage(tmp_path, citizens(), program=builder) as process:
        report = json.loads(fuzz(*flags, folder=tmp_path, code=1).stdout)
        finding = next(finding for finding in report["findings"] if "contract_rules: 500" in finding["what"])
        text = (tmp_path / finding["file"]).read_text("utf-8")
        assert process.services not in text
        assert "(borger 0 i puljen)" in text or "(borger 1 i puljen)" in text
        assert not any(str(citizen["cpr"]) in text for citizen in citizens())
        assert "BEGIN" not in text
        fuzz("remote", "--replay", finding["file"], folder=tmp_path, code=1)
    (right := tmp_path / "right").mkdir()
    with remote_stage(right, citizens()):
        fuzz("remote", "--replay", str(tmp_path / finding["file"]), folder=right, code=0)
    with sqlite3.connect(tmp_path / "stage.db") as db:
        registered = {person_id for (person_id,) in db.execute("select distinct person_id from registration")}
        pool = {person_id for (person_id,) in db.execute("select person_id from cpr")}
    assert registered
    assert registered <= pool


def test_a_stage_whose_profile_does_not_allow_reset_is_not_emptied(tmp_path: Path) -> None:
    with stage_process("--control-port", "0", "--people", "5", folder=tmp_path) as process:
        profile = f'[profile.delt]\nservices = "{process.services}"\ncontrol = "{process.control}"\n'
        (tmp_path / "generalproeve.toml").write_text(profile, "utf-8")
        report = json.loads(fuzz("delt", "--parity", "--max-calls", "10", "--json", folder=tmp_path, code=5).stdout)
        assert report["left_out"] == {"parity": "profilen tillader ikke reset, og tvillinger skal sættes på den"}
        fuzz("delt", "--soap", "--seed", "1", "--max-calls", "20", folder=tmp_path, code=0)
        with HttpTransport(process.control) as line:
            assert Control(line).status().people >= 5
