"""Write a section of docs/benchmarks.md; every benchmark replaces its own section and keeps the others.

A module of the benchmarks, not a program.
"""

from __future__ import annotations

import platform
from pathlib import Path

MACHINE = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
"""The interpreter and the system, as every section names them."""
HEADING = "# Benchmarks\n\nEach section is written by a program in `benchmarks/`.\n"


def write(file: Path, name: str, text: str) -> None:
    """Replace the section between the marks of this name, or append it; a missing file is created."""
    file.parent.mkdir(exist_ok=True)
    page = file.read_text("utf-8") if file.is_file() else HEADING
    start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
    section = f"{start}{text.strip()}\n{end}"
    before, found, after = page.partition(start)
    file.write_text(
        f"{before}{section}{after.partition(end)[2]}" if found else f"{page.rstrip()}\n\n{section}", "utf-8"
    )
