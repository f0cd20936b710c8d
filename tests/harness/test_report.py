"""The reports of a run with one planted fault: the epic's words, the place, the rule, and how to repeat the call."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from support.bent import EVIL_NAME, EVIL_RESPONSE, command
from support.commands import run_command
from support.processes import bent_stage_process
from vos_features import SCENARIOS

BENT = Path(__file__).parents[1] / "support" / "bent.py"
FILES = ("report.html", "junit.xml", "journal.ndjson")
SCENARIO = "Fremtidig slutdato i 2024-4 via {} afvises"
REASON = "kaldet blev modtaget og skulle have været afvist med 100028"
EPIC = "Kontaktgruppen må ikke lukkes med fremtidig slutdato."
RULE = "fejlkode 100028: »Slutdato kan ikke være fremtidig«"
STEP = "Så bliver kaldet afvist med fejlkode 100028"


class Page(HTMLParser):
    """The text that a reader sees of a page, and the tags that a browser acts on."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.pre: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(file.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)
        if tag == "pre":
            self.pre.append("")

    def handle_endtag(self, tag: str) -> None:
        while tag in self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "script" in self._open or "style" in self._open:
            return
        if "pre" in self._open:
            self.pre[-1] += data
        self.text += data


@dataclass
class PlayedRun:
    """A finished run, and the misbehaving stage that it was played on, which is still running."""

    folder: Path
    services: str
    console: str
    shown: str

    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(item) for item in (self.folder / "out" / "journal.ndjson").read_text("utf-8").splitlines()]

    def failure(self, channel: str) -> dict[str, Any]:
        found: dict[str, Any] = next(
            entry["failure"]
            for entry in self.entries()
            if entry["kind"] == "verdict" and entry["scenario"] == SCENARIO.format(channel)
        )
        return found

    def citizens(self) -> list[str]:
        with contextlib.closing(sqlite3.connect(self.folder / "stage.db")) as db:
            return [str(item) for (item,) in db.execute("SELECT cpr FROM cpr")]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlayedRun]:
    folder = tmp_path_factory.mktemp("ran")
    with bent_stage_process(BENT, "support.misbehaving:accepts_future_end_date", folder=folder) as stage:
        result = command(
            "vos_reference.bootstrap:build", "test", stage.services, "--control", stage.control, "--out", "out",
            "-k", "Fremtidig slutdato i 2024-4", folder=folder, code=1,
        )  # fmt: skip
        shown = run_command("report", "show", "out", folder=folder).stdout
        yield PlayedRun(folder, stage.services, result.stdout, shown)


@pytest.mark.parametrize("where", [*FILES, "console", "report show"])
def test_every_output_says_what_was_wrong_and_where(ran: PlayedRun, where: str) -> None:
    place = ran.failure("PRS")["place"]
    match where:
        case "report.html":
            text = Page(ran.folder / "out" / where).text
        case "junit.xml":
            root = ET.parse(ran.folder / "out" / where).getroot()
            failures = [child for item in root.iter("testcase") for child in item if child.tag == "failure"]
            assert len(failures) == 2
            text = "".join(root.itertext()) + "".join(str(item.get("message")) for item in failures)
            text += "".join(str(item.get("name")) for item in root.iter("testcase"))
        case "journal.ndjson":
            text = (ran.folder / "out" / where).read_text("utf-8").replace('\\"', '"')
        case "console":
            text = ran.console
        case _:
            text = ran.shown
    parts = [SCENARIO.format("PRS"), SCENARIO.format("PVS"), REASON, STEP, place]
    if where != "console":
        parts += [
            EPIC,
            RULE,
            "ac02_kg_100028",
            "organisationstype 8 må kalde PersonVisiteringService.UpdateKontaktgruppe",
        ]
        parts += ["$TJENESTER", '"${BORGER:?']
    assert [part for part in parts if part not in text] == []


def test_every_verdict_lists_its_assumptions_in_all_three_files(ran: PlayedRun) -> None:
    verdicts = [entry for entry in ran.entries() if entry["kind"] == "verdict"]
    text = Page(ran.folder / "out" / "report.html").text
    cases = {item.get("name"): item for item in ET.parse(ran.folder / "out" / "junit.xml").iter("testcase")}
    for verdict in verdicts:
        assumptions = verdict["assumptions"]
        assert any("access" in line for line in assumptions)
        assert any(re.fullmatch(r"\d+ navne i \w+", line) for line in assumptions)
        case = [
            item.get("value")
            for item in cases[verdict["scenario"]].iter("property")
            if item.get("name") == "assumption"
        ]
        assert case == assumptions
        assert [line for line in assumptions if text.count(line) < 2] == []  # with the scenario, and with its failure


def test_the_place_is_the_line_of_the_step(ran: PlayedRun) -> None:
    file, _, line = ran.failure("PRS")["place"].partition(":")
    step = (SCENARIOS.parents[1] / file).read_text("utf-8").splitlines()[int(line) - 1]
    assert step.strip().startswith("Så bliver kaldet afvist med fejlkode")


