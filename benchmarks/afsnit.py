"""The page of benchmarks has several authors: each puts its own section in place of the one that was there."""

from __future__ import annotations

from pathlib import Path

OVERSKRIFT = "# Benchmarks\n\n`make bench` writes this page.\n"


def skriv(fil: Path, navn: str, tekst: str) -> None:
    """Put a section, known by its mark, into the page; the other sections stay."""
    fil.parent.mkdir(exist_ok=True)
    side = fil.read_text("utf-8") if fil.is_file() else OVERSKRIFT
    begyndelse, slut = f"<!-- {navn} -->\n", f"<!-- /{navn} -->\n"
    nyt = f"{begyndelse}{tekst.strip()}\n{slut}"
    foer, fundet, efter = side.partition(begyndelse)
    fil.write_text(f"{foer}{nyt}{efter.partition(slut)[2]}" if fundet else f"{side.rstrip()}\n\n{nyt}", "utf-8")
