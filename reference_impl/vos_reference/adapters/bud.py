"""What the processes that answer the services tell the one that keeps the stage: the journal's entries, and what to wake.

One socket of whole messages that all of them write to: what was said first is heard first, and a call is told of before its
answer leaves. Whoever reads the journal empties the socket first, and so misses nothing that a caller knows.
"""

from __future__ import annotations

import pickle
import socket
import struct
from collections import defaultdict
from collections.abc import Callable
from typing import Protocol

from vos_contracts.journalpost import Post

STYKKE = 64 * 1024
"""Bytes of one message on the socket: a longer one goes in pieces."""

_HOVED = struct.Struct("<I?")
"""Whose piece it is, and whether it is the last."""

WSB, HAENDELSER = "wsb", "haendelser"
Bud = Post | tuple[object, ...] | str
"""An entry of the journal, a call as it was, or what there is something for."""


class Linje(Protocol):
    """A way to send whole messages."""

    def send(self, besked: bytes, /) -> object:
        """Send one, and wait where there is no room."""
        ...


class Budbringer:
    """Tells of a call when it is noted, and of the rest with it or by `send`. `afsender` is the process."""

    def __init__(self, linje: Linje, afsender: int) -> None:
        self._linje = linje
        self._samlet: list[Bud] = []
        self._afsender = afsender

    def __call__(self, post: Post | tuple[object, ...]) -> None:
        """Tell of an entry: of a call at once, with all that came before it."""
        self._samlet.append(post)
        if not isinstance(post, Post):
            self.send()

    def wsb(self) -> None:
        """Tell that there are webservice messages to send."""
        self._samlet.append(WSB)

    def haendelser(self) -> None:
        """Tell that there are domain events to pass on."""
        self._samlet.append(HAENDELSER)

    def send(self) -> None:
        """Say at once what has gathered."""
        if not self._samlet:
            return
        krop = pickle.dumps(self._samlet, pickle.HIGHEST_PROTOCOL)
        self._samlet.clear()
        for fra in range(0, len(krop), STYKKE):
            self._linje.send(_HOVED.pack(self._afsender, fra + STYKKE >= len(krop)) + krop[fra : fra + STYKKE])


class Budmodtager:
    """Hears what there is to hear, without waiting."""

    def __init__(
        self,
        linje: socket.socket,
        journal: Callable[[Post | tuple[object, ...]], None],
        vaek: dict[str, Callable[[], None]],
    ) -> None:
        self._linje = linje
        self._journal = journal
        self._vaek = vaek
        self._stykker: defaultdict[int, list[bytes]] = defaultdict(list)

    def hent(self) -> None:
        """Empty the socket."""
        while True:
            try:
                besked = self._linje.recv(_HOVED.size + STYKKE, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            if not besked:  # nobody is left to tell anything
                return
            afsender, sidste = _HOVED.unpack_from(besked)
            self._stykker[afsender].append(besked[_HOVED.size :])
            if sidste:
                self._hoer(pickle.loads(b"".join(self._stykker.pop(afsender))))

    def _hoer(self, samlet: list[Bud]) -> None:
        for bud in samlet:
            if isinstance(bud, str):
                self._vaek[bud]()
            else:
                self._journal(bud)
