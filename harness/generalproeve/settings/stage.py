"""The settings of a stage: one row per setting gives the key of `[stage]`, its check, its flag, its default and its schema."""

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
"""The commands that start a stage of their own."""
BACKENDS = (PrsSoap.CLASSIC.value, PrsSoap.CONVERTER.value)
MIN_TOKEN, MAX_TIMEOUT, MAX_SYSTEM = 16, 300, 10**9 - 1


class StageSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a stage is started with; the rows are in the order of `--help`."""

    db: Annotated[
        Path | None, Setting(help="SQLite file to keep; a temporary one if not given.", commands=EMBEDDED)
    ] = None
    release: Annotated[str, Meta(min_length=1), Setting(help="Release to play, such as 2025-1.", commands=EMBEDDED)] = (
        STANDARD
    )
    backend: Annotated[
        PrsSoap | None,
        Setting(
            help="Force what stands behind SOAP registration; the release chooses if not given.",
            rule=f"must be {' or '.join(BACKENDS)}",
            choices=BACKENDS,
            commands=EMBEDDED,
        ),
    ] = None
    contract: Annotated[
        Path | None,
        Setting(
            help="Overlay folder: your corrections of assumed names, codes and texts.",
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
            help="Answer as slowly as a described environment: epic, or a TOML file (docs/latency.md). Default off.",
            read=values.latency,
            schema={"type": "string", "minLength": 1, "examples": [values.LATENCY_SINCE, *values.LATENCIES]},
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
    allow_real_cpr: Annotated[
        bool, Setting(help="Let CPR numbers be seeded that could be a human being's.", commands=UP)
    ] = False
    wsb_mode: Annotated[
        WsbMode,
        Setting(
            help="What becomes of a webservice message answered with 4xx or not at all: retried (observed, default) or dead.",
            rule=f"must be {' or '.join(WsbMode)}",
            commands=UP,
        ),
    ] = WsbMode.OBSERVED
    webhook_hosts: Annotated[
        tuple[str, ...],
        Setting(
            help="A host beside loopback that webservice messages may be sent to; repeatable.",
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
            help="Seconds that a receiver may take to answer. Default 10.",
            rule=f"must be seconds, more than 0 and at most {MAX_TIMEOUT}",
            commands=UP,
        ),
    ] = 10.0
    broker: Annotated[
        str | None,
        Meta(min_length=1),
        Setting(
            help="RabbitMQ on loopback for the domain events, amqp://user:password@127.0.0.1:5672/; in the process if not "
            "given.",
            prepare=values.broker,
            hidden=True,
            metavar="URL",
            commands=UP,
        ),
    ] = None
    control: Annotated[
        bool,
        Setting(help="Serve no control API at all, as a real environment does.", flag="--no-control", commands=UP),
    ] = True
    tls_certificate: Annotated[
        Path | None, Setting(help="PEM file: serve the services over HTTPS; with --tls-key.", commands=UP)
    ] = None
    tls_key: Annotated[Path | None, Setting(help="PEM file of the certificate's key.", commands=UP)] = None
    client_ca: Annotated[
        Path | None,
        Setting(help="PEM file: demand a client certificate that this authority has issued.", commands=UP),
    ] = None
    client_systems: Annotated[
        dict[str, Annotated[int, Meta(ge=0, le=MAX_SYSTEM)]],
        Setting(
            help="The calling system of a client certificate by its common name; repeatable. Unknown names are system 0.",
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
            help="Address that the services are bound to. Default 127.0.0.1; another needs --allow-remote.", commands=UP
        ),
    ] = "127.0.0.1"
    control_host: Annotated[
        str,
        Meta(min_length=1),
        Setting(
            help="Address that the control API is bound to. Default 127.0.0.1; another needs --allow-remote.",
            commands=UP,
        ),
    ] = "127.0.0.1"
    allow_remote: Annotated[
        bool,
        Setting(
            help="Let other machines reach what is bound elsewhere than on loopback; the control API then asks for a token.",
            commands=UP,
        ),
    ] = False
    control_names: Annotated[
        tuple[str, ...],
        Setting(
            help="A host name that the control API may be called by, besides its address and localhost; repeatable.",
            prepare=values.hosts,
            flag="--control-name",
            metavar="NAME",
            commands=UP,
        ),
    ] = ()
    control_token: Annotated[
        str | None,
        Meta(min_length=MIN_TOKEN, pattern="^[A-Za-z0-9_-]+$"),
        Setting(
            help="What the control API asks for; better as ${VAR} in the file. A new one if not given.",
            rule=f"must be at least {MIN_TOKEN} letters, digits, - and _",
            hidden=True,
            commands=UP,
        ),
    ] = None
    limits: Annotated[
        Limits,
        Setting(
            help="What a caller may ask of the stage, such as body=65536; repeatable. The names stand in docs/limits.md.",
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
        """How the services are served over TLS; None for plain HTTP.

        Raises:
            CannotRun: keys that do not go together.
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
        """Return the same settings with some of them changed."""
        return msgspec.structs.replace(self, **changes)

    def without_tls(self) -> StageSettings:
        """Return the same over plain HTTP: a run speaks to the stage that it starts for itself."""
        return self.but(tls_certificate=None, tls_key=None, client_ca=None, client_systems={})
