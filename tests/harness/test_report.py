"""A run with one planted fault says what was wrong in the epic's words, where, by which rule, and how to see it again."""

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
from support.processes import bent_stage_i_proces

from vos_features import SCENARIOS

BENT = Path(__file__).parents[1] / "bent.py"
FILES = ("report.html", "junit.xml", "journal.ndjson")
PROPERTY = "De nye valideringer 100028 og 100029, og fra hvilken udgave de gælder på hvilken kanal"
STAGE = "Fremtidig slutdato i 2024-4 via {} afvises"
REASON = "kaldet blev modtaget og skulle have været afvist med 100028"
EPIC = "Kontaktgruppen må ikke lukkes med fremtidig slutdato."
RULE = "fejlkode 100028: »Slutdato kan ikke være fremtidig«"
STEP = "Så bliver kaldet afvist med fejlkode 100028"


class Page(HTMLParser):
    """What a reader would see of a page, and what a browser would run."""

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
class Ran:
    """A run on a bent stage that still runs."""

    folder: Path
    services: str
    console: str
    shown: str

    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(item) for item in (self.folder / "out" / "journal.ndjson").read_text("utf-8").splitlines()]

    def accusation(self, channel: str) -> dict[str, Any]:
        found: dict[str, Any] = next(
            entry["accusation"]
            for entry in self.entries()
            if entry["kind"] == "verdict" and entry["stage"] == STAGE.format(channel)
        )
        return found

    def citizens(self) -> list[str]:
        with contextlib.closing(sqlite3.connect(self.folder / "scene.db")) as db:
            return [str(item) for (item,) in db.execute("SELECT cpr FROM cpr")]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    folder = tmp_path_factory.mktemp("ran")
    with bent_stage_i_proces(BENT, "misdaedere:accepts_future_end_date", folder=folder) as stage:
        result = command(
            "vos_reference.bootstrap:build", "test", stage.services, "--control", stage.control, "--out", "out",
            "-k", "Fremtidig slutdato i 2024-4", folder=folder, code=1,
        )  # fmt: skip
        shown = command("-", "report", "show", "out", folder=folder).stdout
        yield Ran(folder, stage.services, result.stdout, shown)


@pytest.mark.parametrize("where", [*FILES, "console", "report show"])
def test_hvor_man_end_ser_siges_hvad_der_var_galt_og_hvor(ran: Ran, where: str) -> None:
    place = ran.accusation("PRS")["place"]
    match where:
        case "report.html":
            text = Page(ran.folder / "out" / where).text
        case "junit.xml":
            root = ET.parse(ran.folder / "out" / where).getroot()
            fall = [child for item in root.iter("testcase") for child in item if child.tag == "failure"]
            assert len(fall) == 2
            text = "".join(root.itertext()) + "".join(str(item.get("message")) for item in fall)
            text += "".join(str(item.get("name")) for item in root.iter("testcase"))
        case "journal.ndjson":
            text = (ran.folder / "out" / where).read_text("utf-8").replace('\\"', '"')
        case "console":
            text = ran.console
        case _:
            text = ran.shown
    parts = [STAGE.format("PRS"), STAGE.format("PVS"), REASON, STEP, place]
    if where != "console":
        parts += [
            EPIC,
            RULE,
            "ac02_kg_100028",
            "organisationstype 8 må kalde PersonVisiteringService.UpdateKontaktgruppe",
        ]
        parts += ["$TJENESTER", '"${BORGER:?']
    assert [part_ for part_ in parts if part_ not in text] == []


def test_hvert_udfald_naevner_sine_antagelser_i_alle_tre(ran: Ran) -> None:
    verdict = [entry for entry in ran.entries() if entry["kind"] == "verdict"]
    text = Page(ran.folder / "out" / "report.html").text
    cases = {item.get("name"): item for item in ET.parse(ran.folder / "out" / "junit.xml").iter("testcase")}
    for item in verdict:
        assumptions = item["assumptions"]
        assert any("access" in line for line in assumptions)
        assert any(re.fullmatch(r"\d+ navne i \w+", line) for line in assumptions)
        case = [item.get("value") for item in cases[item["stage"]].iter("property") if item.get("name") == "antagelse"]
        assert case == assumptions
        assert [line for line in assumptions if text.count(line) < 2] == []  # with the scene, and with its fall


def test_stedet_er_trinnets_linje(ran: Ran) -> None:
    file, _, line = ran.accusation("PRS")["place"].partition(":")
    step = (SCENARIOS.parents[1] / file).read_text("utf-8").splitlines()[int(line) - 1]
    assert step.strip().startswith("Så bliver kaldet afvist med fejlkode")


