"""Compare two runs, and a run with its expected differences."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from generalproeve.report import expected
from generalproeve.report.diff import ChangeKind, differences
from generalproeve.report.reading import EarlierRun, EarlierScenario
from generalproeve.run.results import RunDescription, RunResult, ScenarioResult
from generalproeve.run.selection import scenario_names
from generalproeve.run.verdict import Verdict
from support.bent import command
from support.builders import NOW
from support.commands import run_command

REFERENCE, BENT = "vos_reference.bootstrap:build", "support.misbehaving:accepts_future_end_date"
CHOICE = "Fremtidig slutdato i 2024-4"
FEATURE = "De nye valideringer 100028 og 100029, og fra hvilken udgave de gælder på hvilken kanal"
PRS, PVS = (f"{CHOICE} via {channel} afvises" for channel in ("PRS", "PVS"))
OTHER = "Fremtidig slutdato i 2025-1 via PVS afvises"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of three runs: `good` and `evil` of the same two scenarios, `other` of a third."""
    folder = tmp_path_factory.mktemp("runs")
    command(REFERENCE, "test", "embedded:", "-k", CHOICE, "--out", "good", folder=folder)
    command(BENT, "test", "embedded:", "-k", CHOICE, "--out", "evil", folder=folder, code=1)
    command(REFERENCE, "test", "embedded:release=2025-1", "-k", OTHER, "--out", "other", folder=folder)
    return folder


def test_two_equal_runs_do_not_differ(folder: Path) -> None:
    assert run_command("report", "diff", "good", "good", folder=folder).stdout == "0 af 2 scenarier er ikke som før\n"


def test_a_scenario_that_breaks_is_worse_and_one_that_is_corrected_is_better(folder: Path) -> None:
    broken = run_command("report", "diff", "good", "evil", folder=folder, code=1).stdout
    assert f"værre: {FEATURE}: {PRS}: bestået -> brud  kaldet blev modtaget og skulle" in broken
    assert broken.endswith("2 af 2 scenarier er ikke som før\n")
    corrected = run_command("report", "diff", "evil", "good", folder=folder, code=1).stdout
    assert f"bedre: {FEATURE}: {PVS}: brud -> bestået" in corrected


def test_new_and_gone_scenarios_and_the_frame_are_reported(folder: Path) -> None:
    response = json.loads(
        run_command("report", "diff", "good", "other/journal.ndjson", "--json", folder=folder, code=1).stdout
    )
    assert {(item["kind"], item["scenario"], item["before"], item["after"]) for item in response["scenarios"]} == {
        ("new", OTHER, None, "passed"), ("gone", PRS, "passed", None), ("gone", PVS, "passed", None),
    }  # fmt: skip
    assert {"what": "release", "before": "2024-4", "after": "2025-1"} in response["played_on"]


def test_a_path_that_is_no_run_is_named(folder: Path) -> None:
    assert "findes-ikke" in run_command("report", "diff", "good", "findes-ikke", folder=folder, code=2).stderr
    (folder / "wrong.ndjson").write_text("{}\n", "utf-8")
    assert (
        "wrong.ndjson: not the journal" in run_command("report", "show", "wrong.ndjson", folder=folder, code=2).stderr
    )


def earlier_run(**verdicts: Verdict) -> EarlierRun:
    return EarlierRun(
        {},
        {
            ("E", name, 0): EarlierScenario(item, "fordi" if item != "passed" else "", 1)
            for name, item in verdicts.items()
        },
        True,
    )


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (Verdict.PASSED, Verdict.FAILED, ChangeKind.WORSE),
        (Verdict.PASSED, Verdict.OMITTED, ChangeKind.WORSE),
        (Verdict.ERRORED, Verdict.FAILED, ChangeKind.WORSE),
        (Verdict.OMITTED, Verdict.ERRORED, ChangeKind.WORSE),
        (Verdict.FAILED, Verdict.ERRORED, ChangeKind.BETTER),
        (Verdict.FAILED, Verdict.OMITTED, ChangeKind.BETTER),
        (Verdict.OMITTED, Verdict.PASSED, ChangeKind.BETTER),
        (Verdict.SKIPPED, Verdict.OMITTED, ChangeKind.DIFFERENT),
    ],
)
def test_which_changes_of_verdict_are_worse_and_which_better(before: Verdict, after: Verdict, kind: ChangeKind) -> None:
    assert [change.kind for change in differences(earlier_run(a=before), earlier_run(a=after))] == [kind]
    assert differences(earlier_run(a=after), earlier_run(a=after)) == []


