"""Targets: one string names the stage of a run.

`embedded:` is the reference in this process, with parameters after the colon: `embedded:release=2025-1`; a URL is a remote
stage without further settings; any other text is the name of a profile. `identity` is the name of the target in reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import click

from generalproeve.base.exit_codes import CannotRun
from generalproeve.settings import profiles
from generalproeve.settings.configuration import ConfigurationFile
from generalproeve.settings.exposure import require_loopback
from generalproeve.settings.options import Given
from generalproeve.settings.reading import fields_of, read_setting
from generalproeve.settings.stage import BACKENDS, StageSettings
from vos_contracts.tables.releases import STANDARD, PrsSoap
from vos_features.stage import StageAccess
from vos_simulators.access import without_token

REHEARSAL_DAY = datetime.fromisoformat("2024-11-18T09:00:00+01:00")
"""The default clock of an embedded stage: an ordinary Monday morning while release 2024-4 was in use."""
PARAMETERS = ("release", "backend", "latency")
"""The settings that may follow `embedded:`."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """The reference, started by the command itself; `backend` only if one is forced."""

    release: str = STANDARD
    backend: PrsSoap | None = None

    @property
    def identity(self) -> str:
        """The name of the target in reports."""
        return f"reference {self.release}" + (f", {self.backend}" if self.backend else "")


@dataclass(frozen=True, slots=True)
class Remote:
    """A running stage; `name` is that of its profile, "" for a URL."""

    name: str
    stage: StageAccess

    @property
    def identity(self) -> str:
        """The name of the target in reports."""
        address = without_token(self.stage.services)
        return f"{self.name} ({address})" if self.name else address


Target = Embedded | Remote


@dataclass(frozen=True, slots=True)
class Resolved:
    """A target, the settings of the embedded stage (defaults for a remote one), and the flags that were used."""

    target: Target
    settings: StageSettings
    given: Given


def resolve(
    text: str, given: Given, *, control: str | None = None, allow_remote: bool = True, **defaults: Any
) -> Resolved:
    """Resolve a target with the flags of the command line.

    An embedded target gets free ports and a frozen clock; `defaults` override the file. `control` is the control API of a
    stage that is given by its URL.

    Raises:
        CannotRun: the target or the configuration is invalid, or the target is remote and that is not allowed.
        click.UsageError: a flag applies to an embedded stage only, and the target is remote.
    """
    kind, colon, rest = text.partition(":")
    if colon and kind == "embedded":
        if control is not None:
            raise CannotRun(f"target {text!r}: the embedded stage has its own control API")
        flags = given.under(_parameters(text, rest))
        settings = flags.settings(**{"port": 0, "control_port": 0, "clock": REHEARSAL_DAY, **defaults})
        return Resolved(Embedded(settings.release, settings.backend), settings, flags)
    remote = _remote(text, given.configuration, control, given.flags.get("release"))
    for name in given.flags:
        if name not in {"release", "contract"}:
            flag = fields_of(StageSettings)[name].flag
            raise click.UsageError(f"{flag} is for the embedded stage; {text} runs already")
    for address in (remote.stage.services, *remote.stage.addresses.values(), remote.stage.control):
        if address is not None:
            require_loopback("target", address, allow_remote=allow_remote)
    if "contract" in given.flags:
        remote = replace(remote, stage=replace(remote.stage, contract=given.flags["contract"]))
    return Resolved(remote, StageSettings(), given)


def _remote(text: str, configuration: ConfigurationFile, control: str | None, release: str | None) -> Remote:
    if text.partition(":")[0] in {"http", "https"} and ":" in text:
        return Remote("", profiles.stage_at(text, control, release))
    known, file = configuration.profiles, configuration.file
    if file is not None and text in known:
        if control is not None:
            raise CannotRun(f"target {text!r}: a profile has its own control key")
        return Remote(text, profiles.read_profile(file, text, known[text], release))
    named = f"; the profiles of {file} are {', '.join(known)}" if known else ""
    raise CannotRun(
        f"target {text!r}: must be embedded:[release=RELEASE][,backend={'|'.join(BACKENDS)}][,latency=MODEL], "
        f"an address such as https://host, or a profile{named}"
    )


def _parameters(text: str, rest: str) -> Mapping[str, Any]:
    """Read the parameters after `embedded:`; checked here, where the error message can name the target."""
    found: dict[str, str] = {}
    for part in filter(None, rest.split(",")):
        name, equals, value = part.partition("=")
        if not equals or not value or name not in PARAMETERS:
            raise CannotRun(f"target {text!r}: {part!r} is not release=RELEASE, backend=BACKEND or latency=MODEL")
        read_setting(f"target {text!r}: {name}", value, fields_of(StageSettings)[name])
        found[name] = value
    return found
