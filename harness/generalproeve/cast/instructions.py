"""Instruct real systems: people in Danish on the console, machines by lines of JSON in a file.

Both show the whole CPR number: the party cannot make the call without it. Not here: waiting for the call (`external`).
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.status import Status
from rich.table import Table

from generalproeve.base.masking import visible
from generalproeve.cast.comparison import FieldDifference
from generalproeve.cast.external import Choice, Instructor, Task
from generalproeve.cast.keyboard import Keyboard
from generalproeve.cast.observations import ObservedCall
from vos_contracts.wire.calls import ReadCall

_CHOICES = {"s": Choice.SKIP, "r": Choice.RETRY, "g": Choice.GIVE_UP}


@contextlib.contextmanager
def open_instructor(console: Console, tasks: Path | None, *, with_keys: bool, silent: bool) -> Iterator[Instructor]:
    """Choose the instructor: a terminal with keys, plain lines, or none, plus the file of tasks if one is given."""
    with contextlib.ExitStack() as cleanup:
        console_instructor: Instructor
        if silent:
            console_instructor = SilentInstructor()
        elif with_keys and console.is_terminal and sys.stdin.isatty():
            console_instructor = terminal = TerminalInstructor(console, Keyboard())
            cleanup.callback(terminal.close)  # restores the terminal after Ctrl-C too
        else:
            console_instructor = LineInstructor(console)
        if tasks is None:
            yield console_instructor
            return
        file = TaskFile(tasks)
        cleanup.callback(file.close)
        yield BothInstructors(console_instructor, file)


def describe(task: Task) -> list[str]:
    """Return the instruction in Danish, as lines."""
    call = task.call
    who = task.role if call.caller is None else f"{task.role}, {call.caller.active}"
    lines = [
        f"{task.party.upper()} ({who}) skal nu: {task.step}",
        f"  kald {call.called.service}, {call.asked} ({call.called.channel}), fra system {_system(call)}",
    ]
    if call.citizen:
        lines.append(f"  borger {call.citizen}")
    lines += [f"  {name} = {value}" for name, value in call.fields.items()]
    return [*lines, f"  på {task.address}{call.path}"]


def _system(call: ReadCall) -> int:
    return 0 if call.caller is None else call.caller.system


class LineInstructor:
    """Instructs by plain lines, for logs and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown: Sequence[FieldDifference] = ()

    def assign(self, task: Task) -> None:
        """Print the instruction."""
        self._shown = ()
        for line in describe(task):
            self._print(line)

    def wait(self, task: Task, remaining: float, closest: Sequence[FieldDifference]) -> Choice | None:
        """Print the differences of a near miss once."""
        if closest and closest != self._shown:
            self._shown = closest
            for difference in closest:
                self._print(f"  kom tæt på: {difference}")
        return None

    def finish(self, task: Task, observed: ObservedCall) -> None:
        """Print the status of the response."""
        self._print(f"  kaldet kom og blev besvaret med HTTP {observed.response.status}")

    def expire(self, task: Task, closest: Sequence[FieldDifference]) -> None:
        """Print that the call was not made."""
        self._print(f"  kaldet kom ikke inden for {task.deadline:g} s")

    def _print(self, line: str) -> None:
        self._console.print(visible(line), markup=False, highlight=False, soft_wrap=True)


class TerminalInstructor:
    """Instructs at a terminal: a countdown, differences as a table, and keys to skip, retry or give up."""

    def __init__(self, console: Console, keyboard: Keyboard) -> None:
        self._console = console
        self._keyboard = keyboard
        self._status: Status | None = None
        self._shown: Sequence[FieldDifference] = ()

    def assign(self, task: Task) -> None:
        """Print the instruction, and start the countdown."""
        self._shown = ()
        first, *others = describe(task)
        self._console.print(f"\n{first}", style="bold cyan", markup=False, highlight=False)
        for line in others:
            self._console.print(visible(line), markup=False, highlight=False, soft_wrap=True)
        self._keyboard.open()
        self._status = self._console.status(self._countdown(task.deadline))
        self._status.start()

    def wait(self, task: Task, remaining: float, closest: Sequence[FieldDifference]) -> Choice | None:
        """Update the countdown, print the differences of a near miss once, and read the keys."""
        if self._status is not None:
            self._status.update(self._countdown(remaining))
        if closest and closest != self._shown:
            self._shown = closest
            self._console.print(difference_table(closest))
        choice = _CHOICES.get(self._keyboard.key().lower())
        if choice in {Choice.SKIP, Choice.GIVE_UP}:
            self.close()
        return choice

    def finish(self, task: Task, observed: ObservedCall) -> None:
        """Print the status of the response."""
        self.close()
        self._console.print(f"  kaldet kom: HTTP {observed.response.status}", style="green", highlight=False)

    def expire(self, task: Task, closest: Sequence[FieldDifference]) -> None:
        """Print that the call was not made."""
        self.close()
        self._console.print(f"  kaldet kom ikke inden for {task.deadline:g} s", style="red", highlight=False)

    def close(self) -> None:
        """Stop the countdown, and restore the terminal."""
        if self._status is not None:
            self._status.stop()
        self._keyboard.close()

    @staticmethod
    def _countdown(remaining: float) -> str:
        return f"venter på kaldet, {remaining:.0f} s   [bold]s[/] spring over  [bold]r[/] prøv igen  [bold]g[/] giv op"


