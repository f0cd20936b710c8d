"""The run as JUnit XML for CI: a suite per feature, a case per scene with its Danish name, CPR numbers masked.

Verdicts: failed is `failure`, errored is `error`, skipped and omitted are `skipped` with the reason. The requirements are
properties of the case, the evidence its `system-out`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

from lxml import etree

from generalproeve.forloeb import Forloeb, Sceneforloeb
from generalproeve.maske import masker
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
            ("order", ramme.orden), *ramme.versioner.items(),
        ):  # fmt: skip
            etree.SubElement(egenskaber, "property", name=navn, value=vaerdi)
        for scene in scener:
            _skriv_scene(suite, scene)
    for fejl in forloeb.indsamlingsfejl:
        suite = etree.SubElement(rod, "testsuite", name="indsamling", tests="1", errors="1", failures="0", skipped="0")
        sag = etree.SubElement(suite, "testcase", name="scenerne kunne ikke samles", classname="indsamling", time="0")
        etree.SubElement(sag, "error", message="scenerne kunne ikke samles").text = _tekst(fejl)
    return etree.tostring(rod, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _skriv_scene(suite: etree._Element, scene: Sceneforloeb) -> None:
    sag = etree.SubElement(
        suite, "testcase", classname=_tekst(scene.egenskab), name=_tekst(scene.navn), time=f"{scene.sekunder:.3f}"
    )
    if scene.krav:
        egenskaber = etree.SubElement(sag, "properties")
        for noegle in scene.krav:
            etree.SubElement(egenskaber, "property", name="krav", value=noegle)
    linjer = [f"{trin.udfald.dansk}: {trin.tekst}" for trin in scene.trin]
    if scene.udfald in _ELEMENT:
        stoppet = next((trin.tekst for trin in scene.trin if trin.udfald is scene.udfald), "")
        element = etree.SubElement(sag, _ELEMENT[scene.udfald], message=_tekst(scene.forklaring or scene.udfald.dansk))
        element.text = _tekst("\n".join((*([f"trin: {stoppet}"] if stoppet else []), *linjer)))
    if scene.udfald in {Udfald.FAILED, Udfald.ERRORED}:
        etree.SubElement(sag, "system-out").text = _tekst("\n\n".join(_beviser(scene)))


def _beviser(scene: Sceneforloeb) -> list[str]:
    return [
        f"{bevis.kald.metode} {bevis.kald.sti} -> {bevis.svar.status}\n{bevis.kald.krop.decode('utf-8', 'replace')}\n"
        f"{bevis.svar.krop.decode('utf-8', 'replace')}"
        for trin in scene.trin
        for bevis in trin.kald
    ]


def _tal(scener: list[Sceneforloeb]) -> dict[str, str]:
    antal = {udfald: sum(scene.udfald is udfald for scene in scener) for udfald in Udfald}
    return {
        "tests": str(len(scener)),
        "failures": str(antal[Udfald.FAILED]),
        "errors": str(antal[Udfald.ERRORED]),
        "skipped": str(antal[Udfald.SKIPPED] + antal[Udfald.OMITTED]),
    }


def _tekst(tekst: str) -> str:
    return _IKKE_XML.sub("\ufffd", masker(tekst))
