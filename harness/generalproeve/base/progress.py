"""How far a long command has come: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

LINJER = 10
"""Plain lines at most for one command whose end is known."""


@contextmanager
def progress(
    what: str, total: int | None, *, quiet: bool = False, console: Console | None = None
) -> Iterator[Callable[[int], None]]:
    """Show progress in a block: call the function with how many are done; `total` None where the end is not known."""
    console = console or Console(stderr=True)
    if quiet:
        yield lambda reached: None
    elif console.is_terminal:
        columns = (TextColumn(f"[bold]{what}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(what, total=total)
            yield lambda reached: bar.update(task, completed=reached)
    else:
        yield _linjer(what, total, console)


def _linjer(what: str, total: int | None, console: Console) -> Callable[[int], None]:
    next_item, steps = 0, max((total or 100_000) // LINJER, 1)

    def show(reached: int) -> None:
        nonlocal next_item
        if reached >= next_item:
            next_item = reached + steps
            of = "" if total is None else f" af {total}"
            console.print(f"{reached}{of} {what}", markup=False, highlight=False)

    return show
