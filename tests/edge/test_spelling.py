"""Names of JSON bodies and REST paths are read without regard to case, and paths with a trailing slash."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import msgspec
import pytest

from generalproeve.stage.stage import Stage
from support.builders import TODAY, identity
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import load
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.calls import CallReader
from vos_contracts.wire.rest.registration import Rest
from vos_simulators.people import Citizen

REST = Rest(load())


@pytest.fixture
def http(stage: Stage) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stage.services, timeout=30) as client:
        yield client


def pascal(name: str) -> str:
    return name[0].upper() + name[1:]


@pytest.mark.parametrize("spell", [str, str.upper, str.lower, pascal])
def test_names_and_paths_in_any_case(
    http: httpx.Client, new_citizen: Callable[..., Citizen], spell: Callable[[str], str]
) -> None:
    call = REST.call_register(new_citizen().cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY), identity(), new_uuid())
    body = {spell(name): value for name, value in msgspec.json.decode(call.body).items()}
    path = "/" + "/".join(spell(part) for part in call.path.split("/") if part)
    sent = http.post(f"{path}/", headers=call.headers, content=msgspec.json.encode(body))
    assert sent.status_code == 200, sent.text
    reads = {name: value for name, value in call.headers.items() if name not in ("x-requestId", "content-type")}
    for part, operation in (
        ("", "GetKontaktgrupper"),
        ("historik", "GetKontaktgruppeHistorik"),
        (sent.json(), "GetKontaktgruppe"),
    ):
        for slash in ("", "/"):
            address = f"{path}/{spell(part)}{slash}" if part else f"{path}{slash}"
            assert http.get(address, headers=reads).status_code == 200, address
            assert CallReader(load()).operation("GET", address).operation == operation


def test_the_same_name_in_two_cases_is_refused(http: httpx.Client, new_citizen: Callable[..., Citizen]) -> None:
    call = REST.call_register(new_citizen().cpr, Create(Kind.KONTAKTGRUPPE, 13, TODAY), identity(), new_uuid())
    body = call.body.replace(b"{", b'{"KontaktgruppeType":4,', 1)
    refused = http.post(call.path, headers=call.headers, content=body)
    assert refused.status_code == 400
    assert [item["beskrivelse"] for item in refused.json()["fejl"]] == ["kontaktgruppeType: feltet står to gange"]


@pytest.mark.parametrize("path", ["//", "/v1/PersonVisitering/kontaktgruppe//", "/v1/PersonVisitering/kontaktgruppes"])
def test_another_path_is_still_unknown(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code == 404
