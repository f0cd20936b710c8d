"""The whole contract as one frozen value: every table read, an overlay laid over, a hash over it all.

Load it once at start (`indlaes`) and hand it down; nothing reads a table on its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vos_contracts import overlay as overlay_modul
from vos_contracts.koder import (
    aktoerer,
    batchjob,
    fejl,
    fravaer,
    kontaktgruppe,
    recipients,
    sygekilde,
    tilmelding,
    udgave,
    wsb,
)
from vos_contracts.model.registration import Art
from vos_contracts.navne import Navne, navne
from vos_contracts.overlay import Overlay
from vos_contracts.tabel import FORMER, Tabel, TabelFejl
from vos_contracts.tabel import indlaes as indlaes_tabel


@dataclass(frozen=True, slots=True)
class Kontrakt:
    """What the two systems agree on, with the overlay that was laid over it, if any."""

    tabeller: Mapping[str, Tabel]
    navne: Navne
    kontaktgrupper: Mapping[int, kontaktgruppe.Kode]
    personkategorier: Mapping[int, kontaktgruppe.Kode]
    grupperegler: Mapping[int, kontaktgruppe.Grupperegler]
    fejl: Mapping[int, fejl.Fejltekst]
    organisationstyper: Mapping[int, str]
    brugertyper: Mapping[int, str]
    tilmeldekategorier: Mapping[int, tilmelding.Tilmeldekategori]
    ledighedsgrader: Mapping[int, str]
    afmeldingsaarsager: Mapping[int, str]
    fravaerstyper: Mapping[int, str]
    fravaer_uden_tilmelding: frozenset[int]
    sygekilder: sygekilde.Sygekilder
    adgang: aktoerer.Adgangsregler
    fravaerskonflikter: fravaer.Konflikter
    wsrm_recipients: Sequence[recipients.WsrmRule]
    wsb_entiteter: Mapping[Art, wsb.Entitet]
    wsb_recipients: Sequence[recipients.WsbRule]
    batchjob: Sequence[batchjob.Batchjob]
    event_recipients: Sequence[recipients.EventRule]
    udgaver: Mapping[str, udgave.Udgave]
    overlay: Overlay | None
    hash: str

    @property
    def domains(self) -> tuple[str, ...]:
        """The business domains that hear of events, in the table's order."""
        return tuple(dict.fromkeys(rule.recipient for rule in self.event_recipients))


def indlaes(mappe: Path | None = None) -> Kontrakt:
    """Load the shipped contract, with the overlay folder laid over it if one is given.

    Errors: TabelFejl naming file, line, key and rule.
    """
    tabeller: Mapping[str, Tabel] = {navn: indlaes_tabel(form) for navn, form in FORMER.items()}
    overlay: Overlay | None = None
    if mappe is not None:
        tabeller, overlay = overlay_modul.anvend(tabeller, mappe)
    grupper = kontaktgruppe.kodeliste(tabeller["kontaktgruppe"], "kontaktgruppe")
    try:
        return Kontrakt(
            tabeller=tabeller,
            navne=navne(tabeller["navne"]),
            kontaktgrupper=grupper,
            personkategorier=kontaktgruppe.kodeliste(tabeller["personkategori"], "personkategori"),
            grupperegler=kontaktgruppe.grupperegler(grupper, tabeller["kombination"], tabeller["kontaktgruppe_regel"]),
            fejl=fejl.fejltekster(tabeller["fejl"]),
            organisationstyper=aktoerer.navne(tabeller["organisationstype"]),
            brugertyper=aktoerer.navne(tabeller["brugertype"]),
            tilmeldekategorier=tilmelding.tilmeldekategorier(tabeller["tilmeldekategori"]),
            ledighedsgrader=aktoerer.navne(tabeller["ledighedsgrad"]),
            afmeldingsaarsager=aktoerer.navne(tabeller["afmeldingsaarsag"]),
            fravaerstyper=aktoerer.navne(tabeller["fravaerstype"]),
            fravaer_uden_tilmelding=fravaer.uden_tilmelding(tabeller["fravaerstype"]),
            sygekilder=sygekilde.sygekilder(tabeller["sygekilde"]),
            adgang=aktoerer.adgangsregler(
                tabeller["adgang"],
                tabeller["adgangsperiode"],
                tabeller["klientsystem_spaerret"],
                tabeller["jobnet_adgang"],
                tabeller["brugerorganisation"],
            ),
            fravaerskonflikter=fravaer.konflikter(tabeller["fravaer_konflikt"]),
            wsrm_recipients=recipients.wsrm_rules(tabeller["wsrm_modtager"]),
            wsb_entiteter=wsb.entiteter(tabeller["wsb_entitet"]),
            wsb_recipients=recipients.wsb_rules(tabeller["wsb_modtager"]),
            batchjob=batchjob.batchjob(tabeller["batchjob"]),
            event_recipients=recipients.event_rules(tabeller["haendelse_modtager"]),
            udgaver=udgave.udgaver(tabeller["udgave"]),
            overlay=overlay,
            hash=_hash(tabeller),
        )
    except TabelFejl:
        raise
    except (KeyError, ValueError) as brud:
        raise TabelFejl(f"the contract does not hold together: {brud!r}") from brud


def _hash(tabeller: Mapping[str, Tabel]) -> str:
    maal = hashlib.sha256()
    for navn in sorted(tabeller):
        for noegle, raekke in sorted(tabeller[navn].items()):
            maal.update(repr((navn, noegle, sorted(raekke.celler.items()))).encode())
    return maal.hexdigest()[:16]
