"""The laws that no linter holds: sizes, names, docstrings, and what may never stand in the project."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULE = ("contracts", "reference_impl", "simulators", "features", "load", "harness")
MODULES = sorted(file for module in MODULE for file in (ROOT / module).rglob("*.py"))
MOST_LINES = 400
DUPLICATE_CLASS_NAMES = {
    "Abonnement", "Afvigelse", "Ankomst", "Dom", "Drift", "Fordeling", "Forloeb", "Forskel", "Handling", "Kalder", "Kanal",
    "Koersel", "Koert", "Laeser", "Laest", "Linje", "Linjer", "Lytter", "Maaling", "NeighbourCall", "Opgave", "Raekke", "Slags",
    "Slettet", "SoapCall", "Stand", "Status", "Tls", "Wsb", "_Del", "_Felt", "_Fil",
}  # fmt: skip
"""Class names that two modules define today; a name that is gone leaves the list, and none is added."""
OWN = {"generalproeve", *(f"vos_{name}" for name in ("contracts", "reference", "simulators", "features", "load"))}


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def linjer(file: Path) -> int:
    return len(file.read_text("utf-8").splitlines())


@cache
def trees() -> dict[Path, ast.Module]:
    return {file: ast.parse(file.read_text("utf-8")) for file in MODULES}


def test_der_er_moduler() -> None:
    assert len(MODULES) > 50


def test_no_module_is_too_long() -> None:
    lengths = {name(file): linjer(file) for file in MODULES}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_no_class_name_is_defined_in_two_modules() -> None:
    modules = defaultdict(set)
    for file, tree in trees().items():
        for class_ in (node for node in tree.body if isinstance(node, ast.ClassDef)):
            modules[class_.name].add(name(file))
    defined_twice = {name: sorted(files) for name, files in modules.items() if len(files) > 1}
    new = {name: files for name, files in defined_twice.items() if name not in DUPLICATE_CLASS_NAMES}
    assert new == {}, "one name, one meaning: give the new class another name"
    assert DUPLICATE_CLASS_NAMES - defined_twice.keys() == set(), "these are gone: take them off the list"


def test_intet_modul_hedder_som_et_bibliotek() -> None:
    libraries = (set(packages_distributions()) | sys.stdlib_module_names) - OWN
    allowed = {"test"}  # the verb `generalproeve test`; a module per verb
    findings = {file.stem for file in MODULES if file.stem != "__init__"} & libraries
    assert findings <= allowed


def test_every_module_begins_with_what_lives_in_it() -> None:
    assert [name(file) for file, tree in trees().items() if not ast.get_docstring(tree)] == []


def test_lokale_importer_gaar_over_pakken() -> None:
    """A source root is never imported as part of the checkout: that would be another module object."""
    pattern = re.compile(rf"^\s*(from|import) ({'|'.join(MODULE)})\.(vos_|generalproeve)", re.MULTILINE)
    assert [name(file) for file in MODULES if pattern.search(file.read_text("utf-8"))] == []


def traced() -> list[Path]:
    result = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / path for path in result.stdout.decode().split("\0") if path and (ROOT / path).is_file()]


def test_ingen_maskines_stier_og_ingen_pakkeregistres_adresser() -> None:
    pattern = re.compile(
        rb"(?<![\w.])/(work|farm|root|home|Users)/\w|pypi\." rb"org|files\.python" rb"hosted|registry\.npm" rb"js"
    )
    findings = [f"{name(file)}: {finding[0]!r}" for file in traced() if (finding := pattern.search(file.read_bytes()))]
    assert findings == []


def test_ingen_undtagelse_fra_reglerne_uden_en_grund() -> None:
    pattern = re.compile(r"#\s*(noqa: \S+|type: ignore\[[^\]]*\])\s*$|#\s*(noqa|type: ignore)\s*$", re.MULTILINE)
    findings = [
        name(file) for file in (*MODULES, *(ROOT / "tests").rglob("*.py")) if pattern.search(file.read_text("utf-8"))
    ]
    assert findings == []


CAN_LACK = {"tests/rabbitmq.py", "tests/wiremockserver.py"}
"""What starts a server of somebody else's, which not every machine has; CI installs it where it can."""


def test_ingen_test_sover_eller_springes_over() -> None:
    """Only what starts a real server may leave its tests out, and says why."""
    pattern = re.compile(r"time\.sl" r"eep|pytest\.sk" r"ip|mark\.sk" r"ip|xf" r"ail\(")
    findings = {name(file) for file in (ROOT / "tests").rglob("*.py") if pattern.search(file.read_text("utf-8"))}
    assert findings == CAN_LACK