@pytest.mark.parametrize("channel", ["PRS", "PVS"])
def test_the_call_can_be_repeated_and_gets_the_same_answer(ran: PlayedRun, channel: str) -> None:
    failure = ran.failure(channel)
    command_line = failure["reproduce"]
    assert command_line in ran.shown
    assert command_line in Page(ran.folder / "out" / "report.html").pre
    assert ("<s:Envelope" in command_line) is (channel == "PRS")
    mask = re.search(r"(\d{6})xxxx", command_line)
    assert mask is not None
    (citizen,) = (item for item in ran.citizens() if item.startswith(mask[1]))
    stage = {**os.environ, "TJENESTER": ran.services}  # noqa: TID251 - the shell's own variables
    for _ in range(2):
        response = subprocess.run(
            ["bash", "-c", command_line], env={**stage, "BORGER": citizen}, capture_output=True, text=True, check=True
        )
        assert response.stdout == failure["response"] + "\n"
    without = subprocess.run(["bash", "-c", command_line], env=stage, capture_output=True, text=True, check=False)
    assert without.returncode != 0
    assert f"nummeret på {mask[0]}" in without.stderr


def test_no_output_contains_a_whole_cpr_number(ran: PlayedRun) -> None:
    texts = {file: (ran.folder / "out" / file).read_text("utf-8") for file in FILES}
    texts |= {"console": ran.console, "report show": ran.shown}
    citizens = ran.citizens()
    assert len(citizens) >= 2
    for where, text in texts.items():
        for cpr in citizens:
            assert cpr not in text, where
            assert f"{cpr[:6]}-{cpr[6:]}" not in text, where


@pytest.mark.slow
def test_every_file_says_what_was_played_on(tmp_path: Path) -> None:
    overlay = tmp_path / "mit"
    overlay.mkdir()
    (overlay / "names.csv").write_text("key,value\nheader.organisationType,x-min-type\n", "utf-8")
    flag = ("test", "embedded:release=2025-1", "--contract", "mit", "-k", SCENARIO.format("PVS"), "--out", "out")
    command("support.misbehaving:accepts_future_end_date", *flag, "--order", "random:frø", folder=tmp_path, code=1)
    entries = [json.loads(item) for item in (tmp_path / "out" / "journal.ndjson").read_text("utf-8").splitlines()]
    begun = entries[0]
    assert (begun["target"], begun["release"], begun["order"]) == ("reference 2025-1", "2025-1", "frø")
    assert begun["overlay"]
    properties = {
        item.get("name"): item.get("value") for item in ET.parse(tmp_path / "out" / "junit.xml").iter("property")
    }
    page = Page(tmp_path / "out" / "report.html").text
    for name in ("target", "release", "backend", "version", "contract", "overlay", "order"):
        assert properties[name] == begun[name], name
        assert str(begun[name]) in page, name
    assert begun["versions"].keys() >= {"python", "pytest", "lxml"}
    for name, version in begun["versions"].items():
        assert properties[name] == version
        assert f"{name} {version}" in page
    assert (
        next(entry for entry in entries if entry["kind"] == "verdict")["failure"]["reproduce"].count("x-min-type: 8")
        == 1
    )


@pytest.mark.slow
def test_a_missing_message_names_its_rule_and_the_call_that_should_cause_it(tmp_path: Path) -> None:
    command(
        "support.misbehaving:loses_version_4", "test", "-k", "A-kassens fire", "--out", "out", folder=tmp_path, code=1
    )
    entries = [json.loads(item) for item in (tmp_path / "out" / "journal.ndjson").read_text("utf-8").splitlines()]
    failure = next(entry["failure"] for entry in entries if entry["kind"] == "verdict" and entry["failure"])
    assert "GetContactGroupVersion4 til jobcenter ved enhver ændring" in [item["text"] for item in failure["rules"]]
    assert "'/v1/PersonVisitering/kontaktgruppe'" in failure["reproduce"]


@pytest.mark.slow
def test_html_in_names_and_answers_is_not_executed(tmp_path: Path) -> None:
    flag = ("test", "embedded:", "--out", "out")
    choice = ("-k", "Fremtidig slutdato i 2024-4 via PVS")
    command("support.bent:answers_with_html", *flag, *choice, folder=tmp_path, code=1)
    page = Page(tmp_path / "out" / "report.html")
    assert any(EVIL_RESPONSE in item for item in page.pre)
    command(
        "support.bent:answers_with_html", *flag, "-k", "overgår til kontaktgruppe 23 via PVS", folder=tmp_path, code=1
    )
    other = Page(tmp_path / "out" / "report.html")
    assert any(EVIL_NAME in item for item in other.pre)
    for item in (page, other):
        tags = [tag for tag, _ in item.tags]
        assert tags.count("script") == 1
        assert not {"img", "iframe", "object", "link"} & set(tags)
        assert [attr for _, attrs in item.tags for attr in attrs if attr.startswith("on")] == []
    ET.parse(tmp_path / "out" / "junit.xml")
