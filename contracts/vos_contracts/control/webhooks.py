"""The control API on webservice messages: who may subscribe, how delivery stands, dead letters. Ours, not STAR's."""

from __future__ import annotations

from datetime import datetime

import msgspec

from vos_contracts.control.stage import Organisationskode
from vos_contracts.koder.wsb import Wsbtilstand


class OrganisationDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """An authority."""

    organisation_type: int
    organisation_kode: Organisationskode


class SubscribersystemDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A system that may subscribe to WSB: where it listens, and for which authorities; STAR's management sets it up."""

    system_identifier: str
    base_url: str
    organisationer: tuple[OrganisationDto, ...]


class WsbmodtagerDto(msgspec.Struct, rename="camel", kw_only=True):
    """How one receiver stands: a subscriber system on behalf of one authority."""

    system_identifier: str
    organisation_type: int
    organisation_kode: str
    venter: int
    doede: int
    naeste: datetime | None


class DoedbeskedDto(msgspec.Struct, rename="camel", kw_only=True):
    """A message that was given up, and why."""

    besked_id: str
    system_identifier: str
    organisation_type: int
    organisation_kode: str
    entitet_id: int
    lagt: datetime
    forsoeg: int
    grund: str


class WsbDto(msgspec.Struct, rename="camel", kw_only=True):
    """How the delivery of webservice messages stands."""

    tilstand: Wsbtilstand
    modtagere: tuple[WsbmodtagerDto, ...]
    doede: tuple[DoedbeskedDto, ...]


class WsbtilstandDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Deliver as designed, or as observed."""

    tilstand: Wsbtilstand


class GenspilDto(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """Send dead letters again: those with these message ids, or all if none are named."""

    besked_ider: tuple[str, ...] | None = None


class GenspilletDto(msgspec.Struct, rename="camel", kw_only=True):
    """How many messages wait again."""

    genspillet: int
