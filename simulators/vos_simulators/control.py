"""The control API as a caller sees it: seed citizens, move the clock and the release, read the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from vos_contracts.control import stage, webhooks
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.koder.wsb import Wsbtilstand
from vos_contracts.model.identity import Organisation
from vos_contracts.wire.base import Kald, Svar, Transport

T = TypeVar("T")


class StyringAfvist(Exception):
    """The control API refused; the message is its own, and `regel` its words about the field and the rule."""

    def __init__(self, status: int, krop: bytes) -> None:
        super().__init__(f"{status}: {krop.decode('utf-8', 'replace')}")
        try:
            svar = msgspec.json.decode(krop)
            self.regel = "; ".join(en["fejltekst"] for en in svar["fejl"])
        except (msgspec.DecodeError, KeyError, TypeError):
            self.regel = str(self)


class Styring:
    """One stage's control API."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def status(self) -> stage.StatusDto:
        """Ask how the stage stands."""
        return self._svar("GET", "status", stage.StatusDto)

    def opsaet(self, *personer: stage.PersonDto, kendte_cpr: Sequence[str] = ()) -> tuple[tuple[str, ...], ...]:
        """Seed citizens, all or none; return per citizen the ids of its registrations, contact groups first."""
        oenske = stage.PersonerDto(personer=personer, kendte_cpr=tuple(kendte_cpr))
        return self._svar("POST", "personer", tuple[tuple[str, ...], ...], oenske)

    def stil_ur(self, tidspunkt: datetime) -> None:
        """Freeze the stage clock at that instant."""
        self._kald("PUT", "ur", stage.UrDto(tidspunkt=tidspunkt))

    def flyt_ur(
        self,
        tidspunkt: datetime | None = None,
        frem: float | str | None = None,
        tilstand: stage.Urtilstand | None = None,
    ) -> stage.StatusDto:
        """Move the stage clock to an instant, forward, or into another state; return when what fell due has settled."""
        return self._svar("PUT", "ur", stage.StatusDto, stage.UrDto(tidspunkt=tidspunkt, frem=frem, tilstand=tilstand))

    def batch(self, art: stage.Koerselsart = stage.Koerselsart.DELTA) -> stage.KoerselDto:
        """Run the nightly jobs now; return the report."""
        return self._svar("POST", "batch", stage.KoerselDto, stage.BatchDto(art=art))

    def seneste_batch(self) -> stage.KoerselDto | None:
        """Ask how far the present run has come, or how the last one went."""
        svar: stage.KoerselDto | None = msgspec.json.decode(
            self._kald("GET", "batch").krop, type=stage.KoerselDto | None
        )
        return svar

    def cprskift(self, gammelt: str, nyt: str) -> stage.CprskiftSvarDto:
        """Tell, as CPR does, that a citizen has a new number."""
        return self._svar("POST", "cprskift", stage.CprskiftSvarDto, stage.CprskiftDto(gammelt=gammelt, nyt=nyt))

    def skift_udgave(self, udgave: str) -> None:
        """Move the running stage to another release."""
        self._kald("PUT", "udgave", stage.UdgaveDto(udgave=udgave))

    def tving_bagende(self, bagende: PrsSoap | None) -> None:
        """Force what stands behind PersonRegistrationService, or let the release choose."""
        self._kald("PUT", "bagende", stage.BagendeDto(bagende=bagende))

    def abonner(
        self, organisation_type: int, organisation_kode: str, system: int, beskedtyper: Sequence[str] = ()
    ) -> None:
        """Give one system of an organisation its own WSRM queue, or let it subscribe to these messages."""
        dto = stage.AbonnementDto(
            organisation_type=organisation_type,
            organisation_kode=organisation_kode,
            system=system,
            beskedtyper=tuple(beskedtyper),
        )
        self._kald("POST", "abonnementer", dto)

    def laeg_i_underkoe(
        self, organisation_type: int, organisation_kode: str, system: int, underkoe: str, beskedtyper: Sequence[str]
    ) -> None:
        """Put messages of these types into a sub-queue of the system's WSRM queue from now on."""
        dto = stage.AbonnementDto(
            organisation_type=organisation_type,
            organisation_kode=organisation_kode,
            system=system,
            underkoe=underkoe,
            beskedtyper=tuple(beskedtyper),
        )
        self._kald("POST", "abonnementer", dto)

    def subscribersystem(self, system_id: str, base_url: str, *organisationer: Organisation) -> None:
        """Set up a system that may subscribe to webservice messages for these authorities."""
        dto = webhooks.SubscribersystemDto(
            system_identifier=system_id,
            base_url=base_url,
            organisationer=tuple(
                webhooks.OrganisationDto(organisation_type=en.type, organisation_kode=en.kode) for en in organisationer
            ),
        )
        self._kald("PUT", "subscribersystemer", dto)

    def wsb(self, tilstand: Wsbtilstand | None = None) -> webhooks.WsbDto:
        """Ask how the delivery of webservice messages stands, after putting it into that mode if one is given."""
        if tilstand is None:
            return self._svar("GET", "wsb", webhooks.WsbDto)
        return self._svar("PUT", "wsb", webhooks.WsbDto, webhooks.WsbtilstandDto(tilstand=tilstand))

    def genspil(self, *besked_ider: str) -> int:
        """Send dead letters again, all if none is named; return how many."""
        svar = self._svar(
            "POST", "wsb/genspil", webhooks.GenspilletDto, webhooks.GenspilDto(besked_ider=besked_ider or None)
        )
        return svar.genspillet

    def nulstil(self) -> None:
        """Empty the stage."""
        self._kald("POST", "nulstil")

    def journal(self, efter: int = 0) -> stage.JournalDto:
        """Read the entries after that number."""
        return self._svar("GET", f"journal?efter={efter}", stage.JournalDto)

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
            raise StyringAfvist(svar.status, svar.krop)
        return svar
