"""Two runs are held against each other, and a run against the differences that were expected of it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from support.bent import command
from support.builders import NOW

from generalproeve.report import expected
from generalproeve.report.diff import Kind, differences
from generalproeve.report.reading import Ran, Read
from generalproeve.run.results import Frame, Period, ScenarioResult
from generalproeve.run.scenario_names import scenario_names
from generalproeve.run.verdict import Verdict

REFERENCEN, BENT = "vos_reference.bootstrap:build", "misdaedere:accepts_future_end_date"
CHOICE = "Fremtidig slutdato i 2024-4"
PROPERTY = "De nye valideringer 100028 og 100029, og fra hvilken udgave de gælder på hvilken kanal"
PRS, PVS = (f"{CHOICE} via {channel} afvises" for channel in ("PRS", "PVS"))
OTHER = "Fremtidig slutdato i 2025-1 via PVS afvises"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs: `good` and `evil` of the same two scenes, `other` of a third."""
    folder = tmp_path_factory.mktemp("runs")
    command(REFERENCEN, "test", "embedded:", "-k", CHOICE, "--out", "good", folder=folder)
    command(BENT, "test", "embedded:", "-k", CHOICE, "--out", "evil", folder=folder, code=1)
    command(REFERENCEN, "test", "embedded:release=2025-1", "-k", OTHER, "--out", "other", folder=folder)
    return folder


def test_to_ens_koersler(folder: Path) -> None:
    assert command("-", "report", "diff", "good", "good", folder=folder).stdout == "0 af 2 scener er ikke som før\n"


def test_en_scene_der_brydes_og_en_der_rettes(folder: Path) -> None:
    broken = command("-", "report", "diff", "good", "evil", folder=folder, code=1).stdout
    assert f"værre: {PROPERTY}: {PRS}: bestået -> brud  kaldet blev modtaget og skulle" in broken
    assert broken.endswith("2 af 2 scener er ikke som før\n")
    corrected = command("-", "report", "diff", "evil", "good", folder=folder, code=1).stdout
    assert f"bedre: {PROPERTY}: {PVS}: brud -> bestået" in corrected


def test_nye_scener_og_scener_der_er_vaek_og_hvad_der_blev_spillet_paa(folder: Path) -> None:
    response = json.loads(
        command("-", "report", "diff", "good", "anden/journal.ndjson", "--json", folder=folder, code=1).stdout
    )
    assert {(item["kind"], item["stage"], item["before"], item["after"]) for item in response["scenes"]} == {
        ("new", OTHER, None, "passed"), ("væk", PRS, "passed", None), ("væk", PVS, "passed", None),
    }  # fmt: skip
    assert {"what": "release", "before": "2024-4", "after": "2025-1"} in response["played_on"]


def test_det_der_ikke_er_en_koersel_siges(folder: Path) -> None:
    assert "findes-ikke" in command("-", "report", "diff", "good", "findes-ikke", folder=folder, code=2).stderr
    (folder / "wrong.ndjson").write_text("{}\n", "utf-8")
    assert (
        "forkert.ndjson: not the journal"
        in command("-", "report", "show", "wrong.ndjson", folder=folder, code=2).stderr
    )


def ran(**verdict: Verdict) -> Ran:
    return Ran(
        {}, {("E", name, 0): Read(item, "fordi" if item != "passed" else "", 1) for name, item in verdict.items()}, True
    )


@pytest.mark.parametrize(
    ("before", "now", "variant"),
    [
        (Verdict.PASSED, Verdict.FAILED, Kind.WORSE),
        (Verdict.PASSED, Verdict.OMITTED, Kind.WORSE),
        (Verdict.ERRORED, Verdict.FAILED, Kind.WORSE),
        (Verdict.OMITTED, Verdict.ERRORED, Kind.WORSE),
        (Verdict.FAILED, Verdict.ERRORED, Kind.BETTER),
        (Verdict.FAILED, Verdict.OMITTED, Kind.BETTER),
        (Verdict.OMITTED, Verdict.PASSED, Kind.BETTER),
        (Verdict.SKIPPED, Verdict.OMITTED, Kind.DIFFERENT),
    ],
)
def test_hvad_der_er_vaerre_og_bedre(before: Verdict, now: Verdict, variant: Kind) -> None:
    assert [item.variant for item in differences(ran(a=before), ran(a=now))] == [variant]
    assert differences(ran(a=now), ran(a=now)) == []


