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

ROD = Path(__file__).resolve().parents[2]
RUM = ("contracts", "reference_impl", "simulators", "features", "load", "harness")
MODULER = sorted(fil for rum in RUM for fil in (ROD / rum).rglob("*.py"))
MOST_LINES = 400
DUPLICATE_CLASS_NAMES = {
    "Abonnement", "Afvigelse", "Ankomst", "Dom", "Drift", "Fordeling", "Forloeb", "Forskel", "Handling", "Kalder", "Kanal",
    "Koersel", "Koert", "Laeser", "Laest", "Linje", "Linjer", "Lytter", "Maaling", "Nabokald", "Opgave", "Raekke", "Slags",
    "Slettet", "Soapkald", "Stand", "Status", "Tls", "Wsb", "_Del", "_Felt", "_Fil",
}  # fmt: skip
"""Class names that two modules define today; a name that is gone leaves the list, and none is added."""
EGNE = {"generalproeve", *(f"vos_{navn}" for navn in ("contracts", "reference", "simulators", "features", "load"))}


def navn(fil: Path) -> str:
    return fil.relative_to(ROD).as_posix()


def linjer(fil: Path) -> int:
    return len(fil.read_text("utf-8").splitlines())


@cache
def trees() -> dict[Path, ast.Module]:
    return {file: ast.parse(file.read_text("utf-8")) for file in MODULER}


def test_der_er_moduler() -> None:
    assert len(MODULER) > 50


def test_no_module_is_too_long() -> None:
    lengths = {navn(file): linjer(file) for file in MODULER}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_no_class_name_is_defined_in_two_modules() -> None:
    modules = defaultdict(set)
    for file, tree in trees().items():
        for class_ in (node for node in tree.body if isinstance(node, ast.ClassDef)):
            modules[class_.name].add(navn(file))
    defined_twice = {name: sorted(files) for name, files in modules.items() if len(files) > 1}
    new = {name: files for name, files in defined_twice.items() if name not in DUPLICATE_CLASS_NAMES}
    assert new == {}, "one name, one meaning: give the new class another name"
    assert DUPLICATE_CLASS_NAMES - defined_twice.keys() == set(), "these are gone: take them off the list"


def test_intet_modul_hedder_som_et_bibliotek() -> None:
    biblioteker = (set(packages_distributions()) | sys.stdlib_module_names) - EGNE
    tilladte = {"test"}  # the verb `generalproeve test`; a module per verb
    fundne = {fil.stem for fil in MODULER if fil.stem != "__init__"} & biblioteker
    assert fundne <= tilladte


def test_every_module_begins_with_what_lives_in_it() -> None:
    assert [navn(file) for file, tree in trees().items() if not ast.get_docstring(tree)] == []


def test_lokale_importer_gaar_over_pakken() -> None:
    """A source root is never imported as part of the checkout: that would be another module object."""
    moenster = re.compile(rf"^\s*(from|import) ({'|'.join(RUM)})\.(vos_|generalproeve)", re.MULTILINE)
    assert [navn(fil) for fil in MODULER if moenster.search(fil.read_text("utf-8"))] == []


def sporede() -> list[Path]:
    resultat = subprocess.run(["git", "ls-files", "-z"], cwd=ROD, capture_output=True, check=True)
    return [ROD / sti for sti in resultat.stdout.decode().split("\0") if sti and (ROD / sti).is_file()]


def test_ingen_maskines_stier_og_ingen_pakkeregistres_adresser() -> None:
    moenster = re.compile(
        rb"(?<![\w.])/(work|farm|root|home|Users)/\w|pypi\." rb"org|files\.python" rb"hosted|registry\.npm" rb"js"
    )
    fundne = [f"{navn(fil)}: {fund[0]!r}" for fil in sporede() if (fund := moenster.search(fil.read_bytes()))]
    assert fundne == []


def test_ingen_undtagelse_fra_reglerne_uden_en_grund() -> None:
    moenster = re.compile(r"#\s*(noqa: \S+|type: ignore\[[^\]]*\])\s*$|#\s*(noqa|type: ignore)\s*$", re.MULTILINE)
    fundne = [
        navn(fil) for fil in (*MODULER, *(ROD / "tests").rglob("*.py")) if moenster.search(fil.read_text("utf-8"))
    ]
    assert fundne == []


KAN_MANGLE = {"tests/rabbitmq.py", "tests/wiremockserver.py"}
"""What starts a server of somebody else's, which not every machine has; CI installs it where it can."""


def test_ingen_test_sover_eller_springes_over() -> None:
    """Only what starts a real server may leave its tests out, and says why."""
    moenster = re.compile(r"time\.sl" r"eep|pytest\.sk" r"ip|mark\.sk" r"ip|xf" r"ail\(")
    fundne = {navn(fil) for fil in (ROD / "tests").rglob("*.py") if moenster.search(fil.read_text("utf-8"))}
    assert fundne == KAN_MANGLE
