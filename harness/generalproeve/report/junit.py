"""The run as JUnit XML for CI: a suite per feature, a case per scene with its Danish name, CPR numbers masked.

Verdicts: failed is `failure`, errored is `error`; skipped and omitted are `skipped` with the reason, and so is a breach that
was expected. The requirements and the assumptions are properties of the case, the evidence its `system-out`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

from lxml import etree

from generalproeve.base.masking import mask
from generalproeve.report.failures import BAD, accusations, assumptions, linjer, som_entry
from generalproeve.run.results import Frame, Period, ScenarioResult
from generalproeve.run.verdict import Verdict

_ELEMENT: Mapping[Verdict, str] = {
    Verdict.FAILED: "failure", Verdict.ERRORED: "error", Verdict.SKIPPED: "skipped", Verdict.OMITTED: "skipped",
}  # fmt: skip
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(course: Period, file: Path) -> None:
    """Write the file."""
    file.write_bytes(junit(course))


def junit(course: Period) -> bytes:
    """Render the document."""
    root = etree.Element(
        "testsuites", {"name": "generalproeve", "time": f"{course.seconds:.3f}", **_number(course.scenarios)}
    )
    for property, group in groupby(course.scenarios, key=lambda stage: stage.feature):
        scenarios = list(group)
        time = f"{sum(stage.seconds for stage in scenarios):.3f}"
        suite = etree.SubElement(root, "testsuite", {"name": _text(property), "time": time, **_number(scenarios)})
        properties = etree.SubElement(suite, "properties")
        frame = course.frame
        for name, value in (
            ("target", frame.target), ("release", frame.release), ("backend", frame.backend), ("version", frame.version),
            ("contract", frame.contract_hash), ("overlay", frame.overlay or ""), ("clock", frame.clock.isoformat()),
            ("order", frame.order), ("latency", frame.latency), *frame.versions.items(),
        ):  # fmt: skip
            etree.SubElement(properties, "property", name=name, value=_text(value))
        for stage in scenarios:
            _write_stage(suite, stage, frame)
    for error in course.collection_errors:
        suite = etree.SubElement(root, "testsuite", name="indsamling", tests="1", errors="1", failures="0", skipped="0")
        case = etree.SubElement(suite, "testcase", name="scenerne kunne ikke samles", classname="indsamling", time="0")
        etree.SubElement(case, "error", message="scenerne kunne ikke samles").text = _text(error)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _write_stage(suite: etree._Element, stage: ScenarioResult, frame: Frame) -> None:
    case = etree.SubElement(
        suite, "testcase", classname=_text(stage.feature), name=_text(stage.name), time=f"{stage.seconds:.3f}"
    )
    properties = [("requirement", key) for key in stage.requirement]
    properties += [("antagelse", text) for text in assumptions(stage, frame)]
    if properties:
        element = etree.SubElement(case, "properties")
        for name, value in properties:
            etree.SubElement(element, "property", name=name, value=_text(value))
    step = [f"{item.verdict.danish}: {item.text}" for item in stage.step]
    if (tag := _tag(stage)) is not None:
        message = stage.explanation or stage.verdict.danish
        if stage.expected:
            message = f"forventet: {stage.expected}: {message}"
        element = etree.SubElement(case, tag, message=_text(message))
        accusation = [line for item in accusations([stage], frame) for line in linjer(som_entry(item))]
        element.text = _text("\n".join((*accusation, *step)))
    if stage.verdict in BAD:
        etree.SubElement(case, "system-out").text = _text("\n\n".join(_evidences(stage)))


def _tag(stage: ScenarioResult) -> str | None:
    return "skipped" if stage.expected else _ELEMENT.get(stage.verdict)


def _evidences(stage: ScenarioResult) -> list[str]:
    return [
        f"{evidence.call.method} {evidence.call.path} -> {evidence.response.status}\n{evidence.call.body.decode('utf-8', 'replace')}\n"
        f"{evidence.response.body.decode('utf-8', 'replace')}"
        for step in stage.step
        for evidence in step.call
    ]


def _number(scenarios: list[ScenarioResult]) -> dict[str, str]:
    count = Counter(_tag(stage) for stage in scenarios)
    return {
        "tests": str(len(scenarios)),
        "failures": str(count["failure"]),
        "errors": str(count["error"]),
        "skipped": str(count["skipped"]),
    }


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", mask(text))
