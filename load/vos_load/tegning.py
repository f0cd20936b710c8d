"""The report's plots as SVG: latency over time, distributions, ratios with their intervals, offered against achieved.

Each channel has one colour everywhere. Not here: what is drawn when (`rapport`).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from vos_load.resultat import ALLE, Forholdstal, Nattens, Punkt

EPIKKENS_FAKTOR = 100.0
"""What the epic expects of SOAP against REST ("ca x 100")."""
FARVER = {"rest": "#1a7f37", "soap": "#8250df", "converter": "#cf6f00", "klassisk": "#0969da"}
KANALNAVNE = {"rest": "REST", "soap": "SOAP", "converter": "SOAP gennem konverteren", "klassisk": "klassisk SOAP"}
_STIL: Any = {"svg.fonttype": "none", "svg.hashsalt": "generalproeve", "font.family": "sans-serif", "font.size": 10}
_GRAA = "#6e7781"


DELE = {
    "parse": "læse XML",
    "validate": "kontrollere",
    "convert": "omsætte",
    "rest": "REST-kaldet",
    "serialise": "skrive XML",
}


HANDLINGSNAVNE = {
    ALLE: "alle under ét", "laes_kontaktgruppe": "læs kontaktgruppe", "laes_historik": "læs historik",
    "laes_status": "læs status", "laes_kodeliste": "læs kodeliste", "toem_koe": "tøm køen (WSRM)",
}  # fmt: skip


def navn(kanal: str) -> str:
    """Return what a channel is called in Danish."""
    return KANALNAVNE.get(kanal, kanal)


def handling(navn_: str) -> str:
    """Return what an operation is called in Danish."""
    return HANDLINGSNAVNE.get(navn_, navn_.replace("_", " "))


def svartider(serie: Sequence[Punkt], nat: Nattens | None) -> str:
    """Draw each channel's median and 95th percentile over time."""

    def tegn(akse: Axes) -> None:
        for kanal in _kanaler(serie):
            punkter = [(en.t, en.median_ms[kanal], en.p95_ms[kanal]) for en in serie if kanal in en.median_ms]
            t, midt, hoej = zip(*punkter, strict=True)
            akse.plot(t, midt, color=_farve(kanal), label=f"{navn(kanal)}, median", linewidth=1.8)
            akse.plot(t, hoej, color=_farve(kanal), label=f"{navn(kanal)}, 95 %", linewidth=0.9, linestyle="--")
        if nat is not None:
            akse.axvspan(nat.begun, nat.ended, color=_GRAA, alpha=0.15, label="natkørslerne")
        _akser(akse, "sekunder", "svartid, ms", log=True)

    return _svg(tegn)


def fordelinger(kanaler: Mapping[str, Sequence[tuple[float, int]]]) -> str:
    """Draw which share of the calls was answered within how long."""

    def tegn(akse: Axes) -> None:
        for kanal, trin in kanaler.items():
            ms, antal = zip(*trin, strict=True)
            akse.step(ms, 100 * np.cumsum(antal) / sum(antal), where="post", color=_farve(kanal), label=navn(kanal))
        akse.set_xscale("log")
        _rene_tal(akse.xaxis)
        akse.set_ylim(0, 101)
        _akser(akse, "svartid, ms", "% af kaldene besvaret")

    return _svg(tegn)


