import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byggeklodser import I_DAG, I_GAAR, I_MORGEN, JOBCENTER, NU, identitet, kontrakt
from vos_contracts.koder.fejl import Fejl
from vos_contracts.kontrakt import indlaes
from vos_contracts.model.registration import Art, Opdater, Opret, Registreringskommando, Slet, Visning
from vos_contracts.wire.base import Kald, RemoteWireError, Svar, samlet
from vos_contracts.wire.rest import DANSK_TID, Afslag, Rest

CPR = "0203840000"
ID = "9f2c4d1e-5b6a-4c3d-8e7f-0a1b2c3d4e5f"
KG, PC = Art.KONTAKTGRUPPE, Art.PERSONKATEGORI
REST = Rest(kontrakt())
STI = {KG: "/v1/PersonVisitering/kontaktgruppe", PC: "/v1/PersonVisitering/personkategori"}
FULD = Opret(KG, 13, I_DAG, haendelse=I_GAAR, slut=I_MORGEN, id=ID)
VISNING = Visning(KG, ID, 13, I_GAAR, I_DAG, None, False, True, JOBCENTER, NU)


def laes(kald: Kald, art: Art) -> Registreringskommando:
    """Read a call as a service does, by its method and path."""
    rest = kald.sti.removeprefix(STI[art])
    id_ = REST.laes_id(rest.removeprefix("/"), art) if rest else None
    match kald.metode:
        case "POST":
            return REST.laes_opret(art, kald.krop, id_)
        case "PUT":
            assert id_ is not None
            return REST.laes_opdater(art, kald.krop, id_)
        case _:
            assert id_ is not None
            return Slet(art, id_)


def brud(krop: object, art: Art = KG, *, opdater: bool = False) -> list[str]:
    """Refuse a body and return the descriptions; every error is a 1014."""
    raa = krop if isinstance(krop, bytes) else json.dumps(krop).encode()
    with pytest.raises(RemoteWireError) as fanget:
        _ = REST.laes_opdater(art, raa, ID) if opdater else REST.laes_opret(art, raa, None)
    assert {fejl.kode for fejl in fanget.value.fejl} == {1014}
    return [fejl.beskrivelse for fejl in fanget.value.fejl]


def gyldig(**udskift: object) -> dict[str, object]:
    return {"kontaktgruppeType": 13, "starttidspunkt": "2024-11-18T00:00:00+01:00", **udskift}


@pytest.mark.parametrize("art", Art)
@pytest.mark.parametrize(
    ("kommando", "metode", "sti"),
    [
        (FULD, "POST", f"/{ID}"),
        (replace(FULD, id=None, haendelse=None, slut=None), "POST", ""),
        (Opdater(KG, ID, I_DAG), "PUT", f"/{ID}"),
        (Opdater(KG, ID, None), "PUT", f"/{ID}"),
        (Slet(KG, ID), "DELETE", f"/{ID}"),
    ],
)
def test_en_registrering_kommer_frem_som_den_blev_sendt(
    kommando: Registreringskommando, metode: str, sti: str, art: Art
) -> None:
    kommando = replace(kommando, art=art)
    kald = REST.kald_registrer(CPR, kommando, identitet(), "kald-1")
    assert (kald.metode, kald.sti) == (metode, STI[art] + sti)
    assert laes(kald, art) == kommando
    assert REST.headers.laes_cpr(kald.headers) == CPR
    assert REST.headers.laes_kald_id(kald.headers) == "kald-1"
    assert REST.headers.laes_identitet(kald.headers) == identitet()
    assert (kald.headers.get("content-type") == "application/json") == bool(kald.krop) == (metode != "DELETE")


@settings(max_examples=200, deadline=None)
@given(
    type_=st.integers(0, 10000),
    tider=st.lists(
        st.datetimes(
            datetime(1901, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
            datetime(9997, 12, 30),  # noqa: DTZ001 - hypothesis adds the zone
            timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutter: timezone(timedelta(minutes=minutter))),
        ),
        min_size=3,
        max_size=3,
    ),
)
def test_ethvert_tidspunkt_bevares_paa_mikrosekund(type_: int, tider: list[datetime]) -> None:
    kommando = Opret(KG, type_, tider[0], tider[1], tider[2])
    laest = laes(REST.kald_registrer(CPR, kommando, identitet(), "k"), KG)
    assert laest == kommando
    visning = replace(VISNING, start=tider[0], haendelse=tider[1], slut=tider[2], registreret=tider[0])
    assert REST.forstaa_visninger(REST.skriv_visning(visning), KG) == (visning,)


