"""The setting `without`: an omitted neighbour service answers 404 as a SOAP fault; the others are unaffected."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from generalproeve.base.exit_codes import CannotRun
from generalproeve.settings.configuration import read
from generalproeve.settings.stage import StageSettings
from generalproeve.stage.stage import embedded
from support.builders import NOW, identity
from support.processes import stage_process
from support.zeep_client import client
from vos_contracts.base.ids import new_uuid
from vos_contracts.model.neighbours import SERVICES, CreateTilmelding, IllnessSource, ReportIllness
from vos_contracts.wire.rest.registration import Refusal
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap.schemas import services
from vos_simulators.control import Control
from vos_simulators.parties import AKASSE
from vos_simulators.party import Party
from vos_simulators.people import People, on_stage
from vos_simulators.transport import HttpTransport

UES, ICS, IRI = SERVICES


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_omitted_service_answers_404_and_the_others_work(method: str) -> None:
    with embedded(StageSettings(port=0, control_port=0, clock=NOW, without=(UES,))) as stage:
        path = services(stage.contract)[UES].path
        response = httpx.request(method, f"{stage.services}{path}?wsdl", trust_env=False)
        assert (response.status_code, response.headers["content-type"]) == (404, "text/xml; charset=utf-8")
        fault = envelope.read_response(response.content)
        assert isinstance(fault, envelope.Fault)
        assert [error.code for error in fault.errors] == [1014]
        assert f"{UES} er udeladt af scenen" in fault.text
        with HttpTransport(stage.control) as control, HttpTransport(stage.services) as transport:
            citizen = People(seed=5).new(40, NOW.date())
            Control(control).set_up(on_stage(citizen, akasse=AKASSE))
            kommune = Party(identity(), stage.contract, transport, new_uuid)
            refusal = kommune.neighbours.tilmelding(
                citizen.cpr, CreateTilmelding(category=1, unemployment_degree=1, on_date=NOW.date())
            )
            assert isinstance(refusal, Refusal)
            assert refusal.status == 404
            ill = ReportIllness(id=new_uuid(), source=IllnessSource.FRAVAER, since=NOW.date())
            illness_response = kommune.neighbours.report_illness(citizen.cpr, ill)
            assert isinstance(illness_response, Refusal)
            assert [error.code for error in illness_response.errors] == [4686]  # the service answers: no group is open
        unknown = httpx.get(f"{stage.services}/PjakTassWCFtService/8/Missing.svc", trust_env=False)
        assert (unknown.status_code, list(unknown.json())) == (404, ["fejl"])
        assert client(stage, "PersonRegistrationService", 9).service.CreateContactGroup


def test_all_three_can_be_omitted_and_are_not_printed(tmp_path: Path) -> None:
    flag = [argument for name in SERVICES for argument in ("--without", name)]
    with stage_process(*flag, folder=tmp_path) as process:
        assert not any(name in address for name in SERVICES for address in process.ready["addresses"])
        for name in SERVICES:
            path = f"{8 if name != ICS else 5}/{name}.svc"
            response = httpx.get(f"{process.services}/PjakTassWCFtService/{path}?wsdl", trust_env=False)
            assert response.status_code == 404


@pytest.mark.slow
def test_the_flag_overrides_the_file(tmp_path: Path) -> None:
    (tmp_path / "generalproeve.toml").write_text(f'[stage]\nwithout = ["{ICS}"]\n', "utf-8")
    for flag, omitted in (([], ICS), (["--without", IRI], IRI)):
        with stage_process(*flag, "--people", "0", folder=tmp_path) as process:
            assert [name for name in SERVICES if f"SOAP {name}" not in process.ready["addresses"]] == [omitted]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('["WsrmService"]', "stage.without: 'WsrmService' is no neighbour service; they are Unemployment"),
        ("[1]", "stage.without: 1 is no neighbour service"),
        ('"IllnessCompositeService"', "stage.without: must be a list of neighbour services"),
    ],
)
def test_a_wrong_name_in_the_file_is_reported(tmp_path: Path, value: str, text: str) -> None:
    file = tmp_path / "generalproeve.toml"
    file.write_text(f"[stage]\nwithout = {value}\n", "utf-8")
    with pytest.raises(CannotRun) as caught:
        _ = read(file, {}).stage
    assert f"generalproeve.toml: {text}" in str(caught.value)
