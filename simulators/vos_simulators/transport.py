"""Carry calls over HTTP to a stage, and tell a listener what passed."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

import httpx

from vos_contracts.base import stopwatch
from vos_contracts.wire.base import Kald, NobodyThereError, Svar, UnreachableError
from vos_simulators.access import TIDSFRIST_S, Adgang, uden_token

Lytter = Callable[[Kald, Svar, float], None]
"""Called with the call, its answer and the seconds it took."""


def _ingen(kald: Kald, svar: Svar, sekunder: float) -> None:
    """Listen to nothing."""


class HttpTransport:
    """A pooled keep-alive `Transport` to one base address."""

    def __init__(
        self,
        base_url: str,
        lytter: Lytter = _ingen,
        tidsfrist: float | None = TIDSFRIST_S,
        adgang: Adgang | None = None,
    ) -> None:
        self._base_url = uden_token(base_url)  # httpx sends what it leaves out
        tls = adgang.tls() if adgang is not None and base_url.startswith("https:") else False
        self._klient = httpx.Client(base_url=base_url, timeout=tidsfrist, trust_env=False, verify=tls)
        self._lytter = lytter

    def send(self, kald: Kald) -> Svar:
        """Send and wait; errors: UnreachableError."""
        begyndt = stopwatch.seconds()
        try:
            http = self._klient.request(
                kald.metode,
                kald.sti,
                headers={navn.encode("ascii"): vaerdi.encode() for navn, vaerdi in kald.headers.items()},
                content=kald.krop or None,
            )
        except httpx.TransportError as fejl:
            brud = NobodyThereError if isinstance(fejl, httpx.ConnectError | httpx.ConnectTimeout) else UnreachableError
            raise brud(f"{self._base_url}: {kald.metode} {kald.sti}: {fejl}") from fejl
        svar = Svar(http.status_code, {navn.lower(): vaerdi for navn, vaerdi in http.headers.items()}, http.content)
        self._lytter(kald, svar, stopwatch.seconds() - begyndt)
        return svar

    def luk(self) -> None:
        """Close the pooled connections."""
        self._klient.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type_: type[BaseException] | None, fejl: BaseException | None, spor: TracebackType | None
    ) -> None:
        self.luk()
