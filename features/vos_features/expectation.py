"""Checks of the "Så" steps, with Danish messages that name the found and the expected value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import singledispatch

from vos_contracts.model.identity import Identity
from vos_contracts.model.reading import (
    AktivitetstillaegView,
    CitizenStatus,
    CodeList,
    CollectionRow,
    Collections,
    Helbredsbegraensning,
)
from vos_contracts.model.registration import RegistrationView
from vos_contracts.tables.errors import ErrorText
from vos_contracts.wire.instants import DANISH_TIME
from vos_contracts.wire.rest.registration import Refusal
from vos_contracts.wire.rest.subscriptions import Synchronised


def equal(what: str, found: object, should: object, verb: str = "være") -> None:
    """Check that a found value equals the expected one.

    Raises:
        AssertionError: they differ; the message names both in Danish.
    """
    if found != should:
        raise AssertionError(f"{what} {said(found)} og skulle {verb} {said(should)}")


def refused_with(refusal: Refusal, known: Mapping[int, ErrorText], *codes: int) -> None:
    """Check that a refusal has exactly these error codes, in order, and the texts that the contract knows for them.

    Raises:
        AssertionError: it has other error codes, or another text for a code whose text is from the epic or a public page.
    """
    found = list(dict.fromkeys(error.code for error in refusal.errors))
    if len(codes) == 1:
        found.sort()
    equal("kaldet blev afvist med: fejlkoden er", found, list(codes))
    for error, text in zip(refusal.errors, refusal.texts, strict=False):
        entry = known.get(error.code)
        if entry is None or not entry.is_known:
            continue
        should = entry.soap if refusal.by_soap else entry.rest
        is_right = text == should or (refusal.by_soap and text.startswith(f"{should}: "))  # the service's own addition
        assert is_right, f'fejlteksten til {error.code} er "{text}" og skulle være "{should}"'


@singledispatch
def said(value: object) -> str:
    """Render a value for a message in Danish: lists with commas, rows with bars between cells, an empty list as "intet"."""
    return "intet" if value is None else str(value)


@said.register(list)
@said.register(tuple)
@said.register(set)
@said.register(frozenset)
def _said_list(values: Iterable[object]) -> str:
    values = sorted(values, key=said) if isinstance(values, set | frozenset) else list(values)
    rows = any(isinstance(value, list | tuple) for value in values)
    parts = [" | ".join(map(said, value)) if isinstance(value, list | tuple) else said(value) for value in values]
    return ("; " if rows else ", ").join(parts) or "intet"


@said.register
def _said_mapping(values: Mapping) -> str:  # type: ignore[type-arg]  # singledispatch takes no parametrised type
    return ", ".join(f"{said(key)}: {said(value)}" for key, value in values.items()) or "intet"


@said.register
def _said_bool(value: bool) -> str:
    return "ja" if value else "nej"


@said.register
def _said_instant(instant: datetime) -> str:
    if instant.tzinfo is None:
        return f"{instant:%d-%m-%Y kl. %H:%M:%S}"
    local = instant.astimezone(DANISH_TIME)
    return f"{local:%d-%m-%Y kl. %H:%M:%S}" + (f".{local:%f}" if local.microsecond else "")


@said.register
def _said_day(day: date) -> str:
    return f"{day:%d-%m-%Y}"


@said.register(RegistrationView)
@said.register(CollectionRow)
def _said_registration(view: RegistrationView | CollectionRow) -> str:
    end = "" if view.end is None else f" til {said(view.end)}"
    return f"{view.kind} {view.type} fra {said(view.start)}{end}{' (slettet)' if view.is_deleted else ''}"


@said.register
def _said_aktivitetstillaeg(view: AktivitetstillaegView) -> str:
    return f"aktivitetstillæg fra {said(view.start)}" + ("" if view.end is None else f" til {said(view.end)}")


@said.register
def _said_helbredsbegraensning(limitation: Helbredsbegraensning) -> str:
    return f"helbredsbegrænsning fra {said(limitation.start)}" + (
        "" if limitation.end is None else f" til {said(limitation.end)}"
    )


@said.register
def _said_collections(collections: Collections) -> str:
    return said((*collections.kontaktgrupper, *collections.personkategorier))


@said.register
def _said_status(status: CitizenStatus) -> str:
    return said(
        (
            *status.kontaktgrupper,
            *status.personkategorier,
            *status.aktivitetstillaeg,
            *status.helbredsbegraensninger,
        )
    )


@said.register
def _said_code_list(code_list: CodeList) -> str:
    return f"{code_list.name} med {len(code_list.values)} værdier"


@said.register
def _said_identity(identity: Identity) -> str:
    user = f"brugeren {identity.user.name} ({identity.user.type}/{identity.user.id})"
    return f"{identity.active} ved {user} fra {identity.user_organisation}, system {identity.system}"


@said.register
def _said_synchronised(counts: Synchronised) -> str:
    return f"{counts.created} oprettet, {counts.deleted} slettet, {counts.unchanged} uændret"
