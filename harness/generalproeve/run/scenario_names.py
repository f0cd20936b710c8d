"""The names of all scenarios without running them: feature, and name with the example inserted, as in the reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pytest_bdd.feature import get_features

from vos_features import SCENARIOS


def scenario_names() -> Iterator[tuple[str, str]]:
    """Yield feature and name of every scenario, one pair per example."""
    for feature in get_features([str(SCENARIOS)]):
        for scenario in feature.scenarios.values():
            examples = [example for table in scenario.examples for example in table.as_contexts()]
            for example in examples or [{}]:
                yield feature.name or "", inserted(scenario.name, {name: str(value) for name, value in example.items()})


def inserted(text: str, example: Mapping[str, str]) -> str:
    """Replace each `<column>` of a scenario outline by the value in the example."""
    for name, value in example.items():
        text = text.replace(f"<{name}>", value)
    return text
