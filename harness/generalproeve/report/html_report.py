"""The Danish report of a run: one HTML page that refers to nothing outside itself, with CPR numbers masked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from generalproeve.base.masking import mask, visible
from generalproeve.report.coverage import CoverageState, count_by_party, coverage
from generalproeve.report.failures import assumptions, failures
from generalproeve.report.reproduction import curl
from generalproeve.run.results import RunResult, scenarios
from generalproeve.run.verdict import Verdict


def write_html(run: RunResult, file: Path) -> None:
    """Write the page to the file."""
    file.write_text(html(run), "utf-8", errors="replace")


def html(run: RunResult) -> str:
    """Render the page."""
    environment = Environment(
        loader=PackageLoader("generalproeve.report", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    covered = coverage(run.scenarios)
    failed = failures(run.scenarios, run.description)
    template = environment.get_template("report.html")
    page = template.render(
        run=run,
        description=run.description,
        counts=run.count(),
        leniencies=run.leniencies(),
        Verdict=Verdict,
        coverage=covered,
        parties=count_by_party(covered),
        CoverageState=CoverageState,
        failures=failed,
        unexpected=[failure for failure in failed if not failure.scenario.expected],
        omissions=Counter(scenario.explanation for scenario in run.scenarios if scenario.verdict is Verdict.OMITTED),
        assumptions=lambda scenario: assumptions(scenario, run.description),
        curl=curl,
        scenarios=scenarios,
    )
    return visible(mask(page))