def difference_table(differences: Sequence[FieldDifference]) -> Table:
    """Return the differences of a call as a table."""
    table = Table(title="et kald kom tæt på", title_justify="left", box=None, pad_edge=False)
    table.add_column("felt")
    table.add_column("ventet", style="green")
    table.add_column("kom", style="red")
    for row in differences:
        table.add_row(row.field, row.expected or "(intet)", row.actual or "(intet)")
    return table


class TaskFile:
    """A file of JSON lines, one per task and one per outcome, for a party that is driven by a program."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="\n")

    def assign(self, task: Task) -> None:
        """Write the task."""
        call, caller = task.call, task.call.caller
        self._write(
            kind="task", nr=task.number, party=task.party, role=task.role, step=task.step,
            channel=call.called.channel, service=call.called.service, operation=call.asked,
            url=f"{task.address}{call.path}", citizen=call.citizen,
            organisation="" if caller is None else str(caller.active),
            user_organisation="" if caller is None else str(caller.user_organisation),
            user_type=0 if caller is None else caller.user.type, system=_system(call),
            fields=dict(call.fields), deadline=task.deadline,
        )  # fmt: skip

    def wait(self, task: Task, remaining: float, closest: Sequence[FieldDifference]) -> Choice | None:
        """Write nothing."""

    def finish(self, task: Task, observed: ObservedCall) -> None:
        """Write the status of the response."""
        self._write(kind="done", nr=task.number, status=observed.response.status)

    def expire(self, task: Task, closest: Sequence[FieldDifference]) -> None:
        """Write that the call was not made, and the differences of the nearest miss."""
        rows = [{"field": row.field, "expected": row.expected, "actual": row.actual} for row in closest]
        self._write(kind="call_missing", nr=task.number, differences=rows)

    def close(self) -> None:
        """Write that there are no more tasks, and close the file."""
        self._write(kind="end")
        self._file.close()

    def _write(self, **fields: object) -> None:
        self._file.write(json.dumps(fields, ensure_ascii=False) + "\n")
        self._file.flush()


class SilentInstructor:
    """Instructs nobody: the console output is read by a program."""

    def assign(self, task: Task) -> None:
        """Print nothing."""

    def wait(self, task: Task, remaining: float, closest: Sequence[FieldDifference]) -> Choice | None:
        """Print nothing."""

    def finish(self, task: Task, observed: ObservedCall) -> None:
        """Print nothing."""

    def expire(self, task: Task, closest: Sequence[FieldDifference]) -> None:
        """Print nothing."""


class BothInstructors:
    """Passes everything to two instructors; the choices are those of the first."""

    def __init__(self, first: Instructor, second: Instructor) -> None:
        self._first = first
        self._second = second

    def assign(self, task: Task) -> None:
        """Tell both."""
        self._first.assign(task)
        self._second.assign(task)

    def wait(self, task: Task, remaining: float, closest: Sequence[FieldDifference]) -> Choice | None:
        """Ask the first."""
        return self._first.wait(task, remaining, closest)

    def finish(self, task: Task, observed: ObservedCall) -> None:
        """Tell both."""
        self._first.finish(task, observed)
        self._second.finish(task, observed)

    def expire(self, task: Task, closest: Sequence[FieldDifference]) -> None:
        """Tell both."""
        self._first.expire(task, closest)
        self._second.expire(task, closest)
