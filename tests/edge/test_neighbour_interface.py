"""The internal interface: malformed commands are refused, and a business refusal is an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import httpx
import msgspec
import pytest

from generalproeve.stage.stage import Stage
from support.builders import AKASSE, JOBCENTER, NOW, OPERATOR, identity
from vos_contracts.control import neighbours as control
from vos_contracts.model import neighbours
from vos_contracts.model.identity import Identity
from vos_simulators.people import Citizen

DAY = NOW.date()
ID = "00000000-0000-0000-0000-0000000000aa"


def send(stage: Stage, body: bytes) -> httpx.Response:
    return httpx.post(f"{stage.control}{control.PATH}", content=body, trust_env=False)


def call(citizen: Citizen, who: Identity, command: neighbours.NeighbourCommand, service: str) -> bytes:
    return control.encode_call(
        neighbours.NeighbourCall(service=service, cpr=citizen.cpr, identity=who, command=command)
    )


FRAVAER = neighbours.RegisterFravaer(id=ID, type=10, since=DAY)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"command": {"command": "existsNot"}}, "existsNot"),
        ({"command": {"command": "enrol", "category": 1, "unemploymentDegree": 1}}, "onDate"),
        ({"command": {"command": "enrol", "category": 1, "unemploymentDegree": 1, "onDate": "i dag"}}, "onDate"),
        ({"command": {"command": "registerFravaer", "id": "x", "type": 10, "since": "2024-11-18"}}, "id"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_a_bad_command_is_refused_with_field_and_rule(
    stage: Stage, new_citizen: Callable[..., Citizen], change: dict[str, object], says: str
) -> None:
    good = msgspec.json.decode(call(new_citizen(), identity(), FRAVAER, "X.Y"))
    response = send(stage, msgspec.json.encode({**good, **change}))
    assert response.status_code == 400
    assert says in response.json()["fejl"][0]["fejltekst"]


def test_invalid_json_and_an_instant_without_offset_are_refused(
    stage: Stage, new_citizen: Callable[..., Citizen]
) -> None:
    assert send(stage, b"\xff").status_code == 400
    who = identity()
    good = neighbours.NeighbourCall(service="X.Y", cpr=new_citizen().cpr, identity=who, command=FRAVAER)
    naive = Identity(who.active, who.user, who.user_organisation, NOW.replace(tzinfo=None))
    response = send(stage, control.encode_call(replace(good, identity=naive)))
    assert response.status_code == 400
    assert "registreringstidspunkt" in response.json()["fejl"][0]["fejltekst"]


@pytest.mark.parametrize("who", [identity(AKASSE), identity(JOBCENTER, OPERATOR)])
def test_a_method_outside_the_matrix_is_closed(
    stage: Stage, new_citizen: Callable[..., Citizen], who: Identity
) -> None:
    response = control.decode_answer(send(stage, call(new_citizen(), who, FRAVAER, "FindesIkke.Metode")).content)
    assert [error.code for error in response.errors] == [4575]


def test_an_unknown_citizen_is_1010(stage: Stage) -> None:
    unknown = Citizen("Ingen", "0203840000", DAY)
    response = control.decode_answer(send(stage, call(unknown, identity(), FRAVAER, "X.Y")).content)
    assert [error.code for error in response.errors] == [1010]


@pytest.mark.parametrize(
    ("command", "service", "who", "response"),
    [
        (FRAVAER, "FravaerService.CreateFravaer", identity(AKASSE), []),
        (neighbours.EndFravaer(id=ID, until=DAY), "FravaerService.UpdateFravaer", identity(), [4632]),
        (neighbours.RegisterFleksjob(id=ID, since=DAY), "FlexjobService.CreateFlexjob", identity(), []),
        (neighbours.RegisterFleksjob(id=ID, since=DAY), "FlexjobService.CreateFlexjob", identity(AKASSE), [4575]),
        (
            neighbours.RegisterAktivitetstillaeg(id=ID, since=DAY),
            "AktivitetstillaegService.CreateAktivitetstillaeg",
            identity(),
            [4731],
        ),
    ],
)
def test_a_command_is_carried_out_or_refused_in_the_answer(
    stage: Stage,
    new_citizen: Callable[..., Citizen],
    command: neighbours.NeighbourCommand,
    service: str,
    who: Identity,
    response: list[int],
) -> None:
    got = control.decode_answer(send(stage, call(new_citizen(), who, command, service)).content)
    assert ([error.code for error in got.errors], got.id) == (response, "" if response else ID)
