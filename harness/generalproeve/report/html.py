"""The Danish report of a run: one page without references to anything outside itself, CPR numbers masked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from generalproeve.base.masking import mask, visible
from generalproeve.report.coverage import State, coverage, per_part
from generalproeve.report.failures import accusations, assumptions
from generalproeve.report.reproduction import curl
from generalproeve.run.results import Period
from generalproeve.run.verdict import Verdict


def write_html(course: Period, file: Path) -> None:
    """Write the page."""
    file.write_text(html(course), "utf-8")


def html(course: Period) -> str:
    """Render the page."""
    environment = Environment(
        loader=PackageLoader("generalproeve.report", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    covered = coverage(course.scenarios)
    failed = accusations(course.scenarios, course.frame)
    template = environment.get_template("report.html")
    page = template.render(
        course=course,
        frame=course.frame,
        count=course.count(),
        Verdict=Verdict,
        coverage=covered,
        parties=per_part(covered),
        State=State,
        accusations=failed,
        unexpected=[item for item in failed if not item.stage.expected],
        reasons=Counter(scenario.explanation for scenario in course.scenarios if scenario.verdict is Verdict.OMITTED),
        assumptions=lambda stage: assumptions(stage, course.frame),
        curl=curl,
    )
    return visible(mask(page))
