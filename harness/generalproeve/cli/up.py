"""`generalproeve up`: start a stage, print its addresses, and serve until Ctrl-C."""

from __future__ import annotations

import click

from generalproeve.base.exit_codes import CannotRun
from generalproeve.settings.options import Given, settings_options


@click.command()
@settings_options("up")
@click.option(
    "--people",
    type=click.IntRange(0, 1000),
    default=4,
    show_default=True,
    help="Number of synthetic citizens to put on the stage.",
)
@click.option("--no-tls", is_flag=True, help="Serve the services over HTTP, even if the file names a certificate.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line when ready, and nothing else.")
def up(given: Given, people: int, no_tls: bool, as_json: bool) -> None:
    """Start a stage and keep it running until Ctrl-C.

    Prints every address, and a REST and a SOAP call that work when pasted into a shell.
    """
    free_control_port = {"control_port": 0} if given.flags.get("port") == 0 else {}
    settings = given.settings(**free_control_port)
    if no_tls:
        if {"tls_certificate", "client_ca"} & given.flags.keys():
            raise CannotRun("--no-tls: cannot be combined with a certificate")
        settings = settings.without_tls()
    from generalproeve.stage.poster import present
    from generalproeve.stage.stage import Stage, serve_until_signal

    def ready(stage: Stage) -> None:
        present(stage, people, as_json)

    serve_until_signal(settings, ready)
    if not as_json:
        click.echo("Scenen er lukket.")
