"""The sockets of a stage: bound before anything is built, so that an occupied port is said at once."""

from __future__ import annotations

import socket

from generalproeve.base.exit_codes import KanIkkeKoere

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""The hosts of this machine; vos_reference.application.drift has the same three, because it may not import the harness."""


def bind(host: str, port: int) -> socket.socket:
    """Bind a port, 0 for a free one; errors: KanIkkeKoere naming port and host."""
    familie = socket.AF_INET6 if ":" in host else socket.AF_INET
    stik = socket.socket(familie, socket.SOCK_STREAM)
    try:
        stik.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stik.bind((host, port))
    except OSError as brud:
        stik.close()
        raise KanIkkeKoere(
            f"port {port} on {host}: {brud.strerror}; choose another with --port / --control-port"
        ) from brud
    return stik


def adresse(host: str, stik: socket.socket, skema: str = "http", token: str | None = None) -> str:
    """Return the address of what answers there, with the token that it asks for, as curl and the verbs take it."""
    vaert = f"[{host}]" if ":" in host else host
    return f"{skema}://{'' if token is None else f':{token}@'}{vaert}:{stik.getsockname()[1]}"
