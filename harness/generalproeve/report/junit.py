"""The run as JUnit XML for CI: a suite per feature, a case per scenario under its Danish name, CPR numbers masked.

`failed` becomes `failure`, `errored` and `not_played` become `error`; `skipped` and `omitted` become `skipped` with the reason,
and so does an expected breach. Each case has a name of its own, because CI servers tell cases apart by it. Requirements and
assumptions are properties of the case; the calls and answers of a breach are its `system-out`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

from lxml import etree

from generalproeve.base.masking import mask
from generalproeve.report.failures import BAD, as_entry, assumptions, failures, lines
from generalproeve.run.results import RunDescription, RunResult, ScenarioResult
from generalproeve.run.verdict import Verdict

_ELEMENT: Mapping[Verdict, str] = {
    Verdict.FAILED: "failure", Verdict.ERRORED: "error", Verdict.NOT_PLAYED: "error",
    Verdict.SKIPPED: "skipped", Verdict.OMITTED: "skipped",
}  # fmt: skip
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(run: RunResult, file: Path) -> None:
    """Write the document to the file."""
    file.write_bytes(junit(run))


def junit(run: RunResult) -> bytes:
    """Render the document."""
    root = etree.Element(
        "testsuites", {"name": "generalproeve", "time": f"{run.seconds:.3f}", **_counts(run.scenarios)}
    )
    names = case_names(run.scenarios)
    for feature, group in groupby(run.scenarios, key=lambda scenario: scenario.feature):
        scenarios = list(group)
        time = f"{sum(scenario.seconds for scenario in scenarios):.3f}"
        suite = etree.SubElement(root, "testsuite", {"name": _text(feature), "time": time, **_counts(scenarios)})
        properties = etree.SubElement(suite, "properties")
        description = run.description
        for name, value in (
            ("target", description.target), ("release", description.release), ("backend", description.backend),
            ("version", description.version), ("contract", description.contract_hash),
            ("overlay", description.overlay or ""), ("clock", description.clock.isoformat()),
            ("order", description.order), ("latency", description.latency), *description.versions.items(),
        ):  # fmt: skip
            etree.SubElement(properties, "property", name=name, value=_text(value))
        for scenario in scenarios:
            _add_case(suite, names[id(scenario)], scenario, description)
    for error in run.collection_errors:
        suite = etree.SubElement(root, "testsuite", name="indsamling", tests="1", errors="1", failures="0", skipped="0")
        case = etree.SubElement(
            suite, "testcase", name="scenarierne kunne ikke samles", classname="indsamling", time="0"
        )
        etree.SubElement(case, "error", message="scenarierne kunne ikke samles").text = _text(error)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def case_names(scenarios: Iterable[ScenarioResult]) -> dict[int, str]:
    """Return a name per scenario, by its identity: its own, with its example and if need be a number where several have it."""
    found = list(scenarios)
    plain = Counter((scenario.feature, scenario.name) for scenario in found)
    used: Counter[tuple[str, str]] = Counter()
    names: dict[int, str] = {}
    for scenario in found:
        name = scenario.name
        if plain[scenario.feature, name] > 1 and scenario.example:
            name = f"{name} ({', '.join(scenario.example.values())})"
        used[scenario.feature, name] += 1
        again = used[scenario.feature, name]
        names[id(scenario)] = name if again == 1 else f"{name} [{again}]"
    return names


def _add_case(suite: etree._Element, name: str, scenario: ScenarioResult, description: RunDescription) -> None:
    case = etree.SubElement(suite, "testcase", classname=_text(scenario.feature), name=_text(name))
    case.set("time", f"{scenario.seconds:.3f}")
    if scenario.place:
        case.set("file", scenario.place.rpartition(":")[0])
        case.set("line", scenario.place.rpartition(":")[2])
    properties = [("requirement", key) for key in scenario.requirements]
    properties += [("assumption", text) for text in assumptions(scenario, description)]
    if properties:
        element = etree.SubElement(case, "properties")
        for name, value in properties:
            etree.SubElement(element, "property", name=name, value=_text(value))
    steps = [f"{step.verdict.danish}: {step.text}" for step in scenario.steps]
    if (tag := _tag(scenario)) is not None:
        message = scenario.explanation or scenario.verdict.danish
        if scenario.expected:
            message = f"forventet: {scenario.expected}: {message}"
        element = etree.SubElement(case, tag, message=_text(message))
        described = [line for failure in failures([scenario], description) for line in lines(as_entry(failure))]
        element.text = _text("\n".join((*described, *steps)))
    if scenario.verdict in BAD:
        etree.SubElement(case, "system-out").text = _text("\n\n".join(_exchanges(scenario)))


def _tag(scenario: ScenarioResult) -> str | None:
    return "skipped" if scenario.expected else _ELEMENT.get(scenario.verdict)


def _exchanges(scenario: ScenarioResult) -> list[str]:
    return [
        f"{evidence.call.method} {evidence.call.path} -> {evidence.response.status}\n"
        f"{evidence.call.body.decode('utf-8', 'replace')}\n{evidence.response.body.decode('utf-8', 'replace')}"
        for step in scenario.steps
        for evidence in step.calls
    ]


def _counts(scenarios: list[ScenarioResult]) -> dict[str, str]:
    tally = Counter(_tag(scenario) for scenario in scenarios)
    return {
        "tests": str(len(scenarios)),
        "failures": str(tally["failure"]),
        "errors": str(tally["error"]),
        "skipped": str(tally["skipped"]),
    }


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", mask(text))