def test_kroppen_har_kontraktens_felter_og_udelader_hvad_der_ikke_er_sagt() -> None:
    assert json.loads(REST.kald_registrer(CPR, FULD, identitet(), "k").krop) == {
        "kontaktgruppeType": 13,
        "haendelsestidspunkt": "2024-11-17T00:00:00+01:00",
        "starttidspunkt": "2024-11-18T00:00:00+01:00",
        "sluttidspunkt": "2024-11-19T00:00:00+01:00",
    }
    assert json.loads(REST.kald_registrer(CPR, Opret(PC, 8, I_DAG), identitet(), "k").krop) == {
        "personkategoriType": 8,
        "starttidspunkt": "2024-11-18T00:00:00+01:00",
    }


@pytest.mark.parametrize(("del_", "sti"), [("", ""), (ID, f"/{ID}"), ("historik", "/historik")])
@pytest.mark.parametrize("art", Art)
def test_en_laesning_har_sti_og_kalder_men_intet_kald_id(del_: str, sti: str, art: Art) -> None:
    kald = REST.kald_laes(CPR, art, identitet(), del_)
    assert (kald.metode, kald.sti, kald.krop) == ("GET", STI[art] + sti, b"")
    assert REST.headers.laes_cpr(kald.headers) == CPR
    assert "x-requestid" not in kald.headers


@pytest.mark.parametrize("type_", [0, 13, 10000])
def test_typens_graenser_er_med(type_: int) -> None:
    assert REST.laes_opret(KG, json.dumps(gyldig(kontaktgruppeType=type_)).encode(), None).type == type_


@pytest.mark.parametrize("type_", [-1, 10001, 1.5, 5.0, "13", True, None, [], {}, 10**30])
def test_en_type_der_ikke_er_et_helt_tal_0_til_10000(type_: object) -> None:
    assert brud(gyldig(kontaktgruppeType=type_)) == ["kontaktgruppeType: skal være et helt tal 0-10000"]


UDEN_OFFSET = ["2024-11-18T00:00:00", "2024-11-18", "i dag", "", "2024-13-01T00:00:00Z", 1731884400, True, [], {}]


@pytest.mark.parametrize("felt", ["haendelsestidspunkt", "starttidspunkt", "sluttidspunkt"])
@pytest.mark.parametrize("tid", UDEN_OFFSET)
def test_et_tidspunkt_uden_offset_eller_form(felt: str, tid: object) -> None:
    regel = f"{felt}: skal være en date-time med offset, fx 2024-11-04T00:00:00+01:00"
    assert brud(gyldig(**{felt: tid})) == [regel]
    if felt == "sluttidspunkt":
        assert brud({felt: tid}, opdater=True) == [regel]


@pytest.mark.parametrize("felt", ["haendelsestidspunkt", "starttidspunkt", "sluttidspunkt"])
@pytest.mark.parametrize(
    "tid", ["0001-01-01T00:00:00+23:00", "1899-12-31T23:59:59Z", "9999-12-31T00:00:00Z", "9999-12-31T23:59:59-23:00"]
)
def test_et_tidspunkt_uden_for_kalenderen_er_kalderens_brud(felt: str, tid: str) -> None:
    """Such an instant has no Danish time: unchecked it would be an internal error further in."""
    assert brud(gyldig(**{felt: tid})) == [f"{felt}: skal ligge i årene 1901-9997"]
    if felt == "sluttidspunkt":
        assert brud({felt: tid}, opdater=True) == [f"{felt}: skal ligge i årene 1901-9997"]


