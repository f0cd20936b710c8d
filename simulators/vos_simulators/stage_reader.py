"""Operations' reader of a stage: the control API's pages as streams, a page in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar
from urllib.parse import urlencode

import msgspec

from vos_contracts.control.operations import Haendelsesside, LagtHaendelse, Tilstandsside, Udtraeksside
from vos_contracts.wire.base import Kald, Transport
from vos_simulators.control import StyringAfvist

T = TypeVar("T")
SIDE = 1000


class Driftslaeser:
    """One stage's pages; errors of every method: StyringAfvist, UnreachableError, msgspec.DecodeError."""

    def __init__(self, transport: Transport, side: int = SIDE) -> None:
        self._transport = transport
        self._side = side

    def haendelser(self, domaene: str, efter: int) -> Iterator[LagtHaendelse]:
        """Read a domain's events after that number, to the newest."""
        while True:
            side = self._hent("haendelser", Haendelsesside, domaene=domaene, efter=efter)
            if not side.haendelser:
                return
            yield from side.haendelser
            efter = side.naeste

    def tilstand(self) -> Iterator[Tilstandsside]:
        """Read the truth about every citizen."""
        efter: str | None = ""
        while efter is not None:
            side = self._hent("tilstand", Tilstandsside, efter=efter)
            yield side
            efter = side.naeste

    def registreringer(self, efter: int) -> Iterator[Udtraeksside]:
        """Read the rows of the history after that number; the last page is empty."""
        return self._sider("udtraek", efter)

    def borgere(self, efter: int) -> Iterator[Udtraeksside]:
        """Read the citizens that are new or changed after that number; the last page is empty."""
        return self._sider("udtraek/borgere", efter)

    def _sider(self, navn: str, efter: int) -> Iterator[Udtraeksside]:
        while True:
            side = self._hent(navn, Udtraeksside, efter=efter)
            yield side
            if not side.registreringer and not side.borgere:
                return
            efter = side.naeste

    def _hent(self, navn: str, type_: type[T], **felter: str | int) -> T:
        kald = Kald("GET", f"/styring/{navn}?{urlencode({**felter, 'antal': self._side})}")
        svar = self._transport.send(kald)
        if svar.status != 200:
            raise StyringAfvist(svar.status, svar.krop)
        return msgspec.json.decode(svar.krop, type=type_)
