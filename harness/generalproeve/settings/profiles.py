"""Profiles: `[profile.NAME]` of generalproeve.toml describes a remote stage; read into the suite's `StageAccess`.

A profile holds addresses per service, certificates, the allowed roles, the pool of citizens (`pool`), the webhook ports,
and the capabilities of the control API, if there is one.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from generalproeve.base import machine_clock
from generalproeve.base.exit_codes import CannotRun
from generalproeve.settings import values
from generalproeve.settings.pool import PoolCitizen, person
from generalproeve.settings.reading import Setting, read_table, unknown
from vos_contracts.model.cpr import masked
from vos_contracts.model.identity import Organisation, User
from vos_contracts.tables.releases import STANDARD
from vos_contracts.wire.calls import REST_SERVICES
from vos_contracts.wire.soap.schemas import SERVICE_VERSIONS
from vos_features.capabilities import OF_CONTROL, Capability
from vos_features.stage import AllowedRole, StageAccess, WebhookSlot
from vos_simulators.access import TIMEOUT_S, Access, without_token
from vos_simulators.parties import ROLES

CASEWORKER = 2
"""The user type of a caseworker."""
SERVICES = (*REST_SERVICES, *SERVICE_VERSIONS)
MAX_SECONDS = 3600
_ORGANISATION = "TYPE/CODE, such as 8/10100"
_FILE = "PEM file, relative to the TOML file."


class RoleSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of `roles`: the identity used in that role of the scenarios."""

    organisation: Annotated[str, Setting(help=f"The acting organisation: {_ORGANISATION}.")]
    system: Annotated[int, Meta(ge=0), Setting(help="The number of the calling system.")] = 0
    certificate: Annotated[Path | None, Setting(help=f"Client certificate of the role. {_FILE}")] = None
    key: Annotated[Path | None, Setting(help=f"The key of the role's certificate. {_FILE}")] = None
    user_name: Annotated[str | None, Setting(help="The name of the user; with user_id.")] = None
    user_id: Annotated[str | None, Setting(help="The id of the user; with user_name.")] = None
    user_type: Annotated[int, Setting(help="The type of the user; 2 is a caseworker.")] = CASEWORKER
    user_organisation: Annotated[str | None, Setting(help=f"The user's own organisation: {_ORGANISATION}.")] = None


class WebhookSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of `webhooks`: a subscriber system whose messages STAR delivers to a port on loopback here."""

    system: Annotated[str, Setting(help="The name of the subscriber system at STAR.")]
    port: Annotated[
        int,
        Meta(ge=0, le=65535),
        Setting(help="The port on 127.0.0.1 that its messages are delivered to.", rule="must be a port number 0-65535"),
    ]


class ProfileSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys of a profile."""

    services: Annotated[str, Setting(help="Address of the services, such as https://host:443.")]
    control: Annotated[str | None, Setting(help="Address of the control API, if there is one.")] = None
    capabilities: Annotated[
        tuple[str, ...] | None,
        Setting(
            help="Capabilities of the stage; default the whole control API except reset.",
            schema={"type": "array", "items": {"enum": [str(capability) for capability in Capability]}},
        ),
    ] = None
    release: Annotated[str | None, Setting(help="The release that the stage is in.")] = None
    contract: Annotated[Path | None, Setting(help="Overlay folder, relative to the TOML file.")] = None
    clock: Annotated[
        datetime | None,
        Setting(help="The instant at which its clock is frozen; default the machine's clock.", prepare=values.instant),
    ] = None
    timeout: Annotated[
        float,
        Meta(gt=0, le=MAX_SECONDS),
        Setting(help="Timeout of a call in seconds.", rule=f"must be seconds, more than 0 and at most {MAX_SECONDS}"),
    ] = TIMEOUT_S
    quiet: Annotated[
        float,
        Meta(ge=0, le=MAX_SECONDS),
        Setting(
            help="Seconds without a message after which a step concludes that none was sent.",
            rule=f"must be seconds, 0 or more and at most {MAX_SECONDS}",
        ),
    ] = 1.0
    ca: Annotated[Path | None, Setting(help=f"CA certificate of the servers. {_FILE}")] = None
    certificate: Annotated[Path | None, Setting(help=f"Client certificate. {_FILE}")] = None
    key: Annotated[Path | None, Setting(help=f"The key of the client certificate. {_FILE}")] = None
    allow_real_cpr: Annotated[bool, Setting(help="Allow CPR numbers that could be a human being's.")] = False
    addresses: Annotated[
        dict[str, str], Setting(help="Addresses of single services that differ from `services`.", keys=SERVICES)
    ] = {}
    roles: Annotated[
        dict[str, RoleSettings],
        Setting(help="The roles that may be played; scenarios with any other role are omitted.", keys=tuple(ROLES)),
    ] = {}
    webhooks: Annotated[
        dict[str, WebhookSettings], Setting(help="Where the webhook messages to a role arrive.", keys=tuple(ROLES))
    ] = {}
    citizens: Annotated[tuple[PoolCitizen, ...], Setting(help="The pool of test citizens.")] = ()


