"""What a failed or errored scenario shows: the epic's sentences, the step, the rules, and the call to make again.

Everything here was seen by the run or stands in the contract's tables. Not here: how a report lays it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generalproeve.report.reproduction import reproduce
from generalproeve.run.evidence import CallEvidence
from generalproeve.run.results import RunDescription, ScenarioResult, StepRecord
from generalproeve.run.touched.facts import Fact
from generalproeve.run.verdict import Verdict
from vos_contracts import requirements
from vos_contracts.requirements import Requirement

_WORD = re.compile(r"\w+")
BAD = frozenset({Verdict.FAILED, Verdict.ERRORED})


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the epic, and the requirements that quote it."""

    text: str
    requirements: Sequence[Requirement]


@dataclass(frozen=True, slots=True)
class ScenarioFailure:
    """One failed or errored scenario, with what a reader needs to understand and repeat it."""

    scenario: ScenarioResult
    sentences: Sequence[Sentence]
    step: str
    """The step that stopped the scenario, "" if none did."""
    place: str
    """File and line of that step."""
    rules: Sequence[Fact]
    reproduce: str
    """Shell lines that make the judged call again, "" if there was no call."""
    response: str
    assumptions: Sequence[str]


def failures(scenarios: Sequence[ScenarioResult], description: RunDescription) -> list[ScenarioFailure]:
    """Describe every scenario that failed or errored."""
    failed = [scenario for scenario in scenarios if scenario.verdict in BAD]
    rows = requirements.load() if failed else {}
    return [_failure(scenario, description, rows) for scenario in failed]


def as_entry(failure: ScenarioFailure) -> dict[str, object]:
    """Return the failure as a JSON object, as the journal keeps it."""
    return {
        "step": failure.step,
        "place": failure.place,
        "epic": [
            {"text": sentence.text, "requirements": [row.key for row in sentence.requirements]}
            for sentence in failure.sentences
        ],
        "rules": [
            {"text": rule.text, "table": rule.name, "source": rule.source, "certainty": rule.certainty}
            for rule in failure.rules
        ],
        "assumptions": list(failure.assumptions),
        "reproduce": failure.reproduce,
        "response": failure.response,
    }


def lines(entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield a JSON object of `as_entry` as lines for the console."""
    yield f"trin: {entry['step'] or '-'} ({entry['place']})"
    for sentence in entry["epic"]:
        yield f"epicen: »{sentence['text']}« ({', '.join(sentence['requirements'])})"
    for rule in entry["rules"]:
        yield f"regel: {rule['text']} ({rule['table']}; {rule['source']}; {rule['certainty']})"
    if entry["assumptions"]:
        yield f"hviler på antagelser: {'; '.join(entry['assumptions'])}"
    if entry["reproduce"]:
        yield "genskab:"
        yield entry["reproduce"]
        yield f"svaret var:\n{entry['response']}"


def assumptions(scenario: ScenarioResult, description: RunDescription) -> list[str]:
    """List the assumptions that the verdict rests on: rows of the tables, and the number of assumed names per service."""
    names = description.assumed(scenario)
    return [
        *(f"{fact.text} ({fact.table})" for fact in scenario.assumed),
        *(f"{count} navne i {service}" for service, count in names.items() if count),
    ]


def _failure(scenario: ScenarioResult, description: RunDescription, rows: Mapping[str, Requirement]) -> ScenarioFailure:
    stopped = next((step for step in scenario.steps if step.verdict in BAD), None)
    caller, call = _judged_call(scenario, stopped)
    return ScenarioFailure(
        scenario=scenario,
        sentences=_sentences([rows[key] for key in scenario.requirements]),
        step="" if stopped is None else stopped.text,
        place=scenario.place if stopped is None else stopped.place,
        rules=_rules(scenario, description, [step for step in (stopped, caller) if step is not None]),
        reproduce="" if call is None else reproduce(call.call),
        response=""
        if call is None
        else f"{call.response.body.decode('utf-8', 'replace')}\nHTTP {call.response.status}",
        assumptions=assumptions(scenario, description),
    )


def _sentences(rows: Sequence[Requirement]) -> list[Sentence]:
    by_text: dict[str, list[Requirement]] = {}
    for row in rows:
        by_text.setdefault(row.text, []).append(row)
    return [Sentence(text, quoting) for text, quoting in by_text.items()]


def _judged_call(scenario: ScenarioResult, stopped: StepRecord | None) -> tuple[StepRecord | None, CallEvidence | None]:
    """Return the call that the verdict is about, and its step.

    In order of preference: the last call of the stopped step, the last call that is no GET, the last call. Calls to the
    WSRM queues count only if there are no others.
    """
    before = scenario.steps if stopped is None else scenario.steps[: scenario.steps.index(stopped) + 1]
    calls = [(step, evidence) for step in before for evidence in step.calls]
    outside_queues = [(step, evidence) for step, evidence in calls if "Wsrm" not in evidence.call.path]
    own = [(step, evidence) for step, evidence in outside_queues if step is stopped]
    changing = [(step, evidence) for step, evidence in outside_queues if evidence.call.method != "GET"]
    chosen = own or changing or calls
    return chosen[-1] if chosen else (None, None)


def _rules(scenario: ScenarioResult, description: RunDescription, steps: Sequence[StepRecord]) -> list[Fact]:
    """List the error codes and messages that the explanation names, then the rows the steps touch, errors first."""
    words = set(_WORD.findall(scenario.explanation))
    named = [rule for rule in description.rules if rule.key[0] in words]
    touched = sorted((fact for step in steps for fact in step.facts), key=lambda fact: fact.table != "errors")
    return list(dict.fromkeys([*named, *touched]))
