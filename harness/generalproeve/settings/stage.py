"""The settings of a stage: one field each gives the key of `[stage]`, the check, the flag, the default and the schema."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from generalproeve.base.exit_codes import CannotRun
from generalproeve.settings import values
from generalproeve.settings.limits import Limits
from generalproeve.settings.reading import Setting
from generalproeve.settings.tls import Tls
from vos_contracts.model.neighbours import SERVICES
from vos_contracts.tables.releases import STANDARD, PrsSoap
from vos_contracts.tables.webhooks import WsbMode
from vos_contracts.wire.asgi.body import BodyLimits

UP = ("up",)
EMBEDDED = ("up", "test", "load")
"""The commands that start a stage."""
BACKENDS = (PrsSoap.CLASSIC.value, PrsSoap.CONVERTER.value)
MIN_TOKEN, MAX_TIMEOUT, MAX_SYSTEM = 16, 300, 10**9 - 1


class StageSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings that a stage is started with, in the order of `--help`."""

    db: Annotated[Path | None, Setting(help="SQLite file to keep; default a temporary one.", commands=EMBEDDED)] = None
    release: Annotated[str, Meta(min_length=1), Setting(help="Release to play, such as 2025-1.", commands=EMBEDDED)] = (
        STANDARD
    )
    backend: Annotated[
        PrsSoap | None,
        Setting(
            help="Backend of SOAP registration; default that of the release.",
            rule=f"must be {' or '.join(BACKENDS)}",
            choices=BACKENDS,
            commands=EMBEDDED,
        ),
    ] = None
    contract: Annotated[
        Path | None,
        Setting(
            help="Overlay folder with corrections of assumed names, codes and texts.",
            commands=(*EMBEDDED, "fuzz"),
        ),
    ] = None
    without: Annotated[
        tuple[str, ...],
        Setting(
            help="Leave out a neighbour service, such as IllnessCompositeService; repeatable.",
            prepare=values.neighbours,
            schema={"type": "array", "items": {"enum": list(SERVICES)}},
            metavar="SERVICE",
            commands=EMBEDDED,
        ),
    ] = ()
    latency: Annotated[
        str | Path | None,
        Setting(
            help="Latency model: epic, or a TOML file (docs/latency.md). Default off.",
            read=values.latency,
            schema={"type": "string", "minLength": 1, "examples": [values.LATENCY_OFF, *values.LATENCIES]},
            metavar="MODEL",
            commands=EMBEDDED,
        ),
    ] = None
    clock: Annotated[
        datetime | None,
        Setting(
            help="Freeze the stage clock, such as 2024-11-18T09:00:00+01:00.",
            prepare=values.stage_clock,
            commands=EMBEDDED,
        ),
    ] = None
    port: Annotated[
        int,
        Meta(ge=0, le=65535),
        Setting(
            help="Port of the services; 0 picks a free one. Default 8480.",
            rule="must be a port number 0-65535",
            commands=UP,
        ),
    ] = 8480
    control_port: Annotated[
        int,
        Meta(ge=0, le=65535),
        Setting(
            help="Port of the control API; 0 picks a free one. Default 8481, or a free one with --port 0.",
            rule="must be a port number 0-65535",
            commands=UP,
        ),
    ] = 8481
    durable: Annotated[
        bool,
        Setting(
            help="Write each commit to the disk before it is answered: it then survives a power loss too. Slower.",
            commands=UP,
        ),
    ] = False
    allow_real_cpr: Annotated[
        bool, Setting(help="Allow seeding of CPR numbers that could be a human being's.", commands=UP)
    ] = False
    wsb_mode: Annotated[
        WsbMode,
        Setting(
            help="Webhook message answered with 4xx or not at all: retried (observed, default) or dead (designed).",
            rule=f"must be {' or '.join(WsbMode)}",
            commands=UP,
        ),
    ] = WsbMode.OBSERVED
    webhook_hosts: Annotated[
        tuple[str, ...],
        Setting(
            help="A host besides loopback that webhook messages may be sent to; repeatable.",
            prepare=values.hosts,
            flag="--webhook-host",
            metavar="HOST",
            commands=UP,
        ),
    ] = ()
    webhook_timeout: Annotated[
        float,
        Meta(gt=0, le=MAX_TIMEOUT),
        Setting(
            help="Timeout of a webhook delivery in seconds. Default 10.",
            rule=f"must be seconds, more than 0 and at most {MAX_TIMEOUT}",
            commands=UP,
        ),
    ] = 10.0
    broker: Annotated[
        str | None,
        Meta(min_length=1),
        Setting(
            help="RabbitMQ on loopback for the domain events, amqp://user:password@127.0.0.1:5672/; default an in-process "
            "broker.",
            prepare=values.broker,
            hidden=True,
            metavar="URL",
            commands=UP,
        ),
    ] = None
    control: Annotated[
        bool,
        Setting(help="Serve no control API, like a real environment.", flag="--no-control", commands=UP),
    ] = True
    tls_certificate: Annotated[
        Path | None, Setting(help="PEM file: serve the services over HTTPS; with --tls-key.", commands=UP)
    ] = None
    tls_key: Annotated[Path | None, Setting(help="PEM file of the certificate's key.", commands=UP)] = None
    client_ca: Annotated[
        Path | None,
        Setting(help="PEM file of a CA: require a client certificate that it has issued.", commands=UP),
    ] = None
    client_systems: Annotated[
        dict[str, Annotated[int, Meta(ge=0, le=MAX_SYSTEM)]],
        Setting(
            help="Calling system of a client certificate, by common name; repeatable. An unknown name is system 0.",
            rule="must be a table of a certificate's common name and a system's number",
            prepare=values.named_systems,
            flag="--client-system",
            metavar="NAME=NUMBER",
            commands=UP,
        ),
    ] = {}
    host: Annotated[
        str,
        Meta(min_length=1),
        Setting(
            help="Bind address of the services. Default 127.0.0.1; any other host needs --allow-remote.", commands=UP
        ),
    ] = "127.0.0.1"
    control_host: Annotated[
        str,
        Meta(min_length=1),
        Setting(
            help="Bind address of the control API. Default 127.0.0.1; any other host needs --allow-remote.",
            commands=UP,
        ),
    ] = "127.0.0.1"
    allow_remote: Annotated[
        bool,
        Setting(
            help="Allow bind addresses other than loopback; the control API then requires a token.",
            commands=UP,
        ),
    ] = False
    host_names: Annotated[
        tuple[str, ...],
        Setting(
            help="Host name by which the stage may be called, besides addresses and localhost; repeatable.",
            prepare=values.hosts,
            flag="--host-name",
            metavar="NAME",
            commands=UP,
        ),
    ] = ()
    control_token: Annotated[
        str | None,
        Meta(min_length=MIN_TOKEN, pattern="^[A-Za-z0-9_-]+$"),
        Setting(
            help="Token of the control API; better as ${VAR} in the file. Default a random one where a token is required.",
            rule=f"must be at least {MIN_TOKEN} letters, digits, - and _",
            hidden=True,
            commands=UP,
        ),
    ] = None
    limits: Annotated[
        Limits,
        Setting(
            help="A limit on callers, such as body=65536; repeatable. The names are in docs/limits.md.",
            prepare=values.named_numbers,
            flag="--limit",
            metavar="NAME=NUMBER",
            commands=UP,
        ),
    ] = Limits()

    @property
    def body_limits(self) -> BodyLimits:
        """The limits that a reader of bodies enforces."""
        return self.limits.body_limits

    @property
    def tls(self) -> Tls | None:
        """The TLS settings of the services; None for plain HTTP.

        Raises:
            CannotRun: a key is set without the key that it needs.
        """
        if self.tls_certificate is None:
            for name in ("tls_key", "client_ca", "client_systems"):
                if getattr(self, name):
                    raise CannotRun(f"stage.{name}: needs tls_certificate")
            return None
        if self.tls_key is None:
            raise CannotRun("stage.tls_certificate: needs tls_key")
        if self.client_systems and self.client_ca is None:
            raise CannotRun("stage.client_systems: needs client_ca, which has issued the certificates")
        return Tls(self.tls_certificate, self.tls_key, self.client_ca, self.client_systems)

    def but(self, **changes: Any) -> StageSettings:
        """Return a copy with some settings changed."""
        return msgspec.structs.replace(self, **changes)

    def without_tls(self) -> StageSettings:
        """Return a copy for plain HTTP: a run calls the stage that it has started itself, over loopback."""
        return self.but(tls_certificate=None, tls_key=None, client_ca=None, client_systems={})
