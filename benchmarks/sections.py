"""Write one benchmark's section of docs/benchmarks.md in place of its earlier one."""

from __future__ import annotations

from pathlib import Path

HEADING = "# Benchmarks\n\n`make bench` writes this page.\n"


def write(file: Path, name: str, text: str) -> None:
    """Put a section, known by its mark, into the page; the other sections stay."""
    file.parent.mkdir(exist_ok=True)
    page = file.read_text("utf-8") if file.is_file() else HEADING
    start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
    section = f"{start}{text.strip()}\n{end}"
    before, found, after = page.partition(start)
    file.write_text(
        f"{before}{section}{after.partition(end)[2]}" if found else f"{page.rstrip()}\n\n{section}", "utf-8"
    )
