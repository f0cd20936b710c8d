"""Load and validate an overlay folder: the outside party's better knowledge laid over our assumptions.

A folder holds one CSV per contract table that it corrects (`navne.csv`, `fejl.csv` ...), with the table's key columns and
the columns it changes. What it changed is returned as text lines, for `contracts check` and for every report.
Carries DESIGN rule 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vos_contracts.overlayregler import kontroller
from vos_contracts.tabel import FORMER, Tabel, TabelFejl, laeg_over


@dataclass(frozen=True, slots=True)
class Overlay:
    """A loaded overlay: where it came from and each cell that it changed."""

    navn: str
    aendringer: tuple[str, ...]


def anvend(tabeller: Mapping[str, Tabel], mappe: Path) -> tuple[Mapping[str, Tabel], Overlay]:
    """Lay the folder's tables over the given ones.

    Errors: TabelFejl for a missing folder, an empty one, an unknown file, a row that `tabel.laeg_over` refuses, or a
    name that cannot be used.
    """
    if not mappe.is_dir():
        raise TabelFejl(f"{mappe}: the overlay is not a folder")
    filer = sorted(sti for sti in mappe.iterdir() if sti.is_file() and not sti.name.startswith("."))
    kendte = {f"{navn}.csv": form for navn, form in FORMER.items()}
    ny = dict(tabeller)
    aendringer: list[str] = []
    fundet = False
    for sti in filer:
        if sti.suffix == ".md":
            continue
        form = kendte.get(sti.name)
        if form is None:
            raise TabelFejl(f"{sti}: not a contract table; the tables are {', '.join(sorted(kendte))}")
        fundet = True
        try:
            tekst = sti.read_text("utf-8-sig")
        except UnicodeDecodeError as fejl:
            raise TabelFejl(f"{sti}: is not UTF-8 ({fejl.reason} at byte {fejl.start})") from fejl
        ny[form.navn], aendret = laeg_over(form, ny[form.navn], tekst, str(sti))
        aendringer += aendret
    if not fundet:
        raise TabelFejl(f"{mappe}: the overlay folder holds no contract table")
    kontroller(ny)
    return ny, Overlay(mappe.name, tuple(aendringer))
