"""The command `test`: reports, exit codes, masking, and the rendering of a breach."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from generalproeve.base.masking import mask, visible
from generalproeve.cast.observations import ObservedCall
from generalproeve.report.console import as_json, breach_lines, summary
from generalproeve.report.html_report import html, write_html
from generalproeve.report.journal import BODY_CEILING, JournalWriter
from generalproeve.report.junit import case_names, junit
from generalproeve.run.evidence import CallEvidence
from generalproeve.run.player import RunPlugin
from generalproeve.run.results import RunDescription, RunResult, ScenarioResult, StepRecord
from generalproeve.run.verdict import Verdict, combined
from support.builders import NOW
from support.processes import stage_process
from support.remote_stage import certificates
from vos_contracts import requirements
from vos_contracts.contract import load
from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.calls import CallReader
from vos_features.stage import StageAccess

CPR = "0203840021"
DESCRIPTION = RunDescription("reference 2024-4", "2024-4", "converter", NOW, "0.1.0", "abc", None, ())


def command(*flag: str, folder: Path, code: int) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(
        [sys.executable, "-m", "generalproeve", "test", *flag],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=600, check=False,
        env={**os.environ, "COLUMNS": "200"},  # noqa: TID251 - the child's terminal width
    )  # fmt: skip
    assert result.returncode == code, result.stdout + result.stderr
    return result


def test_a_requirement_is_played_and_reported(tmp_path: Path) -> None:
    result = command("--requirement", "test_4_pc_wsrm_v1", "--out", "out", folder=tmp_path, code=0)
    lines = result.stdout.splitlines()
    count = int(lines[0].removesuffix(" scenarier på reference 2024-4"))
    assert count >= 14
    assert any("[8/10100: PC1 8, 8/10100: PC1 5]" in line for line in lines)
    assert lines[-2].startswith(f"{count} scenarier: {count} bestået på ")
    junit = ET.parse(tmp_path / "out" / "junit.xml").getroot()
    case = list(junit.iter("testcase"))
    assert len(case) == count
    stage = next(item for item in case if item.get("classname") == "WSRM-beskeder om personkategori")
    assert str(stage.get("name")).startswith("jobcentret registrerer en personkategori via PRS")
    properties = {(item.get("name"), item.get("value")) for item in stage.iter("property")}
    assert ("requirement", "test_4_pc_wsrm_v1") in properties
    entries = [json.loads(line) for line in (tmp_path / "out" / "journal.ndjson").read_text("utf-8").splitlines()]
    assert [entry["number"] for entry in entries] == list(range(1, len(entries) + 1))
    assert {entry["kind"] for entry in entries} == {"begun", "step", "call", "message_fetched", "verdict", "ended"}
    assert entries[0]["contract"]
    assert sum(entry["kind"] == "verdict" and entry["verdict"] == "passed" for entry in entries) == count
    verdict = [entry for entry in entries if entry["kind"] == "verdict"]
    assumed = next(entry["assumed_names"] for entry in verdict if entry["scenario"] == stage.get("name"))
    assert set(assumed) == {"PersonRegistrationService", "REST", "WsrmService", "WsrmMessageService"} - {"REST"}
    assert assumed["PersonRegistrationService"] > 0
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert re.search(r"hviler på \d+ antagelser", page)
    assert requirements.load()["test_4_pc_wsrm_v1"].text in page.replace("&#39;", "'")
    assert re.search(r"""(src|href|url)\s*[=(]\s*["']?(https?:)?//""", page) is None, "the page must be self-contained"
    for file in ("report.html", "journal.ndjson", "junit.xml"):
        text = (tmp_path / "out" / file).read_text("utf-8")
        assert mask(text) == text, f"{file} shows an unmasked CPR number"


def test_json_output(tmp_path: Path) -> None:
    result = command("embedded:release=2025-1", "-k", "fremtidig", "--json", folder=tmp_path, code=0)
    response = json.loads(result.stdout)
    assert (response["release"], response["verdict"], response["counts"]["failed"]) == ("2025-1", "passed", 0)
    assert len(response["scenarios"]) == response["counts"]["passed"] >= 7
    assert Path(tmp_path / response["files"]["junit.xml"]).is_file()


@pytest.mark.slow
def test_the_certificates_of_the_file_do_not_apply_to_the_embedded_stage(tmp_path: Path) -> None:
    certificates(tmp_path)
    stage = '[stage]\ntls_certificate = "server.pem"\ntls_key = "server.key"\nclient_ca = "ca.pem"\n'
    (tmp_path / "generalproeve.toml").write_text(stage, "utf-8")
    flag = ("embedded:", "-k", "En fejlagtig kontaktgruppe slettes", "--json", "--out", "out")
    (stage,) = json.loads(command(*flag, folder=tmp_path, code=0).stdout)["scenarios"]
    assert stage["verdict"] == "passed"


@pytest.mark.slow
def test_scenarios_are_selected_by_the_name_in_the_table(tmp_path: Path) -> None:
    result = command("-k", "OVERGÅR til kontaktgruppe 23 via PVS", "--json", folder=tmp_path, code=0)
    assert [load["scenario"] for load in json.loads(result.stdout)["scenarios"]] == [
        "A-kassen får besked om et medlem, der overgår til kontaktgruppe 23 via PVS"
    ] * 2


@pytest.mark.slow
def test_scenarios_are_omitted_with_a_reason_in_a_release_without_soap_and_wsrm(tmp_path: Path) -> None:
    result = command("embedded:release=2025-2", "--json", folder=tmp_path, code=0)
    scenarios = json.loads(result.stdout)["scenarios"]
    omitted = [scenario for scenario in scenarios if scenario["verdict"] == "omitted"]
    assert {scenario["verdict"] for scenario in scenarios} == {"passed", "omitted"}
    assert {item["reason"] for item in omitted} == {
        "PersonRegistrationService er udgået i 2025-2", "WSRM er udgået i 2025-2",
    }  # fmt: skip
    junit = ET.parse(tmp_path / "rehearsal" / "junit.xml").getroot()
    assert junit.get("skipped") == str(len(omitted)) == str(len(list(junit.iter("skipped"))))
    assert junit.get("failures") == junit.get("errors") == "0"


@pytest.mark.parametrize(
    ("flag", "code", "text"),
    [
        (["-k", "nosuchscenario"], 5, ""),
        (["-k", "and and"], 5, ""),
        (["--db", "findes/ikke/x.db"], 2, "x.db: No such file or directory"),
        (["--out", "/proc/x"], 2, "/proc/x: No such file or directory"),
        (["--requirement", "missing"], 2, " missing: no such requirement"),
        (["http://127.0.0.1:1"], 3, "generalproeve: target http://127.0.0.1:1: "),
        (["embedded"], 2, "target 'embedded': must be embedded:"),
        (["embedded:udgave=1"], 2, "'udgave=1' is not release=RELEASE"),
        (["embedded:release=2030-1"], 2, "release '2030-1' is unknown"),
        (["embedded:backend=x"], 2, "backend: must be classic or converter, not 'x'"),
        (["--ukendt"], 4, "No such option"),
        (["--cast-deadline", "-1"], 4, "--cast-deadline"),
    ],
)
def test_exit_codes(tmp_path: Path, flag: list[str], code: int, text: str) -> None:
    assert text in command(*flag, folder=tmp_path, code=code).stderr


def stage(verdict: Verdict, explanation: str = "") -> ScenarioResult:
    call = Call("POST", "/sti", {"x-userfullname": "<script>alert(1)</script>", "x-cpr": CPR}, b'{"cpr":"0203840021"}')
    step = StepRecord(
        "Så er registreringen modtaget",
        verdict,
        explanation,
        [CallEvidence(call, Response(400, {}, b"<b>nej</b> 0203840021 020384-0021"), 0.01)],
    )
    return ScenarioResult(
        "Egenskab", "En scene", ("test_1_kg_registrering_laesning",), {"channel": "PRS", "registrant": "STAR"}, [step],
        verdict, explanation,
    )  # fmt: skip


def test_a_breach_is_rendered_in_danish() -> None:
    run = RunResult(DESCRIPTION, [stage(Verdict.FAILED, f"borger {CPR} har [4644]"), stage(Verdict.PASSED)], 2, 1.25)
    assert breach_lines(run) == [
        "BRUD: En scene", "  Så er registreringen modtaget", "  borger 020384xxxx har [4644]",
    ]  # fmt: skip
    assert summary(run) == "2 scenarier: 1 brud, 1 bestået på 1.2 s (reference 2024-4)"
    assert json.loads(as_json(run, {}))["verdict"] == "failed"


def test_the_report_runs_no_script_and_shows_no_cpr_number() -> None:
    page = html(RunResult(DESCRIPTION, [stage(Verdict.FAILED, "<img src=x onerror=alert(1)>")], 1))
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "<b>nej</b>" not in page
    assert CPR not in page
    assert "020384-0021" not in page
    assert "020384xxxx" in page


def test_junit_has_every_verdict_and_shows_no_cpr_number() -> None:
    verdicts = [stage(verdict, f"borger {CPR} \x00") for verdict in Verdict]
    root = ET.fromstring(junit(RunResult(DESCRIPTION, verdicts, len(verdicts), collection_errors=["kan ikke læses"])))
    counts = ("tests", "failures", "errors", "skipped")
    assert [tuple(suite.get(name) for name in counts) for suite in root.iter("testsuite")] == [
        ("6", "1", "2", "2"),
        ("1", "0", "1", "0"),
    ]
    assert [[child.tag for child in item if child.tag != "properties"] for item in root.iter("testcase")] == [
        ["failure", "system-out"], ["error", "system-out"], ["error"], [], ["skipped"], ["skipped"], ["error"],
    ]  # fmt: skip
    assert CPR not in ET.tostring(root, "unicode")
    assert "020384-0021" not in ET.tostring(root, "unicode")


@pytest.mark.parametrize("text", ["\ud800", "\x00\x1b[31m", "\ufffe\uffff", "]]>", "<a>&amp;", "\u202e", "\r\n\t"])
def test_no_text_of_a_target_breaks_a_report(text: str, tmp_path: Path) -> None:
    """In an explanation, a step or an answer: junit.xml stays XML, the journal JSON, the page and the lines text."""
    result = stage(Verdict.FAILED, f"sagt: {text}.")
    evidence = result.steps[0].calls[0]
    result.steps[0].calls.append(replace(evidence, response=Response(500, {}, text.encode("utf-8", "surrogatepass"))))
    result.steps[0].explanation = text
    run = RunResult(DESCRIPTION, [result], 1)
    writer = JournalWriter(tmp_path / "journal.ndjson")
    for tell in (lambda: writer.begun(run), lambda: writer.scenario_played(run, result), lambda: writer.ended(run)):
        tell()
    write_html(run, tmp_path / "report.html")
    assert ET.fromstring(junit(run)).find(".//failure") is not None
    for line in (tmp_path / "journal.ndjson").read_bytes().decode().split("\n")[:-1]:
        json.loads(line)
    assert "sagt: " in (tmp_path / "report.html").read_bytes().decode()
    assert all("\x1b" not in visible(line) and "\x00" not in visible(line) for line in breach_lines(run))


def test_cases_of_one_name_are_told_apart() -> None:
    results = [replace(stage(Verdict.PASSED, ""), number=number) for number in range(3)]
    names = case_names(results)
    assert len(set(names.values())) == 3


def test_the_precedence_of_verdicts() -> None:
    verdicts = list(Verdict)
    assert [verdict.value for verdict in verdicts] == [
        "failed", "errored", "not_played", "passed", "skipped", "omitted",
    ]  # fmt: skip
    for number, verdict in enumerate(verdicts):
        assert combined(verdicts[number:]) is verdict
    assert combined([]) is Verdict.OMITTED


def test_the_journal_masks_before_it_truncates_and_escapes(tmp_path: Path) -> None:
    cut = "x" * (BODY_CEILING - 9) + CPR
    run = RunResult(DESCRIPTION, [stage(Verdict.FAILED, f"\x01{CPR}")], 1)
    evidence = run.scenarios[0].steps[0].calls[0]
    run.scenarios[0].steps[0].calls.append(replace(evidence, response=Response(200, {}, cut.encode())))
    writer = JournalWriter(tmp_path / "journal.ndjson")
    writer.begun(run)
    writer.scenario_played(run, run.scenarios[0])
    writer.ended(run)
    text = (tmp_path / "journal.ndjson").read_text("utf-8")
    assert CPR[:9] not in text
    assert "020384-0021" not in text


def test_a_uuid_is_not_masked() -> None:
    uuid = "ab123456-7890-7777-8888-0a2345678901"
    assert mask(f"{uuid} {CPR[:6]}-{CPR[6:]}") == f"{uuid} 020384xxxx"


def test_only_what_looks_like_a_cpr_number_is_masked() -> None:
    assert mask(f"{CPR} 12345678901 123456789 x{CPR}y") == "020384xxxx 12345678901 123456789 x020384xxxxy"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "flag", "target", "release"),
    [
        ("", ["embedded:", "--release", "2025-1"], "reference 2025-1", "2025-1"),
        ("", ["embedded:release=2024-3", "--backend", "classic"], "reference 2024-3, classic", "2024-3"),
        ("[stage]\nrelease = '2025-1'\n", ["embedded:"], "reference 2025-1", "2025-1"),
        ("[stage]\nrelease = '2025-1'\n", ["embedded:release=2024-3"], "reference 2024-3", "2024-3"),
    ],
)
def test_the_report_names_the_release_that_is_played(
    tmp_path: Path, file: str, flag: list[str], target: str, release: str
) -> None:
    (tmp_path / "generalproeve.toml").write_text(file, "utf-8")
    response = json.loads(command(*flag, "-k", "nosuchscenario", "--json", folder=tmp_path, code=5).stdout)
    assert (response["target"], response["release"]) == (target, release)


