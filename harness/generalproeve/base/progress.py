"""How far a long command has come: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

LINJER = 10
"""Plain lines at most for one command whose end is known."""


@contextmanager
def fremgang(
    hvad: str, i_alt: int | None, *, stille: bool = False, konsol: Console | None = None
) -> Iterator[Callable[[int], None]]:
    """Show progress in a block: call the function with how many are done; `i_alt` None where the end is not known."""
    konsol = konsol or Console(stderr=True)
    if stille:
        yield lambda naaet: None
    elif konsol.is_terminal:
        kolonner = (TextColumn(f"[bold]{hvad}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*kolonner, console=konsol, transient=True) as bjaelke:
            opgave = bjaelke.add_task(hvad, total=i_alt)
            yield lambda naaet: bjaelke.update(opgave, completed=naaet)
    else:
        yield _linjer(hvad, i_alt, konsol)


def _linjer(hvad: str, i_alt: int | None, konsol: Console) -> Callable[[int], None]:
    naeste, skridt = 0, max((i_alt or 100_000) // LINJER, 1)

    def vis(naaet: int) -> None:
        nonlocal naeste
        if naaet >= naeste:
            naeste = naaet + skridt
            af = "" if i_alt is None else f" af {i_alt}"
            konsol.print(f"{naaet}{af} {hvad}", markup=False, highlight=False)

    return vis