def write_expectations(folder: Path, *entries: tuple[str, str, str, str]) -> str:
    (folder / "expected.toml").write_text(
        "\n".join(
            f'[[difference]]\nfeature = "{FEATURE}"\nscenario = "{scenario}"\nverdict = "{verdict}"\nreason = "{reason}"\n'
            + (f'contains = "{contains}"\n' if contains else "")
            for scenario, verdict, reason, contains in entries
        ),
        "utf-8",
    )
    return "expected.toml"


CASE = "sag 1234 hos STAR"
BOTH = ((PRS, "failed", CASE, "100028"), (PVS, "failed", CASE, ""))


def test_expected_breaches_pass_and_stand_in_the_reports(tmp_path: Path) -> None:
    result = command(
        BENT,
        "test",
        "embedded:",
        "-k",
        CHOICE,
        "--expect",
        write_expectations(tmp_path, *BOTH),
        "--out",
        "out",
        folder=tmp_path,
    )
    assert f"FORVENTET: {PVS}: brud, fordi {CASE}" in result.stdout
    assert CASE in (tmp_path / "out" / "report.html").read_text("utf-8")
    root = ET.parse(tmp_path / "out" / "junit.xml").getroot()
    assert (root.get("failures"), root.get("skipped")) == ("0", "2")
    assert all(CASE in str(item.get("message")) for item in root.iter("skipped"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("builder", "entries", "says"),
    [
        (REFERENCE, BOTH, f"FORÆLDET FORVENTNING: {FEATURE}: {PVS}: came out as: passed"),
        (BENT, BOTH[:1], ""),
        (BENT, (BOTH[0], (PVS, "failed", CASE, "4404")), f"{PVS}: came out as: failed kaldet blev modtaget"),
        (BENT, (BOTH[0], (PVS, "errored", CASE, "")), f"{PVS}: came out as: failed kaldet blev modtaget"),
    ],
)
def test_a_stale_entry_and_an_unexpected_breach_fail_the_run(
    builder: str, entries: tuple[tuple[str, str, str, str], ...], says: str, tmp_path: Path
) -> None:
    flag = ("test", "embedded:", "-k", CHOICE, "--expect", write_expectations(tmp_path, *entries))
    assert says in command(builder, *flag, folder=tmp_path, code=1).stdout


@pytest.mark.slow
def test_an_entry_outside_the_selection_is_not_stale(tmp_path: Path) -> None:
    flag = ("test", "embedded:", "-k", PRS, "--expect", write_expectations(tmp_path, *BOTH))
    assert "FORÆLDET" not in command(BENT, *flag, folder=tmp_path).stdout


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (
            ("Fremtidig slutdato i 2024-4 via PRS afvisse", "failed", CASE, ""),
            f"there is no such scenario; the nearest is {FEATURE}",
        ),
        ((PRS, "failed", " ", ""), "reason: must say why"),
        ((PRS, "passed", CASE, ""), "verdict: passed is no difference"),
        ((PRS, "gal", CASE, ""), "Invalid enum value 'gal'"),
    ],
)
def test_an_invalid_file_is_refused_before_anything_is_played(
    entry: tuple[str, str, str, str], says: str, tmp_path: Path
) -> None:
    result = run_command("test", "--expect", write_expectations(tmp_path, entry), folder=tmp_path, code=2)
    assert says in result.stderr
    assert "scenarier på" not in result.stdout


@pytest.mark.slow
def test_report_expect_writes_a_file_that_lacks_only_the_reasons(folder: Path, tmp_path: Path) -> None:
    written = run_command("report", "expect", "evil", folder=folder).stdout
    (tmp_path / "f.toml").write_text(written, "utf-8")
    assert "must say why" in run_command("test", "--expect", "f.toml", folder=tmp_path, code=2).stderr
    (tmp_path / "f.toml").write_text(written.replace('reason = ""', f'reason = "{CASE}"'), "utf-8")
    command(BENT, "test", "embedded:", "-k", CHOICE, "--expect", "f.toml", folder=tmp_path)


def test_scenario_names_are_those_of_the_reports() -> None:
    known = list(scenario_names())
    assert len(known) > 400
    assert {(FEATURE, PRS), (FEATURE, PVS), (FEATURE, OTHER)} <= set(known)


def test_a_scenario_that_was_never_played_makes_its_entry_stale() -> None:
    description = RunDescription("t", "2024-4", "converter", NOW, "0", "h", None, ())
    played = ScenarioResult("E", "a", (), {}, [], verdict=Verdict.PASSED)
    entry = expected.Expectation("E", "b", Verdict.FAILED, CASE)
    accounted = expected.account(RunResult(description, [played], total=2), [entry])
    assert [(entry.scenario, why) for entry, why in accounted.stale] == [("b", "never ran")]
    assert list(accounted.lines())[-1] == "1 scenarie blev aldrig spillet"
