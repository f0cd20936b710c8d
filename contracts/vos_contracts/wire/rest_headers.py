"""The REST headers: the citizen, the request id and who calls, under the names of the contract.

Both roles: `laes_*` for a service, `skriv` for a caller. Not here: bodies and paths (`wire.rest`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl, sorteret
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.cpr import foedselsdato
from vos_contracts.model.identity import Bruger, Identitet, Organisation
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.tid import FOERSTE_AAR, SIDSTE_AAR, kan_skrives, laes_tidspunkt

_EMAIL = re.compile(r"[^>\(\)\[\]\\,;:@\s]{0,191}@[^>\(\)\[\]\\,;:@\s]{1,64}")
_AUTORITET = re.compile(r"-1|[0-9]{1,8}")
_KALD_ID_LAENGDE = 46
_AAR = f"{FOERSTE_AAR}-{SIDSTE_AAR}"
_HUSKES = 1024
"""Callers whose headers were read and found good: the same user sends the same ones, but for the time."""
UGYLDIG_IDENTITET = 1100
"""On REST the general authorisation error, usually missing or wrong user metadata (FYS/3924263250)."""


class Headers:
    """Read and write the headers of one contract."""

    def __init__(self, kontrakt: Kontrakt) -> None:
        self._navne = {navn: kontrakt.navne.header(navn) for navn in kontrakt.navne.omdoebte("header")}
        self._smaa = {navn: paa_linjen.lower() for navn, paa_linjen in self._navne.items()}
        self._organisationstyper = frozenset(kontrakt.organisationstyper)
        self._brugertyper = frozenset(kontrakt.brugertyper)
        self._identitetsnavne = tuple(self._smaa[felt.navn] for felt in _IDENTITET)
        self._kendte: dict[tuple[str | None, ...], Identitet] = {}

    def laes_cpr(self, headers: Mapping[str, str]) -> str:
        """Read the citizen's number; errors: RemoteWireError with 1014 if it is missing, 1001 if it is no CPR number."""
        cpr = headers.get(self._smaa["cpr"])
        if cpr is None:
            raise RemoteWireError(Fejl(VALIDERER_IKKE, f"{self._navne['cpr']}: headeren mangler"))
        if foedselsdato(cpr) is None and cpr != "0000000000":
            raise RemoteWireError(Fejl(1001, f"{self._navne['cpr']}: skal være ti cifre, der begynder med en dato"))
        return cpr

    def laes_kald_id(self, headers: Mapping[str, str]) -> str:
        """Read the request id; errors: RemoteWireError with 1014."""
        kald_id = headers.get(self._smaa["requestId"], "")
        if not 1 <= len(kald_id) <= _KALD_ID_LAENGDE:
            regel = "headeren mangler" if not kald_id else f"højst {_KALD_ID_LAENGDE} tegn"
            raise RemoteWireError(Fejl(VALIDERER_IKKE, f"{self._navne['requestId']}: {regel}"))
        return kald_id

    def laes_identitet(self, headers: Mapping[str, str]) -> Identitet:
        """Read who calls; errors: RemoteWireError with every header that is missing or breaks its rule."""
        tekster = tuple([headers.get(navn) for navn in self._identitetsnavne])
        kendt = self._kendte.get(tekster[:-1])
        tidspunkt = None if kendt is None or tekster[-1] is None else laes_tidspunkt(tekster[-1])
        if kendt is not None and tidspunkt is not None:
            return Identitet(kendt.aktiv, kendt.bruger, kendt.bruger_organisation, tidspunkt, kendt.system)
        identitet = self._laes_identitet(tekster)
        if len(self._kendte) >= _HUSKES:
            self._kendte.clear()
        self._kendte[tekster[:-1]] = identitet
        return identitet

    def _laes_identitet(self, tekster: tuple[str | None, ...]) -> Identitet:
        vaerdier: dict[str, Any] = {}
        fejl: list[Fejl] = []
        for felt, tekst in zip(_IDENTITET, tekster, strict=True):
            vaerdi = None if tekst is None else felt.laes(tekst)
            if vaerdi is None and (felt.kraevet or tekst is not None):
                regel = "headeren mangler" if tekst is None else felt.regel
                fejl.append(Fejl(UGYLDIG_IDENTITET, f"{self._navne[felt.navn]}: {regel}"))
            vaerdier[felt.navn] = vaerdi
        for navn in ("organisationType", "brugerOrganisationType"):
            if vaerdier[navn] is not None and vaerdier[navn] not in self._organisationstyper:
                fejl.append(Fejl(8173, f"{self._navne[navn]}: {vaerdier[navn]}"))
        if vaerdier["brugerType"] is not None and vaerdier["brugerType"] not in self._brugertyper:
            fejl.append(Fejl(8174, f"{self._navne['brugerType']}: {vaerdier['brugerType']}"))
        if fejl:
            raise RemoteWireError(*sorteret(fejl))
        return Identitet(
            aktiv=Organisation(vaerdier["organisationType"], vaerdier["organisationKode"]),
            bruger=Bruger(
                vaerdier["brugerNavn"], vaerdier["brugerType"], vaerdier["brugerId"], vaerdier["brugerEmail"]
            ),
            bruger_organisation=Organisation(vaerdier["brugerOrganisationType"], vaerdier["brugerOrganisationKode"]),
            registreringstidspunkt=vaerdier["registreringstidspunkt"],
            system=vaerdier["system"] or 0,
        )

    def laes_system(self, headers: Mapping[str, str]) -> int:
        """Read the calling system, 0 where it is not said (also on SOAP, in plain loopback mode); errors: RemoteWireError."""
        tekst = headers.get(self._smaa["system"])
        system = 0 if tekst is None else _heltal(tekst)
        if system is None:
            raise RemoteWireError(Fejl(UGYLDIG_IDENTITET, f"{self._navne['system']}: skal være et helt tal"))
        return system

    def skriv_system(self, identitet: Identitet) -> dict[str, str]:
        """Write the calling system alone, as a SOAP caller does on plain loopback."""
        return {self._smaa["system"]: str(identitet.system)} if identitet.system else {}

    def skriv(self, identitet: Identitet, cpr: str = "", kald_id: str = "") -> dict[str, str]:
        """Write a caller's headers, in lower case; header values that are not ASCII are sent as UTF-8."""
        vaerdier = {
            "cpr": cpr,
            "requestId": kald_id,
            "organisationType": str(identitet.aktiv.type),
            "organisationKode": identitet.aktiv.kode,
            "brugerNavn": identitet.bruger.navn,
            "brugerType": str(identitet.bruger.type),
            "brugerId": identitet.bruger.id,
            "brugerEmail": identitet.bruger.email or "",
            "brugerOrganisationType": str(identitet.bruger_organisation.type),
            "brugerOrganisationKode": identitet.bruger_organisation.kode,
            "registreringstidspunkt": identitet.registreringstidspunkt.isoformat(),
            "system": str(identitet.system) if identitet.system else "",
        }
        return {self._smaa[navn]: vaerdi for navn, vaerdi in vaerdier.items() if vaerdi}


