import asyncio
import re
import subprocess
import sys

import msgspec
import pytest
from starlette.routing import Router

from byggeklodser import kontrakt
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.openapi import openapi
from vos_contracts.openapi_laesning import openapi_laesning
from vos_contracts.wire.asgi import AsgiTransport
from vos_contracts.wire.base import Kald, Svar
from vos_reference.edge import openapi as edge


def hent(kant: edge.OpenapiEdge, sti: str) -> Svar:
    return asyncio.run(AsgiTransport(Router(routes=kant.ruter())).send(Kald("GET", sti)))


@pytest.fixture
def kant() -> edge.OpenapiEdge:
    return edge.OpenapiEdge(kontrakt())


def test_dokumentet_er_kontraktens(kant: edge.OpenapiEdge) -> None:
    svar = hent(kant, "/openapi.json")
    assert (svar.status, svar.headers["content-type"]) == (200, "application/json")
    assert msgspec.json.decode(svar.krop) == openapi(kontrakt())


def test_dokumentet_laves_foerst_naar_der_spoerges_og_kun_en_gang(monkeypatch: pytest.MonkeyPatch) -> None:
    lavet: list[Kontrakt] = []

    def taellende(kontrakt: Kontrakt) -> dict[str, object]:
        lavet.append(kontrakt)
        return {}

    monkeypatch.setattr(edge, "openapi", taellende)
    kant = edge.OpenapiEdge(kontrakt())
    kant.ruter()
    assert lavet == []
    assert hent(kant, "/openapi.json").krop == hent(kant, "/openapi.json").krop == b"{}"
    assert len(lavet) == 1


def test_de_andre_laesninger_har_deres_eget_dokument(kant: edge.OpenapiEdge) -> None:
    svar = hent(kant, "/openapi/VisiteringOgStatus.json")
    assert (svar.status, svar.headers["content-type"]) == (200, "application/json")
    assert msgspec.json.decode(svar.krop) == openapi_laesning(kontrakt())


@pytest.mark.parametrize("sti", ["/swagger", "/swagger/index.html"])
def test_swagger_viser_dokumentet_uden_at_hente_noget_andre_steder_fra(kant: edge.OpenapiEdge, sti: str) -> None:
    side = hent(kant, sti)
    assert (side.status, side.headers["content-type"]) == (200, "text/html; charset=utf-8")
    html = side.krop.decode()
    henviser = re.findall(r"""(?:href|src)=["']([^"']+)|url: *["']([^"']+)""", html)
    adresser = {en or to for en, to in henviser}
    assert adresser == {
        "/openapi.json",
        "/openapi/VisiteringOgStatus.json",
        "/swagger/swagger-ui.css",
        "/swagger/swagger-ui-bundle.js",
    }
    assert {hent(kant, adresse).status for adresse in adresser} == {200}
    assert "//" not in html
    assert "validatorUrl: null" in html


def test_det_er_swagger_ui_5_som_laeser_openapi_3_1(kant: edge.OpenapiEdge) -> None:
    bundt = hent(kant, "/swagger/swagger-ui-bundle.js")
    assert bundt.headers["content-type"] == "text/javascript"
    fundet = re.search(rb'PACKAGE_VERSION:"(\d+)\.', bundt.krop)
    assert fundet is not None
    assert int(fundet[1]) >= 5


def test_pakken_med_swagger_ui_importeres_aldrig() -> None:
    kode = (
        "import sys; from vos_contracts.kontrakt import indlaes; from vos_reference.edge import openapi as edge; "
        "edge.OpenapiEdge(indlaes()).ruter(); edge._statisk('swagger-ui.css'); assert 'swagger_ui' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", kode], check=False).returncode == 0
