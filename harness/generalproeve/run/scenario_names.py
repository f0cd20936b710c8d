"""Which scenes there are, without playing any: feature and name with the example put in, as every report has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pytest_bdd.feature import get_features

from vos_features import SCENARIOS


def scenario_names() -> Iterator[tuple[str, str]]:
    """List them."""
    for property in get_features([str(SCENARIOS)]):
        for stage in property.scenarios.values():
            examples = [example for table in stage.examples for example in table.as_contexts()]
            for example in examples or [{}]:
                yield property.name or "", inserted(stage.name, {name: str(item) for name, item in example.items()})


def inserted(text: str, example: Mapping[str, str]) -> str:
    """Put the example's values in."""
    for name, value in example.items():
        text = text.replace(f"<{name}>", value)
    return text
