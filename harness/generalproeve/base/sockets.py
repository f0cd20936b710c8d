"""The sockets of a stage: bound before anything is built, so that an occupied port is said at once."""

from __future__ import annotations

import socket

from generalproeve.base.exit_codes import CannotRun

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""The hosts of this machine; vos_reference.application.drift has the same three, because it may not import the harness."""


def bind(host: str, port: int) -> socket.socket:
    """Bind a port, 0 for a free one; errors: CannotRun naming port and host."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
    except OSError as exc:
        sock.close()
        raise CannotRun(f"port {port} on {host}: {exc.strerror}; choose another with --port / --control-port") from exc
    return sock


def address(host: str, sock: socket.socket, schema: str = "http", token: str | None = None) -> str:
    """Return the address of what answers there, with the token that it asks for, as curl and the verbs take it."""
    host = f"[{host}]" if ":" in host else host
    return f"{schema}://{'' if token is None else f':{token}@'}{host}:{sock.getsockname()[1]}"
