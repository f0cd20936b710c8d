"""A client generated from the served OpenAPI document by openapi-python-client performs every REST operation."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pkgutil import iter_modules
from types import ModuleType
from typing import Any
from uuid import UUID

import httpx
import pytest

from generalproeve.stage.stage import Stage
from support.builders import NOW, TODAY
from vos_simulators.people import Citizen

Client = Callable[[str], ModuleType]


@pytest.fixture(scope="module")
def client(_stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Generate the client once, which takes about 3 s; return its modules by name."""
    folder = tmp_path_factory.mktemp("client")
    document = folder / "openapi.json"
    document.write_bytes(httpx.get(f"{_stage.services}/openapi.json").content)
    output = folder / "generated_client"
    result = subprocess.run(
        [sys.executable, "-c", "from openapi_python_client.cli import app; app()", "generate", "--path", str(document),
         "--meta", "none", "--output-path", str(output)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    assert "will not be generated" not in result.stdout
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield lambda name: importlib.import_module(f"generated_client.{name}")


@pytest.fixture
def connection(client: Client, stage: Stage) -> Iterator[Any]:
    with client("client").Client(base_url=stage.services, raise_on_unexpected_status=True) as connected:
        yield connected


KIND = [("kontaktgruppe", "kontaktgrupper", 13), ("personkategori", "personkategorier", 9)]


@pytest.mark.parametrize(("kind", "plural", "type_"), KIND)
def test_the_generated_client_performs_every_operation(
    client: Client, connection: Any, new_citizen: Callable[..., Citizen], call_id: Callable[[], str],
    kind: str, plural: str, type_: int,
) -> None:  # fmt: skip
    models = client("models")
    from vos_contracts.control.stage import RegistrationDto

    citizen = new_citizen(kontaktgrupper=() if kind == "kontaktgruppe" else (RegistrationDto(type=13),))
    shared: dict[str, Any] = {
        "client": connection, "x_civilregistration_identifier": citizen.cpr, "x_organisation_type_identifier": 8,
        "x_organisation_code": "10100", "x_user_full_name": "Genereret Klient", "x_request_user_type_identifier": 2,
        "x_user_identifier": "gk", "x_request_organisation_type_identifier": 8,
        "x_request_organisation_code": "10100", "x_registration_date_time": NOW.isoformat(),
    }  # fmt: skip

    called = set()

    def call(operation: str, *path: object, **other: Any) -> Any:
        called.add(operation)
        module = client(f"api.{kind}.{operation}")
        response = module.sync_detailed(*path, **shared, **other)
        assert response.status_code == 200, response.content
        return response.parsed

    name = kind.capitalize()
    create = getattr(models, f"Create{name}RequestDto")(**{f"{kind}_type": type_, "starttidspunkt": TODAY})
    id_ = call(f"create_{kind}", body=create, x_request_id=call_id())
    assert isinstance(id_, UUID)
    (current,) = call(f"get_{plural}")
    assert (getattr(current, f"{kind}_id"), getattr(current, f"{kind}_type")) == (id_, type_)
    assert getattr(call(f"get_{kind}", id_), f"{kind}_id") == id_
    update = getattr(models, f"Update{name}RequestDto")(sluttidspunkt=NOW)
    assert call(f"update_{kind}", id_, body=update, x_request_id=call_id()) == id_
    assert len(call(f"get_{kind}_historik")) == 2
    own = UUID(int=int(citizen.cpr) + (1 << 100) + type_)
    assert call(f"create_{kind}_med_identifier", own, body=create, x_request_id=call_id()) == own
    assert call(f"delete_{kind}", own, x_request_id=call_id()) == own
    assert call(f"get_{plural}") == []
    assert len(call(f"get_{kind}_historik")) == 5, "the first one got the start of the second as its end: no overlap"
    assert called == {item.name for item in iter_modules(client(f"api.{kind}").__path__)}


def test_a_refusal_has_the_documented_form(
    client: Client, connection: Any, new_citizen: Callable[..., Citizen], call_id: Callable[[], str]
) -> None:
    create = client("models").CreateKontaktgruppeRequestDto(
        kontaktgruppe_type=13, starttidspunkt=TODAY - timedelta(days=1)
    )
    response = client("api.kontaktgruppe.create_kontaktgruppe").sync(
        client=connection, body=create, x_civilregistration_identifier=new_citizen().cpr, x_request_id=call_id(),
        x_organisation_type_identifier=8, x_organisation_code="10100", x_user_full_name="GK",
        x_request_user_type_identifier=2, x_user_identifier="gk", x_request_organisation_type_identifier=8,
        x_request_organisation_code="10100", x_registration_date_time=NOW.isoformat(),
    )  # fmt: skip
    assert [(error.fejlkode, error.fejltekst) for error in response.fejl] == [(4703, "Startdatoen skal være i dag")]
