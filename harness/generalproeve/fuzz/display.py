"""A difference as a person reads it: a row per step, PRS and PVS side by side, what differs in full at the last."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from generalproeve.fuzz.diff import RAEKKER, STATUS, SVAR, Forskel, Iagttaget
from generalproeve.fuzz.findings import Fund, Paritetsfund

HOEJST = 3
"""Entries of one list that are written out."""


def vist(fund: Fund) -> RenderableType:
    """Make what is printed of a finding."""
    if isinstance(fund, Paritetsfund):
        return _to_kolonner(fund.forskel)
    kald = fund.kald.kald()
    headere = (f"{navn}: {vaerdi}" for navn, vaerdi in kald.headers.items())
    return Text("\n".join([f"{kald.metode} {kald.sti}", *headere, "", kald.krop.decode("utf-8", "replace")]))


def _to_kolonner(forskel: Forskel) -> Table:
    tabel = Table(show_lines=True, header_style="bold", highlight=False)
    tabel.add_column("")
    tabel.add_column("PRS (SOAP)", overflow="fold")
    tabel.add_column("PVS (REST)", overflow="fold")
    sidste = len(forskel.skridt)
    for nummer, skridt in enumerate(forskel.skridt, 1):
        begge = (skridt.prs, skridt.pvs)
        tabel.add_row(f"{nummer}. {skridt.trin}", *("\n".join(_kort(en)) for en in begge))
        if nummer == sidste:
            for navn in forskel.hvad:
                if navn not in skridt.prs:
                    continue
                ens = skridt.prs[navn] == skridt.pvs[navn]
                dom = "må ikke være sådan" if ens else "er ikke ens"
                tabel.add_row(f"   {navn} {dom}", *_forskelligt(skridt.prs[navn], skridt.pvs[navn]), style="bold red")
    return tabel


def _kort(en: Iagttaget) -> Iterator[str]:
    svar = en[SVAR]
    yield "afvist med " + ", ".join(map(str, svar)) if isinstance(svar, list) else str(svar)
    for navn, liste in en.items():
        if navn not in {SVAR, STATUS} and liste:
            yield f"{len(liste)} {navn}" + (f": {', '.join(_raekke(en) for en in liste)}" if navn == RAEKKER else "")


def _raekke(en: dict[str, object]) -> str:
    return f"{en['art']} {en['type']} ({en['id']})"


def _forskelligt(prs: object, pvs: object) -> tuple[str, str]:
    """Write both, without the entries of a list that both have."""
    if isinstance(prs, list) and isinstance(pvs, list) and prs != pvs:
        prs, pvs = [en for en in prs if en not in pvs] or prs, [en for en in pvs if en not in prs] or pvs
    return _linjer(prs), _linjer(pvs)


def _linjer(en: object) -> str:
    """Write a list one entry a line, the first few: all of it lies in the file."""
    poster = en if isinstance(en, list) else [en]
    linjer = [json.dumps(post, ensure_ascii=False) for post in poster[:HOEJST]]
    return "\n".join([*linjer, *([f"... og {len(poster) - HOEJST} til"] if len(poster) > HOEJST else [])])
