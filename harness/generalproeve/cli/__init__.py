"""The command line: one module per command, imported when the command is called."""

from __future__ import annotations

import sys
import traceback
from importlib import import_module

import click

from generalproeve.base import process
from generalproeve.base.exit_codes import INTERRUPTED, CannotRun, Exit, Unreachable
from generalproeve.settings.configuration import environment

_SECTIONS = {
    "Start here": {
        "up": "Start a stage and keep it running until Ctrl-C.",
        "test": "Play the scenarios against a stage; a verdict for each.",
        "report": "Show an earlier run, or compare two.",
    },
    "Test your own system": {
        "receiver": "Send your webhook a graded series of webservice messages.",
        "poller": "Grade the systems that have emptied WSRM queues on a running stage.",
        "fuzz": "Generate calls, judge every answer, and shrink what breaks.",
        "load": "Load a stage; measure SOAP against REST.",
    },
    "Operate a running stage": {
        "clock": "Show, set, advance, freeze and run its clock.",
        "batch": "Run its nightly jobs now.",
        "seed": "Register many citizens through its public services.",
        "monitor": "Compare the business domains' views with its registrations.",
        "extract": "Write its registrations and citizens to files for BI.",
    },
    "Look things up": {
        "contracts": "List, show, export and check the contract tables and documents.",
        "config": "Print the schema of generalproeve.toml, or check a file.",
    },
}
_COMMANDS = [name for section in _SECTIONS.values() for name in section]


class _Commands(click.Group):
    """A group that imports a command's module first when the command is called: `--help` imports none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(f"generalproeve.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands section by section, from the texts above instead of the commands' own."""
        width = max(len(name) for name in _COMMANDS)
        for title, commands in _SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), text) for name, text in commands.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="generalproeve")
def generalproeve() -> None:
    """Rehearse STAR's kontaktgruppe and personkategori services before you meet the real ones.

    A stage is a running server with those services, synthetic citizens and a clock you control. Start one with
    `generalproeve up`, point your system at it, and play the scenarios of the epic with `generalproeve test`.

    \b
    Exit codes:
      0  ok
      1  the contract was violated, or something was found
      2  could not run: configuration, contract or file
      3  the target cannot be reached
      4  wrong usage
      5  nothing was selected
      130, 143  interrupted by Ctrl-C, ended by a signal
    """


def run(argv: list[str] | None = None) -> int:
    """Run the command line, print what is wrong if anything is, and return a code of `Exit`.

    1 comes from a verdict only: every other exception is one line and 2, with the traceback if GENERALPROEVE_TRACEBACK is set.
    """
    try:
        process.prepare()
        with process.ending():
            return int(generalproeve.main(args=argv, prog_name="generalproeve", standalone_mode=False) or Exit.OK)
    except process.Ended as ended:
        return ended.code
    except click.UsageError as usage:  # NoArgsIsHelpError among them, which shows the help
        usage.show()
        return Exit.WRONG_USE
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Unreachable as exc:
        click.echo(f"generalproeve: {exc}", err=True)
        return Exit.UNREACHABLE
    except CannotRun as exc:
        click.echo(f"generalproeve: {exc}", err=True)
        return Exit.COULD_NOT_RUN
    except OSError as exc:
        click.echo(f"generalproeve: {exc.filename or ''}: {exc.strerror or exc}", err=True)
        return Exit.COULD_NOT_RUN
    except Exception as exc:
        if "GENERALPROEVE_TRACEBACK" in environment():
            traceback.print_exc()
        said = next(iter(str(exc).splitlines()), "")
        hint = "set GENERALPROEVE_TRACEBACK=1 for the traceback"
        click.echo(f"generalproeve: internal error: {type(exc).__name__}: {said} ({hint})", err=True)
        return Exit.COULD_NOT_RUN


def main(argv: list[str] | None = None) -> None:
    """Run the command line and exit."""
    sys.exit(run(argv))
