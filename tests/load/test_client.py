"""The client that load calls are sent by: what the caller sees is what was on the line, and how often."""

from __future__ import annotations

import socket
import threading

import pytest

from vos_contracts.wire.base import Call, UnreachableError
from vos_load.client import LoadClient
from vos_load.run import TlsFiles


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unanswered_call_is_not_sent_again_and_again(method: str) -> None:
    """A target that hangs up: at most one retry, for a connection that may have been idle too long."""
    came = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    came.append(connection.recv(65_536))

        threading.Thread(target=hang_up, daemon=True).start()
        client = LoadClient(f"http://127.0.0.1:{listener.getsockname()[1]}", 5.0, TlsFiles())
        with pytest.raises(UnreachableError):
            client.send(Call(method, "/x", {}, b"{}" if method == "POST" else b""))
        client.close()
        listener.shutdown(socket.SHUT_RDWR)
    assert 1 <= len([call for call in came if call]) <= 2
