"""Tells what a real system must do: people in Danish on the console, machines by a line of JSON in a file.

The citizen's number stands whole in both: the party cannot act without it. Not here: what is waited for (`external`).
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
from generalproeve.cast.comparison import Difference
from generalproeve.cast.external import Choice, Instructor, Task
from generalproeve.cast.keyboard import Keyboard
from generalproeve.cast.observations import ObservedCall
from vos_contracts.wire.calls import ReadCall

_CHOICES = {"s": Choice.SKIP, "r": Choice.RETRY, "g": Choice.GIVE_UP}


@contextlib.contextmanager
def open_instructor(console: Console, tasks: Path | None, *, with_keys: bool, silent: bool) -> Iterator[Instructor]:
    """Choose who tells: the terminal with its keys, plain lines, or nobody; and the file of tasks if one is given."""
    with contextlib.ExitStack() as cleanup:
        for_people: Instructor
        if silent:
            for_people = SilentInstructor()
        elif with_keys and console.is_terminal and sys.stdin.isatty():
            for_people = terminal = TerminalInstructor(console, Keyboard())
            cleanup.callback(terminal.close)  # also where Ctrl-C ends the wait
        else:
            for_people = LineInstructor(console)
        if tasks is None:
            yield for_people
            return
        file = TaskFile(tasks)
        cleanup.callback(file.close)
        yield BothInstructors(for_people, file)


def describe(task: Task) -> list[str]:
    """Return what the system must do, in Danish, a line each."""
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
    """Plain lines, for logs and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown: Sequence[Difference] = ()

    def assign(self, task: Task) -> None:
        """Print the instruction."""
        self._shown = ()
        for line in describe(task):
            self._print(line)

    def wait(self, task: Task, remaining: float, closest: Sequence[Difference]) -> Choice | None:
        """Print once how a call that came close differs."""
        if closest and closest != self._shown:
            self._shown = closest
            for difference in closest:
                self._print(f"  kom tæt på: {difference}")
        return None

    def finish(self, task: Task, observed: ObservedCall) -> None:
        """Print what the call was answered."""
        self._print(f"  kaldet kom og blev besvaret med HTTP {observed.response.status}")

    def expire(self, task: Task, closest: Sequence[Difference]) -> None:
        """Print that the call did not come."""
        self._print(f"  kaldet kom ikke inden for {task.deadline:g} s")

    def _print(self, line: str) -> None:
        self._console.print(visible(line), markup=False, highlight=False, soft_wrap=True)


class TerminalInstructor:
    """A terminal: the instruction, a countdown, the differences as a table, and keys to skip, retry or give up."""

    def __init__(self, console: Console, keyboard: Keyboard) -> None:
        self._console = console
        self._keyboard = keyboard
        self._status: Status | None = None
        self._shown: Sequence[Difference] = ()

    def assign(self, task: Task) -> None:
        """Print the instruction, and begin to count down."""
        self._shown = ()
        first, *others = describe(task)
        self._console.print(f"\n{first}", style="bold cyan", markup=False, highlight=False)
        for line in others:
            self._console.print(visible(line), markup=False, highlight=False, soft_wrap=True)
        self._keyboard.open()
        self._status = self._console.status(self._countdown(task.deadline))
        self._status.start()

    def wait(self, task: Task, remaining: float, closest: Sequence[Difference]) -> Choice | None:
        """Count down, print how a call that came close differs, and read the keys."""
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
        """Print what the call was answered."""
        self.close()
        self._console.print(f"  kaldet kom: HTTP {observed.response.status}", style="green", highlight=False)

    def expire(self, task: Task, closest: Sequence[Difference]) -> None:
        """Print that the call did not come."""
        self.close()
        self._console.print(f"  kaldet kom ikke inden for {task.deadline:g} s", style="red", highlight=False)

    def close(self) -> None:
        """End the countdown, and restore the terminal."""
        if self._status is not None:
            self._status.stop()
        self._keyboard.close()

    @staticmethod
    def _countdown(remaining: float) -> str:
        return f"venter på kaldet, {remaining:.0f} s   [bold]s[/] spring over  [bold]r[/] prøv igen  [bold]g[/] giv op"


def difference_table(differences: Sequence[Difference]) -> Table:
    """Draw how a call differs from the expected one."""
    table = Table(title="et kald kom tæt på", title_justify="left", box=None, pad_edge=False)
    table.add_column("felt")
    table.add_column("ventet", style="green")
    table.add_column("kom", style="red")
    for row in differences:
        table.add_row(row.field, row.expected or "(intet)", row.actual or "(intet)")
    return table


class TaskFile:
    """A file that gains a line for each task and one for how it went, for a party that acts by machine."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="\n")

    def assign(self, task: Task) -> None:
        """Write the task."""
        call, caller = task.call, task.call.caller
        self._write(
            kind="task", nr=task.number, part=task.party, party=task.role, step=task.step,
            channel=call.called.channel, service=call.called.service, operation=call.asked,
            url=f"{task.address}{call.path}", citizen=call.citizen,
            organisation="" if caller is None else str(caller.active),
            user_organisation="" if caller is None else str(caller.user_organisation),
            user_type=0 if caller is None else caller.user.type, system=_system(call),
            fields=dict(call.fields), deadline=task.deadline,
        )  # fmt: skip

    def wait(self, task: Task, remaining: float, closest: Sequence[Difference]) -> Choice | None:
        """Write nothing."""

    def finish(self, task: Task, observed: ObservedCall) -> None:
        """Write what the call was answered."""
        self._write(kind="done", nr=task.number, status=observed.response.status)

    def expire(self, task: Task, closest: Sequence[Difference]) -> None:
        """Write that the call did not come, and how the closest one differs."""
        rows = [{"field": row.field, "expected": row.expected, "came": row.actual} for row in closest]
        self._write(kind="failed_to_appear", nr=task.number, differences=rows)

    def close(self) -> None:
        """Write that no more tasks come."""
        self._write(kind="end")
        self._file.close()

    def _write(self, **fields: object) -> None:
        self._file.write(json.dumps(fields, ensure_ascii=False) + "\n")
        self._file.flush()


class SilentInstructor:
    """Tells nobody: the console is a machine's."""

    def assign(self, task: Task) -> None:
        """Print nothing."""

    def wait(self, task: Task, remaining: float, closest: Sequence[Difference]) -> Choice | None:
        """Print nothing."""

    def finish(self, task: Task, observed: ObservedCall) -> None:
        """Print nothing."""

    def expire(self, task: Task, closest: Sequence[Difference]) -> None:
        """Print nothing."""


class BothInstructors:
    """Two that are told the same; the first reads the keys."""

    def __init__(self, first: Instructor, second: Instructor) -> None:
        self._first = first
        self._second = second

    def assign(self, task: Task) -> None:
        """Tell both."""
        self._first.assign(task)
        self._second.assign(task)

    def wait(self, task: Task, remaining: float, closest: Sequence[Difference]) -> Choice | None:
        """Ask the first."""
        return self._first.wait(task, remaining, closest)

    def finish(self, task: Task, observed: ObservedCall) -> None:
        """Tell both."""
        self._first.finish(task, observed)
        self._second.finish(task, observed)

    def expire(self, task: Task, closest: Sequence[Difference]) -> None:
        """Tell both."""
        self._first.expire(task, closest)
        self._second.expire(task, closest)
