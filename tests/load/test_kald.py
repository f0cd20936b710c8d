"""A load call is byte for byte a scenario's call: what the users send is held against what the cast sends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vos_contracts.kontrakt import indlaes
from vos_contracts.laesninger import Laesetjeneste
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Art, Opdater, Opret
from vos_contracts.wire.base import Kald, Svar, UnreachableError
from vos_load.handlinger import GRUPPER, KATEGORI, Handlinger, Ubrugelig
from vos_load.profil import Handling, Kanal
from vos_simulators import parties
from vos_simulators.parties import JOBCENTER
from vos_simulators.party import Aktoer
from vos_simulators.party import Kanal as Scenekanal
from vos_simulators.people import Folk

NU = datetime(2024, 11, 18, 9, tzinfo=UTC)
CPR = Folk(1).ny(40, NU.date()).cpr
ID = "01900000-0000-7000-8000-000000000001"
KONTRAKT = indlaes()
HVEM: Identitet = parties.KSS.identity(JOBCENTER, NU)


class _Lytter:
    """A line that keeps what is sent on it, and never answers."""

    def __init__(self) -> None:
        self.kald: list[Kald] = []

    def send(self, kald: Kald) -> Svar:
        self.kald.append(kald)
        raise UnreachableError("nobody there")


def _scenens(handling: Handling, kanal: Kanal) -> Kald:
    """Let the cast do the same, and catch its call."""
    lytter = _Lytter()
    aktoer = Aktoer(HVEM, KONTRAKT, lytter, lambda: ID)
    paa = Scenekanal.PVS if kanal is Kanal.REST else Scenekanal.PRS
    registreringer = {
        Handling.OPRET_KONTAKTGRUPPE: Opret(Art.KONTAKTGRUPPE, GRUPPER[0], NU),
        Handling.OPRET_PERSONKATEGORI: Opret(Art.PERSONKATEGORI, KATEGORI, NU),
        Handling.AFSLUT_KONTAKTGRUPPE: Opdater(Art.KONTAKTGRUPPE, ID, NU),
        Handling.AFSLUT_PERSONKATEGORI: Opdater(Art.PERSONKATEGORI, ID, NU),
    }
    with pytest.raises(UnreachableError):
        match handling:
            case Handling.LAES_STATUS:
                aktoer.laeser.status(CPR)
            case Handling.LAES_KODELISTE:
                aktoer.laeser.kodelister()
            case Handling.LAES_KONTAKTGRUPPE if kanal is Kanal.REST:
                aktoer.laes(CPR, Art.KONTAKTGRUPPE)
            case Handling.LAES_KONTAKTGRUPPE:
                aktoer.laeser.kollektioner(Laesetjeneste.STATUS, CPR, (Art.KONTAKTGRUPPE,))
            case Handling.LAES_HISTORIK if kanal is Kanal.REST:
                aktoer.historik(CPR, Art.KONTAKTGRUPPE)
            case Handling.LAES_HISTORIK:
                aktoer.laeser.kollektioner(Laesetjeneste.HISTORIK, CPR)
            case _:
                aktoer.registrer(CPR, registreringer[handling], paa)
    (kald,) = lytter.kald
    return kald


def _uden_kald_id(kald: Kald) -> tuple[object, ...]:
    """Leave out the request id, which is new for every call."""
    headers = {navn: vaerdi for navn, vaerdi in kald.headers.items() if navn != "x-requestid"}
    return kald.metode, kald.sti, headers, kald.krop


@pytest.mark.parametrize(
    ("handling", "kanal"),
    [
        (handling, kanal)
        for handling in Handling
        for kanal in Kanal
        if handling is not Handling.TOEM_KOE
        and not (kanal is Kanal.SOAP and handling in {Handling.LAES_STATUS, Handling.LAES_KODELISTE})
    ],
)
def test_et_kald_er_byte_for_byte_scenens(handling: Handling, kanal: Kanal) -> None:
    kald = Handlinger(KONTRAKT).kald(handling, kanal, CPR, HVEM, NU, id_=ID)
    assert _uden_kald_id(kald) == _uden_kald_id(_scenens(handling, kanal))


def test_hvert_kald_har_sit_eget_kald_id() -> None:
    handlinger = Handlinger(KONTRAKT)
    ider = {
        handlinger.kald(Handling.OPRET_PERSONKATEGORI, Kanal.REST, CPR, HVEM, NU).headers["x-requestid"]
        for _ in range(5)
    }
    assert len(ider) == 5


def test_en_borger_skifter_gruppe_hver_gang() -> None:
    handlinger = Handlinger(KONTRAKT)
    kroppe = [
        handlinger.kald(Handling.OPRET_KONTAKTGRUPPE, Kanal.REST, CPR, HVEM, NU, nummer=en).krop for en in range(3)
    ]
    assert kroppe[0] == kroppe[2] != kroppe[1]


@pytest.mark.parametrize(
    ("kanal", "svar", "siger"),
    [
        (Kanal.REST, Svar(400, {}, b'{"fejl":[{"fejlkode":4731,"fejltekst":"x"}]}'), "4731"),
        (Kanal.REST, Svar(502, {}, b"<html>"), "status 502"),
        (Kanal.REST, Svar(200, {}, b'"hej"'), "status 200"),
        (Kanal.SOAP, Svar(500, {}, b"<html/>"), "status 500"),
        (Kanal.SOAP, Svar(200, {}, b"ikke xml"), "status 200"),
    ],
    ids=["afslag", "mellemled", "ingen uuid", "ingen konvolut", "ikke xml"],
)
def test_et_svar_der_ikke_er_et_er_en_fejl_med_sin_grund(kanal: Kanal, svar: Svar, siger: str) -> None:
    with pytest.raises(Ubrugelig, match=siger):
        Handlinger(KONTRAKT).forstaa(Handling.OPRET_KONTAKTGRUPPE, kanal, svar)
