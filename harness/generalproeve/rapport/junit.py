"""The run as JUnit XML for CI: a suite per feature, a case per scene with its Danish name, CPR numbers masked.

Verdicts: failed is `failure`, errored is `error`; skipped and omitted are `skipped` with the reason, and so is a breach that
was expected. The requirements and the assumptions are properties of the case, the evidence its `system-out`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

from lxml import etree

from generalproeve.base.masking import masker
from generalproeve.forloeb import Forloeb, Ramme, Sceneforloeb
from generalproeve.rapport.anklage import DAARLIGE, anklager, antagelser, linjer, som_post
from generalproeve.udfald import Udfald

_ELEMENT: Mapping[Udfald, str] = {
    Udfald.FAILED: "failure", Udfald.ERRORED: "error", Udfald.SKIPPED: "skipped", Udfald.OMITTED: "skipped",
}  # fmt: skip
_IKKE_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def skriv_junit(forloeb: Forloeb, fil: Path) -> None:
    """Write the file."""
    fil.write_bytes(junit(forloeb))


def junit(forloeb: Forloeb) -> bytes:
    """Render the document."""
    rod = etree.Element(
        "testsuites", {"name": "generalproeve", "time": f"{forloeb.sekunder:.3f}", **_tal(forloeb.scener)}
    )
    for egenskab, gruppe in groupby(forloeb.scener, key=lambda scene: scene.egenskab):
        scener = list(gruppe)
        tid = f"{sum(scene.sekunder for scene in scener):.3f}"
        suite = etree.SubElement(rod, "testsuite", {"name": _tekst(egenskab), "time": tid, **_tal(scener)})
        egenskaber = etree.SubElement(suite, "properties")
        ramme = forloeb.ramme
        for navn, vaerdi in (
            ("target", ramme.maal), ("release", ramme.udgave), ("backend", ramme.bagende), ("version", ramme.version),
            ("contract", ramme.kontrakt_hash), ("overlay", ramme.overlay or ""), ("clock", ramme.ur.isoformat()),
            ("order", ramme.orden), ("latency", ramme.latens), *ramme.versioner.items(),
        ):  # fmt: skip
            etree.SubElement(egenskaber, "property", name=navn, value=_tekst(vaerdi))
        for scene in scener:
            _skriv_scene(suite, scene, ramme)
    for fejl in forloeb.indsamlingsfejl:
        suite = etree.SubElement(rod, "testsuite", name="indsamling", tests="1", errors="1", failures="0", skipped="0")
        sag = etree.SubElement(suite, "testcase", name="scenerne kunne ikke samles", classname="indsamling", time="0")
        etree.SubElement(sag, "error", message="scenerne kunne ikke samles").text = _tekst(fejl)
    return etree.tostring(rod, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _skriv_scene(suite: etree._Element, scene: Sceneforloeb, ramme: Ramme) -> None:
    sag = etree.SubElement(
        suite, "testcase", classname=_tekst(scene.egenskab), name=_tekst(scene.navn), time=f"{scene.sekunder:.3f}"
    )
    egenskaber = [("krav", noegle) for noegle in scene.krav]
    egenskaber += [("antagelse", tekst) for tekst in antagelser(scene, ramme)]
    if egenskaber:
        element = etree.SubElement(sag, "properties")
        for navn, vaerdi in egenskaber:
            etree.SubElement(element, "property", name=navn, value=_tekst(vaerdi))
    trin = [f"{en.udfald.dansk}: {en.tekst}" for en in scene.trin]
    if (tag := _tag(scene)) is not None:
        besked = scene.forklaring or scene.udfald.dansk
        if scene.forventet:
            besked = f"forventet: {scene.forventet}: {besked}"
        element = etree.SubElement(sag, tag, message=_tekst(besked))
        anklagen = [linje for en in anklager([scene], ramme) for linje in linjer(som_post(en))]
        element.text = _tekst("\n".join((*anklagen, *trin)))
    if scene.udfald in DAARLIGE:
        etree.SubElement(sag, "system-out").text = _tekst("\n\n".join(_beviser(scene)))


def _tag(scene: Sceneforloeb) -> str | None:
    return "skipped" if scene.forventet else _ELEMENT.get(scene.udfald)


def _beviser(scene: Sceneforloeb) -> list[str]:
    return [
        f"{bevis.kald.metode} {bevis.kald.sti} -> {bevis.svar.status}\n{bevis.kald.krop.decode('utf-8', 'replace')}\n"
        f"{bevis.svar.krop.decode('utf-8', 'replace')}"
        for trin in scene.trin
        for bevis in trin.kald
    ]


def _tal(scener: list[Sceneforloeb]) -> dict[str, str]:
    antal = Counter(_tag(scene) for scene in scener)
    return {
        "tests": str(len(scener)),
        "failures": str(antal["failure"]),
        "errors": str(antal["error"]),
        "skipped": str(antal["skipped"]),
    }


def _tekst(tekst: str) -> str:
    return _IKKE_XML.sub("\ufffd", masker(tekst))
