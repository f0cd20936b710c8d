"""What caused a row: the request that the journal holds, all that it may have been, or who registered it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from vos_contracts.control.journal import Post, Posttype
from vos_contracts.control.operations import Borgerraekke, Registreringsraekke
from vos_contracts.koder.aktoerer import Klientsystem
from vos_contracts.model.registration import Art
from vos_simulators.oracle.cause import fra_journalen

NU = datetime(2024, 11, 18, 8, 0, tzinfo=UTC)
CPR = "0203840000"
BORGER = Borgerraekke(nr=1, borger_id="b", cpr=CPR, foedt=NU.date(), doed=None, tilknytninger=())
RAEKKE = Registreringsraekke(
    nr=1, borger_id="b", id="r1", art=Art.KONTAKTGRUPPE, type=2, haendelse=None, start=NU, slut=None, er_slettet=False,
    registreret=NU, organisation_type=8, organisation_kode="10100", system=1001, bruger_type=2, bruger_id="tt",
    bruger_navn="Test",
)  # fmt: skip
HVEM = "Test (8/10100) 18-11-2024 09:00:00"


def rest(nr: int, metode: str = "POST", sti: str = "/kontaktgruppe", *, tid: datetime = NU, **andet: Any) -> Post:
    data = {
        "metode": metode, "sti": sti, "status": 200, "system": "1001", "brugerId": "tt", "requestId": f"kald{nr}",
        "mikrosekunder": 900, "krop": "", "svar": "",
    } | {navn: vaerdi for navn, vaerdi in andet.items() if navn != "cpr"}  # fmt: skip
    return Post(art=Posttype.KALD, tidspunkt=tid, cpr=andet.get("cpr", CPR), data=data)


def soap(operation: str, *, tid: datetime = NU, svar: str = "") -> Post:
    data = {
        "metode": "POST", "sti": "/prs", "status": 200, "system": "1001", "mikrosekunder": 900,
        "krop": f"<UserIdentifier>tt</UserIdentifier>{CPR}", "svar": svar, "soapaction": f'"http://x/Tjeneste#{operation}"',
    }  # fmt: skip
    return Post(art=Posttype.KALD, tidspunkt=tid, data=data)


def raekke(**felter: Any) -> Registreringsraekke:
    return msgspec.structs.replace(RAEKKE, **felter)


def aarsager(poster: Iterable[Post], *raekker: Registreringsraekke) -> list[str]:
    navngiv = fra_journalen(poster)
    return [navngiv(en, BORGER) for en in raekker]


def test_kaldet_navngives_paa_begge_kanaler() -> None:
    assert aarsager([rest(1)], RAEKKE) == [f"POST /kontaktgruppe (kald1) af {HVEM}"]
    assert aarsager([soap("CreateContactGroup")], RAEKKE) == [f"Tjeneste.CreateContactGroup af {HVEM}"]


def test_et_andet_kald_er_det_ikke() -> None:
    andre = [
        rest(1, "GET"),
        rest(2, status=400),
        rest(3, system="1002"),
        rest(4, brugerId="en anden"),
        rest(5, cpr="0203840001"),
        rest(6, tid=NU - timedelta(microseconds=1)),
        rest(7, tid=NU + timedelta(seconds=2)),
        soap("GetContactGroup"),
    ]
    assert aarsager(andre, RAEKKE) == [HVEM]
    assert aarsager([*andre, rest(8, tid=NU + timedelta(milliseconds=1))], RAEKKE) == [
        f"POST /kontaktgruppe (kald8) af {HVEM}"
    ]


def test_paa_et_frosset_ur_skiller_raekkens_id_dem_ad_eller_alle_navngives() -> None:
    poster = [
        rest(1, svar='"r1"'),
        soap("CreateContactGroup", svar="<Id>r2</Id>"),
        rest(3, "PUT", "/kontaktgruppe/r2"),
        rest(4, "DELETE", "/kontaktgruppe/r1"),
    ]
    raekker = [RAEKKE, raekke(nr=2, id="r2"), raekke(nr=3, id="r2", slut=NU), raekke(nr=4, er_slettet=True)]
    assert aarsager(poster, *raekker) == [
        f"{navn} af {HVEM}"
        for navn in (
            "POST /kontaktgruppe (kald1)",
            "Tjeneste.CreateContactGroup",
            "PUT /kontaktgruppe/r2 (kald3)",
            "DELETE /kontaktgruppe/r1 (kald4)",
        )
    ]
    (afledt,) = aarsager(poster[:2], raekke(id="afledt"))
    assert afledt == f"POST /kontaktgruppe (kald1) eller Tjeneste.CreateContactGroup af {HVEM}"


def test_natkoerslen_og_en_koersel_som_nogen_bad_om() -> None:
    def koersel(natlig: str, tid: datetime) -> Post:
        return Post(art=Posttype.KOERSEL, tidspunkt=tid, data={"natlig": natlig})

    dfdg = raekke(system=Klientsystem.DFDG, bruger_navn="DFDG Fyldt 30 år")
    hvem = "DFDG Fyldt 30 år (8/10100) 18-11-2024 09:00:00"
    assert aarsager([rest(1), koersel("ja", NU)], dfdg) == [f"natkørslen af {hvem}"]
    assert aarsager([koersel("nej", NU + timedelta(seconds=3))], dfdg) == [f"kørslen af {hvem}"]
    assert aarsager([koersel("ja", NU - timedelta(days=1)), koersel("ja", NU + timedelta(days=1))], dfdg) == [hvem]
    assert aarsager([koersel("ja", NU)], RAEKKE) == [f"natkørslen af {HVEM}"], "whoever told of it beforehand"


def test_det_der_skete_foer_scenen_blev_toemt_er_det_ikke() -> None:
    assert aarsager([rest(1), Post(art=Posttype.NULSTILLET, tidspunkt=NU)], RAEKKE) == [HVEM]
