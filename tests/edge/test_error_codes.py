"""Every error code of the methods, provoked over REST and over SOAP with both backends: the code is the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from support.builders import JOBCENTER, NOW, OPERATOR, TODAY, TOMORROW, YESTERDAY, identity
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import load
from vos_contracts.control.stage import FravaerDto, RegistrationDto
from vos_contracts.model.identity import Identity, Organisation
from vos_contracts.model.registration import Create, Kind, Update
from vos_contracts.tables.releases import PrsSoap
from vos_contracts.wire.rest.registration import Refusal
from vos_simulators.control import Control
from vos_simulators.party import Channel, Party
from vos_simulators.people import Citizen
from vos_simulators.transport import HttpTransport

KG, PC = Kind.KONTAKTGRUPPE, Kind.PERSONKATEGORI
GROUP, CATEGORY = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
UNKNOWN = "0203840021"


@dataclass(frozen=True)
class Case:
    """One way to provoke one error code."""

    code: int
    command: Create | Update
    citizen: dict[str, Any] = field(default_factory=dict)
    age: int = 40
    caller: Identity = identity(JOBCENTER)
    cpr: str = ""


def has(group: int, category: int | None = None, **other: Any) -> dict[str, Any]:
    return {
        "kontaktgrupper": (RegistrationDto(type=group, id=GROUP, start=YESTERDAY),),
        "personkategorier": () if category is None else (RegistrationDto(type=category, id=CATEGORY, start=YESTERDAY),),
        **other,
    }


def kg(type_: int = 13, **other: Any) -> Create:
    return replace(Create(KG, type_, TODAY), **other)


def pc(type_: int) -> Create:
    return Create(PC, type_, TODAY)


TEMPORARY_WORK = (FravaerDto(type=2, since=YESTERDAY.date()),)
CASE = [
    Case(1001, kg(), cpr="2902990000"),
    Case(1001, kg(), cpr="12345"),
    Case(1010, kg(), cpr=UNKNOWN),
    Case(1014, kg(end=YESTERDAY)),
    Case(2002, pc(3), has(13)),
    Case(4404, kg(), cpr="0303840008"),
    Case(4405, kg(), {"dead": date(2024, 1, 1)}),
    Case(4511, kg(), caller=identity(JOBCENTER, OPERATOR)),
    Case(4575, kg(), caller=identity(Organisation(2, "81"))),
    Case(4589, Update(KG, GROUP, NOW)),
    Case(4589, Update(PC, GROUP, NOW), has(13)),
    Case(4644, kg(), has(13)),
    Case(4645, kg(), {"fravaer": TEMPORARY_WORK}),
    Case(4654, pc(5), has(2, fravaer=TEMPORARY_WORK)),
    Case(4655, pc(5), has(2, tilmeldekategori=2)),
    Case(4656, pc(4), has(2)),
    Case(4675, kg(9)),
    Case(4703, kg(start=YESTERDAY)),
    Case(4703, Create(PC, 9, TOMORROW), has(13)),
    Case(4731, pc(5), has(4)),
    Case(4731, pc(5)),
    Case(4977, kg(4, id=GROUP), has(13)),
    Case(6005, kg(), caller=identity(Organisation(8, "10200"))),
    Case(6033, kg(12), age=30),
    Case(8096, kg(25)),
    Case(8096, Update(KG, GROUP, NOW), has(24)),
    Case(8096, kg(13), has(25)),
    Case(8173, kg(), caller=identity(Organisation(99, "1"))),
    Case(8174, kg(), caller=replace(identity(), user=replace(identity().user, type=77))),
    Case(100028, Update(KG, GROUP, TOMORROW), has(13)),
    Case(100029, kg(13), has(1, tilmeldekategori=1)),
]
CODES_OF_EPIC = {
    1001, 1010, 1014, 4404, 4405, 4511, 4575, 4589, 4644, 4645, 4654, 4655, 4656, 4675, 4703, 4731, 4977, 6005, 6033,
    8096, 100028, 100029,
}  # fmt: skip
WAYS = [(Channel.PVS, None), (Channel.PRS, PrsSoap.CONVERTER), (Channel.PRS, PrsSoap.CLASSIC)]


def test_all_codes_are_covered() -> None:
    assert {item.code for item in CASE} >= CODES_OF_EPIC


@pytest.mark.parametrize(("channel", "backend"), WAYS, ids=["REST", "SOAP-converter", "SOAP-classic"])
@pytest.mark.parametrize("case", CASE, ids=lambda item: f"{item.code}")
def test_the_same_code_on_every_way(
    case: Case, channel: Channel, backend: PrsSoap | None, control: Control, transport: HttpTransport,
    new_citizen: Callable[..., Citizen],
) -> None:  # fmt: skip
    control.force_backend(backend)
    control.set_up(known_cpr=["0303840008"])
    citizen = new_citizen(case.age, **case.citizen)
    before = _state(transport, citizen.cpr)
    party = Party(case.caller, load(), transport, new_uuid)
    response = party.register(case.cpr or citizen.cpr, case.command, channel)
    assert isinstance(response, Refusal), f"accepted instead of refused with {case.code}"
    assert {error.code for error in response.errors} == {case.code}
    assert response.status == (load().errors[case.code].http_status if channel is Channel.PVS else 500)
    assert _state(transport, citizen.cpr) == before
    assert Party(identity(), load(), transport, new_uuid).inbox.drain() == []


@pytest.mark.parametrize(("channel", "backend"), WAYS, ids=["REST", "SOAP-converter", "SOAP-classic"])
def test_all_errors_are_told_at_once(
    channel: Channel,
    backend: PrsSoap | None,
    control: Control,
    transport: HttpTransport,
    new_citizen: Callable[..., Citizen],
) -> None:
    control.force_backend(backend)
    citizen = new_citizen(35, **has(12, tilmeldekategori=3, dead=date(2024, 1, 1)))
    party = Party(identity(), load(), transport, new_uuid)
    response = party.register(citizen.cpr, kg(12, start=YESTERDAY, end=TOMORROW, id=GROUP), channel)
    assert isinstance(response, Refusal)
    assert [error.code for error in response.errors] == [4405, 4644, 4703, 4977, 6033, 100028]


def _state(transport: HttpTransport, cpr: str) -> object:
    star = Party(identity(Organisation(1, "1")), load(), transport, new_uuid)
    return star.history(cpr, KG), star.history(cpr, PC)
