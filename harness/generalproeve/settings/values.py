"""Checks of single settings that a type cannot express; each function raises ValueError with the broken rule."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from generalproeve.base.sockets import LOOPBACK
from vos_contracts.model.neighbours import SERVICES

FIRST_YEAR, LAST_YEAR = 2000, 2057
"""The years in which synthetic citizens of every age exist: CPR numbers encode birth years up to 2057."""
LATENCIES = ("epic",)
"""The latency models that ship with the stage."""
LATENCY_OFF = "off"
"""No latency model: responses are not delayed."""
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]+")
_BROKER = "amqp://user:password@127.0.0.1:5672/vhost"
_INSTANT = "2024-11-18T09:00:00+01:00"


def instant(value: object) -> datetime:
    """Read a date-time with an offset, from TOML's own type or from ISO 8601 text."""
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"must be a date-time such as {_INSTANT}, not {value!r}") from None
    if moment.tzinfo is None:
        raise ValueError(f"must have an offset, such as {_INSTANT}")
    return moment


def stage_clock(value: object) -> datetime:
    """Read an instant that a stage's clock can be set to."""
    moment = instant(value)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"must lie in the years {FIRST_YEAR}-{LAST_YEAR}, not {moment.year}")
    return moment


def neighbours(value: object) -> object:
    """Check the names of neighbour services."""
    if not isinstance(value, list | tuple):
        raise ValueError(f"must be a list of neighbour services, not {value!r}")
    for name in value:
        if name not in SERVICES:
            raise ValueError(f"{name!r} is no neighbour service; they are {', '.join(SERVICES)}")
    return value


def hosts(value: object) -> tuple[str, ...]:
    """Read host names and addresses, in lower case."""
    if not isinstance(value, list | tuple):
        raise ValueError(f"must be a list of host names, not {value!r}")
    for name in value:
        if not isinstance(name, str) or not _HOST.fullmatch(name):
            raise ValueError(f"{name!r} is no host name or address; give it without scheme and port")
    return tuple(name.lower() for name in value)


def broker(value: object) -> object:
    """Check the URL of a RabbitMQ; error messages do not repeat it, because it contains a password."""
    if not isinstance(value, str) or not value:
        return value
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"must be an address such as {_BROKER}") from None
    if parts.scheme != "amqp":
        raise ValueError(
            f"must begin with amqp://, as in {_BROKER}; amqps is not supported, as the broker is on loopback"
        )
    if host not in LOOPBACK:
        raise ValueError(
            f"the broker must be on loopback ({', '.join(LOOPBACK)}), not on {host}: events hold CPR numbers"
        )
    if parts.query or parts.fragment or "/" in parts.path[1:]:
        raise ValueError(f"nothing may follow the virtual host, as in {_BROKER}")
    return value


def named_systems(value: object) -> object:
    """Read system numbers by name from flags NAME=NUMBER; a TOML table is returned unchanged."""
    if not isinstance(value, tuple):
        return value
    pairs = [str(item).rpartition("=") for item in value]
    return {name: int(number) if number.isdecimal() else number for name, _, number in pairs}


def named_numbers(value: object) -> object:
    """Read numbers by name from flags NAME=NUMBER; a TOML table is returned unchanged."""
    if not isinstance(value, tuple):
        return value
    return dict(_named_number(str(item)) for item in value)


def latency(value: object) -> str | Path | None:
    """Read a latency model: the name of one that ships with the stage, a file, or `off` (None)."""
    if not isinstance(value, str) or not value:
        raise ValueError
    if value == LATENCY_OFF:
        return None
    return value if value in LATENCIES else Path(value)


def without_password(address: str) -> str:
    """Return a broker's URL with the password masked."""
    parts = urlsplit(address)
    if parts.password is None:
        return address
    return address.replace(parts.netloc, f"{parts.username}:***@{parts.netloc.rpartition('@')[2]}", 1)


def key_first(error: str) -> str:
    """Return the message of a msgspec.ValidationError with the key in front of the rule."""
    rule, _, path = error.partition(" - at `$.")
    return f"{path.rstrip('`')}: {rule}" if path else rule


def _named_number(text: str) -> tuple[str, int | float]:
    name, _, number = text.partition("=")
    try:
        return name, int(number) if number.isdecimal() else float(number)
    except ValueError:
        raise ValueError(f"must be NAME=NUMBER, such as body=65536, not {text}") from None
