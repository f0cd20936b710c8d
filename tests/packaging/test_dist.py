"""The lock pins every package by hash; `make dist` builds the wheel and a bill of materials that agrees with both."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
LOCKED = {
    canonicalize_name(name): version
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", LOCK, re.MULTILINE)
}


def test_every_locked_package_has_a_hash() -> None:
    entries = re.split(r"^(?=[A-Za-z0-9._-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) == len(LOCKED) > 100
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_holds_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [Requirement(text) for text in (*project["dependencies"], *project["optional-dependencies"]["dev"])]
    wrong = [
        str(item)
        for item in wanted
        if not item.specifier.contains(LOCKED.get(canonicalize_name(item.name), "0"), prereleases=True)
    ]
    assert wrong == [], "make lock"


@pytest.mark.slow
def test_the_build_has_a_bill_of_materials(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "tools/dist.py", "--outdir", str(tmp_path)], cwd=ROOT, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    (file,) = tmp_path.glob("*.cdx.json")
    bill = json.loads(file.read_text("utf-8"))
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "generalproeve")
    assert bill["metadata"]["component"]["hashes"][0]["content"] == hashlib.sha256(wheel.read_bytes()).hexdigest()
    found = {canonicalize_name(part["name"]): part["version"] for part in bill["components"]}
    assert {name: version for name, version in found.items() if LOCKED.get(name) != version} == {}
    assert {"msgspec", "lxml", "uvicorn", "anyio", "locust", "pyarrow", "schemathesis"} <= set(found)
    assert not {"mypy", "ruff", "zeep", "build", "cyclonedx-bom"} & set(found), "only what a user needs"
    unlicensed = {part["name"] for part in bill["components"] if not part.get("licenses")}
    assert unlicensed == {"swagger-ui-py"}, "its metadata has none that the tool reads; docs/licences.md has it"
    refs = {part["bom-ref"] for part in bill["components"]} | {bill["metadata"]["component"]["bom-ref"]}
    assert {ref for edge in bill["dependencies"] for ref in (edge["ref"], *edge["dependsOn"])} <= refs
    assert str(ROOT) not in file.read_text("utf-8"), "no path of the machine that built it"
