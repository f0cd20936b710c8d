"""Make a run's result of its measurements, write it down, and show it on a console."""

from __future__ import annotations

import csv
import json
import os
import platform
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from generalproeve import __version__
from generalproeve.base.masking import masker, synlig
from generalproeve.belastning.loeb import Koert
from vos_load import dom, opgoerelse, rapport, resultat
from vos_load.opgave import Opgave
from vos_load.profil import PERCENTILER, Profil
from vos_load.resultat import ALLE, Nattens, Resultat
from vos_load.sammenlign import ENS, VAERRE, Aendring

BREDDE = 120
"""Where no terminal says how wide it is."""
_FARVE = {dom.BESTAAET: "green", dom.OVERSKREDET: "bold red", dom.IKKE_BEDOEMT: "yellow"}


def konsol(*, stille: bool = False) -> Console:
    """Make a console that tables of figures fit on, also where it is none."""
    return Console(highlight=False, quiet=stille, width=None if sys.stdout.isatty() else BREDDE)


def opgoer(
    navn: str, profil: Profil, opgave: Opgave, koert: Koert, scene: Mapping[str, str], begyndt: datetime
) -> Resultat:
    """Sum the run up and judge it."""
    optaget = koert.optaget
    grunde = {synlig(masker(grund)): antal for grund, antal in optaget.grunde.items()}
    maalinger = opgoerelse.maalinger(optaget)
    hele = [en for en in maalinger if en.operation == ALLE]
    nat = koert.nat
    gjort = Resultat(
        profile=navn, title=profil.title, about=" ".join(profil.about.split()), source=profil.source,
        workload=opgoerelse.arbejdsform(profil), stage={"latency": "off", **scene}, machine=_maskine(), seed=opgave.seed,
        started=begyndt.isoformat(timespec="seconds"), seconds=round(optaget.sekunder, 3),
        calls=sum(en.calls for en in hele), errors=sum(en.errors for en in hele), error_reasons=grunde,
        operations=maalinger, ratios=opgoerelse.forholdstal(optaget.blokke, opgave.seed),
        ratios_without_line=opgoerelse.forholdstal(optaget.blokke, opgave.seed, uden_linjen=True),
        line_ms=opgoerelse.linjetid(optaget.blokke),
        converter_parts_ms=opgoerelse.dele(optaget), offer=opgoerelse.tilbud(optaget), series=opgoerelse.serie(optaget),
        memory_mib=koert.hukommelse, distributions=opgoerelse.fordelinger(optaget), blocks=optaget.blokke,
        nightly=None if nat is None else Nattens(begun=nat["fra"], ended=nat["til"], seen=nat["sete"], changed=nat["aendrede"]),
    )  # fmt: skip
    gjort.interrupted = optaget.afbrudt
    return dom.doem(gjort, profil.threshold, nat_ventet=profil.nightly is not None)


def skriv(gjort: Resultat, mappe: Path) -> Mapping[str, str]:
    """Write the result, the figures as CSV and the page into a folder; return the files by name."""
    mappe.mkdir(parents=True, exist_ok=True)
    filer = {
        navn: mappe / navn for navn in (resultat.FIL, "report.html", "operations.csv", "series.csv", "samples.csv")
    }
    filer[resultat.FIL].write_bytes(msgspec.json.format(msgspec.json.encode(gjort), indent=1))
    filer["report.html"].write_text(rapport.html(gjort), "utf-8")
    percentiler = [f"{en:g}" for en in PERCENTILER]
    _csv(filer["operations.csv"], ["operation", "channel", "calls", "errors", *(f"p{en}_ms" for en in percentiler)], (
        [en.operation, en.channel, en.calls, en.errors, *(en.latency_ms[p] for p in percentiler)] for en in gjort.operations
    ))  # fmt: skip
    rater = [f"{en}_per_s" for en in ("due", "in_time", "answered")]
    _csv(filer["series.csv"], ["t_s", *rater, "errors", "channel", "median_ms", "p95_ms"], (
        [p.t, p.due, p.in_time, p.answered, p.errors, kanal, p.median_ms[kanal], p.p95_ms[kanal]]
        for p in gjort.series for kanal in p.median_ms
    ))  # fmt: skip
    _csv(filer["samples.csv"], ["round", "operation", "channel", "ms"], (
        [en.runde, en.handling, en.kanal, f"{ms:.4f}"] for en in gjort.blocks for ms in en.ms
    ))  # fmt: skip
    return {navn: str(fil) for navn, fil in filer.items()}


def som_json(gjort: Resultat, filer: Mapping[str, str]) -> str:
    """Return what a machine reads: the result without its single times, and where the files are."""
    indhold = msgspec.to_builtins(gjort)
    for stort in ("blocks", "distributions", "series", "memory_mib"):
        del indhold[stort]
    return json.dumps({**indhold, "files": filer}, ensure_ascii=False)


