"""`generalproeve up`: start the stage, say where everything is, and stay until Ctrl-C."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from generalproeve.cli.faelles import opsaetning, sceneflag
from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.settings.values import PROCESSER_LOFT


@click.command()
@sceneflag
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the services; 0 picks a free one. Default 8480.")
@click.option(
    "--control-port",
    type=click.IntRange(0, 65535),
    help="Port of the control API; 0 picks a free one. Default 8481, or a free one with --port 0.",
)
@click.option(
    "--people",
    type=click.IntRange(0, 1000),
    default=4,
    show_default=True,
    help="Synthetic citizens to put on the stage.",
)
@click.option("--allow-real-cpr", is_flag=True, help="Let CPR numbers be seeded that could be a human being's.")
@click.option(
    "--wsb-mode",
    type=click.Choice(["observeret", "designet"]),
    help="What becomes of a webservice message answered with 4xx or not at all: tried again (observeret, default) or dead.",
)
@click.option(
    "--webhook-host",
    "webhook_hosts",
    multiple=True,
    metavar="HOST",
    help="A host beside loopback that webservice messages may be sent to; repeatable.",
)
@click.option("--webhook-timeout", type=float, help="Seconds that a receiver may take to answer. Default 10.")
@click.option(
    "--broker",
    metavar="URL",
    help="RabbitMQ on loopback for the domain events, amqp://user:password@127.0.0.1:5672/; in the process if not given.",
)
@click.option("--no-control", is_flag=True, help="Serve no control API at all, as a real environment does.")
@click.option(
    "--tls-certificate",
    type=click.Path(dir_okay=False, path_type=Path),
    help="PEM file: serve the services over HTTPS; with --tls-key.",
)
@click.option("--tls-key", type=click.Path(dir_okay=False, path_type=Path), help="PEM file of the certificate's key.")
@click.option(
    "--client-ca",
    type=click.Path(dir_okay=False, path_type=Path),
    help="PEM file: demand a client certificate that this authority has issued.",
)
@click.option(
    "--client-system",
    "client_systems",
    multiple=True,
    metavar="NAME=NUMBER",
    help="The calling system of a client certificate by its common name; repeatable. Unknown names are system 0.",
)
@click.option("--no-tls", is_flag=True, help="Serve the services over HTTP, whatever the file says of certificates.")
@click.option("--host", help="Address that the services are bound to. Default 127.0.0.1; another needs --allow-remote.")
@click.option(
    "--control-host", help="Address that the control API is bound to. Default 127.0.0.1; another needs --allow-remote."
)
@click.option(
    "--allow-remote",
    is_flag=True,
    help="Let other machines reach what is bound elsewhere than on loopback; the control API then asks for a token.",
)
@click.option(
    "--control-name",
    "control_names",
    multiple=True,
    metavar="NAME",
    help="A host name that the control API may be called by, besides its address and localhost; repeatable.",
)
@click.option(
    "--control-token", help="What the control API asks for; better as ${VAR} in the file. A new one if not given."
)
@click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="NAME=NUMBER",
    help="What a caller may ask of the stage, such as body=65536; repeatable. The names stand in docs/limits.md.",
)
@click.option(
    "--processes",
    type=click.IntRange(1, PROCESSER_LOFT),
    help="Processes that answer the services, on a machine with more than one core (docs/load.md). Default 1.",
)
@click.option("--json", "som_json", is_flag=True, help="Print one JSON line when ready, and nothing else.")
def up(
    fil: Path | None,
    db: Path | None,
    release: str | None,
    backend: str | None,
    contract: Path | None,
    without: tuple[str, ...],
    latency: str | None,
    clock: str | None,
    port: int | None,
    control_port: int | None,
    people: int,
    allow_real_cpr: bool,
    wsb_mode: str | None,
    webhook_hosts: tuple[str, ...],
    webhook_timeout: float | None,
    broker: str | None,
    no_control: bool,
    tls_certificate: Path | None,
    tls_key: Path | None,
    client_ca: Path | None,
    client_systems: tuple[str, ...],
    no_tls: bool,
    host: str | None,
    control_host: str | None,
    allow_remote: bool,
    control_names: tuple[str, ...],
    control_token: str | None,
    limits: tuple[str, ...],
    processes: int | None,
    som_json: bool,
) -> None:
    """Start the stage and keep it until Ctrl-C.

    Prints every address, an example curl and an example SOAP call that work when pasted.
    """
    valgt = opsaetning(
        fil,
        db=db,
        release=release,
        backend=backend,
        contract=contract,
        without=without,
        latency=latency,
        clock=clock,
        port=port,
        control_port=0 if port == 0 and control_port is None else control_port,
        allow_real_cpr=allow_real_cpr,
        wsb_mode=wsb_mode,
        webhook_hosts=webhook_hosts,
        webhook_timeout=webhook_timeout,
        broker=broker,
        tls_certificate=tls_certificate,
        tls_key=tls_key,
        client_ca=client_ca,
        client_systems=client_systems,
        host=host,
        control_host=control_host,
        allow_remote=allow_remote,
        control_names=control_names,
        control_token=control_token,
        limits=limits,
        processes=processes,
    )
    if no_tls:
        if tls_certificate is not None or client_ca is not None:
            raise KanIkkeKoere("--no-tls: goes with no certificate")
        valgt = valgt.uden_tls()
    if no_control:
        valgt = replace(valgt, control=False)
    from generalproeve.plakat import praesenter
    from generalproeve.scene import Scene, spil_til_signal

    def klar(scene: Scene) -> None:
        praesenter(scene, people, som_json)

    spil_til_signal(valgt, klar)
    if not som_json:
        click.echo("Scenen er lukket.")
