"""Fuzzing a stage that a profile describes: its addresses, certificates, roles and citizens."""

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
    """`services` of the profile is another stage, which is only probed; certificates belong to roles."""
    with stage_process("--control-port", "0", folder=tmp_path) as other, remote_stage(tmp_path, citizens()) as proces:
        file = tmp_path / "generalproeve.toml"
        addresses = ", ".join(f'{name} = "{proces.services}"' for name in (*REST_SERVICES, *SERVICE_VERSIONS))
        own = f'services = "{other.services}"\naddresses = {{ {addresses} }}\n'
        text = file.read_text("utf-8").replace(f'services = "{proces.services}"\n', own)
        file.write_text(text.replace('certificate = "kss.pem"\nkey = "kss.key"\n', "", 1), "utf-8")
        flag = ("remote", hunt, "--seed", "1", "--max-calls", "300", "--json")
        response = json.loads(fuzz(*flag, folder=tmp_path, code=0).stdout)
        assert sum(response["calls"].values()) >= 300
        with HttpTransport(other.control) as line:
            came = [entry.data["path"] for entry in Control(line).journal().entries if entry.kind is EntryType.CALL]
        assert came == ["/"]


@pytest.mark.slow
def test_calls_are_about_the_citizens_of_the_pool_and_a_finding_is_replayed(tmp_path: Path) -> None:
    """A defect is planted on the remote stage; the file of the finding holds neither address nor certificate."""
    flag = ("remote", "--rest", "--seed", "1", "--max-calls", "800", "--json")
    builder = (str(BENT), f"{FAULTS}:crashes_on_a_group")
    with remote_stage(tmp_path, citizens(), program=builder) as proces:
        response = json.loads(fuzz(*flag, folder=tmp_path, code=1).stdout)
        finding = next(item for item in response["findings"] if "contract_rules: 500" in item["what"])
        text = (tmp_path / finding["file"]).read_text("utf-8")
        assert proces.services not in text
        assert "(borger 0 i puljen)" in text or "(borger 1 i puljen)" in text
        assert not any(str(citizen["cpr"]) in text for citizen in citizens())
        assert "BEGIN" not in text
        fuzz("remote", "--replay", finding["file"], folder=tmp_path, code=1)
    (right := tmp_path / "right").mkdir()
    with remote_stage(right, citizens()):
        fuzz("remote", "--replay", str(tmp_path / finding["file"]), folder=right, code=0)
    with sqlite3.connect(tmp_path / "stage.db") as db:
        registered = {item for (item,) in db.execute("select distinct person_id from registration")}
        pool = {item for (item,) in db.execute("select person_id from cpr")}
    assert registered
    assert registered <= pool


def test_a_stage_whose_profile_does_not_allow_reset_is_not_emptied(tmp_path: Path) -> None:
    with stage_process("--control-port", "0", "--people", "5", folder=tmp_path) as proces:
        profile = f'[profile.delt]\nservices = "{proces.services}"\ncontrol = "{proces.control}"\n'
        (tmp_path / "generalproeve.toml").write_text(profile, "utf-8")
        response = json.loads(fuzz("delt", "--parity", "--max-calls", "10", "--json", folder=tmp_path, code=5).stdout)
        assert response["left_out"] == {"parity": "profilen tillader ikke reset, og tvillinger skal sættes på den"}
        fuzz("delt", "--soap", "--seed", "1", "--max-calls", "20", folder=tmp_path, code=0)
        with HttpTransport(proces.control) as line:
            assert Control(line).status().people >= 5
