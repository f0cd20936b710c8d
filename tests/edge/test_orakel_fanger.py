"""The list of what a sender can do wrong, each done to the running reference and named by the oracle - and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from forestilling import (
    DUBLET,
    EKSTRA,
    FORKERT,
    KG,
    MANGLER,
    PC,
    UORDEN,
    WA,
    WJ,
    A,
    Forestilling,
    Fundne,
    J,
    fundne,
)

import vos_reference.application.registration as registration
from byggeklodser import AKASSE, JOBCENTER, STAR
from vos_contracts.base.ids import ny_uuid
from vos_contracts.koder.aktoerer import Klientsystem
from vos_contracts.koder.recipients import Beskedtype
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Art
from vos_contracts.wire.wsrm import WsrmBesked
from vos_reference.domain.decision import Haendelse
from vos_reference.domain.recipients import Draft
from vos_simulators.oracle.expected import DOMAENER, V1, V4, V5


def test_en_lydig_afsender_doemmes_ikke(forestilling: Forestilling) -> None:
    assert [str(en) for en in forestilling.spil()] == []


WsrmDraft = Draft[Beskedtype, Organisation, Haendelse]
Udkastliste = Callable[[list[WsrmDraft]], Iterable[WsrmDraft]]


def _med(liste: Udkastliste) -> Callable[[pytest.MonkeyPatch], None]:
    """Let the WSRM drafts of each change pass through that."""
    aegte = registration.wsrm_drafts
    return lambda patch: patch.setattr(registration, "wsrm_drafts", lambda *andet: liste(list(aegte(*andet))))


def _wsb(liste: Callable[[list[Any]], Iterable[Any]]) -> Callable[[pytest.MonkeyPatch], None]:
    """Let the webservice messages of each change pass through that."""
    aegte = registration._wsb_envelopes
    return lambda patch: patch.setattr(registration, "_wsb_envelopes", lambda *andet: liste(list(aegte(*andet))))


def _om(besked: Beskedtype, gruppe: int) -> Callable[[WsrmDraft], bool]:
    return lambda en: (
        en.subject is besked and en.event.registrering.type == gruppe and en.event.registrering.slut is None
    )


def _til_akassen(besked: Beskedtype, art: Art, type_: int | None = None) -> Udkastliste:
    def liste(udkast: list[WsrmDraft]) -> list[WsrmDraft]:
        ekstra = [
            Draft(besked, AKASSE, en.event)
            for en in udkast
            if en.event.registrering.art is art
            and (type_ is None or en.event.registrering.type == type_)
            and en.subject is besked
        ]
        return [*udkast, *ekstra]

    return liste


def _forkert_forfatter(patch: pytest.MonkeyPatch) -> None:
    def besked(**felter: Any) -> WsrmBesked:
        return WsrmBesked(**{**felter, "registrant": replace(felter["registrant"], aktiv=STAR)})

    patch.setattr(registration, "WsrmBesked", besked)


def _uden_haendelser_om_natten(patch: pytest.MonkeyPatch) -> None:
    aegte = registration.raise_events

    def rejs(drift: Any, t: Any, person: Any, haendelser: Sequence[Haendelse], now: Any) -> None:
        aegte(
            drift, t, person, [en for en in haendelser if en.registrering.registrant.system != Klientsystem.DFDG], now
        )

    patch.setattr(registration, "raise_events", rejs)


V5_, V1_ = Beskedtype.KONTAKTGRUPPE_V5, Beskedtype.PERSONKATEGORI_V1
MISGERNINGER: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], Fundne]] = {
    "taber en": (
        _med(
            lambda alle: [
                en for en in alle if not _om(V5_, 2)(en) or en.event.registrering.registrant.aktiv != JOBCENTER
            ]
        ),
        {(MANGLER, J, V5): "1 3"},
    ),
    "sender en to gange": (
        _med(lambda alle: [en for en in alle for _ in range(1 + (_om(V5_, 13)(en) and en.recipient == AKASSE))]),
        {(DUBLET, A, V5): "2"},
    ),
    "bytter om paa to": (
        _med(lambda alle: alle[::-1]),
        {
            (UORDEN, J, V5): "2 3 4 5 6 7 nat",
            (UORDEN, J, V4): "2 3 4 5 6 7 nat",
        },
    ),
    "naevner den forkerte": (
        _forkert_forfatter,
        {
            (FORKERT, J, V5): "1 3 5 6 7 8",
            (FORKERT, J, V4): "1 3 5 6 7 8",
            (FORKERT, J, V1): "1 6 8",
            (FORKERT, A, V5): "6 8",
        },
    ),
    "sender personkategori til a-kassen": (_med(_til_akassen(V1_, PC)), {(EKSTRA, A, V1): "1 4 6 8 nat"}),
    "sender V5 om gruppe 2 til a-kassen": (_med(_til_akassen(V5_, KG, 2)), {(EKSTRA, A, V5): "1 2 3 4 5 6 7 nat"}),
    "rejser ingen haendelser om natten": (
        _uden_haendelser_om_natten,
        {(MANGLER, f"{domaene} (hændelse)", art.value): "nat" for domaene, arter in DOMAENER.items() for art in arter},
    ),
    "taber en WSB": (
        _wsb(lambda alle: [en for en in alle if en.modtager.organisation != AKASSE]),
        {(MANGLER, WA, "Kontaktgruppe"): "2 4 6 8"},
    ),
    "sender en WSB igen under nyt id": (
        _wsb(lambda alle: [*alle, *(replace(en, id=ny_uuid(), krop=_nyt_id(en.krop)) for en in alle[:1])]),
        {(DUBLET, WJ, "Kontaktgruppe"): "1 2 3 4 5 6 7 8 nat"},
    ),
    "bytter om paa WSB": (
        _wsb(lambda alle: alle[::-1]),
        {(UORDEN, WJ, "Kontaktgruppe"): "1 2 3 4 5 6 7 8 nat"},
    ),
}


def _nyt_id(krop: bytes) -> bytes:
    import msgspec

    besked = msgspec.json.decode(krop)
    besked["metadata"]["beskedId"] = ny_uuid()
    return msgspec.json.encode(besked)


@pytest.mark.parametrize("navn", MISGERNINGER)
def test_afsenderens_misgerning_fanges_ved_navn(
    forestilling: Forestilling, monkeypatch: pytest.MonkeyPatch, navn: str
) -> None:
    begaa, ventet = MISGERNINGER[navn]
    begaa(monkeypatch)
    assert fundne(forestilling.spil()) == ventet