@dataclass(frozen=True, slots=True)
class FrozenClock:
    """The clock of a remote stage whose profile gives the instant at which it is frozen."""

    moment: datetime

    def __call__(self) -> datetime:
        """Return the instant."""
        return self.moment


def stage_at(address: str, control: str | None = None, release: str | None = None) -> StageAccess:
    """Return a remote stage known by its address only, and by that of its control API if given.

    Raises:
        CannotRun: an address is malformed.
    """
    return _stage(ProfileSettings(services=address, control=control, release=release), "target", release)


def read_profile(file: Path, name: str, table: object, release: str | None = None) -> StageAccess:
    """Read one profile; `release`, if given, overrides that of the file.

    Raises:
        CannotRun: one line per mistake, with file, key and rule.
    """
    where = f"{file}: profile.{name}"
    return _stage(read_table(where, table, ProfileSettings, file.parent), where, release)


def _stage(profile: ProfileSettings, where: str, release: str | None) -> StageAccess:
    for number, citizen in enumerate(profile.citizens):
        if citizen.cpr in {other.cpr for other in profile.citizens[:number]}:
            raise CannotRun(f"{where}.citizens[{number}].cpr: {masked(citizen.cpr)} is listed twice")
    roles = {name: _role(f"{where}.roles.{name}", role, profile.ca) for name, role in profile.roles.items()}
    clock: Callable[[], datetime] = machine_clock.now if profile.clock is None else FrozenClock(profile.clock)
    return StageAccess(
        services=_address(f"{where}.services", profile.services),
        control=None if profile.control is None else _address(f"{where}.control", profile.control),
        contract=profile.contract,
        capabilities=_capabilities(where, profile),
        release=release or profile.release or STANDARD,
        clock=clock,
        addresses={name: _address(f"{where}.addresses.{name}", text) for name, text in profile.addresses.items()},
        access=_access(where, profile, profile.ca),
        parties=roles,
        pool=tuple(
            person(f"{where}.citizens[{number}]", citizen, roles, allow_real=profile.allow_real_cpr)
            for number, citizen in enumerate(profile.citizens)
        ),
        webhooks={name: WebhookSlot(webhook.system, webhook.port) for name, webhook in profile.webhooks.items()},
        deadline=profile.timeout,
        quiet=profile.quiet,
    )


def _capabilities(where: str, profile: ProfileSettings) -> frozenset[Capability]:
    """Return the capabilities: those that the profile lists, else the whole control API except reset."""
    messages = {Capability.FETCH_WSRM}
    if profile.control is not None or profile.webhooks:
        messages.add(Capability.RECEIVE_WSB)
    if profile.capabilities is None:
        return frozenset(messages | (OF_CONTROL - {Capability.RESET} if profile.control is not None else set()))
    names = tuple(str(capability) for capability in Capability)
    for name in profile.capabilities:
        if name not in names:
            raise CannotRun(unknown(f"{where}.capabilities", "capability", name, names))
    named = frozenset(Capability(name) for name in profile.capabilities)
    if profile.control is None and named & OF_CONTROL:
        raise CannotRun(f"{where}.capabilities: {min(named & OF_CONTROL)} needs a control API; give control")
    return named | {Capability.STATUS} if profile.control is not None else named


def _role(where: str, role: RoleSettings, ca: Path | None) -> AllowedRole:
    if (role.user_name is None) != (role.user_id is None):
        raise CannotRun(f"{where}: user_name and user_id go together")
    user = None
    if role.user_name is not None and role.user_id is not None:
        user = User(role.user_name, role.user_type, role.user_id)
    own = role.user_organisation
    return AllowedRole(
        organisation=organisation(f"{where}.organisation", role.organisation),
        system=role.system,
        access=None if role.certificate is role.key is None else _access(where, role, ca),
        user=user,
        user_organisation=None if own is None else organisation(f"{where}.user_organisation", own),
    )


def organisation(where: str, text: str) -> Organisation:
    """Read TYPE/CODE, such as 8/10100.

    Raises:
        CannotRun: the text has another form.
    """
    kind, slash, code = text.partition("/")
    if not slash or not code or not kind.isdecimal():
        raise CannotRun(f"{where}: must be {_ORGANISATION}, not {text!r}")
    return Organisation(int(kind), code)


def _access(where: str, settings: ProfileSettings | RoleSettings, ca: Path | None) -> Access:
    if settings.key is not None and settings.certificate is None:
        raise CannotRun(f"{where}.key: needs certificate")
    access = Access(settings.certificate, settings.key, ca)
    try:
        access.tls()
    except (OSError, ssl.SSLError) as error:
        files = ", ".join(str(file) for file in (settings.certificate, settings.key, ca) if file is not None)
        raise CannotRun(f"{where}: certificate, key or ca ({files}): {error}") from error
    return access


def _address(where: str, text: str) -> str:
    try:
        parts = urlsplit(text)
        valid = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or True) and not parts.query
    except ValueError:
        valid = False
    if not valid:
        raise CannotRun(f"{where}: must be an address such as https://host:443, not {without_token(text)!r}")
    return text.rstrip("/")