def file(folder: Path, *entries: tuple[str, str, str, str]) -> str:
    (folder / "expected.toml").write_text(
        "\n".join(
            f'[[difference]]\nfeature = "{PROPERTY}"\nscene = "{stage}"\nverdict = "{verdict}"\nreason = "{reason}"\n'
            + (f'contains = "{content}"\n' if content else "")
            for stage, verdict, reason, content in entries
        ),
        "utf-8",
    )
    return "expected.toml"


CASE = "sag 1234 hos STAR"
BOTH = ((PRS, "failed", CASE, "100028"), (PVS, "failed", CASE, ""))


def test_det_forventede_taales_og_staar_i_rapporterne(tmp_path: Path) -> None:
    result = command(
        BENT, "test", "embedded:", "-k", CHOICE, "--expect", file(tmp_path, *BOTH), "--out", "out", folder=tmp_path
    )
    assert f"FORVENTET: {PVS}: brud, fordi {CASE}" in result.stdout
    assert CASE in (tmp_path / "out" / "report.html").read_text("utf-8")
    root = ET.parse(tmp_path / "out" / "junit.xml").getroot()
    assert (root.get("failures"), root.get("skipped")) == ("0", "2")
    assert all(CASE in str(item.get("message")) for item in root.iter("skipped"))


@pytest.mark.parametrize(
    ("builder", "entries", "says"),
    [
        (REFERENCEN, BOTH, f"FORÆLDET FORVENTNING: {PROPERTY}: {PVS}: came out as: passed"),
        (BENT, BOTH[:1], ""),
        (BENT, (BOTH[0], (PVS, "failed", CASE, "4404")), f"{PVS}: came out as: failed kaldet blev modtaget"),
        (BENT, (BOTH[0], (PVS, "errored", CASE, "")), f"{PVS}: came out as: failed kaldet blev modtaget"),
    ],
)
def test_en_foraeldet_forventning_og_et_uventet_brud_faelder_koerslen(
    builder: str, entries: tuple[tuple[str, str, str, str], ...], says: str, tmp_path: Path
) -> None:
    flag = ("test", "embedded:", "-k", CHOICE, "--expect", file(tmp_path, *entries))
    assert says in command(builder, *flag, folder=tmp_path, code=1).stdout


def test_den_der_ikke_var_valgt_er_ikke_foraeldet(tmp_path: Path) -> None:
    flag = ("test", "embedded:", "-k", PRS, "--expect", file(tmp_path, *BOTH))
    assert "FORÆLDET" not in command(BENT, *flag, folder=tmp_path).stdout


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (
            ("Fremtidig slutdato i 2024-4 via PRS afvisse", "failed", CASE, ""),
            f"there is no such scene; the nearest is {PROPERTY}",
        ),
        ((PRS, "failed", " ", ""), "reason: must say why"),
        ((PRS, "passed", CASE, ""), "verdict: passed is no difference"),
        ((PRS, "gal", CASE, ""), "Invalid enum value 'gal'"),
    ],
)
def test_en_fil_der_ikke_holder_spilles_der_ikke_paa(
    entry: tuple[str, str, str, str], says: str, tmp_path: Path
) -> None:
    result = command(REFERENCEN, "test", "--expect", file(tmp_path, entry), folder=tmp_path, code=2)
    assert says in result.stderr
    assert "scener på" not in result.stdout


def test_filen_kan_skrives_af_en_koersel_og_mangler_kun_grundene(folder: Path, tmp_path: Path) -> None:
    written = command("-", "report", "expect", "evil", folder=folder).stdout
    (tmp_path / "f.toml").write_text(written, "utf-8")
    assert "must say why" in command(REFERENCEN, "test", "--expect", "f.toml", folder=tmp_path, code=2).stderr
    (tmp_path / "f.toml").write_text(written.replace('reason = ""', f'reason = "{CASE}"'), "utf-8")
    command(BENT, "test", "embedded:", "-k", CHOICE, "--expect", "f.toml", folder=tmp_path)


def test_scenernes_navne_er_dem_rapporten_har() -> None:
    known = list(scenario_names())
    assert len(known) > 400
    assert {(PROPERTY, PRS), (PROPERTY, PVS), (PROPERTY, OTHER)} <= set(known)


def test_en_scene_der_aldrig_blev_spillet_faelder_koerslen() -> None:
    frame = Frame("t", "2024-4", "converter", NOW, "0", "h", None, ())
    played = ScenarioResult("E", "a", (), {}, [], verdict=Verdict.PASSED)
    entry = expected.Expectation("E", "b", Verdict.FAILED, CASE)
    accounted = expected.account(Period(frame, [played], total=2), [entry])
    assert [(item.stage, why) for item, why in accounted.stale] == [("b", "never ran")]
    assert list(accounted.linjer())[-1] == "1 scener blev aldrig spillet"
