"""The control API as a caller sees it: seed citizens, move the clock and the release, read the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from vos_contracts import styring
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.wire.base import Kald, Svar, Transport

T = TypeVar("T")


class StyringAfvist(Exception):
    """The control API refused; the message is its own."""


class Styring:
    """One stage's control API."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def status(self) -> styring.StatusDto:
        """Ask how the stage stands."""
        return self._svar("GET", "status", styring.StatusDto)

    def opsaet(self, *personer: styring.PersonDto, kendte_cpr: Sequence[str] = ()) -> tuple[tuple[str, ...], ...]:
        """Seed citizens, all or none; return per citizen the ids of its registrations, contact groups first."""
        oenske = styring.PersonerDto(personer=personer, kendte_cpr=tuple(kendte_cpr))
        return self._svar("POST", "personer", tuple[tuple[str, ...], ...], oenske)

    def stil_ur(self, tidspunkt: datetime) -> None:
        """Freeze the stage clock at that instant."""
        self._kald("PUT", "ur", styring.UrDto(tidspunkt=tidspunkt))

    def skift_udgave(self, udgave: str) -> None:
        """Move the running stage to another release."""
        self._kald("PUT", "udgave", styring.UdgaveDto(udgave=udgave))

    def tving_bagende(self, bagende: PrsSoap | None) -> None:
        """Force what stands behind PersonRegistrationService, or let the release choose."""
        self._kald("PUT", "bagende", styring.BagendeDto(bagende=bagende))

    def abonner(self, organisation_type: int, organisation_kode: str, system: int) -> None:
        """Give one system of an organisation its own WSRM queue."""
        dto = styring.AbonnementDto(
            organisation_type=organisation_type, organisation_kode=organisation_kode, system=system
        )
        self._kald("POST", "abonnementer", dto)

    def nulstil(self) -> None:
        """Empty the stage."""
        self._kald("POST", "nulstil")

    def journal(self, efter: int = 0) -> styring.JournalDto:
        """Read the entries after that number."""
        return self._svar("GET", f"journal?efter={efter}", styring.JournalDto)

    def _svar(self, metode: str, sti: str, type_: type[T], krop: msgspec.Struct | None = None) -> T:
        return msgspec.json.decode(self._kald(metode, sti, krop).krop, type=type_)

    def _kald(self, metode: str, sti: str, krop: msgspec.Struct | None = None) -> Svar:
        svar = self._transport.send(
            Kald(
                metode,
                f"/styring/{sti}",
                {"content-type": "application/json"},
                msgspec.json.encode(krop) if krop else b"",
            )
        )
        if svar.status >= 300:
            raise StyringAfvist(f"{svar.status}: {svar.krop.decode('utf-8', 'replace')}")
        return svar
