"""Read an earlier run back from its journal: what it was played on, and the verdict of each scenario."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generalproeve.base.exit_codes import CannotRun
from generalproeve.run.verdict import Verdict
from generalproeve.settings.values import LATENCY_OFF
from vos_contracts.base.text_files import NotText, read_text

JOURNAL = "journal.ndjson"
ScenarioKey = tuple[str, str, int]
"""Feature, name, and a number from 0 that tells scenarios of the same name apart."""


@dataclass(frozen=True, slots=True)
class EarlierScenario:
    """One scenario of an earlier run."""

    verdict: Verdict
    explanation: str
    milliseconds: float
    failure: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """An earlier run; `finished` is false if it was cut off."""

    description: Mapping[str, Any]
    scenarios: Mapping[ScenarioKey, EarlierScenario]
    finished: bool


def read(path: Path) -> EarlierRun:
    """Read the journal in a run's folder, or a journal file.

    Raises:
        CannotRun: the file cannot be read or is no journal; the message names it.
    """
    file = path / JOURNAL if path.is_dir() else path
    try:
        entries = [json.loads(line) for line in read_text(file).split("\n") if line]
    except (OSError, NotText, json.JSONDecodeError) as exc:
        raise CannotRun(f"{file}: not the journal of a run: {exc}") from None
    if not entries or entries[0].get("kind") != "begun":
        raise CannotRun(f"{file}: not the journal of a run: it does not say what was played on")
    scenarios: dict[ScenarioKey, EarlierScenario] = {}
    namesakes: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        if entry["kind"] == "verdict":
            name = (entry["feature"], entry["scenario"])
            namesakes[name] += 1
            scenarios[*name, namesakes[name] - 1] = EarlierScenario(
                Verdict(entry["verdict"]), entry["explanation"], entry["milliseconds"], entry.get("failure")
            )
    return EarlierRun({"latency": LATENCY_OFF, **entries[0]}, scenarios, entries[-1]["kind"] == "ended")
