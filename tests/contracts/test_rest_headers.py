from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from byggeklodser import NU, identitet, kontrakt
from vos_contracts.koder.fejl import Fejl
from vos_contracts.kontrakt import indlaes
from vos_contracts.model.identity import Identitet, Organisation
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.rest_headers import Headers

CPR = "0203840000"
HEADERS = Headers(kontrakt())
FULD = replace(identitet(), bruger=replace(identitet().bruger, navn="Åse Ægir", email="aase@example.com"))


def paa_linjen(navn: str) -> str:
    return kontrakt().navne.header(navn).lower()


def headere(**udskift: str | None) -> dict[str, str]:
    """A caller's headers with some replaced or, by None, left out."""
    alle = HEADERS.skriv(FULD, CPR, "kald-1")
    for navn, vaerdi in udskift.items():
        alle.pop(paa_linjen(navn), None)
        if vaerdi is not None:
            alle[paa_linjen(navn)] = vaerdi
    return alle


def brud(laes: Callable[[dict[str, str]], object], **udskift: str | None) -> tuple[Fejl, ...]:
    with pytest.raises(RemoteWireError) as fanget:
        laes(headere(**udskift))
    return fanget.value.fejl


@pytest.mark.parametrize(
    "en", [FULD, identitet(), replace(identitet(), system=0), identitet(egen=Organisation(4, "-1"))]
)
def test_hvad_kalderen_skriver_er_hvad_tjenesten_laeser(en: Identitet) -> None:
    headers = HEADERS.skriv(en, CPR, "kald-1")
    assert HEADERS.laes_identitet(headers) == en
    assert HEADERS.laes_cpr(headers) == CPR
    assert HEADERS.laes_kald_id(headers) == "kald-1"
    assert HEADERS.laes_system(headers) == en.system


def test_kalderen_skriver_smaa_bogstaver_og_intet_tomt() -> None:
    headers = HEADERS.skriv(replace(identitet(), system=0))
    assert all(navn == navn.lower() for navn in headers)
    assert all(headers.values())
    assert {paa_linjen(navn) for navn in ("cpr", "requestId", "brugerEmail", "system")}.isdisjoint(headers)


def test_en_ukendt_header_forstyrrer_ikke() -> None:
    assert HEADERS.laes_identitet(headere() | {"x-noget-andet": "1"}) == FULD


@pytest.mark.parametrize(
    ("navn", "gode", "daarlige"),
    [
        ("organisationType", ("1", "8", "007"), ("", "0", "101", "-1", "+8", "8.0", "otte", "٨")),
        ("organisationKode", ("1", "x" * 20, "Ø"), ("", "x" * 21)),
        ("brugerNavn", ("x", "Å" * 140), ("", "x" * 141, "A\ufffeB", "A\x85B")),
        ("brugerType", ("1", "4"), ("", "-1", "1.0", "en", "9" * 10)),
        ("brugerId", ("x", "x" * 255), ("", "x" * 256, "\uffff")),
        (
            "brugerEmail",
            ("a@b", f"{'a' * 191}@{'b' * 64}"),
            ("", "ab", "a b@c", "a@b@c", f"{'a' * 192}@b", "a@", "a\ufffe@b"),
        ),
        ("brugerOrganisationType", ("1", "7"), ("", "0", "101", "x")),
        ("brugerOrganisationKode", ("-1", "0", "12345678"), ("", "-2", "123456789", "x")),
        (
            "registreringstidspunkt",
            ("2024-11-04T09:00:00+01:00", "2024-11-04T08:00:00Z", "2019-04-30T15:06:58.9218786+02:00"),
            ("", "i dag", "04-11-2024", "2024-13-01T00:00:00Z", "0001-01-01T00:00:00Z", "2024-W45-1T00:00:00Z"),
        ),
        ("system", ("0", "1001", "9" * 9), ("", "-1", "x", "9" * 10)),
    ],
)
def test_hvert_felts_regel(navn: str, gode: tuple[str, ...], daarlige: tuple[str, ...]) -> None:
    for god in gode:
        HEADERS.laes_identitet(headere(**{navn: god}))
    for daarlig in daarlige:
        (fejl,) = brud(HEADERS.laes_identitet, **{navn: daarlig})
        assert fejl.kode == 1100, daarlig
        assert fejl.beskrivelse.startswith(f"{kontrakt().navne.header(navn)}: skal "), daarlig


PAAKRAEVEDE = (
    "organisationType", "organisationKode", "brugerNavn", "brugerType", "brugerId",
    "brugerOrganisationType", "brugerOrganisationKode", "registreringstidspunkt",
)  # fmt: skip


