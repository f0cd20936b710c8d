"""A requirement that names a method is carried by a scenario that calls that method."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

from support.commands import run_command
from vos_contracts import contract, requirements
from vos_contracts.wire.calls import CallReader

READER = CallReader(contract.load())
OPERATIONS = {called.operation for called in READER.operations if called.operation}


def named_methods(row: requirements.Requirement) -> frozenset[str]:
    """Return the methods that the row's service column names."""
    return frozenset(OPERATIONS.intersection(re.findall(r"\w+", row.service)))


def calls_per_requirement(journal: Path) -> Mapping[str, set[str]]:
    """Return the operations that the scenarios of each requirement called."""
    called: set[str] = set()
    carried: dict[str, set[str]] = defaultdict(set)
    for line in journal.read_text("utf-8").splitlines():
        entry = json.loads(line)
        if entry["kind"] == "call":
            action = str(entry["headers"].get("soapaction", ""))
            called.add(READER.operation(entry["method"], entry["path"], action).operation)
        elif entry["kind"] == "verdict":
            for key in entry["requirements"]:
                carried[key] |= called
            called = set()
    return carried


@pytest.mark.slow
def test_a_requirement_that_names_a_method_has_a_scenario_that_calls_it(tmp_path: Path) -> None:
    rows = {
        key: methods
        for key, row in requirements.load().items()
        if row.status is requirements.RequirementStatus.SCENARIO and (methods := named_methods(row))
    }
    assert len(rows) >= 25
    flags = [word for key in rows for word in ("--requirement", key)]
    run_command("test", "embedded:", *flags, folder=tmp_path)
    carried = calls_per_requirement(tmp_path / "rehearsal" / "journal.ndjson")
    assert {key: sorted(missing) for key, methods in rows.items() if (missing := methods - carried[key])} == {}
