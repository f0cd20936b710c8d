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
from boejet import ONDT_NAVN, ONDT_SVAR, kommando
from processer import boejet_scene_i_proces

from vos_features import SCENARIOS

BOEJET = Path(__file__).parents[1] / "boejet.py"
FILER = ("report.html", "junit.xml", "journal.ndjson")
EGENSKAB = "De nye valideringer 100028 og 100029, og fra hvilken udgave de gælder på hvilken kanal"
SCENE = "Fremtidig slutdato i 2024-4 via {} afvises"
GRUND = "kaldet blev modtaget og skulle have været afvist med 100028"
EPICEN = "Kontaktgruppen må ikke lukkes med fremtidig slutdato."
REGEL = "fejlkode 100028: »Slutdato kan ikke være fremtidig«"
TRIN = "Så bliver kaldet afvist med fejlkode 100028"


class Side(HTMLParser):
    """What a reader would see of a page, and what a browser would run."""

    def __init__(self, fil: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.pre: list[str] = []
        self.tekst = ""
        self._aabne: list[str] = []
        self.feed(fil.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._aabne.append(tag)
        if tag == "pre":
            self.pre.append("")

    def handle_endtag(self, tag: str) -> None:
        while tag in self._aabne and self._aabne.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "script" in self._aabne or "style" in self._aabne:
            return
        if "pre" in self._aabne:
            self.pre[-1] += data
        self.tekst += data


@dataclass
class Koert:
    """A run on a bent stage that still runs."""

    mappe: Path
    tjenester: str
    konsol: str
    vist: str

    def poster(self) -> list[dict[str, Any]]:
        return [json.loads(en) for en in (self.mappe / "ud" / "journal.ndjson").read_text("utf-8").splitlines()]

    def anklage(self, kanal: str) -> dict[str, Any]:
        fundet: dict[str, Any] = next(
            en["anklage"] for en in self.poster() if en["art"] == "udfald" and en["scene"] == SCENE.format(kanal)
        )
        return fundet

    def borgere(self) -> list[str]:
        with contextlib.closing(sqlite3.connect(self.mappe / "scene.db")) as db:
            return [str(en) for (en,) in db.execute("SELECT cpr FROM cpr")]


@pytest.fixture(scope="module")
def koert(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Koert]:
    mappe = tmp_path_factory.mktemp("koert")
    with boejet_scene_i_proces(BOEJET, "misdaedere:accepterer_fremtidig_slutdato", mappe=mappe) as stage:
        resultat = kommando(
            "vos_reference.bootstrap:byg", "test", stage.tjenester, "--control", stage.styring, "--out", "ud",
            "-k", "Fremtidig slutdato i 2024-4", mappe=mappe, kode=1,
        )  # fmt: skip
        vist = kommando("-", "report", "show", "ud", mappe=mappe).stdout
        yield Koert(mappe, stage.tjenester, resultat.stdout, vist)


@pytest.mark.parametrize("hvor", [*FILER, "konsol", "report show"])
def test_hvor_man_end_ser_siges_hvad_der_var_galt_og_hvor(koert: Koert, hvor: str) -> None:
    sted = koert.anklage("PRS")["sted"]
    match hvor:
        case "report.html":
            tekst = Side(koert.mappe / "ud" / hvor).tekst
        case "junit.xml":
            rod = ET.parse(koert.mappe / "ud" / hvor).getroot()
            fald = [barn for en in rod.iter("testcase") for barn in en if barn.tag == "failure"]
            assert len(fald) == 2
            tekst = "".join(rod.itertext()) + "".join(str(en.get("message")) for en in fald)
            tekst += "".join(str(en.get("name")) for en in rod.iter("testcase"))
        case "journal.ndjson":
            tekst = (koert.mappe / "ud" / hvor).read_text("utf-8").replace('\\"', '"')
        case "konsol":
            tekst = koert.konsol
        case _:
            tekst = koert.vist
    dele = [SCENE.format("PRS"), SCENE.format("PVS"), GRUND, TRIN, sted]
    if hvor != "konsol":
        dele += [
            EPICEN,
            REGEL,
            "ac02_kg_100028",
            "organisationstype 8 må kalde PersonVisiteringService.UpdateKontaktgruppe",
        ]
        dele += ["$TJENESTER", '"${BORGER:?']
    assert [del_ for del_ in dele if del_ not in tekst] == []


def test_hvert_udfald_naevner_sine_antagelser_i_alle_tre(koert: Koert) -> None:
    udfald = [en for en in koert.poster() if en["art"] == "udfald"]
    tekst = Side(koert.mappe / "ud" / "report.html").tekst
    sager = {en.get("name"): en for en in ET.parse(koert.mappe / "ud" / "junit.xml").iter("testcase")}
    for en in udfald:
        antagelser = en["antagelser"]
        assert any("adgang" in linje for linje in antagelser)
        assert any(re.fullmatch(r"\d+ navne i \w+", linje) for linje in antagelser)
        sag = [en.get("value") for en in sager[en["scene"]].iter("property") if en.get("name") == "antagelse"]
        assert sag == antagelser
        assert [linje for linje in antagelser if tekst.count(linje) < 2] == []  # with the scene, and with its fall


def test_stedet_er_trinnets_linje(koert: Koert) -> None:
    fil, _, linje = koert.anklage("PRS")["sted"].partition(":")
    trin = (SCENARIOS.parents[1] / fil).read_text("utf-8").splitlines()[int(linje) - 1]
    assert trin.strip().startswith("Så bliver kaldet afvist med fejlkode")


@pytest.mark.parametrize("kanal", ["PRS", "PVS"])
def test_kaldet_kan_gentages_og_faar_det_samme_svar(koert: Koert, kanal: str) -> None:
    anklage = koert.anklage(kanal)
    skal = anklage["genskab"]
    assert skal in koert.vist
    assert skal in Side(koert.mappe / "ud" / "report.html").pre
    assert ("<s:Envelope" in skal) is (kanal == "PRS")
    maske = re.search(r"(\d{6})xxxx", skal)
    assert maske is not None
    (borger,) = (en for en in koert.borgere() if en.startswith(maske[1]))
    stage = {**os.environ, "TJENESTER": koert.tjenester}  # noqa: TID251 - the shell's own variables
    for _ in range(2):
        svar = subprocess.run(
            ["bash", "-c", skal], env={**stage, "BORGER": borger}, capture_output=True, text=True, check=True
        )
        assert svar.stdout == anklage["svar"] + "\n"
    uden = subprocess.run(["bash", "-c", skal], env=stage, capture_output=True, text=True, check=False)
    assert uden.returncode != 0
    assert f"nummeret på {maske[0]}" in uden.stderr


def test_intet_cpr_nummer_staar_helt_noget_sted(koert: Koert) -> None:
    tekster = {fil: (koert.mappe / "ud" / fil).read_text("utf-8") for fil in FILER}
    tekster |= {"konsol": koert.konsol, "report show": koert.vist}
    borgere = koert.borgere()
    assert len(borgere) >= 2
    for hvor, tekst in tekster.items():
        for cpr in borgere:
            assert cpr not in tekst, hvor
            assert f"{cpr[:6]}-{cpr[6:]}" not in tekst, hvor


def test_hver_fil_siger_hvad_der_blev_spillet_paa(tmp_path: Path) -> None:
    overlay = tmp_path / "mit"
    overlay.mkdir()
    (overlay / "navne.csv").write_text("noegle,vaerdi\nheader.organisationType,x-min-type\n", "utf-8")
    flag = ("test", "embedded:release=2025-1", "--contract", "mit", "-k", SCENE.format("PVS"), "--out", "ud")
    kommando("misdaedere:accepterer_fremtidig_slutdato", *flag, "--order", "random:frø", mappe=tmp_path, kode=1)
    poster = [json.loads(en) for en in (tmp_path / "ud" / "journal.ndjson").read_text("utf-8").splitlines()]
    ramme = poster[0]
    assert (ramme["maal"], ramme["udgave"], ramme["orden"]) == ("reference 2025-1", "2025-1", "frø")
    assert ramme["overlay"]
    egenskaber = {en.get("name"): en.get("value") for en in ET.parse(tmp_path / "ud" / "junit.xml").iter("property")}
    side = Side(tmp_path / "ud" / "report.html").tekst
    for navn, paa_engelsk in (
        ("maal", "target"), ("udgave", "release"), ("bagende", "backend"), ("version", "version"),
        ("kontrakt", "contract"), ("overlay", "overlay"), ("orden", "order"),
    ):  # fmt: skip
        assert egenskaber[paa_engelsk] == ramme[navn], navn
        assert str(ramme[navn]) in side, navn
    assert ramme["versioner"].keys() >= {"python", "pytest", "lxml"}
    for navn, version in ramme["versioner"].items():
        assert egenskaber[navn] == version
        assert f"{navn} {version}" in side
    assert next(en for en in poster if en["art"] == "udfald")["anklage"]["genskab"].count("x-min-type: 8") == 1


def test_en_besked_der_mangler_naevner_sin_regel_og_kaldet_der_skulle_udloese_den(tmp_path: Path) -> None:
    kommando("misdaedere:taber_version_4", "test", "-k", "A-kassens fire", "--out", "ud", mappe=tmp_path, kode=1)
    poster = [json.loads(en) for en in (tmp_path / "ud" / "journal.ndjson").read_text("utf-8").splitlines()]
    anklage = next(en["anklage"] for en in poster if en["art"] == "udfald" and en["anklage"])
    assert "GetContactGroupVersion4 til jobcenter ved enhver" in [en["tekst"] for en in anklage["regler"]]
    assert "'/v1/PersonVisitering/kontaktgruppe'" in anklage["genskab"]


def test_html_i_navne_og_svar_koerer_ikke(tmp_path: Path) -> None:
    flag = ("test", "embedded:", "--out", "ud")
    kommando("boejet:svarer_med_html", *flag, "-k", "Fremtidig slutdato i 2024-4 via PVS", mappe=tmp_path)
    side = Side(tmp_path / "ud" / "report.html")
    assert any(ONDT_SVAR in en for en in side.pre)
    kommando("boejet:svarer_med_html", *flag, "-k", "overgår til kontaktgruppe 23 via PVS", mappe=tmp_path, kode=1)
    anden = Side(tmp_path / "ud" / "report.html")
    assert any(ONDT_NAVN in en for en in anden.pre)
    for en in (side, anden):
        tags = [tag for tag, _ in en.tags]
        assert tags.count("script") == 1
        assert not {"img", "iframe", "object", "link"} & set(tags)
        assert [attr for _, attrs in en.tags for attr in attrs if attr.startswith("on")] == []
    ET.parse(tmp_path / "ud" / "junit.xml")
