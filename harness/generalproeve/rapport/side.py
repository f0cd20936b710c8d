"""The Danish report of a run: one page without references to anything outside itself, CPR numbers masked."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from generalproeve.forloeb import Forloeb, Kaldsbevis
from generalproeve.maske import masker
from generalproeve.rapport.anklage import anklager
from generalproeve.rapport.daekning import Stand, daekning, per_part
from generalproeve.udfald import Udfald


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
    daekkede = daekning(forloeb.scener)
    skabelon = miljoe.get_template("rapport.html")
    return skabelon.render(
        forloeb=forloeb,
        ramme=forloeb.ramme,
        antal=forloeb.antal(),
        Udfald=Udfald,
        daekning=daekkede,
        parter=per_part(daekkede),
        Stand=Stand,
        anklager=anklager(forloeb.scener, forloeb.ramme),
        curl=curl,
    )


def curl(bevis: Kaldsbevis) -> str:
    """Write a call so that it can be made again; the citizen's number is masked and must be put back."""
    headers = " ".join(f"-H '{navn}: {vaerdi}'" for navn, vaerdi in bevis.kald.headers.items())
    krop = bevis.kald.krop.decode("utf-8", "replace")
    data = f" --data-binary @- <<'EOF'\n{krop}\nEOF" if krop else ""
    return masker(f'curl -sS -X {bevis.kald.metode} "$TJENESTER{bevis.kald.sti}" {headers}{data}')
