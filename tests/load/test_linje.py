"""The line that load calls go on: what the caller sees is what was on the line, and how often."""

from __future__ import annotations

import socket
import threading

import pytest

from vos_contracts.wire.base import Kald, UnreachableError
from vos_load.linje import Linje
from vos_load.opgave import Tls


@pytest.mark.parametrize("metode", ["GET", "POST"])
def test_et_kald_der_ikke_besvares_sendes_ikke_igen_og_igen(metode: str) -> None:
    """A target that hangs up: at most once more, for a connection that may have been idle too long."""
    kom = []
    with socket.create_server(("127.0.0.1", 0)) as lytter:

        def laeg_paa() -> None:
            while True:
                try:
                    stik, _ = lytter.accept()
                except OSError:
                    return
                with stik:
                    kom.append(stik.recv(65_536))

        threading.Thread(target=laeg_paa, daemon=True).start()
        linje = Linje(f"http://127.0.0.1:{lytter.getsockname()[1]}", 5.0, Tls())
        with pytest.raises(UnreachableError):
            linje.send(Kald(metode, "/x", {}, b"{}" if metode == "POST" else b""))
        linje.luk()
        lytter.shutdown(socket.SHUT_RDWR)
    assert 1 <= len([en for en in kom if en]) <= 2
