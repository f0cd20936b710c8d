"""The licences of the locked packages are accepted ones, and the page lists them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def licences() -> ModuleType:
    spec = importlib.util.spec_from_file_location("licences", ROOT / "tools" / "licences.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_locked_package_has_an_accepted_licence(licences: ModuleType) -> None:
    found = list(licences.packages())
    assert len(found) > 100
    assert licences.not_accepted(found) == []
    assert set(licences.EXCEPTIONS) <= {name for name, _, _ in found}


def test_the_page_lists_them(licences: ModuleType) -> None:
    again = "python tools/licences.py --write"
    assert (ROOT / "docs" / "licences.md").read_text("utf-8") == licences.page(list(licences.packages())), again


@pytest.mark.parametrize(
    "text", ["GPL-3.0-only", "MIT AND GPL-2.0", "unknown", "AGPL-3.0", "Other/Proprietary License"]
)
def test_other_licences_are_refused(licences: ModuleType, text: str) -> None:
    assert not licences.is_accepted(text)


@pytest.mark.parametrize("text", ["MIT", "Apache-2.0 OR GPL-2.0", "MIT AND PSF-2.0", "BSD License", "MPL-2.0"])
def test_permissive_licences_are_accepted(licences: ModuleType, text: str) -> None:
    assert licences.is_accepted(text)
