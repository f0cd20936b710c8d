from collections import Counter
from pathlib import Path

import pytest
from gherkin.parser import Parser

from vos_contracts import requirements
from vos_features import SCENARIOS

HEAD = "key,epic_number_table,epic_number_body,section,service,text,relevant_for,status,reason\n"


@pytest.mark.parametrize(
    ("rows", "notice"),
    [
        ("a,,,regler,,t,KSS,scenario,\na,,,regler,,t,KSS,scenario,\n", "k.csv:3: key: a stands twice"),
        ("A-1,,,regler,,t,KSS,scenario,\n", "k.csv:2: key: 'A-1' is not a lower-case ASCII identifier"),
        ("a,,,regler,,t,KSS,perhaps,\n", "k.csv:2: status: 'perhaps' must be one of scenario"),
        ("a,,,regler,,,KSS,scenario,\n", "k.csv:2: text: is empty"),
        ("a,,,regler,,t,KSS,scenario,fordi\n", "k.csv:2: reason: a row with status scenario needs none"),
        ("a,,,regler,,t,KSS,not_tested,\n", "k.csv:2: reason: say why the row is not tested"),
        ("a,,,regler,,t,KSS,later,some day\n", "k.csv:2: reason: must begin with one of domain"),
    ],
)
def test_a_row_that_breaks_the_rules_is_refused(rows: str, notice: str) -> None:
    with pytest.raises(ValueError, match=notice):
        requirements.parse(HEAD + rows, "k.csv")


def test_coverage_finds_unknown_tags_and_uncovered_rows() -> None:
    rows = requirements.parse(HEAD + "a,,,regler,,t,KSS,scenario,\nb,,,regler,,t,KSS,scenario,\n", "k.csv")
    coverage = requirements.coverage({"scene 1": ["a", "c"], "scene 2": ["a"]}, rows)
    assert coverage.carriers == {"a": ("scene 1", "scene 2")}
    assert (coverage.unknown, coverage.uncovered, coverage.ok) == (("c",), ("b",), False)


def tags_per_scenario() -> dict[str, list[str]]:
    tags: dict[str, list[str]] = {}
    for file in sorted(Path(SCENARIOS).rglob("*.feature")):
        feature = Parser().parse(file.read_text("utf-8"))["feature"]
        shared = [tag["name"].removeprefix("@") for tag in feature["tags"]]
        for child in feature["children"]:
            if "scenario" in child:
                own = [tag["name"].removeprefix("@") for tag in child["scenario"]["tags"]]
                tags[f"{file.name}: {child['scenario']['name']}"] = shared + own
    return tags


def test_every_requirement_is_covered_or_explained_and_every_tag_is_one() -> None:
    coverage = requirements.coverage(tags_per_scenario())
    assert coverage.unknown == ()
    assert coverage.uncovered == ()


def test_every_scenario_covers_a_requirement() -> None:
    assert [stage for stage, tags in tags_per_scenario().items() if not tags] == []


def test_no_covered_requirement_has_another_status() -> None:
    carried = requirements.coverage(tags_per_scenario()).carriers
    assert [
        key for key in carried if requirements.load()[key].status is not requirements.RequirementStatus.SCENARIO
    ] == []


def test_both_numberings_and_all_sections_are_present() -> None:
    rows = requirements.load().values()
    assert {requirement.epic_number_table for requirement in rows} >= {
        f"1005.17.28.{n}" for n in (*range(1, 17), 18, 19)
    }
    assert {requirement.epic_number_body for requirement in rows} >= {
        f"1005.17.28.{n}" for n in (*range(1, 14), 15, 16, 19)
    } | {"1005.17.13.14"}
    count = Counter(requirement.section for requirement in rows)
    assert count["servicetabel"] == 30
    assert (
        sum(1 for requirement in rows if requirement.key.startswith("test_") and "batch" not in requirement.key) == 13
    )
