import asyncio
import re
import subprocess
import sys

import msgspec
import pytest
from starlette.routing import Router

from support.builders import contract
from vos_contracts.contract import Contract
from vos_contracts.openapi.reading import openapi_reading
from vos_contracts.openapi.registration import openapi
from vos_contracts.wire.asgi.endpoint import AsgiTransport
from vos_contracts.wire.base import Call, Response
from vos_reference.edge.rest import documents as edge


def fetch(documents: edge.OpenapiEdge, path: str) -> Response:
    return asyncio.run(AsgiTransport(Router(routes=documents.routes())).send(Call("GET", path)))


@pytest.fixture
def documents() -> edge.OpenapiEdge:
    return edge.OpenapiEdge(contract())


def test_the_document_is_the_contracts(documents: edge.OpenapiEdge) -> None:
    response = fetch(documents, "/openapi.json")
    assert (response.status, response.headers["content-type"]) == (200, "application/json")
    assert msgspec.json.decode(response.body) == openapi(contract())


def test_the_document_is_made_at_the_first_request_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Contract] = []

    def counting(contract: Contract) -> dict[str, object]:
        made.append(contract)
        return {}

    monkeypatch.setattr(edge, "openapi", counting)
    documents = edge.OpenapiEdge(contract())
    documents.routes()
    assert made == []
    assert fetch(documents, "/openapi.json").body == fetch(documents, "/openapi.json").body == b"{}"
    assert len(made) == 1


def test_the_other_reads_have_a_document_of_their_own(documents: edge.OpenapiEdge) -> None:
    response = fetch(documents, "/openapi/VisiteringOgStatus.json")
    assert (response.status, response.headers["content-type"]) == (200, "application/json")
    assert msgspec.json.decode(response.body) == openapi_reading(contract())


@pytest.mark.parametrize("path", ["/swagger", "/swagger/index.html"])
def test_swagger_shows_the_documents_without_fetching_from_elsewhere(documents: edge.OpenapiEdge, path: str) -> None:
    page = fetch(documents, path)
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    html = page.body.decode()
    refers = re.findall(r"""(?:href|src)=["']([^"']+)|url: *["']([^"']+)""", html)
    addresses = {refer or to for refer, to in refers}
    assert addresses == {
        "/openapi.json",
        "/openapi/VisiteringOgStatus.json",
        "/swagger/swagger-ui.css",
        "/swagger/swagger-ui-bundle.js",
    }
    assert {fetch(documents, address).status for address in addresses} == {200}
    assert "//" not in html
    assert "validatorUrl: null" in html


def test_swagger_ui_is_version_5_which_reads_openapi_3_1(documents: edge.OpenapiEdge) -> None:
    bundle = fetch(documents, "/swagger/swagger-ui-bundle.js")
    assert bundle.headers["content-type"] == "text/javascript"
    found = re.search(rb'PACKAGE_VERSION:"(\d+)\.', bundle.body)
    assert found is not None
    assert int(found[1]) >= 5


def test_the_swagger_ui_package_is_never_imported() -> None:
    code = (
        "import sys; from vos_contracts.contract import load; from vos_reference.edge.rest import documents as edge; "
        "edge.OpenapiEdge(load()).routes(); edge._read_swagger_file('swagger-ui.css'); assert 'swagger_ui' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
