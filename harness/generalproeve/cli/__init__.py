"""The command line: one small module per verb, loaded when it is called so that starting stays fast."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from generalproeve.base.exit_codes import CannotRun, Exit, Unreachable

_VERBS = {
    "up": "Start the stage and keep it until Ctrl-C.",
    "test": "Play the scenes against a target and give a verdict for each.",
    "fuzz": "Make up calls nobody wrote a scenario for, and judge every answer.",
    "load": "Load a stage, and say how much slower SOAP is than REST.",
    "clock": "Show, set, advance, freeze and run the clock of a running stage.",
    "batch": "Run the nightly jobs of a running stage now.",
    "seed": "Let Datakanon register citizens through the public services of a running stage.",
    "monitor": "Hold the business domains' views against a running stage's truth.",
    "extract": "Deliver registrations and citizens to BI as files, pseudonymised or not.",
    "receiver": "Send a party's own webhook a graded series of webservice messages.",
    "poller": "Tell how well those who empty WSRM queues on a running stage behave.",
    "report": "Look at earlier runs again, and hold one against another.",
    "contracts": "List, show, export and check the contract.",
    "config": "Print the schema of generalproeve.toml, or check a file.",
}


class _Verbs(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _VERBS:
            return None
        command = getattr(import_module(f"generalproeve.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_VERBS.items()))


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="generalproeve")
def generalproeve() -> None:
    """Rehearse STAR's kontaktgruppe and personkategori services before you meet the real ones.

    Exit codes: 0 ok, 1 contract violated, 2 could not run, 3 target unreachable, 4 wrong usage, 5 nothing selected.
    """


def main(argv: list[str] | None = None) -> None:
    """Run the command line and exit with one of `Exit`'s codes."""
    try:
        code = generalproeve.main(args=argv, prog_name="generalproeve", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as use:
        use.show()
        code = Exit.WRONG_USE
    except click.UsageError as use:
        use.show()
        code = Exit.WRONG_USE
    except click.Abort:
        code = Exit.COULD_NOT_RUN
    except Unreachable as exc:
        click.echo(f"generalproeve: {exc}", err=True)
        code = Exit.UNREACHABLE
    except CannotRun as exc:
        click.echo(f"generalproeve: {exc}", err=True)
        code = Exit.COULD_NOT_RUN
    except OSError as exc:
        click.echo(f"generalproeve: {exc.filename or ''}: {exc.strerror or exc}", err=True)
        code = Exit.COULD_NOT_RUN
    sys.exit(int(code or 0))
