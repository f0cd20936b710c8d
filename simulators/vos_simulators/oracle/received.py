"""What a recipient has, in the oracle's words: made from the messages as they came."""

from __future__ import annotations

from dataclasses import dataclass

from vos_contracts.control.operations import LagtHaendelse
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Aendringstype
from vos_contracts.wire.wsb import WsbBesked
from vos_contracts.wire.wsrm import WsrmBesked
from vos_simulators.oracle.expected import (
    Indhold,
    Kanal,
    Modtager,
    haendelse_indhold,
    wsb_indhold,
    wsrm_indhold,
    wsrm_modtager,
)
from vos_simulators.oracle.happened import Forfatter

_AENDRING = {
    Aendringstype.OPRETTET: "oprettet",
    Aendringstype.AENDRET: "aendret",
    Aendringstype.SLETTET: "slettet",
}


@dataclass(frozen=True, slots=True)
class Fik:
    """A message that a recipient has; `besked_id` is the message's own."""

    modtager: Modtager
    besked_id: str
    slags: str
    id: str
    indhold: Indhold


def fra_wsrm(ejer: Organisation, besked: WsrmBesked) -> Fik:
    """Make it of a message from the owner's queue."""
    hvem = besked.registrant
    forfatter = Forfatter(hvem.aktiv, hvem.system, hvem.bruger.id)
    indhold = wsrm_indhold(besked.cpr, besked, forfatter)
    return Fik(wsrm_modtager(ejer), besked.besked_id, besked.beskedtype, besked.id, indhold)


def fra_wsb(system: str, besked: WsbBesked) -> Fik:
    """Make it of a posted message that came to the system."""
    modtager = Modtager(Kanal.WSB, f"{system} for {besked.modtager}")
    indhold = wsb_indhold(besked.cpr, _AENDRING[besked.aendringstype])
    return Fik(modtager, besked.besked_id, besked.entitet_navn, besked.id, indhold)


def fra_haendelse(domaene: str, lagt: LagtHaendelse) -> Fik:
    """Make it of an event that the domain heard."""
    en = lagt.haendelse
    indhold = haendelse_indhold(en.borger_id, en.cpr, en, _AENDRING[en.aendringstype], en.myndighed)
    return Fik(Modtager(Kanal.HAENDELSE, domaene), en.haendelse_id, en.entitet.value, en.id, indhold)