def forhold(tal: Sequence[Forholdstal]) -> str:
    """Draw how many times slower than REST each operation is on each channel, with the interval."""
    handlinger = list(dict.fromkeys(en.operation for en in tal))
    kanaler = list(dict.fromkeys(en.channel for en in tal))

    def tegn(akse: Axes) -> None:
        for nummer, kanal in enumerate(kanaler):
            egne = [en for en in tal if en.channel == kanal]
            y = [handlinger.index(en.operation) + 0.22 * (nummer - (len(kanaler) - 1) / 2) for en in egne]
            x = [en.ratio for en in egne]
            fejl = [[en.ratio - en.low for en in egne], [en.high - en.ratio for en in egne]]
            akse.errorbar(x, y, xerr=fejl, fmt="o", color=_farve(kanal), label=navn(kanal), capsize=3, markersize=5)
        akse.axvline(1, color=_GRAA, linewidth=1)
        akse.axvline(
            EPIKKENS_FAKTOR, color="#cf222e", linewidth=1, linestyle=":", label="epikkens forventning, ca. 100"
        )
        akse.set_xscale("log")
        akse.set_yticks(range(len(handlinger)), [handling(en) for en in handlinger])
        akse.invert_yaxis()
        akse.set_xlim(min(0.8, *(en.low for en in tal)), max(150, *(1.3 * en.high for en in tal)))
        _rene_tal(akse.xaxis)
        _akser(akse, "gange REST's svartid", "")

    return _svg(tegn, 0.45 * len(handlinger) + 1.6)


def tilbudt(serie: Sequence[Punkt]) -> str:
    """Draw the calls a second that were due, that were begun in time, and that were answered."""

    def tegn(akse: Axes) -> None:
        t = [en.t for en in serie]
        akse.step(
            t, [en.due for en in serie], where="post", color=_GRAA, label="forfaldne kald", linewidth=2.5, alpha=0.5
        )
        akse.step(t, [en.in_time for en in serie], where="post", color="#0969da", label="begyndt i tide", linewidth=1)
        akse.step(t, [en.answered for en in serie], where="post", color="#1a7f37", label="svar", linewidth=1)
        akse.set_ylim(bottom=0)
        _akser(akse, "sekunder", "pr. sekund")

    return _svg(tegn)


def hukommelse(aflaest: Sequence[tuple[float, float]]) -> str:
    """Draw the stage's memory."""

    def tegn(akse: Axes) -> None:
        akse.plot([t for t, _ in aflaest], [mib for _, mib in aflaest], color="#0969da")
        akse.set_ylim(0, 1.1 * max(mib for _, mib in aflaest))
        _akser(akse, "sekunder", "MiB", forklaring=False)

    return _svg(tegn, 2.2)


def dele(ms: Mapping[str, float]) -> str:
    """Draw where the converter spends its time."""

    def tegn(akse: Axes) -> None:
        venstre = 0.0
        for nummer, (hvad, tid) in enumerate(ms.items()):
            akse.barh(0, tid, left=venstre, color=f"C{nummer}", label=f"{DELE.get(hvad, hvad)} {tid:.3f} ms")
            venstre += tid
        akse.set_yticks([])
        _akser(akse, "ms, median", "")

    return _svg(tegn, 1.6)


def _kanaler(serie: Sequence[Punkt]) -> list[str]:
    return sorted({kanal for en in serie for kanal in en.median_ms})


def _farve(kanal: str) -> str:
    return FARVER.get(kanal, _GRAA)


def _rene_tal(akse: Axis) -> None:
    """Write 2 and 50 on a logarithmic axis, not powers of ten."""
    akse.set_major_formatter(lambda v, _: f"{v:g}")
    akse.set_minor_locator(LogLocator(subs=(2, 5)))
    akse.set_minor_formatter(lambda v, _: f"{v:g}")


def _akser(akse: Axes, x: str, y: str, *, log: bool = False, forklaring: bool = True) -> None:
    akse.set_xlabel(x)
    akse.set_ylabel(y)
    if log:
        akse.set_yscale("log")
        _rene_tal(akse.yaxis)
    akse.grid(visible=True, alpha=0.25)
    akse.spines[["top", "right"]].set_visible(False)
    if forklaring:
        akse.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False, fontsize=9)


def _svg(tegn: Callable[[Axes], None], hoejde: float = 3.0) -> str:
    import matplotlib

    with matplotlib.rc_context(_STIL):
        figur = Figure(figsize=(10, hoejde), layout="constrained")
        tegn(figur.add_subplot())
        ud = io.StringIO()
        FigureCanvasSVG(figur).print_svg(ud, metadata={"Date": None, "Creator": None})
    return ud.getvalue().partition("<svg")[1] + ud.getvalue().partition("<svg")[2]
