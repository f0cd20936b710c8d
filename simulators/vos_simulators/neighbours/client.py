"""Tell the reference, over the internal interface, what a neighbour service would: for scenes that are about the consequence.

Not here: the neighbour services themselves and their SOAP.
"""

from __future__ import annotations

from vos_contracts.control import neighbours as control
from vos_contracts.model import neighbours
from vos_contracts.model.identity import Identitet
from vos_contracts.wire.base import Kald, Transport


class NaboAfvist(AssertionError):
    """The domain refused what was told; the message names the errors."""


class Nabo:
    """The neighbours' line to one stage's control port."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def fortael(
        self, tjeneste: str, cpr: str, identitet: Identitet, kommando: neighbours.Nabokommando
    ) -> control.Nabosvar:
        """Send a command; `tjeneste` is its `Service.Metode`. Errors: UnreachableError, NaboAfvist for a malformed one."""
        krop = control.encode_call(
            neighbours.Nabokald(tjeneste=tjeneste, cpr=cpr, identitet=identitet, kommando=kommando)
        )
        svar = self._transport.send(Kald("POST", control.STI, {"content-type": "application/json"}, krop))
        if svar.status != 200:
            raise NaboAfvist(f"{tjeneste}: {svar.status}: {svar.krop.decode('utf-8', 'replace')}")
        return control.decode_answer(svar.krop)

    def udfoer(self, tjeneste: str, cpr: str, identitet: Identitet, kommando: neighbours.Nabokommando) -> str:
        """Send a command that must be carried out; return the id of what was registered. Errors: as `fortael`, NaboAfvist."""
        svar = self.fortael(tjeneste, cpr, identitet, kommando)
        if svar.fejl:
            sagt = ", ".join(f"{en.kode} {en.beskrivelse}".strip() for en in svar.fejl)
            raise NaboAfvist(f"{tjeneste} blev afvist: {sagt}")
        return svar.id