@pytest.mark.slow
def test_a_stage_in_another_release_is_refused(tmp_path: Path) -> None:
    with stage_process("--people", "0", folder=tmp_path) as process:
        target = [process.ready["services"], "--control", process.ready["control"], "-k", "nosuchscenario"]
        command(*target, "--release", "2024-4", folder=tmp_path, code=5)
        errors = command(*target, "--release", "2025-1", folder=tmp_path, code=2).stderr
    assert "--release 2025-1: " in errors
    assert "is in 2024-4" in errors


def test_a_real_systems_call_that_a_real_environment_may_refuse_is_told(tmp_path: Path) -> None:
    """On the console, on the page and in the journal, with what a real environment does; the verdict is unchanged."""
    plugin = RunPlugin(StageAccess("http://127.0.0.1:1", None), DESCRIPTION, [])
    result = stage(Verdict.PASSED)
    plugin._step = result.steps[0]
    soap = Call("POST", "/PjakTassWCFtService/9/PersonRegistrationService.svc", {"content-type": "text/xml"}, b"<x/>")
    for call in (soap, soap, replace(soap, headers={"content-type": "text/xml; charset=utf-8", "soapaction": "x"})):
        plugin.keep_observed(ObservedCall("kss", CallReader(load()).read(call), call, Response(200, {}, b""), 0.1))
    run = RunResult(DESCRIPTION, [result], 1)
    (action, charset) = breach_lines(run)
    assert action.startswith("ADVARSEL: 2 kald: SOAP-kald uden SOAPAction; i virkeligheden: WCF vælger metoden")
    assert charset.startswith("ADVARSEL: 2 kald: SOAP-kald uden charset")
    assert run.verdict is Verdict.PASSED
    page = html(run)
    assert "Kald, som et rigtigt miljø kan afvise" in page
    assert "SOAP 1.1 section 6.1.1" in page
    writer = JournalWriter(tmp_path / "journal.ndjson")
    writer.begun(run)
    writer.scenario_played(run, result)
    writer.ended(run)
    entries = [json.loads(line) for line in (tmp_path / "journal.ndjson").read_text("utf-8").splitlines()]
    told = [entry["lenient"] for entry in entries if entry["kind"] == "call"]
    assert told == [[], ["no_soapaction", "no_charset"], ["no_soapaction", "no_charset"], []]


def test_a_run_without_such_calls_says_nothing_of_them() -> None:
    run = RunResult(DESCRIPTION, [stage(Verdict.PASSED)], 1)
    assert breach_lines(run) == []
    assert "Kald, som et rigtigt miljø" not in html(run)
