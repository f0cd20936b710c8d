"""The lines of one run to its stage: one to the control API, and one per caller that shows a certificate of its own.

Not here: what is said on them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from vos_contracts.kontrakt import Kontrakt
from vos_contracts.wire.base import Kald, Svar, Transport
from vos_contracts.wire.calls import CallReader
from vos_features.capabilities import Styringslinje
from vos_features.stage import Scenen
from vos_simulators.access import Adgang
from vos_simulators.transport import HttpTransport

Lytter = Callable[[Kald, Svar, float], None]


class Tjenestelinje:
    """A `Transport` that sends a call to the address of the service it is for."""

    def __init__(self, kontrakt: Kontrakt, faelles: Transport, egne: Mapping[str, Transport]) -> None:
        self._calls = CallReader(kontrakt)
        self._faelles = faelles
        self._egne = egne

    def send(self, kald: Kald) -> Svar:
        """Send and wait; errors: UnreachableError."""
        return self._egne.get(self._calls.operation(kald.metode, kald.sti).service, self._faelles).send(kald)


class Linjer:
    """Opens a line when it is first needed; closes them all."""

    def __init__(self, scenen: Scenen, kontrakt: Kontrakt, lytter: Lytter) -> None:
        self._scenen = scenen
        self._kontrakt = kontrakt
        self._lytter = lytter
        self.kaldte: set[str] = set()
        """The paths that have been called; whoever asks also empties it."""
        self._aabne = contextlib.ExitStack()
        self._tjenester: dict[Adgang, Transport] = {}
        styring = None
        if scenen.styring is not None:
            styring = self._aabne.enter_context(
                HttpTransport(scenen.styring, tidsfrist=scenen.frist, adgang=scenen.adgang)
            )
        self.styring = Styringslinje(styring, scenen.evner)

    def tjenester(self, rolle: str = "") -> Transport:
        """Return the line of that role to the services; errors: OSError for a certificate that cannot be read."""
        adgang = self._scenen.adgang_som(rolle)
        if adgang not in self._tjenester:
            self._tjenester[adgang] = self._ny(adgang)
        return self._tjenester[adgang]

    def _ny(self, adgang: Adgang) -> Transport:
        def http(adresse: str) -> Transport:
            return self._aabne.enter_context(HttpTransport(adresse, self._lyt, self._scenen.frist, adgang))

        faelles = http(self._scenen.tjenester)
        if not self._scenen.adresser:
            return faelles
        return Tjenestelinje(
            self._kontrakt, faelles, {navn: http(adresse) for navn, adresse in self._scenen.adresser.items()}
        )

    def _lyt(self, kald: Kald, svar: Svar, sekunder: float) -> None:
        if kald.metode != "GET":
            self.kaldte.add(kald.sti)
        self._lytter(kald, svar, sekunder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type_: type[BaseException] | None, fejl: BaseException | None, spor: TracebackType | None
    ) -> None:
        self._aabne.close()
