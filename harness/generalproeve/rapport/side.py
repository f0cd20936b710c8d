"""The Danish report of a run: one page without references to anything outside itself, CPR numbers masked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from generalproeve.forloeb import Forloeb, Kaldsbevis
from generalproeve.maske import masker
from generalproeve.udfald import Udfald
from vos_contracts import krav


def skriv_html(forloeb: Forloeb, fil: Path) -> None:
    """Write the page."""
    fil.write_text(html(forloeb), "utf-8")


def html(forloeb: Forloeb) -> str:
    """Render the page."""
    miljoe = Environment(
        loader=PackageLoader("generalproeve.rapport", "skabeloner"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    miljoe.filters["masker"] = masker
    skabelon = miljoe.get_template("rapport.html")
    return skabelon.render(
        forloeb=forloeb,
        ramme=forloeb.ramme,
        antal=forloeb.antal(),
        Udfald=Udfald,
        daekning=daekning(forloeb),
        curl=curl,
    )


def daekning(forloeb: Forloeb) -> list[Mapping[str, object]]:
    """List the requirements that the run carried, with the verdicts of their scenes."""
    alle = krav.indlaes()
    efter: dict[str, list[Udfald]] = {}
    for scene in forloeb.scener:
        for noegle in scene.krav:
            efter.setdefault(noegle, []).append(scene.udfald)
    return [
        {"noegle": noegle, "tekst": alle[noegle].tekst, "relevant_for": alle[noegle].relevant_for, "udfald": udfald}
        for noegle, udfald in efter.items()
    ]


def curl(bevis: Kaldsbevis) -> str:
    """Write a call so that it can be made again; the citizen's number is masked and must be put back."""
    headers = " ".join(f"-H '{navn}: {vaerdi}'" for navn, vaerdi in bevis.kald.headers.items())
    krop = bevis.kald.krop.decode("utf-8", "replace")
    data = f" --data-binary @- <<'EOF'\n{krop}\nEOF" if krop else ""
    return masker(f'curl -sS -X {bevis.kald.metode} "$TJENESTER{bevis.kald.sti}" {headers}{data}')
