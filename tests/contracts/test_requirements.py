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
        ("a,,,regler,,t,KSS,scenario,fordi\n", "k.csv:2: reason: a row that scenes carry needs none"),
        ("a,,,regler,,t,KSS,not_tested,\n", "k.csv:2: reason: say why the row is not tested"),
        ("a,,,regler,,t,KSS,later,some day\n", "k.csv:2: reason: must begin with one of domain"),
    ],
)
def test_en_raekke_der_bryder_reglerne(rows: str, notice: str) -> None:
    with pytest.raises(ValueError, match=notice):
        requirements.parse(HEAD + rows, "k.csv")


def test_daekning_finder_det_ukendte_og_det_udaekkede() -> None:
    rows = requirements.parse(HEAD + "a,,,regler,,t,KSS,scenario,\nb,,,regler,,t,KSS,scenario,\n", "k.csv")
    coverage = requirements.coverage({"scene 1": ["a", "c"], "scene 2": ["a"]}, rows)
    assert coverage.carriers == {"a": ("scene 1", "scene 2")}
    assert (coverage.unknown, coverage.uncovered, coverage.ok) == (("c",), ("b",), False)


def tags_per_stage() -> dict[str, list[str]]:
    tags: dict[str, list[str]] = {}
    for file in sorted(Path(SCENARIOS).rglob("*.feature")):
        property = Parser().parse(file.read_text("utf-8"))["feature"]
        shared = [tag["name"].removeprefix("@") for tag in property["tags"]]
        for child in property["children"]:
            if "scenario" in child:
                own = [tag["name"].removeprefix("@") for tag in child["scenario"]["tags"]]
                tags[f"{file.name}: {child['scenario']['name']}"] = shared + own
    return tags


def test_hvert_krav_er_baaret_eller_forklaret_og_hvert_tag_er_et_krav() -> None:
    coverage = requirements.coverage(tags_per_stage())
    assert coverage.unknown == ()
    assert coverage.uncovered == ()


def test_hver_scene_baerer_mindst_et_krav() -> None:
    assert [stage for stage, tags in tags_per_stage().items() if not tags] == []


def test_intet_krav_er_baaret_og_samtidig_udskudt() -> None:
    carried = requirements.coverage(tags_per_stage()).carriers
    assert [key for key in carried if requirements.load()[key].status is not requirements.Status.SCENARIO] == []


def test_begge_nummereringer_og_alle_afsnit_er_med() -> None:
    everyone = requirements.load().values()
    assert {one_item.epic_number_table for one_item in everyone} >= {f"1005.17.28.{n}" for n in (*range(1, 17), 18, 19)}
    assert {one_item.epic_number_body for one_item in everyone} >= {
        f"1005.17.28.{n}" for n in (*range(1, 14), 15, 16, 19)
    } | {"1005.17.13.14"}
    count = Counter(one_item.section for one_item in everyone)
    assert count["servicetabel"] == 27
    assert sum(1 for one_item in everyone if one_item.key.startswith("test_") and "batch" not in one_item.key) == 13