@pytest.mark.parametrize("channel", ["PRS", "PVS"])
def test_kaldet_kan_gentages_og_faar_det_samme_svar(ran: Ran, channel: str) -> None:
    accusation = ran.accusation(channel)
    must = accusation["reproduce"]
    assert must in ran.shown
    assert must in Page(ran.folder / "out" / "report.html").pre
    assert ("<s:Envelope" in must) is (channel == "PRS")
    mask = re.search(r"(\d{6})xxxx", must)
    assert mask is not None
    (citizen,) = (item for item in ran.citizens() if item.startswith(mask[1]))
    stage = {**os.environ, "TJENESTER": ran.services}  # noqa: TID251 - the shell's own variables
    for _ in range(2):
        response = subprocess.run(
            ["bash", "-c", must], env={**stage, "BORGER": citizen}, capture_output=True, text=True, check=True
        )
        assert response.stdout == accusation["response"] + "\n"
    without = subprocess.run(["bash", "-c", must], env=stage, capture_output=True, text=True, check=False)
    assert without.returncode != 0
    assert f"nummeret på {mask[0]}" in without.stderr


def test_intet_cpr_nummer_staar_helt_noget_sted(ran: Ran) -> None:
    texts = {file: (ran.folder / "out" / file).read_text("utf-8") for file in FILES}
    texts |= {"console": ran.console, "report show": ran.shown}
    citizens = ran.citizens()
    assert len(citizens) >= 2
    for where, text in texts.items():
        for cpr in citizens:
            assert cpr not in text, where
            assert f"{cpr[:6]}-{cpr[6:]}" not in text, where


def test_hver_fil_siger_hvad_der_blev_spillet_paa(tmp_path: Path) -> None:
    overlay = tmp_path / "mit"
    overlay.mkdir()
    (overlay / "names.csv").write_text("key,value\nheader.organisationType,x-min-type\n", "utf-8")
    flag = ("test", "embedded:release=2025-1", "--contract", "mit", "-k", STAGE.format("PVS"), "--out", "out")
    command("misdaedere:accepts_future_end_date", *flag, "--order", "random:frø", folder=tmp_path, code=1)
    entries = [json.loads(item) for item in (tmp_path / "out" / "journal.ndjson").read_text("utf-8").splitlines()]
    frame = entries[0]
    assert (frame["target"], frame["release"], frame["order"]) == ("reference 2025-1", "2025-1", "frø")
    assert frame["overlay"]
    properties = {
        item.get("name"): item.get("value") for item in ET.parse(tmp_path / "out" / "junit.xml").iter("property")
    }
    page = Page(tmp_path / "out" / "report.html").text
    for name, on_english in (
        ("target", "target"), ("release", "release"), ("backend", "backend"), ("version", "version"),
        ("contract", "contract"), ("overlay", "overlay"), ("order", "order"),
    ):  # fmt: skip
        assert properties[on_english] == frame[name], name
        assert str(frame[name]) in page, name
    assert frame["versions"].keys() >= {"python", "pytest", "lxml"}
    for name, version in frame["versions"].items():
        assert properties[name] == version
        assert f"{name} {version}" in page
    assert (
        next(entry for entry in entries if entry["kind"] == "verdict")["accusation"]["reproduce"].count("x-min-type: 8")
        == 1
    )


def test_en_besked_der_mangler_naevner_sin_regel_og_kaldet_der_skulle_udloese_den(tmp_path: Path) -> None:
    command("misdaedere:loses_version_4", "test", "-k", "A-kassens fire", "--out", "out", folder=tmp_path, code=1)
    entries = [json.loads(item) for item in (tmp_path / "out" / "journal.ndjson").read_text("utf-8").splitlines()]
    accusation = next(entry["accusation"] for entry in entries if entry["kind"] == "verdict" and entry["accusation"])
    assert "GetContactGroupVersion4 til jobcenter ved enhver" in [item["text"] for item in accusation["rules"]]
    assert "'/v1/PersonVisitering/kontaktgruppe'" in accusation["reproduce"]


def test_html_i_navne_og_svar_koerer_ikke(tmp_path: Path) -> None:
    flag = ("test", "embedded:", "--out", "out")
    command("boejet:answers_with_html", *flag, "-k", "Fremtidig slutdato i 2024-4 via PVS", folder=tmp_path)
    page = Page(tmp_path / "out" / "report.html")
    assert any(EVIL_RESPONSE in item for item in page.pre)
    command("boejet:answers_with_html", *flag, "-k", "overgår til kontaktgruppe 23 via PVS", folder=tmp_path, code=1)
    other = Page(tmp_path / "out" / "report.html")
    assert any(EVIL_NAME in item for item in other.pre)
    for item in (page, other):
        tags = [tag for tag, _ in item.tags]
        assert tags.count("script") == 1
        assert not {"img", "iframe", "object", "link"} & set(tags)
        assert [attr for _, attrs in item.tags for attr in attrs if attr.startswith("on")] == []
    ET.parse(tmp_path / "out" / "junit.xml")
