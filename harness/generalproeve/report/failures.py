"""What a fallen scene accuses the stage of, in the epic's own words: sentences, step, rule, and how to see it again.

Taken from what the run saw and from the contract's tables; what neither says is not said. Not here: how a page looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generalproeve.report.reproduction import reproduce
from generalproeve.run.evidence import CallEvidence
from generalproeve.run.results import Frame, ScenarioResult, StepRecord
from generalproeve.run.touched.facts import Facts
from generalproeve.run.verdict import Verdict
from vos_contracts import requirements
from vos_contracts.requirements import Requirement

_WORD = re.compile(r"\w+")
BAD = frozenset({Verdict.FAILED, Verdict.ERRORED})


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the epic says, and the rows that say it in those words."""

    text: str
    requirement: Sequence[Requirement]


@dataclass(frozen=True, slots=True)
class Accusation:
    """One fallen scene: what the epic says, where it fell, which rules it is about, and the call to make again."""

    stage: ScenarioResult
    sentences: Sequence[Sentence]
    step: str
    place: str
    rules: Sequence[Facts]
    reproduce: str
    response: str
    assumptions: Sequence[str]


def accusations(scenarios: Sequence[ScenarioResult], frame: Frame) -> list[Accusation]:
    """Accuse for every scene that failed or could not be judged."""
    failed = [scenario for scenario in scenarios if scenario.verdict in BAD]
    everyone = requirements.load() if failed else {}
    return [_accusation(item, frame, everyone) for item in failed]


def som_entry(accusation: Accusation) -> dict[str, object]:
    """Return it as a JSON object: what the journal keeps."""
    return {
        "step": accusation.step,
        "place": accusation.place,
        "epic": [
            {"text": sentence.text, "requirement": [row.key for row in sentence.requirement]}
            for sentence in accusation.sentences
        ],
        "rules": [
            {"text": rule.text, "table": rule.name, "source": rule.source, "certainty": rule.certainty}
            for rule in accusation.rules
        ],
        "assumptions": list(accusation.assumptions),
        "reproduce": accusation.reproduce,
        "response": accusation.response,
    }


def linjer(entry: Mapping[str, Any]) -> Iterator[str]:
    """Say such an object in lines."""
    yield f"trin: {entry['step'] or '-'} ({entry['place']})"
    for sentence in entry["epic"]:
        yield f"epicen: »{sentence['text']}« ({', '.join(sentence['requirement'])})"
    for rule in entry["rules"]:
        yield f"regel: {rule['text']} ({rule['table']}; {rule['source']}; {rule['certainty']})"
    if entry["assumptions"]:
        yield f"hviler på antagelser: {'; '.join(entry['assumptions'])}"
    if entry["reproduce"]:
        yield "genskab:"
        yield entry["reproduce"]
        yield f"svaret var:\n{entry['response']}"


def assumptions(stage: ScenarioResult, frame: Frame) -> list[str]:
    """Say which of our choices its verdict rests on: facts of the tables, and names on the wire by service."""
    names = frame.assumed(stage)
    return [
        *(f"{item.text} ({item.table})" for item in stage.assumed),
        *(f"{count} navne i {service}" for service, count in names.items() if count),
    ]


def _accusation(stage: ScenarioResult, frame: Frame, everyone: Mapping[str, Requirement]) -> Accusation:
    fell = next((item for item in stage.step if item.verdict in BAD), None)
    since, call = _last_call(stage, fell)
    return Accusation(
        stage=stage,
        sentences=_sentences([everyone[key] for key in stage.requirement]),
        step="" if fell is None else fell.text,
        place=stage.place if fell is None else fell.place,
        rules=_rules(stage, frame, [step for step in (fell, since) if step is not None]),
        reproduce="" if call is None else reproduce(call.call),
        response=""
        if call is None
        else f"{call.response.body.decode('utf-8', 'replace')}\nHTTP {call.response.status}",
        assumptions=assumptions(stage, frame),
    )


def _sentences(rows: Sequence[Requirement]) -> list[Sentence]:
    after: dict[str, list[Requirement]] = {}
    for row in rows:
        after.setdefault(row.text, []).append(row)
    return [Sentence(text, requirement) for text, requirement in after.items()]


def _last_call(stage: ScenarioResult, fell: StepRecord | None) -> tuple[StepRecord | None, CallEvidence | None]:
    """Return the call that the judgement was about: the last one that registered or told something, else the last one."""
    before = stage.step if fell is None else stage.step[: stage.step.index(fell) + 1]
    call = [(step, evidence) for step in before for evidence in step.call]
    without_queue = [(step, evidence) for step, evidence in call if "Wsrm" not in evidence.call.path]
    own = [(step, evidence) for step, evidence in without_queue if step is fell]
    done = [(step, evidence) for step, evidence in without_queue if evidence.call.method != "GET"]
    chosen = own or done or call
    return chosen[-1] if chosen else (None, None)


def _rules(stage: ScenarioResult, frame: Frame, step: Sequence[StepRecord]) -> list[Facts]:
    """Choose the errors and messages that were named, and what the fallen step and the judged one touch, errors first."""
    said = set(_WORD.findall(stage.explanation))
    mentioned = [rule for rule in frame.rules if rule.key[0] in said]
    touched = sorted((fact for item in step for fact in item.facts), key=lambda item: item.table != "errors")
    return list(dict.fromkeys([*mentioned, *touched]))
