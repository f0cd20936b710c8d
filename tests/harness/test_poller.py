"""How a party's poller behaved, told by the stage after real calls: each lapse is seen, and a good poller has none."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from byggeklodser import I_DAG, JOBCENTER, NU, identitet, kontrakt
from generalproeve.scene import Scene
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.journal import Post, Posttype
from vos_contracts.control.stage import JournalDto
from vos_contracts.model.registration import Art, Opret
from vos_simulators.control import Styring
from vos_simulators.inboxes.wsrm_poller import WsrmPoller
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Borger
from vos_simulators.poller_behaviour import Fund, Uskik, adfaerd, mistet
from vos_simulators.transport import HttpTransport

V5, V4, V1 = "GetContactGroupVersion5", "GetContactGroupVersion4", "GetPersonCategoryVersion1"


@pytest.fixture
def poller(transport: HttpTransport, ny_borger: Callable[..., Borger]) -> WsrmPoller:
    """A queue with version 5 and version 4 of one group."""
    kss = Aktoer(identitet(), kontrakt(), transport, ny_uuid)
    assert isinstance(kss.registrer(ny_borger().cpr, Opret(Art.KONTAKTGRUPPE, 13, I_DAG), Kanal.PVS), str)
    return WsrmPoller(identitet(JOBCENTER), kontrakt(), transport)


def fund(styring: Styring) -> list[tuple[Uskik, str]]:
    (en,) = adfaerd(styring.journal().poster, styring.status().ur)
    assert all(isinstance(et, Fund) for et in en.fund)
    return [(et.uskik, et.beskedtype) for et in en.fund]


def test_en_god_poller_har_intet_at_bebrejde_sig(styring: Styring, poller: WsrmPoller) -> None:
    poller.toem()
    styring.flyt_ur(frem=300)
    poller.toem()
    assert fund(styring) == []
    (en,) = adfaerd(styring.journal().poster, styring.status().ur)
    assert (en.ejer, en.beskeder, en.afsluttede) == ("8/10100 system 0", 2, 1)
    assert en.mellemrum is not None
    assert en.mellemrum <= timedelta(seconds=300)


def test_den_der_ikke_afslutter(styring: Styring, poller: WsrmPoller) -> None:
    sekvens = poller.opret()
    poller.hent(sekvens.id, V5)
    assert fund(styring) == []
    styring.flyt_ur(frem=3601)
    assert fund(styring) == [(Uskik.GLEMTE_AT_AFSLUTTE, "")]
    poller.toem()
    assert fund(styring) == [(Uskik.GLEMTE_AT_AFSLUTTE, "")]


def test_en_tom_sekvens_kan_staa_aaben_uden_at_nogen_lider_skade(styring: Styring, poller: WsrmPoller) -> None:
    poller.toem()
    for _ in range(5):
        assert poller.opret().poster == ()
        styring.flyt_ur(frem=600)
    assert fund(styring) == []
    styring.flyt_ur(frem=3601)
    assert fund(styring) == []
    (en,) = adfaerd(styring.journal().poster, styring.status().ur)
    assert en.mellemrum == timedelta(seconds=600), "it came each time, though the sequence was the same"


def test_den_der_springer_en_linje_over(styring: Styring, poller: WsrmPoller) -> None:
    sekvens = poller.opret()
    poller.hent(sekvens.id, V5)
    poller.afslut(sekvens.id)
    assert fund(styring) == [(Uskik.IGNOREREDE_EN_LINJE, V4)]


def test_den_der_henter_to_gange_og_det_der_ikke_er_der(styring: Styring, poller: WsrmPoller) -> None:
    sekvens = poller.opret()
    for beskedtype in (V5, V5, V4, V1):
        poller.hent(sekvens.id, beskedtype)
    assert poller.opret().id == sekvens.id
    poller.luk(sekvens.id)
    assert fund(styring) == [
        (Uskik.HENTEDE_TO_GANGE, V5),
        (Uskik.HENTEDE_UDEN_FOR, V1),
        (Uskik.BEGYNDTE_IGEN, ""),
    ]


def kommando(scene: Scene, *flag: str, kode: int, mappe: Path) -> str:
    resultat = subprocess.run(
        [sys.executable, "-m", "generalproeve", "poller", "--control", scene.styring, *flag],
        cwd=mappe, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert resultat.returncode == kode, resultat.stdout + resultat.stderr
    return resultat.stdout


def test_kommandoen_siger_foelgen(scene: Scene, poller: WsrmPoller, tmp_path: Path) -> None:
    sekvens = poller.opret()
    poller.hent(sekvens.id, V5)
    poller.afslut(sekvens.id)
    tekst = kommando(scene, kode=1, mappe=tmp_path)
    assert tekst.startswith("8/10100 system 0: 1 sekvenser, 1 afsluttet, 2 beskeder, kom én gang")
    assert f"uden at hente en linje i inventaret {V4} - følge: de beskeder er væk" in tekst
    (en,) = json.loads(kommando(scene, "--json", kode=1, mappe=tmp_path))["owners"]
    assert en["lapses"][0]["type"] == V4


def test_uden_sekvenser_er_der_intet_at_sige(scene: Scene, tmp_path: Path) -> None:
    assert kommando(scene, kode=5, mappe=tmp_path) == ""


def test_kun_hvad_der_kan_mangle_er_tabt() -> None:
    sekvens, nulstillet = (Post(art=art, tidspunkt=NU) for art in (Posttype.SEKVENS, Posttype.NULSTILLET))
    assert mistet(JournalDto(naeste=9, tabt=7, poster=(sekvens, sekvens))) == 7
    assert mistet(JournalDto(naeste=9, tabt=7, poster=(nulstillet, sekvens))) == 0
