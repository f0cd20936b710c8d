"""A client made by a public generator from the served document performs every REST operation: the REST stranger."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any
from uuid import UUID

import httpx
import pytest

from byggeklodser import I_DAG, NU
from generalproeve.scene import Scene
from vos_simulators.people import Borger

Klient = Callable[[str], ModuleType]


@pytest.fixture
def klient(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Klient]:
    dokument = tmp_path / "openapi.json"
    dokument.write_bytes(httpx.get(f"{scene.tjenester}/openapi.json").content)
    udgang = tmp_path / "genereret_klient"
    resultat = subprocess.run(
        [sys.executable, "-c", "from openapi_python_client.cli import app; app()", "generate", "--path", str(dokument),
         "--meta", "none", "--output-path", str(udgang)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert resultat.returncode == 0, resultat.stdout + resultat.stderr
    assert "will not be generated" not in resultat.stdout
    monkeypatch.syspath_prepend(tmp_path)
    for navn in [navn for navn in sys.modules if navn.startswith("genereret_klient")]:
        del sys.modules[navn]
    yield lambda navn: importlib.import_module(f"genereret_klient.{navn}")


@pytest.fixture
def forbindelse(klient: Klient, scene: Scene) -> Iterator[Any]:
    with klient("client").Client(base_url=scene.tjenester, raise_on_unexpected_status=True) as aaben:
        yield aaben


ART = [("kontaktgruppe", "kontaktgrupper", 13), ("personkategori", "personkategorier", 9)]


@pytest.mark.parametrize(("art", "flertal", "type_"), ART)
def test_alle_operationer(
    klient: Klient, forbindelse: Any, ny_borger: Callable[..., Borger], kald_id: Callable[[], str],
    art: str, flertal: str, type_: int,
) -> None:  # fmt: skip
    modeller = klient("models")
    from vos_contracts.control.stage import RegistreringDto

    borger = ny_borger(kontaktgrupper=() if art == "kontaktgruppe" else (RegistreringDto(type=13),))
    faelles: dict[str, Any] = {
        "client": forbindelse, "x_civilregistration_identifier": borger.cpr, "x_organisation_type_identifier": 8,
        "x_organisation_code": "10100", "x_user_full_name": "Genereret Klient", "x_request_user_type_identifier": 2,
        "x_user_identifier": "gk", "x_request_organisation_type_identifier": 8,
        "x_request_organisation_code": "10100", "x_registration_date_time": NU.isoformat(),
    }  # fmt: skip

    kaldte = set()

    def kald(operation: str, *sti: object, **andet: Any) -> Any:
        kaldte.add(operation)
        modul = klient(f"api.{art}.{operation}")
        svar = modul.sync_detailed(*sti, **faelles, **andet)
        assert svar.status_code == 200, svar.content
        return svar.parsed

    navn = art.capitalize()
    opret = getattr(modeller, f"Create{navn}RequestDto")(**{f"{art}_type": type_, "starttidspunkt": I_DAG})
    id_ = kald(f"create_{art}", body=opret, x_request_id=kald_id())
    assert isinstance(id_, UUID)
    (aktuel,) = kald(f"get_{flertal}")
    assert (getattr(aktuel, f"{art}_id"), getattr(aktuel, f"{art}_type")) == (id_, type_)
    assert getattr(kald(f"get_{art}", id_), f"{art}_id") == id_
    opdater = getattr(modeller, f"Update{navn}RequestDto")(sluttidspunkt=NU)
    assert kald(f"update_{art}", id_, body=opdater, x_request_id=kald_id()) == id_
    assert len(kald(f"get_{art}_historik")) == 2
    eget = UUID(int=int(borger.cpr) + (1 << 100) + type_)
    assert kald(f"create_{art}_med_identifier", eget, body=opret, x_request_id=kald_id()) == eget
    assert kald(f"delete_{art}", eget, x_request_id=kald_id()) == eget
    assert kald(f"get_{flertal}") == []
    assert len(kald(f"get_{art}_historik")) == 4
    assert kaldte == {en.name for en in iter_modules(klient(f"api.{art}").__path__)}


def test_en_afvisning_har_den_beskrevne_form(
    klient: Klient, forbindelse: Any, ny_borger: Callable[..., Borger], kald_id: Callable[[], str]
) -> None:
    opret = klient("models").CreateKontaktgruppeRequestDto(
        kontaktgruppe_type=13, starttidspunkt=I_DAG - timedelta(days=1)
    )
    svar = klient("api.kontaktgruppe.create_kontaktgruppe").sync(
        client=forbindelse, body=opret, x_civilregistration_identifier=ny_borger().cpr, x_request_id=kald_id(),
        x_organisation_type_identifier=8, x_organisation_code="10100", x_user_full_name="GK",
        x_request_user_type_identifier=2, x_user_identifier="gk", x_request_organisation_type_identifier=8,
        x_request_organisation_code="10100", x_registration_date_time=NU.isoformat(),
    )  # fmt: skip
    assert [(en.fejlkode, en.fejltekst) for en in svar.fejl] == [(4703, "Startdatoen skal være i dag")]
