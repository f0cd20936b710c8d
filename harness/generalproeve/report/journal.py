"""The run's journal: one stream of everything that happened, as newline-delimited JSON, CPR numbers masked.

A listener like the console. Each scene gives its steps in order, each step its calls, answers and messages, then its verdict.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from generalproeve.base.masking import mask, masked_content
from generalproeve.report.failures import accusations, assumptions, som_entry
from generalproeve.run.evidence import CallEvidence
from generalproeve.run.results import Period, ScenarioResult, StepRecord

BODY_CEILING = 8_192
"""Characters kept of a body."""


class JournalWriter:
    """Writes the stream to a file as the run goes, so that a run that dies leaves what it saw."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("w", encoding="utf-8", newline="\n")
        self._number = 0

    def begun(self, course: Period) -> None:
        """Write what is played on."""
        frame = course.frame
        self._write(
            kind="begun", target=frame.target, release=frame.release, backend=frame.backend, clock=frame.clock.isoformat(),
            version=frame.version, contract=frame.contract_hash, overlay=frame.overlay, order=frame.order,
            latency=frame.latency, versions=dict(frame.versions), scenarios=course.total,
        )  # fmt: skip

    def stage_played(self, course: Period, stage: ScenarioResult) -> None:
        """Write a scene whole."""
        for step in stage.step:
            for entry in _step_entries(step):
                self._write(stage=stage.name, **entry)
        self._write(
            kind="verdict", stage=stage.name, feature=stage.feature, verdict=stage.verdict, explanation=stage.explanation,
            requirement=list(stage.requirement), place=stage.place, assumed_names=dict(course.frame.assumed(stage)),
            assumptions=assumptions(stage, course.frame), milliseconds=round(stage.seconds * 1000, 1),
            accusation=next((som_entry(item) for item in accusations([stage], course.frame)), None),
        )  # fmt: skip
        self._file.flush()

    def ended(self, course: Period) -> None:
        """Write the verdict of the whole and close the file."""
        self._write(
            kind="ended",
            verdict=course.verdict,
            count={verdict.value: count for verdict, count in course.count().items()},
        )
        self._file.close()

    def _write(self, **fields: object) -> None:
        self._number += 1
        self._file.write(json.dumps(masked_content({"nr": self._number, **fields}), ensure_ascii=False) + "\n")


def _step_entries(step: StepRecord) -> Iterator[dict[str, object]]:
    yield {
        "kind": "step",
        "step": step.text,
        "place": step.place,
        "verdict": step.verdict,
        "explanation": step.explanation,
    }
    for evidence in step.call:
        yield call_entry(evidence)
    for message in step.messages:
        yield {
            "kind": "message_fetched", "recipient": message.recipient, "message": message.message.message_type,
            "message_id": message.message.message_id, "type": message.message.topic, "id": message.message.id,
            "registering_authority": str(message.message.registrant.active), "system": message.message.registrant.system,
            "user": message.message.registrant.user.id,
        }  # fmt: skip


def call_entry(evidence: CallEvidence) -> dict[str, object]:
    """Write a call and its answer."""
    return {
        "kind": "call", "method": evidence.call.method, "path": evidence.call.path, "headers": dict(evidence.call.headers),
        "body": _text(evidence.call.body), "status": evidence.response.status, "response": _text(evidence.response.body),
        "milliseconds": round(evidence.seconds * 1000, 2),
    }  # fmt: skip


def _text(body: bytes) -> str:
    return mask(body.decode("utf-8", "replace"))[:BODY_CEILING]  # masked first: half a number must not be seen