@pytest.mark.parametrize("navn", PAAKRAEVEDE)
def test_en_paakraevet_header_der_mangler_navngives(navn: str) -> None:
    assert brud(HEADERS.laes_identitet, **{navn: None}) == (
        Fejl(1100, f"{kontrakt().navne.header(navn)}: headeren mangler"),
    )


@pytest.mark.parametrize(("navn", "felt"), [("brugerEmail", None), ("system", 0)])
def test_en_valgfri_header_maa_mangle(navn: str, felt: object) -> None:
    laest = HEADERS.laes_identitet(headere(**{navn: None}))
    assert (laest.bruger.email if navn == "brugerEmail" else laest.system) == felt


def test_alle_brud_siges_paa_en_gang_sorteret_efter_kode() -> None:
    fejl = brud(
        HEADERS.laes_identitet,
        organisationType="99",
        organisationKode=None,
        brugerType="9",
        brugerEmail="x",
        brugerOrganisationType="98",
    )
    assert [en.kode for en in fejl] == [1100, 1100, 8173, 8173, 8174]
    assert {en.beskrivelse for en in fejl if en.kode == 8173} == {
        "x-organisationTypeIdentifier: 99",
        "x-requestOrganisationTypeIdentifier: 98",
    }


def test_uden_en_eneste_header_mangler_de_alle() -> None:
    with pytest.raises(RemoteWireError) as fanget:
        HEADERS.laes_identitet({})
    assert len(fanget.value.fejl) == len(PAAKRAEVEDE)


def test_et_tidspunkt_uden_offset_er_dansk_tid() -> None:
    laest = HEADERS.laes_identitet(headere(registreringstidspunkt="2024-07-01T12:00:00"))
    assert laest.registreringstidspunkt == datetime(2024, 7, 1, 10, tzinfo=UTC)
    assert laest.registreringstidspunkt.utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize(
    ("cpr", "kode"),
    [
        (None, 1014),
        ("", 1001),
        ("020384000", 1001),
        ("02038400000", 1001),
        ("020384-0000", 1001),
        ("3002840000", 1001),
        ("0013840000", 1001),
        ("2902010000", 1001),
        ("٠٢٠٣٨٤٠٠٠٠", 1001),
    ],
)
def test_et_ugyldigt_cpr_nummer(cpr: str | None, kode: int) -> None:
    (fejl,) = brud(HEADERS.laes_cpr, cpr=cpr)
    assert fejl.kode == kode
    assert fejl.beskrivelse.startswith("x-civilregistrationIdentifier: ")
    assert "384" not in fejl.beskrivelse


@pytest.mark.parametrize("cpr", ["0203840000", "2902004000", "2902044000", "0000000000"])
def test_et_gyldigt_cpr_nummer(cpr: str) -> None:
    assert HEADERS.laes_cpr(headere(cpr=cpr)) == cpr


@pytest.mark.parametrize(
    ("kald_id", "regel"), [(None, "headeren mangler"), ("", "headeren mangler"), ("x" * 47, "højst 46 tegn")]
)
def test_et_ugyldigt_kald_id(kald_id: str | None, regel: str) -> None:
    assert brud(HEADERS.laes_kald_id, requestId=kald_id) == (Fejl(1014, f"x-requestId: {regel}"),)


def test_et_kald_id_paa_46_tegn_er_gyldigt() -> None:
    assert HEADERS.laes_kald_id(headere(requestId="x" * 46)) == "x" * 46


def test_systemet_alene_som_paa_soap() -> None:
    assert HEADERS.skriv_system(identitet()) == {"x-clientsystemidentifier": "1001"}
    assert HEADERS.skriv_system(replace(identitet(), system=0)) == {}
    assert HEADERS.laes_system({}) == 0
    assert brud(HEADERS.laes_system, system="x") == (Fejl(1100, "x-clientSystemIdentifier: skal være et helt tal"),)


def test_et_overlay_omdoeber_headeren_i_begge_roller(tmp_path: Path) -> None:
    (tmp_path / "navne.csv").write_text("noegle,vaerdi\nheader.organisationKode,X-Org-Kode\n", "utf-8")
    headers = Headers(indlaes(tmp_path))
    skrevet = headers.skriv(FULD)
    assert skrevet["x-org-kode"] == FULD.aktiv.kode
    assert headers.laes_identitet(skrevet).registreringstidspunkt == NU
    with pytest.raises(RemoteWireError) as fanget:
        headers.laes_identitet(HEADERS.skriv(FULD))
    assert fanget.value.fejl == (Fejl(1100, "X-Org-Kode: headeren mangler"),)
