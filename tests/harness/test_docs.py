"""Every `generalproeve` command in the documentation has an existing command, existing options and enough arguments."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from generalproeve.cli import generalproeve

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", "contracts/README.md", "tests/README.md")
BLOCK = re.compile(r"^    (?:\$ )?(?:uv run |\.venv/bin/)?(generalproeve .*)$")
INLINE = re.compile(r"`(generalproeve [^`]+)`")
END = re.compile(r"\s+#|\s+\||\s+>|\s+&&|;")


def documented() -> Iterator[tuple[str, str, bool]]:
    """Yield the place and text of each command, and whether it stands in a block: one in a sentence may be shortened."""
    for file in (*(ROOT / page for page in PAGES), *sorted((ROOT / "docs").glob("*.md"))):
        lines = file.read_text("utf-8").replace("\\\n", " ").splitlines()
        for number, line in enumerate(lines, 1):
            place = f"{file.relative_to(ROOT).as_posix()}:{number}"
            block = BLOCK.match(line)
            if block:
                yield place, END.split(block[1])[0], True
            for text in INLINE.findall(line):
                yield place, text, False


def parse(text: str, *, whole: bool) -> None:
    """Parse a command without running it; the context of a part of one is not completed.

    Raises:
        click.ClickException: it would be refused as wrong usage.
    """
    command: click.Command = generalproeve
    context, rest = click.Context(command), shlex.split(text)[1:]
    while isinstance(command, click.Group) and rest:
        name, found, rest = command.resolve_command(context, rest)
        assert found is not None
        command, context = found, click.Context(found, info_name=name, parent=context)
    if isinstance(command, click.Group):
        return
    if whole:
        command.parse_args(context, [*rest])
    else:
        command.make_parser(context).parse_args([*rest])


def test_every_documented_command_is_accepted() -> None:
    wrong = []
    commands = list(documented())
    for place, text, whole in commands:
        try:
            parse(text, whole=whole)
        except click.ClickException as exc:
            if exc.format_message().endswith("does not exist."):
                continue  # a file that the reader is to have
            wrong.append(f"{place}: {text}: {exc.format_message()}")
    assert len(commands) > 80
    assert wrong == []


@pytest.mark.parametrize(
    "text", ["generalproeve tset embedded:", "generalproeve up --relase 2025-1", "generalproeve batch --at-most x"]
)
def test_a_wrong_command_is_found(text: str) -> None:
    with pytest.raises(click.ClickException):
        parse(text, whole=True)