@pytest.mark.parametrize(
    ("tid", "ventet"),
    [
        ("2024-11-18T00:00:00Z", datetime(2024, 11, 18, tzinfo=UTC)),
        ("2024-07-01T00:00:00.123456+02:00", datetime(2024, 6, 30, 22, 0, 0, 123456, tzinfo=UTC)),
        ("1901-01-01T00:00:00Z", datetime(1901, 1, 1, tzinfo=UTC)),
        ("9997-12-31T23:59:59Z", datetime(9997, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_et_tidspunkt_med_offset(tid: str, ventet: datetime) -> None:
    assert REST.laes_opret(KG, json.dumps(gyldig(starttidspunkt=tid)).encode(), None).start == ventet


def test_valgfrie_felter_maa_vaere_null_og_paakraevede_ikke() -> None:
    laest = REST.laes_opret(KG, json.dumps(gyldig(haendelsestidspunkt=None, sluttidspunkt=None)).encode(), None)
    assert (laest.haendelse, laest.slut) == (None, None)
    assert brud(gyldig(starttidspunkt=None))[0].startswith("starttidspunkt: skal være en date-time")
    assert REST.laes_opdater(KG, b'{"sluttidspunkt":null}', ID) == Opdater(KG, ID, None)
    assert REST.laes_opdater(KG, b"{}", ID) == Opdater(KG, ID, None)


def test_alle_brud_siges_paa_en_gang_sorteret() -> None:
    krop = {"starttidspunkt": "2024-11-18", "haendelsestidspunkt": 1, "sluttidspunkt": "0001-01-01T00:00:00Z", "a": 1}
    beskrivelser = brud(krop)
    assert beskrivelser == sorted(beskrivelser)
    assert [en.partition(":")[0] for en in beskrivelser] == [
        "a", "haendelsestidspunkt", "kontaktgruppeType", "sluttidspunkt", "starttidspunkt",
    ]  # fmt: skip
    assert beskrivelser[2] == "kontaktgruppeType: feltet mangler"


@pytest.mark.parametrize("felt", ["kontaktgruppeId", "KontaktgruppeType", "personkategoriType", "", "ø"])
def test_et_ukendt_felt_navngives_med_de_kendte(felt: str) -> None:
    (beskrivelse,) = brud(gyldig(**{felt: 1}))
    assert beskrivelse == (
        f"{felt}: feltet findes ikke; kendte felter er "
        "kontaktgruppeType, starttidspunkt, haendelsestidspunkt, sluttidspunkt"
    )


@pytest.mark.parametrize("felt", ["kontaktgruppeType", "haendelsestidspunkt", "starttidspunkt"])
def test_det_der_ikke_kan_aendres_er_ukendt_i_en_opdatering(felt: str) -> None:
    krop = gyldig(haendelsestidspunkt=None, sluttidspunkt=None)
    assert brud({felt: krop[felt]}, opdater=True) == [f"{felt}: feltet findes ikke; kendte felter er sluttidspunkt"]


@pytest.mark.parametrize(
    ("krop", "beskrivelse"),
    [
        (b"", "kroppen er ikke gyldig JSON"),
        (b"{", "kroppen er ikke gyldig JSON"),
        (b'{"kontaktgruppeType":13,}', "kroppen er ikke gyldig JSON"),
        (b"\xef\xbb\xbf{}", "kroppen er ikke gyldig JSON"),
        (b"[" * 100_000, "kroppen er ikke gyldig JSON"),
        (b"[]", "kroppen skal være et JSON-objekt"),
        (b"null", "kroppen skal være et JSON-objekt"),
        (b'"tekst"', "kroppen skal være et JSON-objekt"),
        ('{"kontaktgruppeType":13,"å":1}'.encode("latin-1"), "kroppen er ikke UTF-8 (byte 25)"),
        ("{}".encode("utf-16"), "kroppen er ikke UTF-8 (byte 0)"),
    ],
)
def test_en_krop_der_ikke_kan_laeses(krop: bytes, beskrivelse: str) -> None:
    assert brud(krop) == [beskrivelse]
    assert brud(krop, opdater=True) == [beskrivelse]


def test_stiens_id_er_en_uuid_og_laeses_med_smaa_bogstaver() -> None:
    assert REST.laes_id(ID.upper(), KG) == ID
    for forkert in ("", "1", ID[:-1], f"{ID}0", ID.replace("-", ""), f"{{{ID}}}", f"urn:uuid:{ID}", f"{ID}\n"):
        with pytest.raises(RemoteWireError) as fanget:
            REST.laes_id(forkert, PC)
        assert fanget.value.fejl == (Fejl(1014, "personkategoriId: skal være en uuid"),)


def test_flere_dele_af_et_kald_siger_alle_deres_brud() -> None:
    with pytest.raises(RemoteWireError) as fanget:
        samlet(
            lambda: REST.headers.laes_cpr({"x-civilregistrationidentifier": "1"}),
            lambda: REST.headers.laes_kald_id({}),
            lambda: REST.laes_opret(KG, b"{}", None),
        )
    assert [fejl.kode for fejl in fanget.value.fejl] == [1001, 1014, 1014, 1014]


# answers


def test_et_id_svares_som_en_bar_uuid() -> None:
    svar = REST.skriv_id(ID)
    assert svar == Svar(200, {"content-type": "application/json"}, f'"{ID}"'.encode())
    assert REST.forstaa_id(svar) == ID


@pytest.mark.parametrize("krop", [b"", b"{}", b"null", b"13", b'"tekst"', b'""', b"\xff", b"[" * 100_000])
def test_et_svar_der_ikke_er_et_id_er_den_andens_brud(krop: bytes) -> None:
    with pytest.raises(RemoteWireError):
        REST.forstaa_id(Svar(200, {}, krop))


def test_et_bundloest_svar_er_den_andens_brud() -> None:
    with pytest.raises(RemoteWireError):
        REST.forstaa_visninger(Svar(200, {}, b"[" * 100_000), KG)


@pytest.mark.parametrize("art", Art)
def test_visninger_kommer_frem_i_raekkefoelge(art: Art) -> None:
    slettet = replace(VISNING, slut=NU, haendelse=None, er_slettet=True, er_aktuel=False)
    visninger = tuple(replace(en, art=art) for en in (VISNING, slettet))
    assert REST.forstaa_visninger(REST.skriv_visninger(visninger), art) == visninger
    assert REST.forstaa_visninger(REST.skriv_visning(visninger[1]), art) == visninger[1:]


def test_en_tom_liste_er_en_liste() -> None:
    assert REST.skriv_visninger([]).krop == b"[]"
    assert REST.forstaa_visninger(REST.skriv_visninger([]), KG) == ()


def test_en_visning_i_dansk_tid_med_alle_felter() -> None:
    sommer = datetime(2024, 7, 1, 22, 30, tzinfo=UTC)
    skrevet = json.loads(REST.skriv_visning(replace(VISNING, start=sommer)).krop)
    assert skrevet == {
        "kontaktgruppeId": ID,
        "kontaktgruppeType": 13,
        "haendelsestidspunkt": "2024-11-17T00:00:00+01:00",
        "starttidspunkt": "2024-07-02T00:30:00+02:00",
        "sluttidspunkt": None,
        "registreringsmetadata": {
            "erSlettet": False,
            "erAktuel": True,
            "registrerendeMyndighed": {"organisationType": 8, "organisationKode": "10100"},
            "registreringstidspunkt": "2024-11-18T09:00:00+01:00",
        },
    }
    assert sommer.astimezone(DANSK_TID).isoformat() == skrevet["starttidspunkt"]


def _uden(felt: str) -> dict[str, Any]:
    skrevet: dict[str, Any] = json.loads(REST.skriv_visning(VISNING).krop)
    del skrevet[felt]
    return skrevet


def _med(**udskift: object) -> dict[str, Any]:
    skrevet: dict[str, Any] = json.loads(REST.skriv_visning(VISNING).krop)
    metadata = skrevet["registreringsmetadata"]
    for felt, vaerdi in udskift.items():
        (metadata if felt in metadata else skrevet)[felt] = vaerdi
    return skrevet


@pytest.mark.parametrize(
    "indhold",
    [
        None,
        13,
        "tekst",
        [None],
        [[]],
        _uden("kontaktgruppeId"),
        _uden("kontaktgruppeType"),
        _uden("starttidspunkt"),
        _uden("registreringsmetadata"),
        _med(kontaktgruppeId=1),
        _med(kontaktgruppeType="13"),
        _med(starttidspunkt="2024-11-18T00:00:00"),
        _med(starttidspunkt="i dag"),
        _med(sluttidspunkt="2024-11-18"),
        _med(haendelsestidspunkt=1),
        _med(erSlettet="nej"),
        _med(erAktuel=1),
        _med(registreringstidspunkt=None),
        _med(registrerendeMyndighed={"organisationType": "8", "organisationKode": "10100"}),
        _med(registrerendeMyndighed={"organisationType": 8, "organisationKode": 10100}),
        _med(registrerendeMyndighed=None),
    ],
)
def test_et_svar_der_ikke_er_en_visning_er_den_andens_brud(indhold: object) -> None:
    with pytest.raises(RemoteWireError) as fanget:
        REST.forstaa_visninger(Svar(200, {}, json.dumps(indhold).encode()), KG)
    assert [fejl.kode for fejl in fanget.value.fejl] == [1014]


@pytest.mark.parametrize("kode", kontrakt().fejl)
def test_hver_fejl_har_sin_tekst_og_sin_status(kode: int) -> None:
    svar = REST.skriv_fejl([Fejl(kode)])
    tekst = kontrakt().fejl[kode]
    assert json.loads(svar.krop) == {"fejl": [{"fejlkode": kode, "fejltekst": tekst.rest}]}
    assert svar.status == tekst.http_status
    for forstaaet in (REST.forstaa_afslag(svar), REST.forstaa_id(svar), REST.forstaa_visninger(svar, KG)):
        assert forstaaet == Afslag(svar.status, (Fejl(kode),))


def test_den_foerste_fejl_giver_status_og_beskrivelsen_kommer_med() -> None:
    fejl = (Fejl(1014, "kontaktgruppeType: feltet mangler"), Fejl(4404))
    svar = REST.skriv_fejl(fejl)
    assert json.loads(svar.krop)["fejl"][0]["beskrivelse"] == "kontaktgruppeType: feltet mangler"
    assert REST.forstaa_afslag(svar) == Afslag(400, fejl)
    assert REST.skriv_fejl(fejl[::-1]).status == 404


def test_en_angivet_status_vinder_og_en_ukendt_kode_er_400() -> None:
    assert REST.skriv_fejl([Fejl(1014)], 412).status == 412
    svar = REST.skriv_fejl([Fejl(999_999)])
    assert (svar.status, json.loads(svar.krop)) == (400, {"fejl": [{"fejlkode": 999_999, "fejltekst": "Fejl 999999"}]})


@pytest.mark.parametrize(
    "krop",
    [b"", b"<html>", b"[]", b"{}", b'{"fejl":null}', b'{"fejl":[1]}', b'{"fejl":[{}]}', b'{"fejl":[{"fejlkode":"x"}]}'],
)
def test_et_afslag_uden_fejlstrukturen_er_den_andens_brud_med_dens_status(krop: bytes) -> None:
    with pytest.raises(RemoteWireError) as fanget:
        REST.forstaa_afslag(Svar(502, {}, krop))
    assert fanget.value.status == 502


def test_et_overlay_omdoeber_felter_og_sti_i_begge_roller(tmp_path: Path) -> None:
    (tmp_path / "navne.csv").write_text(
        "noegle,vaerdi\njson.starttidspunkt,startTidspunkt\njson.fejlkode,kode\nsti.personkategori,/v1/kategori\n",
        "utf-8",
    )
    omdoebt = Rest(indlaes(tmp_path))
    kald = omdoebt.kald_registrer(CPR, Opret(PC, 8, I_DAG), identitet(), "k")
    assert kald.sti == "/v1/kategori"
    assert json.loads(kald.krop)["startTidspunkt"] == "2024-11-18T00:00:00+01:00"
    assert omdoebt.laes_opret(PC, kald.krop, None) == Opret(PC, 8, I_DAG)
    assert omdoebt.forstaa_visninger(omdoebt.skriv_visning(VISNING), KG) == (VISNING,)
    assert json.loads(omdoebt.skriv_fejl([Fejl(4644)]).krop)["fejl"][0]["kode"] == 4644
    assert omdoebt.forstaa_afslag(omdoebt.skriv_fejl([Fejl(4644)])) == Afslag(400, (Fejl(4644),))
    with pytest.raises(RemoteWireError):
        REST.laes_opret(PC, kald.krop, None)
