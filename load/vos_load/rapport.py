"""The Danish report of a load run: one page without references to anything outside itself."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from vos_load import tegning
from vos_load.profil import PERCENTILER
from vos_load.resultat import ALLE, NAEVNER, Resultat


def html(resultat: Resultat) -> str:
    """Render the page."""
    miljoe = Environment(
        loader=PackageLoader("vos_load", "skabeloner"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return miljoe.get_template("load.html").render(
        r=resultat,
        alle=ALLE,
        navn=tegning.navn,
        handling=tegning.handling,
        percentiler=[f"{en:g}" for en in PERCENTILER],
        tegninger={navn: Markup(svg) for navn, svg in _tegninger(resultat).items()},
    )


def _tegninger(r: Resultat) -> dict[str, str]:
    """Draw what the run has figures for."""
    mod_rest = [en for en in r.ratios if en.against == NAEVNER]
    har_tider = any(en.median_ms for en in r.series)
    return {
        "forhold": tegning.forhold(mod_rest) if mod_rest else "",
        "dele": tegning.dele(r.converter_parts_ms) if r.converter_parts_ms else "",
        "svartider": tegning.svartider(r.series, r.nightly) if har_tider else "",
        "fordelinger": tegning.fordelinger(r.distributions) if r.distributions else "",
        "tilbudt": tegning.tilbudt(r.series) if r.offer is not None else "",
        "hukommelse": tegning.hukommelse(r.memory_mib) if len(r.memory_mib) > 2 else "",
    }
