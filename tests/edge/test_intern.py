"""The internal interface: what it refuses by form, and that a refusal by rule is an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import httpx
import msgspec
import pytest

from byggeklodser import AKASSE, JOBCENTER, NU, OPERATOER, identitet
from generalproeve.scene import Scene
from vos_contracts.control import neighbours as control
from vos_contracts.model import neighbours
from vos_contracts.model.identity import Identitet
from vos_simulators.people import Borger

DAG = NU.date()
ID = "00000000-0000-0000-0000-0000000000aa"


def send(scene: Scene, krop: bytes) -> httpx.Response:
    return httpx.post(f"{scene.styring}{control.STI}", content=krop, trust_env=False)


def kald(borger: Borger, hvem: Identitet, kommando: neighbours.Nabokommando, tjeneste: str) -> bytes:
    return control.encode_call(
        neighbours.Nabokald(tjeneste=tjeneste, cpr=borger.cpr, identitet=hvem, kommando=kommando)
    )


FRAVAER = neighbours.RegistrerFravaer(id=ID, type=10, fra=DAG)


@pytest.mark.parametrize(
    ("aendring", "siger"),
    [
        ({"kommando": {"kommando": "findesIkke"}}, "findesIkke"),
        ({"kommando": {"kommando": "tilmeld", "kategori": 1, "ledighedsgrad": 1}}, "dato"),
        ({"kommando": {"kommando": "tilmeld", "kategori": 1, "ledighedsgrad": 1, "dato": "i dag"}}, "dato"),
        ({"kommando": {"kommando": "registrerFravaer", "id": "x", "type": 10, "fra": "2024-11-18"}}, "id"),
        ({"ukendt": 1}, "ukendt"),
    ],
)
def test_en_daarlig_besked_faar_feltet_og_reglen(
    scene: Scene, ny_borger: Callable[..., Borger], aendring: dict[str, object], siger: str
) -> None:
    god = msgspec.json.decode(kald(ny_borger(), identitet(), FRAVAER, "X.Y"))
    svar = send(scene, msgspec.json.encode({**god, **aendring}))
    assert svar.status_code == 400
    assert siger in svar.json()["fejl"][0]["fejltekst"]


def test_noget_der_ikke_er_json_og_et_tidspunkt_uden_offset(scene: Scene, ny_borger: Callable[..., Borger]) -> None:
    assert send(scene, b"\xff").status_code == 400
    hvem = identitet()
    god = neighbours.Nabokald(tjeneste="X.Y", cpr=ny_borger().cpr, identitet=hvem, kommando=FRAVAER)
    naiv = Identitet(hvem.aktiv, hvem.bruger, hvem.bruger_organisation, NU.replace(tzinfo=None))
    svar = send(scene, control.encode_call(replace(god, identitet=naiv)))
    assert svar.status_code == 400
    assert "registreringstidspunkt" in svar.json()["fejl"][0]["fejltekst"]


@pytest.mark.parametrize("hvem", [identitet(AKASSE), identitet(JOBCENTER, OPERATOER)])
def test_en_metode_som_matricen_ikke_kender_er_lukket(
    scene: Scene, ny_borger: Callable[..., Borger], hvem: Identitet
) -> None:
    svar = control.decode_answer(send(scene, kald(ny_borger(), hvem, FRAVAER, "FindesIkke.Metode")).content)
    assert [fejl.kode for fejl in svar.fejl] == [4575]


def test_en_ukendt_borger_er_1010(scene: Scene) -> None:
    ukendt = Borger("Ingen", "0203840000", DAG)
    svar = control.decode_answer(send(scene, kald(ukendt, identitet(), FRAVAER, "X.Y")).content)
    assert [fejl.kode for fejl in svar.fejl] == [1010]


@pytest.mark.parametrize(
    ("kommando", "tjeneste", "hvem", "svar"),
    [
        (FRAVAER, "FravaerService.CreateFravaer", identitet(AKASSE), []),
        (neighbours.AfslutFravaer(id=ID, til=DAG), "FravaerService.UpdateFravaer", identitet(), [4632]),
        (neighbours.RegistrerFleksjob(id=ID, fra=DAG), "FlexjobService.CreateFlexjob", identitet(), []),
        (neighbours.RegistrerFleksjob(id=ID, fra=DAG), "FlexjobService.CreateFlexjob", identitet(AKASSE), [4575]),
        (
            neighbours.RegistrerTillaeg(id=ID, fra=DAG),
            "AktivitetstillaegService.CreateAktivitetstillaeg",
            identitet(),
            [4731],
        ),
    ],
)
def test_en_kommando_udfoeres_eller_afvises_som_svar(
    scene: Scene,
    ny_borger: Callable[..., Borger],
    kommando: neighbours.Nabokommando,
    tjeneste: str,
    hvem: Identitet,
    svar: list[int],
) -> None:
    fik = control.decode_answer(send(scene, kald(ny_borger(), hvem, kommando, tjeneste)).content)
    assert ([fejl.kode for fejl in fik.fejl], fik.id) == (svar, "" if svar else ID)
