from collections import Counter
from pathlib import Path

import pytest
from gherkin.parser import Parser

from vos_contracts import krav
from vos_features import SCENARIOS

HOVED = "noegle,epic_nr_tabel,epic_nr_krop,afsnit,service,tekst,relevant_for,status,begrundelse\n"


@pytest.mark.parametrize(
    ("raekker", "melding"),
    [
        ("a,,,regler,,t,KSS,scenarie,\na,,,regler,,t,KSS,scenarie,\n", "k.csv:3: noegle: a stands twice"),
        ("A-1,,,regler,,t,KSS,scenarie,\n", "k.csv:2: noegle: 'A-1' is not a lower-case ASCII identifier"),
        ("a,,,regler,,t,KSS,maaske,\n", "k.csv:2: status: 'maaske' must be one of scenarie"),
        ("a,,,regler,,,KSS,scenarie,\n", "k.csv:2: tekst: is empty"),
        ("a,,,regler,,t,KSS,scenarie,fordi\n", "k.csv:2: begrundelse: a row that scenes carry needs none"),
        ("a,,,regler,,t,KSS,ikke_testet,\n", "k.csv:2: begrundelse: say why the row is not tested"),
        ("a,,,regler,,t,KSS,senere,engang\n", "k.csv:2: begrundelse: must begin with one of beskeder"),
    ],
)
def test_en_raekke_der_bryder_reglerne(raekker: str, melding: str) -> None:
    with pytest.raises(ValueError, match=melding):
        krav.parse(HOVED + raekker, "k.csv")


def test_daekning_finder_det_ukendte_og_det_udaekkede() -> None:
    raekker = krav.parse(HOVED + "a,,,regler,,t,KSS,scenarie,\nb,,,regler,,t,KSS,scenarie,\n", "k.csv")
    daekning = krav.daekning({"scene 1": ["a", "c"], "scene 2": ["a"]}, raekker)
    assert daekning.baerere == {"a": ("scene 1", "scene 2")}
    assert (daekning.ukendte, daekning.udaekkede, daekning.ok) == (("c",), ("b",), False)


def tags_per_scene() -> dict[str, list[str]]:
    tags: dict[str, list[str]] = {}
    for fil in sorted(Path(SCENARIOS).rglob("*.feature")):
        egenskab = Parser().parse(fil.read_text("utf-8"))["feature"]
        faelles = [tag["name"].removeprefix("@") for tag in egenskab["tags"]]
        for barn in egenskab["children"]:
            if "scenario" in barn:
                egne = [tag["name"].removeprefix("@") for tag in barn["scenario"]["tags"]]
                tags[f"{fil.name}: {barn['scenario']['name']}"] = faelles + egne
    return tags


def test_hvert_krav_er_baaret_eller_forklaret_og_hvert_tag_er_et_krav() -> None:
    daekning = krav.daekning(tags_per_scene())
    assert daekning.ukendte == ()
    assert daekning.udaekkede == ()


def test_hver_scene_baerer_mindst_et_krav() -> None:
    assert [scene for scene, tags in tags_per_scene().items() if not tags] == []


def test_intet_krav_er_baaret_og_samtidig_udskudt() -> None:
    baarne = krav.daekning(tags_per_scene()).baerere
    assert [noegle for noegle in baarne if krav.indlaes()[noegle].status is not krav.Status.SCENARIE] == []


def test_begge_nummereringer_og_alle_afsnit_er_med() -> None:
    alle = krav.indlaes().values()
    assert {en.epic_nr_tabel for en in alle} >= {f"1005.17.28.{n}" for n in (*range(1, 17), 18, 19)}
    assert {en.epic_nr_krop for en in alle} >= {f"1005.17.28.{n}" for n in (*range(1, 14), 15, 16, 19)} | {
        "1005.17.13.14"
    }
    antal = Counter(en.afsnit for en in alle)
    assert antal["servicetabel"] == 27
    assert sum(1 for en in alle if en.noegle.startswith("test_") and "batch" not in en.noegle) == 13