def vis(gjort: Resultat, skaerm: Console) -> None:
    """Show the figures, the ratios and the verdict."""
    tabel = Table(box=None, pad_edge=False, header_style="bold")
    for kolonne in ("handling", "kanal", "kald", "fejl", *(f"{en:g} %" for en in PERCENTILER)):
        tabel.add_column(kolonne, justify="left" if kolonne in {"handling", "kanal"} else "right", no_wrap=True)
    for en in gjort.operations:
        tider = (_kort(en.latency_ms[f"{p:g}"]) for p in PERCENTILER)
        tabel.add_row(en.operation, en.channel, str(en.calls), str(en.errors), *tider)
    skaerm.print(Text("svartid i ms", "dim"), tabel, sep="\n")
    if gjort.ratios:
        forhold = Table(box=None, pad_edge=False, header_style="bold")
        for kolonne in ("handling", "forhold", "gange", "95 % sikkert mellem"):
            forhold.add_column(kolonne, justify="left" if kolonne in {"handling", "forhold"} else "right", no_wrap=True)
        for tal in gjort.ratios:
            forhold.add_row(
                tal.operation, f"{tal.channel} mod {tal.against}", f"{tal.ratio:.2f}", f"{tal.low:.2f} - {tal.high:.2f}"
            )
        skaerm.print(Text(""), forhold, sep="\n")
    for tal in gjort.ratios_without_line:
        if tal.operation == ALLE:
            skaerm.print(
                f"uden linjens egen tid ({gjort.line_ms:.2f} ms): {tal.channel} mod {tal.against} {tal.ratio:.2f} gange "
                f"({tal.low:.2f} - {tal.high:.2f})", markup=False,
            )  # fmt: skip
    if gjort.converter_parts_ms:
        dele = ", ".join(f"{navn} {ms:.3f}" for navn, ms in gjort.converter_parts_ms.items())
        skaerm.print(f"konverterens tid, median i ms: {dele}", markup=False)
    for linje in _linjer(gjort):
        skaerm.print(linje, markup=False)
    skaerm.print(Text(f"{gjort.calls} kald på {gjort.seconds:.1f} s, {gjort.errors} fejl: ").append(
        gjort.verdict, _FARVE.get(gjort.verdict, "")))  # fmt: skip


def _kort(ms: float) -> str:
    return f"{ms:.0f}" if ms >= 100 else f"{ms:.2f}"


def _linjer(gjort: Resultat) -> Iterable[str]:
    if gjort.offer is not None:
        yield (
            f"tilbudt: {gjort.offer.in_time} af {gjort.offer.due} kald begyndte i tide "
            f"(99 % højst {gjort.offer.late_ms_p99:.1f} ms for sent); forfaldne {gjort.offer.due_per_s:.1f}/s, "
            f"besvarede {gjort.offer.answered_per_s:.1f}/s"
        )
    elif gjort.workload == "lukket":
        yield "brugerne venter på svar: et stop rammer kun dem, der venter (coordinated omission er ikke rettet)"
    if gjort.nightly is not None:
        yield f"natkørslerne så {gjort.nightly.seen} borgere fra {gjort.nightly.begun:.1f} til {gjort.nightly.ended:.1f} s"
    if gjort.not_judged:
        yield f"ikke bedømt: {gjort.not_judged}"
    for en in gjort.thresholds:
        if en.verdict in {dom.OVERSKREDET, dom.UAFGJORT}:
            yield f"{en.verdict}: {en.what} er {en.value:.4g}, højst {en.max:g}"
    for grund, antal in sorted(gjort.error_reasons.items(), key=lambda par: -par[1])[:5]:
        yield f"{antal} fejl: {grund}"


def vis_aendringer(aendringer: Sequence[Aendring], *, som_json: bool) -> None:
    """Show what two runs differ in."""
    if som_json:
        click.echo(json.dumps([
            {"what": en.hvad, "before": en.foer, "after": en.efter, "times": en.interval.estimat, "low": en.interval.nedre,
             "high": en.interval.oevre, "verdict": en.dom} for en in aendringer
        ], ensure_ascii=False))  # fmt: skip
        return
    tabel = Table(box=None, pad_edge=False, header_style="bold")
    for kolonne in ("hvad", "før", "efter", "ændring", "sikkert mellem", "dom"):
        tabel.add_column(kolonne, justify="left" if kolonne in {"hvad", "dom"} else "right", no_wrap=True)
    for en in aendringer:
        farve = "dim" if en.dom == ENS else "bold red" if en.dom == VAERRE else "green"
        tabel.add_row(
            en.hvad, f"{en.foer:.3f}", f"{en.efter:.3f}", f"{100 * (en.interval.estimat - 1):+.1f} %",
            f"{100 * (en.interval.nedre - 1):+.1f} - {100 * (en.interval.oevre - 1):+.1f} %", Text(en.dom, farve),
        )  # fmt: skip
    konsol().print(tabel)


def _maskine() -> dict[str, str]:
    return {
        "generalproeve": __version__, "python": platform.python_version(), "locust": version("locust"),
        "system": f"{platform.system()} {platform.machine()}", "cores": str(os.cpu_count()),
    }  # fmt: skip


def _csv(fil: Path, hoved: Sequence[str], raekker: Iterable[Sequence[object]]) -> None:
    with fil.open("w", encoding="utf-8", newline="") as aaben:
        skriver = csv.writer(aaben)
        skriver.writerow(hoved)
        skriver.writerows(raekker)
