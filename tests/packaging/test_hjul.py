"""The built wheel, installed in a fresh environment, carries its data: it starts the stage and plays the scenes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import httpx
import pytest
from processer import scene_i_proces

ROD = Path(__file__).resolve().parents[2]


def koer(*kommando: str, mappe: Path) -> str:
    resultat = subprocess.run(kommando, cwd=mappe, capture_output=True, text=True, encoding="utf-8", check=False)
    assert resultat.returncode == 0, resultat.stdout + resultat.stderr
    return resultat.stdout


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    mappe = tmp_path_factory.mktemp("hjul")
    koer(sys.executable, "-m", "build", "--outdir", str(mappe), str(ROD), mappe=mappe)
    (hjul,) = mappe.glob("generalproeve-*.whl")
    miljoe = mappe / "miljoe"
    venv.create(miljoe, with_pip=True)
    fortolker = str(miljoe / ("Scripts" if os.name == "nt" else "bin") / "python")
    laas = str(ROD / "requirements.lock")
    koer(fortolker, "-m", "pip", "install", "--quiet", "--constraint", laas, str(hjul), mappe=mappe)
    return fortolker


def test_scenen_starter_fra_hjulet(python: str, tmp_path: Path) -> None:
    with scene_i_proces("--latency", "epic", mappe=tmp_path, python=python) as proces:
        assert proces.klar["latency"] == "epic"
        for navn in ("OpenAPI", "Swagger", "SOAP PersonRegistrationService"):
            assert httpx.get(proces.klar["addresses"][navn]).status_code == 200
        assert httpx.get(f"{proces.tjenester}/swagger/swagger-ui-bundle.js").status_code == 200
        assert proces.afbryd() == 0


def test_alle_scener_spilles_fra_hjulet(python: str, tmp_path: Path) -> None:
    linjer = koer(python, "-m", "generalproeve", "test", "embedded:", mappe=tmp_path).splitlines()
    assert " bestået på " in linjer[-2]
    assert (tmp_path / "rehearsal" / "report.html").is_file()


def test_kontrakten_foelger_med(python: str, tmp_path: Path) -> None:
    assert "0 breaches" in koer(python, "-m", "generalproeve", "contracts", "check", mappe=tmp_path)


def test_en_parts_egne_scener_og_proever(python: str, tmp_path: Path) -> None:
    """The example project, alone in a folder of its own, with nothing but the installed package."""
    shutil.copytree(ROD / "docs" / "example", tmp_path / "egne")
    ud = koer(python, "-m", "pytest", "-q", "-W", "error", mappe=tmp_path / "egne")
    assert "4 passed" in ud
    ud = koer(python, "-m", "pytest", "-q", "--stage", "embedded:release=2025-1", mappe=tmp_path / "egne")
    assert "4 passed" in ud
