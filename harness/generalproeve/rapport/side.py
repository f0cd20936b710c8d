"""The Danish report of a run: one page without references to anything outside itself, CPR numbers masked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from generalproeve.base.masking import masker, synlig
from generalproeve.forloeb import Forloeb
from generalproeve.rapport.anklage import anklager, antagelser
from generalproeve.rapport.daekning import Stand, daekning, per_part
from generalproeve.rapport.genskab import curl
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
    daekkede = daekning(forloeb.scener)
    faldne = anklager(forloeb.scener, forloeb.ramme)
    skabelon = miljoe.get_template("rapport.html")
    side = skabelon.render(
        forloeb=forloeb,
        ramme=forloeb.ramme,
        antal=forloeb.antal(),
        Udfald=Udfald,
        daekning=daekkede,
        parter=per_part(daekkede),
        Stand=Stand,
        anklager=faldne,
        uventede=[en for en in faldne if not en.scene.forventet],
        grunde=Counter(en.forklaring for en in forloeb.scener if en.udfald is Udfald.OMITTED),
        antagelser=lambda scene: antagelser(scene, forloeb.ramme),
        curl=curl,
    )
    return synlig(masker(side))
