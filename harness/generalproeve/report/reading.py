"""Read a run again from its journal: what it was played on, and each scene's verdict. Errors: CannotRun naming the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generalproeve.base.exit_codes import CannotRun
from generalproeve.run.verdict import Verdict
from generalproeve.settings.values import LATENCY_SINCE

JOURNAL = "journal.ndjson"
Key = tuple[str, str, int]
"""A scene's feature and name; several of the same name are counted."""


@dataclass(frozen=True, slots=True)
class Read:
    """One scene of an earlier run."""

    verdict: Verdict
    explanation: str
    milliseconds: float
    accusation: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """An earlier run; `finished` is False for one that was cut off."""

    frame: Mapping[str, Any]
    scenarios: Mapping[Key, Read]
    finished: bool


def read(path: Path) -> Ran:
    """Read a run's folder, or its journal."""
    file = path / JOURNAL if path.is_dir() else path
    try:
        linjer = file.read_text("utf-8").splitlines()
        entries = [json.loads(line) for line in linjer]
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as exc:
        raise CannotRun(f"{file}: not the journal of a run: {exc}") from None
    if not entries or entries[0].get("kind") != "begun":
        raise CannotRun(f"{file}: not the journal of a run: it does not say what was played on")
    scenarios: dict[Key, Read] = {}
    for entry in entries:
        if entry["kind"] == "verdict":
            number = sum(key[:2] == (entry["property"], entry["stage"]) for key in scenarios)
            scenarios[entry["property"], entry["stage"], number] = Read(
                Verdict(entry["verdict"]), entry["explanation"], entry["milliseconds"], entry.get("accusation")
            )
    return Ran({"latency": LATENCY_SINCE, **entries[0]}, scenarios, entries[-1]["kind"] == "ended")
