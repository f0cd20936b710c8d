"""The control API's reads for operations: events, the truth and rows for BI, each in pages (`control.operations`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import parse_qsl

import msgspec

from vos_contracts.control.operations import SIDE, SIDE_LOFT
from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.wire.asgi import Endepunkt
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_reference.application import overvaagning, udtraek
from vos_reference.application.drift import Drift


class DriftEdge:
    """The pages as endpoints."""

    def __init__(self, drift: Drift) -> None:
        self._drift = drift

    def endepunkter(self) -> Mapping[str, Mapping[str, Endepunkt]]:
        """Return the endpoints by name below /styring and by HTTP method."""
        return {
            "haendelser": {"GET": self._haendelser},
            "tilstand": {"GET": self._tilstand},
            "udtraek": {"GET": self._registreringer},
            "udtraek/borgere": {"GET": self._borgere},
        }

    async def _haendelser(self, kald: Kald, sti: dict[str, str]) -> Svar:
        felter = laes_felter(kald, {"domaene", "efter", "antal"})
        domaener = self._drift.kontrakt.domains
        domaene = felter.get("domaene", "")
        if domaene not in domaener:
            raise RemoteWireError(Fejl(VALIDERER_IKKE, f"domaene: skal være en af {', '.join(domaener)}"))
        return _json(overvaagning.haendelser(self._drift, domaene, laes_tal(felter, "efter", 0), _antal(felter)))

    async def _tilstand(self, kald: Kald, sti: dict[str, str]) -> Svar:
        felter = laes_felter(kald, {"efter", "antal"})
        return _json(overvaagning.tilstand(self._drift, felter.get("efter", ""), _antal(felter)))

    async def _registreringer(self, kald: Kald, sti: dict[str, str]) -> Svar:
        felter = laes_felter(kald, {"efter", "antal"})
        return _json(udtraek.registreringer(self._drift, laes_tal(felter, "efter", 0), _antal(felter)))

    async def _borgere(self, kald: Kald, sti: dict[str, str]) -> Svar:
        felter = laes_felter(kald, {"efter", "antal"})
        return _json(udtraek.borgere(self._drift, laes_tal(felter, "efter", 0), _antal(felter)))


def laes_felter(kald: Kald, kendte: Collection[str]) -> dict[str, str]:
    """Read the fields of the query; errors: RemoteWireError for one that is not known, or stands twice."""
    par = parse_qsl(kald.sti.partition("?")[2], keep_blank_values=True)
    for navn, _ in par:
        if navn not in kendte:
            raise RemoteWireError(Fejl(VALIDERER_IKKE, f"{navn}: kendte felter er {', '.join(sorted(kendte))}"))
    if len(dict(par)) < len(par):
        raise RemoteWireError(Fejl(VALIDERER_IKKE, "et felt må kun stå én gang"))
    return dict(par)


def laes_tal(felter: Mapping[str, str], navn: str, ellers: int) -> int:
    """Read one as a number; errors: RemoteWireError."""
    tekst = felter.get(navn)
    if tekst is None:
        return ellers
    if not (tekst.isascii() and tekst.isdigit() and len(tekst) <= 18):
        raise RemoteWireError(Fejl(VALIDERER_IKKE, f"{navn}: skal være et helt tal, 0 eller større"))
    return int(tekst)


def _antal(felter: Mapping[str, str]) -> int:
    antal = laes_tal(felter, "antal", SIDE)
    if not 1 <= antal <= SIDE_LOFT:
        raise RemoteWireError(Fejl(VALIDERER_IKKE, f"antal: skal være 1-{SIDE_LOFT}"))
    return antal


def _json(side: msgspec.Struct) -> Svar:
    return Svar(200, {"content-type": "application/json"}, msgspec.json.encode(side))
