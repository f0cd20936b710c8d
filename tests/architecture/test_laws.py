"""The laws that no linter holds: sizes, names, language, docstrings, and what may never stand in the project."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE_ROOTS = ("contracts", "reference_impl", "simulators", "features", "load", "harness")
MODULES = sorted(file for root in SOURCE_ROOTS for file in (ROOT / root).rglob("*.py"))
OTHER_CODE = sorted(file for root in ("tests", "benchmarks", "tools") for file in (ROOT / root).rglob("*.py"))
PACKAGES = {"generalproeve", *(f"vos_{name}" for name in ("contracts", "reference", "simulators", "features", "load"))}

MOST_LINES = 400
PRONOUNS = {"en", "et", "den", "det", "ens"}
DANISH_WORDS = frozenset(Path(__file__).with_name("danish_words.txt").read_text("utf-8").split())
"""Danish engineering words that were once part of identifiers; the domain nouns of GLOSSARY.md are allowed."""
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
MAY_SKIP = {"tests/support/rabbitmq.py", "tests/support/java.py", "tests/support/wiremock_server.py"}
"""Modules that start a server which not every machine has; CI installs it where it can."""


def relative(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def defined_names(module: ast.Module) -> Iterator[str]:
    """Yield every name that the module defines: functions, classes, parameters, variables and attributes."""
    for node in ast.walk(module):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield name
            case ast.ExceptHandler(name=str(name)) | ast.alias(asname=str(name)):
                yield name


def domain_nouns() -> set[str]:
    """Read the first column of the glossary's table, in lower case and ASCII as in identifiers."""
    rows = re.findall(r"^\|\s*`?([^|`]+?)`?\s*\|", (ROOT / "GLOSSARY.md").read_text("utf-8"), re.MULTILINE)
    ascii_letters = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
    return {word for row in rows for word in re.findall(r"[a-z]+", row.lower().translate(ascii_letters))}


def tracked_files() -> list[Path]:
    result = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / path for path in result.stdout.decode().split("\0") if path and (ROOT / path).is_file()]


def test_the_source_roots_hold_modules() -> None:
    assert len(MODULES) > 200


def test_no_module_is_too_long() -> None:
    lengths = {relative(file): len(file.read_text("utf-8").splitlines()) for file in MODULES}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_no_class_name_is_defined_in_two_modules() -> None:
    modules = defaultdict(set)
    for file in MODULES:
        for node in tree(file).body:
            if isinstance(node, ast.ClassDef):
                modules[node.name].add(relative(file))
    assert {name: sorted(files) for name, files in modules.items() if len(files) > 1} == {}


def test_no_name_is_a_pronoun() -> None:
    found = {relative(file): names for file in MODULES if (names := PRONOUNS & {*defined_names(tree(file))})}
    assert found == {}, "name the thing, not the pronoun"


def test_no_identifier_holds_a_danish_engineering_word() -> None:
    forbidden = DANISH_WORDS - domain_nouns()
    found = {
        relative(file): sorted(names)
        for file in (*MODULES, *OTHER_CODE)
        if (
            names := {name for name in defined_names(tree(file)) if forbidden & {w.lower() for w in WORD.findall(name)}}
        )
    }
    assert found == {}, "English verbs and infrastructure; the Danish domain nouns are the rows of GLOSSARY.md"


def test_no_module_has_the_name_of_a_library() -> None:
    libraries = (set(packages_distributions()) | sys.stdlib_module_names) - PACKAGES
    allowed = {"test"}  # the command `generalproeve test`: each command has a module of its name
    assert {file.stem for file in MODULES if file.stem != "__init__"} & libraries <= allowed


def test_every_module_says_what_lives_in_it() -> None:
    assert [relative(file) for file in MODULES if not ast.get_docstring(tree(file))] == []


def test_source_roots_are_not_imported_as_packages() -> None:
    """`import contracts.vos_contracts` would load the module a second time, under another name."""
    pattern = re.compile(rf"^\s*(from|import) ({'|'.join(SOURCE_ROOTS)})\.(vos_|generalproeve)", re.MULTILINE)
    assert [relative(file) for file in MODULES if pattern.search(file.read_text("utf-8"))] == []


def test_no_file_names_a_path_of_a_machine_or_a_package_registry() -> None:
    pattern = re.compile(
        rb"(?<![\w.])/(work|farm|root|home|Users)/\w|pypi\." rb"org|files\.python" rb"hosted|registry\.npm" rb"js"
    )
    found = [
        f"{relative(file)}: {match[0]!r}" for file in tracked_files() if (match := pattern.search(file.read_bytes()))
    ]
    assert found == []


def test_every_exception_from_a_rule_has_its_reason() -> None:
    pattern = re.compile(r"#\s*(noqa: \S+|type: ignore\[[^\]]*\])\s*$|#\s*(noqa|type: ignore)\s*$", re.MULTILINE)
    files = (*MODULES, *OTHER_CODE)
    assert [relative(file) for file in files if pattern.search(file.read_text("utf-8"))] == []


def test_no_test_sleeps_or_is_skipped() -> None:
    """Only a module that starts a real server may skip its tests, and says why."""
    pattern = re.compile(r"time\.sl" r"eep|pytest\.sk" r"ip|mark\.sk" r"ip|xf" r"ail\(")
    found = {relative(file) for file in (ROOT / "tests").rglob("*.py") if pattern.search(file.read_text("utf-8"))}
    assert found <= MAY_SKIP


def test_no_markdown_line_is_too_long() -> None:
    """Prose wraps at 120 characters; tables and code cannot."""
    long = []
    for file in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")):
        in_code = False
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            in_code ^= line.startswith("```")
            exempt = in_code or line.startswith(("|", "    ", "- `")) or "](" in line
            if len(line) > 120 and not exempt and file.name not in ("benchmarks.md", "mutation.md"):
                long.append(f"{relative(file)}:{number}")
    assert long == []
