"""The services of a stage as one line; no answer is a wrong one, as long as anybody is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from generalproeve.fuzz.forbindelse import Forbindelse
from vos_contracts.wire.base import Kald, RemoteWireError, Svar, Transport, UnreachableError

UBESVARET = "ubesvaret"
_ADRESSE = re.compile(r"^https?://\S+: ")
"""Where the stage happened to be."""


class UbesvaretError(RemoteWireError):
    """No answer came to a call, from a stage that is there."""

    def __init__(self, kald: Kald, brud: UnreachableError) -> None:
        super().__init__()
        self.kald = kald
        self._brud = brud

    def __str__(self) -> str:
        """Say so, and why."""
        return f"{UBESVARET}: {_ADRESSE.sub('', str(self._brud))}"


class Tjenester:
    """A `Transport`; `proev` asks for the stage itself, and raises UnreachableError where it is gone."""

    def __init__(self, linje: Transport, proev: Callable[[], None]) -> None:
        self._linje = linje
        self._proev = proev

    def send(self, kald: Kald) -> Svar:
        """Send and wait; errors: UbesvaretError, and UnreachableError where nobody is there."""
        return next(self.send_alle([kald]))

    def send_alle(self, kald: Sequence[Kald]) -> Iterator[Svar]:
        """Send several, without waiting for each where the line can; give their answers in order. Errors: as `send`."""
        svarene = self._linje.send_alle(kald) if isinstance(self._linje, Forbindelse) else map(self._linje.send, kald)
        for en in kald:
            try:
                svar = next(svarene)
            except UnreachableError as brud:
                self._proev()
                raise UbesvaretError(en, brud) from brud
            yield svar
