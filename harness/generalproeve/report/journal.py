"""The run's journal: everything that happened, as newline-delimited JSON in English, with CPR numbers masked.

For each scenario the steps in order, after each step its calls, answers and fetched messages, and last the verdict. `reading`
reads it back. Not the journal of a stage: that is the stage's own, and its control API serves it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from generalproeve.base.masking import mask, mask_json
from generalproeve.report.failures import as_entry, assumptions, failures
from generalproeve.run.evidence import CallEvidence
from generalproeve.run.results import RunResult, ScenarioResult, StepRecord

BODY_CEILING = 8_192
"""The most characters that are kept of a body."""


class JournalWriter:
    """Writes the journal as the run goes, so that a run that is killed leaves what it saw until then."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("w", encoding="utf-8", errors="replace", newline="\n")
        self._number = 0

    def begun(self, run: RunResult) -> None:
        """Write what the run is played on."""
        description = run.description
        self._write(
            kind="begun", target=description.target, release=description.release, backend=description.backend,
            clock=description.clock.isoformat(), version=description.version, contract=description.contract_hash,
            overlay=description.overlay, order=description.order, latency=description.latency,
            versions=dict(description.versions), scenarios=run.total,
        )  # fmt: skip

    def scenario_played(self, run: RunResult, scenario: ScenarioResult) -> None:
        """Write the steps and the verdict of the scenario, and flush them."""
        for step in scenario.steps:
            for entry in _step_entries(step):
                self._write(scenario=scenario.name, **entry)
        self._write(
            kind="verdict", scenario=scenario.name, feature=scenario.feature, verdict=scenario.verdict,
            explanation=scenario.explanation, requirements=list(scenario.requirements), place=scenario.place,
            assumed_names=dict(run.description.assumed(scenario)),
            assumptions=assumptions(scenario, run.description), milliseconds=round(scenario.seconds * 1000, 1),
            failure=next((as_entry(failure) for failure in failures([scenario], run.description)), None),
        )  # fmt: skip
        self._file.flush()

    def ended(self, run: RunResult) -> None:
        """Write the verdict of the whole run, and close the file."""
        self._write(
            kind="ended",
            verdict=run.verdict,
            counts={verdict.value: count for verdict, count in run.count().items()},
        )
        self._file.close()

    def _write(self, **fields: object) -> None:
        self._number += 1
        self._file.write(json.dumps(mask_json({"number": self._number, **fields}), ensure_ascii=False) + "\n")


def _step_entries(step: StepRecord) -> Iterator[dict[str, object]]:
    yield {
        "kind": "step",
        "step": step.text,
        "place": step.place,
        "verdict": step.verdict,
        "explanation": step.explanation,
    }
    for evidence in step.calls:
        yield call_entry(evidence)
    for fetched in step.messages:
        yield {
            "kind": "message_fetched", "recipient": fetched.recipient, "message": fetched.message.message_type,
            "message_id": fetched.message.message_id, "type": fetched.message.topic, "id": fetched.message.id,
            "registering_authority": str(fetched.message.registrant.active), "system": fetched.message.registrant.system,
            "user": fetched.message.registrant.user.id,
        }  # fmt: skip


def call_entry(evidence: CallEvidence) -> dict[str, object]:
    """Return a call and its answer as an entry."""
    return {
        "kind": "call", "method": evidence.call.method, "path": evidence.call.path, "headers": dict(evidence.call.headers),
        "body": _text(evidence.call.body), "status": evidence.response.status, "response": _text(evidence.response.body),
        "milliseconds": round(evidence.seconds * 1000, 2), "lenient": [leniency.key for leniency in evidence.lenient],
    }  # fmt: skip


def _text(body: bytes) -> str:
    return mask(body.decode("utf-8", "replace"))[
        :BODY_CEILING
    ]  # masked before it is cut: a cut could leave the first six digits and part of the rest