@dataclass(frozen=True, slots=True)
class _Felt:
    navn: str
    laes: Callable[[str], object | None]
    regel: str
    kraevet: bool = True


def _heltal(tekst: str) -> int | None:
    return int(tekst) if tekst.isascii() and tekst.isdigit() and len(tekst) <= 9 else None


def _organisationstype(tekst: str) -> int | None:
    tal = _heltal(tekst)
    return tal if tal is not None and 1 <= tal <= 100 else None


def _tekst(hoejst: int) -> Callable[[str], str | None]:
    return lambda tekst: tekst if 1 <= len(tekst) <= hoejst and kan_skrives(tekst) else None


def _moenster(moenster: re.Pattern[str]) -> Callable[[str], str | None]:
    return lambda tekst: tekst if moenster.fullmatch(tekst) and kan_skrives(tekst) else None


_IDENTITET = (
    _Felt("organisationType", _organisationstype, "skal være et helt tal 1-100"),
    _Felt("organisationKode", _tekst(20), "skal have 1-20 tegn, som XML kan bære"),
    _Felt("brugerNavn", _tekst(140), "skal have 1-140 tegn, som XML kan bære"),
    _Felt("brugerType", _heltal, "skal være et helt tal"),
    _Felt("brugerId", _tekst(255), "skal have 1-255 tegn, som XML kan bære"),
    _Felt("brugerEmail", _moenster(_EMAIL), "skal være en e-mailadresse", kraevet=False),
    _Felt("brugerOrganisationType", _organisationstype, "skal være et helt tal 1-100"),
    _Felt("brugerOrganisationKode", _moenster(_AUTORITET), "skal være -1 eller 1-8 cifre"),
    _Felt("system", _heltal, "skal være et helt tal", kraevet=False),
    _Felt(
        "registreringstidspunkt",
        laes_tidspunkt,
        f"skal være en dateTime i årene {FOERSTE_AAR}-{SIDSTE_AAR}, fx 2024-11-04T09:00:00+01:00",
    ),
)
