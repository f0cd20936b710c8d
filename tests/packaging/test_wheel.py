"""The built wheel, installed in a fresh environment, has all its data: it starts a stage and plays every scenario."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import httpx
import pytest

from support.processes import stage_process

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def locked_requirements() -> list[str]:
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    return [line.rstrip(" \\") for line in lines if "==" in line]


def execute(*command: str, folder: Path) -> str:
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("wheel")
    execute(sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT), folder=folder)
    (wheel,) = folder.glob("generalproeve-*.whl")
    environment = folder / "environment"
    venv.create(environment, with_pip=True)
    interpreter = str(environment / ("Scripts" if os.name == "nt" else "bin") / "python")
    versions = folder / "versions.txt"  # without the hashes, which pip then wants of the wheel too
    versions.write_text("\n".join(requirement for requirement in locked_requirements()) + "\n", "utf-8")
    execute(interpreter, "-m", "pip", "install", "--quiet", "--constraint", str(versions), str(wheel), folder=folder)
    return interpreter


def test_the_stage_starts_from_the_wheel(python: str, tmp_path: Path) -> None:
    with stage_process("--latency", "epic", folder=tmp_path, python=python) as process:
        assert process.ready["latency"] == "epic"
        for name in ("OpenAPI", "Swagger", "SOAP PersonRegistrationService"):
            assert httpx.get(process.ready["addresses"][name]).status_code == 200
        assert httpx.get(f"{process.services}/swagger/swagger-ui-bundle.js").status_code == 200
        assert process.interrupt() == 0


def test_every_scenario_is_played_from_the_wheel(python: str, tmp_path: Path) -> None:
    lines = execute(python, "-m", "generalproeve", "test", "embedded:", folder=tmp_path).splitlines()
    assert " bestået på " in lines[-2]
    assert (tmp_path / "rehearsal" / "report.html").is_file()


def test_the_contract_is_in_the_wheel(python: str, tmp_path: Path) -> None:
    assert "0 breaches" in execute(python, "-m", "generalproeve", "contracts", "check", folder=tmp_path)


def test_the_example_project_runs_on_the_wheel(python: str, tmp_path: Path) -> None:
    """The example project needs nothing but the installed package."""
    shutil.copytree(ROOT / "docs" / "example", tmp_path / "own")
    out = execute(python, "-m", "pytest", "-q", "-W", "error", folder=tmp_path / "own")
    assert "4 passed" in out
    out = execute(python, "-m", "pytest", "-q", "--stage", "embedded:release=2025-1", folder=tmp_path / "own")
    assert "4 passed" in out
