"""Access beyond loopback: refused unless --allow-remote is given; the control API then requires a token."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from urllib.parse import urlsplit

from generalproeve.base.exit_codes import CannotRun
from generalproeve.base.sockets import LOOPBACK
from vos_simulators.access import without_token


def require_permission(hosts: Iterable[tuple[str, str]], *, allowed: bool) -> None:
    """Refuse to bind a host that is not loopback without --allow-remote; `hosts` are pairs of key and host.

    Raises:
        CannotRun: names the key and host of the first that is refused.
    """
    for key, host in hosts:
        if host not in LOOPBACK and not allowed:
            raise CannotRun(f"{key} {host}: is not on this machine; --allow-remote says that it is meant")


def control_token(given: str | None, *hosts: str) -> str | None:
    """Return the token that the control API requires: the given one, a random one if a host is not loopback, else None."""
    return given or (None if set(hosts) <= set(LOOPBACK) else secrets.token_urlsafe(24))


def require_loopback(flag: str, address: str, *, allow_remote: bool) -> None:
    """Refuse to call an address that is not on this machine without --allow-remote.

    Raises:
        CannotRun: the address is refused, or is not an address.
    """
    if host_of(flag, address) not in LOOPBACK and not allow_remote:
        raise CannotRun(
            f"{flag} {without_token(address)}: is not on this machine; --allow-remote says that it is meant"
        )


def host_of(flag: str, address: str) -> str:
    """Return the host of an address.

    Raises:
        CannotRun: the scheme is not http or https, or there is no host.
    """
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise CannotRun(f"{flag} {address}: must be an address such as http://127.0.0.1:8481")
    return parts.hostname
