"""A page of memory that the processes of one stage share: one writes how its switches stand, the others read it.

No message: whoever decides afterwards, in whatever process, decides by what was written before.
"""

from __future__ import annotations

import mmap
import struct
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from vos_reference.application.drift import Stilling
from vos_reference.clock import Clock, StageClock, Urstand
from vos_reference.domain.tid import DANSK_TID

STOERRELSE = 4096
"""Bytes; what is written takes a few hundred."""

FORSOEG = 1_000_000
"""Looks at a page that is being written, which takes some microseconds; each look takes as long."""

_VERSION = struct.Struct("<Q")
"""Twice the number of times that it was written, odd while it is being written."""
_INDHOLD = struct.Struct("<II")
"""Length and checksum of what stands there, the version in it."""
_KROP = _VERSION.size + _INDHOLD.size


class Tavle:
    """The page in a file; `laes` returns what is new to this reader.

    Each of its parts is written and read as one piece of memory, never by `struct` in place, which blanks it first.
    """

    def __init__(self, fil: Path) -> None:
        with fil.open("a+b") as aaben:
            aaben.truncate(STOERRELSE)
            self._side = mmap.mmap(aaben.fileno(), STOERRELSE)
        self._kendt = _VERSION.pack(0)

    def skriv(self, stilling: Stilling) -> None:
        """Write; there is one writer."""
        side, krop = self._side, msgspec.msgpack.encode(stilling)
        assert _KROP + len(krop) <= STOERRELSE, "a release's name, a back end's and an instant"
        (version,) = _VERSION.unpack(side[: _VERSION.size])
        ny = _VERSION.pack(version + 2)
        side[: _VERSION.size] = _VERSION.pack(version + 1)
        side[_KROP : _KROP + len(krop)] = krop
        side[_VERSION.size : _KROP] = _INDHOLD.pack(len(krop), _tjeksum(ny, krop))
        side[: _VERSION.size] = ny

    def laes(self) -> Stilling | None:
        """Return what stands there, None if it was read before; one that is being written is waited for."""
        side = self._side
        if side[: _VERSION.size] == self._kendt:
            return None
        for _ in range(FORSOEG):
            version = side[: _VERSION.size]
            laengde, tjeksum = _INDHOLD.unpack(side[_VERSION.size : _KROP])
            krop = side[_KROP : _KROP + laengde]
            if _tjeksum(version, krop) == tjeksum and side[: _VERSION.size] == version:
                break
        else:
            raise RuntimeError("the page is half written: whoever wrote it is gone")
        self._kendt = version
        stilling = msgspec.msgpack.decode(krop, type=Stilling)
        frosset = stilling.ur.frosset
        ur = stilling.ur if frosset is None else Urstand(frosset.astimezone(DANSK_TID))
        return Stilling(stilling.udgave, stilling.bagende, ur)


def _tjeksum(version: bytes, krop: bytes) -> int:
    return zlib.crc32(krop, zlib.crc32(version))


class Foelgeur(StageClock):
    """A stage clock in another process than the one that is moved: before each answer it asks how it stands, by `foer`."""

    def __init__(self, kilde: Clock) -> None:
        super().__init__(kilde)
        self.foer: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        """Return the stage's time, as the one that is moved says it now."""
        self.foer()
        return super().now()
