"""The domain's other reads on the wire, both roles: the status of a citizen, the code lists, and the converter's twins.

A twin is a REST method for the SOAP service's callers alone, under their access and with their filter: the documented
pattern of the transition (starwiki diff 3988161253 to 3879567428). It is not public, and no overlay renames its path.
Not here: PersonVisiteringService's own reads (`wire.rest`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

import msgspec

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.koder.kontaktgruppe import Kode
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.laesninger import Kodeliste, Laesetjeneste, Status, Tillaegsvisning
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Art, Visning
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_contracts.wire.rest import JSON, Afslag, Rest, Tid
from vos_contracts.wire.tid import DANSK_TID

T = TypeVar("T")
Kollektionsvisning = Mapping[Art, tuple[Visning, ...]]
_FLERTAL = {Art.KONTAKTGRUPPE: "kontaktgrupper", Art.PERSONKATEGORI: "personkategorier"}


def tvilling(tjeneste: Laesetjeneste) -> str:
    """Return the path of a SOAP service's twin."""
    return f"/legacy/{tjeneste}/{tjeneste.operation}"


class RestLaesning:
    """Read and write the bodies of one contract."""

    def __init__(self, kontrakt: Kontrakt, rest: Rest) -> None:
        self._rest = rest
        self._navn = kontrakt.navne.json
        self.status_sti = kontrakt.navne.sti("visiteringOgStatusStatus")
        self.kodeliste_sti = kontrakt.navne.sti("kodeliste")

    # the service's side

    def skriv_status(self, status: Status) -> Svar:
        """Answer with a citizen's status; every collection is there, and no health limitation ever is."""
        n = self._navn
        return _svar(
            {
                n("helbredsbegraensninger"): [],
                n("aktivitetstillaeg"): [
                    {
                        n("aktivitetstillaegId"): en.id,
                        n("startdato"): en.start.astimezone(DANSK_TID),
                        n("slutdato"): None if en.slut is None else en.slut.astimezone(DANSK_TID),
                    }
                    for en in status.tillaeg
                ],
                **self._kollektioner(
                    {Art.KONTAKTGRUPPE: status.kontaktgrupper, Art.PERSONKATEGORI: status.personkategorier}
                ),
            }
        )

    def skriv_kollektioner(self, kollektioner: Mapping[Art, Iterable[Visning]]) -> Svar:
        """Answer a twin."""
        return _svar(self._kollektioner(kollektioner))

    def skriv_kodelister(self, lister: Iterable[Kodeliste]) -> Svar:
        """Answer with all code lists."""
        return _svar([self._kodeliste(en) for en in lister])

    def skriv_kodeliste(self, liste: Kodeliste) -> Svar:
        """Answer with one code list."""
        return _svar(self._kodeliste(liste))

    # the caller's side

    def kald_status(self, cpr: str, identitet: Identitet) -> Kald:
        """Write a read of the status."""
        return Kald("GET", self.status_sti, self._rest.headers.skriv(identitet, cpr))

    def kald_tvilling(self, tjeneste: Laesetjeneste, cpr: str, identitet: Identitet) -> Kald:
        """Write a read of a SOAP service's collections."""
        return Kald("GET", tvilling(tjeneste), self._rest.headers.skriv(identitet, cpr))

    def kald_kodeliste(self, navn: str = "") -> Kald:
        """Write a read of one code list, or of all; it says nothing of who calls."""
        return Kald("GET", f"{self.kodeliste_sti}/{navn}" if navn else self.kodeliste_sti)

    def forstaa_status(self, svar: Svar) -> Status | Afslag:
        """Understand a status; errors: RemoteWireError."""
        n = self._navn

        def status(indhold: Any) -> Status:
            kollektioner = self._forstaa_kollektioner(indhold)
            return Status(
                tuple(
                    Tillaegsvisning(
                        msgspec.convert(en[n("aktivitetstillaegId")], str),
                        msgspec.convert(en[n("startdato")], Tid),
                        msgspec.convert(en[n("slutdato")], Tid | None),
                    )
                    for en in indhold[n("aktivitetstillaeg")]
                ),
                kollektioner[Art.KONTAKTGRUPPE],
                kollektioner[Art.PERSONKATEGORI],
            )

        return self._forstaa(svar, status)

    def forstaa_kollektioner(self, svar: Svar) -> Kollektionsvisning | Afslag:
        """Understand a twin's answer; errors: RemoteWireError."""
        return self._forstaa(svar, self._forstaa_kollektioner)

    def forstaa_kodelister(self, svar: Svar) -> tuple[Kodeliste, ...] | Afslag:
        """Understand code lists; one list is a list of one; errors: RemoteWireError."""
        return self._forstaa(
            svar,
            lambda indhold: tuple(
                self._forstaa_kodeliste(en) for en in (indhold if isinstance(indhold, list) else [indhold])
            ),
        )

    # both

    def _forstaa(self, svar: Svar, forstaa: Callable[[Any], T]) -> T | Afslag:
        if svar.status != 200:
            return self._rest.forstaa_afslag(svar)
        indhold = self._rest.afkod(svar, Any)
        try:
            return forstaa(indhold)
        except (KeyError, TypeError, ValueError) as brud:
            raise RemoteWireError(Fejl(VALIDERER_IKKE, f"svaret er ikke som aftalt: {brud!r}")) from brud

    def _kollektioner(self, kollektioner: Mapping[Art, Iterable[Visning]]) -> dict[str, object]:
        return {
            self._navn(flertal): [self._rest.vis(en) for en in kollektioner[art]] for art, flertal in _FLERTAL.items()
        }

    def _forstaa_kollektioner(self, indhold: Any) -> Kollektionsvisning:
        return {
            art: tuple(self._rest.forstaa_visning(en, art) for en in indhold[self._navn(flertal)])
            for art, flertal in _FLERTAL.items()
        }

    def _kodeliste(self, liste: Kodeliste) -> dict[str, object]:
        n = self._navn
        return {
            n("kodelisteNavn"): liste.navn,
            n("kodevaerdier"): [
                {
                    n("kodevaerdi"): en.kode,
                    n("kodenavn"): en.navn,
                    n("startdato"): en.gyldig_fra,
                    n("slutdato"): en.gyldig_til,
                }
                for en in liste.vaerdier
            ],
        }

    def _forstaa_kodeliste(self, indhold: Any) -> Kodeliste:
        n = self._navn
        return Kodeliste(
            msgspec.convert(indhold[n("kodelisteNavn")], str),
            tuple(
                Kode(
                    msgspec.convert(en[n("kodevaerdi")], int),
                    msgspec.convert(en[n("kodenavn")], str),
                    msgspec.convert(en[n("startdato")], date),
                    msgspec.convert(en[n("slutdato")], date | None),
                )
                for en in indhold[n("kodevaerdier")]
            ),
        )


def _svar(indhold: object) -> Svar:
    return Svar(200, {"content-type": JSON}, msgspec.json.encode(indhold))
