"""The sync call of AbonnementService: a system's whole list of WSB subscriptions (starwiki pageId 4150034662).

Both roles. The list replaces the one before, all or nothing; the same list again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import msgspec

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.identity import Identitet, Organisation
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_contracts.wire.body import kraev_entydig
from vos_contracts.wire.rest import JSON, UUID, Afslag, Rest
from vos_contracts.wire.tid import DANSK_TID, FOERSTE_AAR, SIDSTE_AAR, i_kalenderen

HOEJST = 10_000
"""Subscriptions in one list; more is a mistake."""


@dataclass(frozen=True, slots=True)
class Abonnementsoenske:
    """One subscription as the caller wants it: for which authority, to what, at which relative path, on which days."""

    organisation: Organisation
    entitet_id: int
    webhook: str
    fra: date
    til: date | None = None


@dataclass(frozen=True, slots=True)
class Synkroniseret:
    """What the list changed."""

    oprettede: int
    slettede: int
    uaendrede: int


class Abonnementer:
    """Read and write the sync call of one contract."""

    def __init__(self, kontrakt: Kontrakt, rest: Rest) -> None:
        self.sti = kontrakt.navne.sti("abonnementSync")
        self._rest = rest
        self._navne = dict(kontrakt.navne.omdoebte("abonnement"))
        self._abonnement = msgspec.defstruct(
            "AbonnementDto",
            [
                ("orgType", int),
                ("orgCode", str | int),
                ("entityType", int),
                ("webhookUrl", str),
                ("startDato", datetime),
                ("slutDato", datetime | None, None),
            ],
            rename=self._navne,
            forbid_unknown_fields=True,
            kw_only=True,
        )
        self._liste = msgspec.defstruct(
            "SyncAbonnementerRequestDto",
            [("systemIdentifier", str), ("abonnementer", list[self._abonnement])],  # type: ignore[name-defined]  # made at run time
            rename=self._navne,
            forbid_unknown_fields=True,
            kw_only=True,
        )

    def laes(self, krop: bytes) -> tuple[str, tuple[Abonnementsoenske, ...]]:
        """Read the system's id and its list; errors: RemoteWireError with 1014 naming the field and the rule."""
        try:
            laest: Any = msgspec.json.decode(krop, type=self._liste)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as brud:
            raise RemoteWireError(Fejl(VALIDERER_IKKE, str(brud))) from None
        kraev_entydig(krop)
        if not UUID.fullmatch(laest.systemIdentifier):
            raise RemoteWireError(Fejl(VALIDERER_IKKE, f"{self._navne['systemIdentifier']}: skal være en uuid"))
        if len(laest.abonnementer) > HOEJST:
            raise RemoteWireError(Fejl(VALIDERER_IKKE, f"{self._navne['abonnementer']}: højst {HOEJST}"))
        return laest.systemIdentifier.lower(), tuple(
            Abonnementsoenske(
                Organisation(en.orgType, str(en.orgCode)),
                en.entityType,
                en.webhookUrl,
                self._dansk_dag("startDato", en.startDato),
                None if en.slutDato is None else self._dansk_dag("slutDato", en.slutDato),
            )
            for en in laest.abonnementer
        )

    def _dansk_dag(self, felt: str, tidspunkt: datetime) -> date:
        """The Danish day; a time without offset, as in the documented example, is Danish."""
        if not i_kalenderen(tidspunkt):
            raise RemoteWireError(
                Fejl(VALIDERER_IKKE, f"{self._navne[felt]}: skal ligge i årene {FOERSTE_AAR}-{SIDSTE_AAR}")
            )
        return tidspunkt.date() if tidspunkt.tzinfo is None else tidspunkt.astimezone(DANSK_TID).date()

    def skriv_svar(self, resultat: Synkroniseret) -> Svar:
        """Answer what the list changed."""
        navne = self._navne
        svar = {navne[navn]: getattr(resultat, navn) for navn in ("oprettede", "slettede", "uaendrede")}
        return Svar(200, {"content-type": JSON}, msgspec.json.encode(svar))

    def kald(self, system_id: str, oensker: Iterable[Abonnementsoenske], identitet: Identitet, kald_id: str) -> Kald:
        """Write the call; the days are written as the documented example does, from first to last second."""
        liste = [
            self._abonnement(
                orgType=en.organisation.type,
                orgCode=en.organisation.kode,
                entityType=en.entitet_id,
                webhookUrl=en.webhook,
                startDato=datetime.combine(en.fra, time.min),
                slutDato=None if en.til is None else datetime.combine(en.til, time(23, 59, 59)),
            )
            for en in oensker
        ]
        headers = {**self._rest.headers.skriv(identitet, kald_id=kald_id), "content-type": JSON}
        krop = msgspec.json.encode(self._liste(systemIdentifier=system_id, abonnementer=liste))
        return Kald("POST", self.sti, headers, krop)

    def forstaa(self, svar: Svar) -> Synkroniseret | Afslag:
        """Understand the answer; errors: RemoteWireError if it is neither the numbers nor a refusal."""
        if svar.status != 200:
            return self._rest.forstaa_afslag(svar)
        indhold = self._rest.afkod(svar, dict[str, int])
        navne = self._navne
        try:
            return Synkroniseret(*(indhold[navne[navn]] for navn in ("oprettede", "slettede", "uaendrede")))
        except KeyError as brud:
            raise RemoteWireError(Fejl(VALIDERER_IKKE, f"svaret mangler {brud}"), status=svar.status) from brud
