"""The listening sockets of a stage: bound before the stage is built, so that an occupied port is reported at once."""

from __future__ import annotations

import socket

from generalproeve.base.exit_codes import CannotRun

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""The hosts of this machine; the reference has the same three, because it must not import the harness."""


def bind(host: str, port: int) -> socket.socket:
    """Bind a port, 0 for a free one.

    Raises:
        CannotRun: the port cannot be bound; names port and host.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
    except OSError as exc:
        sock.close()
        raise CannotRun(f"port {port} on {host}: {exc.strerror}; choose another with --port / --control-port") from exc
    return sock


def address(host: str, sock: socket.socket, scheme: str = "http", token: str | None = None) -> str:
    """Return the base URL of a bound socket; a token goes in as the password, as curl and our commands accept it."""
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{'' if token is None else f':{token}@'}{host}:{sock.getsockname()[1]}"
