from pathlib import Path
from typing import Any

from openapi_spec_validator import validate

from byggeklodser import kontrakt
from vos_contracts.kontrakt import indlaes
from vos_contracts.openapi import TJENESTE, kanonisk, openapi


def operationer(dokument: dict[str, Any]) -> dict[str, Any]:
    return {
        operation["operationId"]: operation
        for sti in dokument["paths"].values()
        for metode, operation in sti.items()
        if metode != "parameters"
    }


def test_dokumentet_er_gyldig_openapi() -> None:
    validate(openapi(kontrakt()))


def test_den_gemte_kopi_er_den_genererede() -> None:
    from importlib.resources import files

    gemt = files("vos_contracts").joinpath("schemas/openapi/PersonVisiteringService.v1.json").read_text("utf-8")
    assert gemt == kanonisk(kontrakt()), "write it anew with: generalproeve contracts export (schemas/openapi)"


def test_hver_metode_i_adgangstabellen_er_beskrevet_og_omvendt() -> None:
    i_tabellen = {noegle.partition(".")[2] for noegle in kontrakt().adgang if noegle.startswith(f"{TJENESTE}.")}
    assert set(operationer(openapi(kontrakt()))) == i_tabellen


def test_hver_operation_naevner_sine_egne_fejlkoder_under_rette_status() -> None:
    for navn, operation in operationer(openapi(kontrakt())).items():
        assert operation["x-fejlkoder"], navn
        for kode in operation["x-fejlkoder"]:
            status = str(kontrakt().fejl[kode].http_status)
            assert str(kode) in operation["responses"][status]["description"], (navn, kode)


def test_et_overlay_ses_i_dokumentet(tmp_path: Path) -> None:
    (tmp_path / "navne.csv").write_text(
        "noegle,vaerdi\nheader.organisationKode,x-org-kode\njson.sluttidspunkt,slutTidspunkt\n", "utf-8"
    )
    dokument = openapi(indlaes(tmp_path))
    assert dokument["components"]["parameters"]["organisationKode"]["name"] == "x-org-kode"
    assert "slutTidspunkt" in dokument["components"]["schemas"]["KontaktgruppeDto"]["properties"]
    assert "sluttidspunkt" not in dokument["components"]["schemas"]["KontaktgruppeDto"]["properties"]
