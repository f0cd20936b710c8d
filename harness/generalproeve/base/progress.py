"""Progress of a long command: a bar on a terminal, at most ten plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

MAX_LINES = 10
"""Plain lines at most for one command with a known total."""


@contextmanager
def progress(
    noun: str, total: int | None, *, quiet: bool = False, console: Console | None = None
) -> Iterator[Callable[[int], None]]:
    """Show progress within a block: call the function with the number done so far; `total` is None if unknown."""
    console = console or Console(stderr=True)
    if quiet:
        yield lambda reached: None
    elif console.is_terminal:
        columns = (TextColumn(f"[bold]{noun}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(noun, total=total)
            yield lambda reached: bar.update(task, completed=reached)
    else:
        yield _plain_lines(noun, total, console)


def _plain_lines(noun: str, total: int | None, console: Console) -> Callable[[int], None]:
    next_line, steps = 0, max((total or 100_000) // MAX_LINES, 1)

    def show(reached: int) -> None:
        nonlocal next_line
        if reached >= next_line:
            next_line = reached + steps
            of = "" if total is None else f" af {total}"
            console.print(f"{reached}{of} {noun}", markup=False, highlight=False)

    return show
