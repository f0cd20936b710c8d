"""Who tells the business domains, monitoring and BI something else than what is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from misdaedere.boejning import boejer, boejer_tabel
from vos_contracts.koder.aktoerer import Klientsystem
from vos_contracts.koder.recipients import RecipientRule
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.registration import Art
from vos_reference.application import overvaagning, registration, udtraek


def _hoerer_ikke(kontrakt: Kontrakt, domaene: str, art: Art) -> Kontrakt:
    rules = tuple(rule for rule in kontrakt.event_recipients if rule != RecipientRule(art, domaene))
    assert len(rules) == len(kontrakt.event_recipients) - 1
    return replace(kontrakt, event_recipients=rules)


@boejer_tabel((registration, "event_drafts"))
def glemmer_kategorier_til_jobsearch(kontrakt: Kontrakt) -> Kontrakt:
    return _hoerer_ikke(kontrakt, "JobSearch", Art.PERSONKATEGORI)


@boejer_tabel((registration, "event_drafts"))
def glemmer_grupper_til_kontaktforloeb(kontrakt: Kontrakt) -> Kontrakt:
    return _hoerer_ikke(kontrakt, "Kontaktforloeb", Art.KONTAKTGRUPPE)


@boejer_tabel((registration, "event_drafts"))
def fortaeller_virksomhedsindsats_om_kategorier(kontrakt: Kontrakt) -> Kontrakt:
    rules = tuple(RecipientRule(art, domain) for domain in kontrakt.domains for art in Art)
    return replace(kontrakt, event_recipients=rules)


@boejer((registration, "raise_events"))
def tier_for_domaenerne_om_natten(rigtig: Any, drift: Any, t: Any, person: Any, haendelser: Any, now: Any) -> None:
    dagens = [en for en in haendelser if en.registrering.registrant.system != Klientsystem.DFDG]
    rigtig(drift, t, person, dagens, now)


@boejer((overvaagning, "tilstand"))
def overvaagningen_ser_ingen_kategorier(rigtig: Any, *argumenter: Any) -> Any:
    side = rigtig(*argumenter)
    borgere = tuple(msgspec.structs.replace(en, personkategorier=()) for en in side.borgere)
    return msgspec.structs.replace(side, borgere=borgere)


@boejer((udtraek, "registreringer"))
def leverer_ikke_det_slettede(rigtig: Any, *argumenter: Any) -> Any:
    side = rigtig(*argumenter)
    return msgspec.structs.replace(side, registreringer=tuple(en for en in side.registreringer if not en.er_slettet))


@boejer((udtraek, "registreringer"))
def leverer_hver_registrering_to_gange(rigtig: Any, *argumenter: Any) -> Any:
    side = rigtig(*argumenter)
    return msgspec.structs.replace(side, registreringer=(*side.registreringer, *side.registreringer))
