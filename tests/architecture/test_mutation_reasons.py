"""Every reason why a change to the domain cannot be noticed names functions that exist."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = ROOT / "reference_impl" / "vos_reference" / "domain"


def test_every_reason_is_about_functions_of_the_domain() -> None:
    functions = [
        f"{file.stem}.{node.name}"
        for file in DOMAIN.glob("*.py")
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]
    reasons = tomllib.loads((ROOT / "tools" / "mutation_reasons.toml").read_text("utf-8"))["reason"]
    without = {
        part
        for reason in reasons
        for part in re.split(r"\|(?![^(]*\))", reason["function"])
        if not any(re.fullmatch(part, function) for function in functions)
    }
    assert reasons
    assert without == set()
