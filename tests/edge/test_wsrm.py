"""The queue through its front door: order, the limit, the open sequence, close, terminate, expiry, owners."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from byggeklodser import AKASSE, I_DAG, JOBCENTER, NU, STAR, identitet
from vos_contracts.base.ids import ny_uuid
from vos_contracts.kontrakt import indlaes
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Art, Opdater, Opret
from vos_simulators.control import Styring
from vos_simulators.inboxes.wsrm_poller import WsrmAfvist, WsrmPoller
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Borger
from vos_simulators.transport import HttpTransport

V5, V4 = "GetContactGroupVersion5", "GetContactGroupVersion4"


@pytest.fixture
def kss(transport: HttpTransport) -> Aktoer:
    return Aktoer(identitet(JOBCENTER), indlaes(), transport, ny_uuid)


@pytest.fixture
def poller(transport: HttpTransport) -> WsrmPoller:
    return WsrmPoller(identitet(JOBCENTER), indlaes(), transport)


def registrer(aktoer: Aktoer, borger: Borger, gruppe: int = 13) -> str:
    svar = aktoer.registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, gruppe, I_DAG), Kanal.PVS)
    assert isinstance(svar, str)
    return svar


def kode(fanget: pytest.ExceptionInfo[WsrmAfvist]) -> int:
    return fanget.value.fault.fejl[0].kode


def test_hoejst_500_ad_gangen_aeldste_foerst(kss: Aktoer, poller: WsrmPoller, ny_borger: Callable[..., Borger]) -> None:
    borger = ny_borger()
    ider = []
    for _ in range(126):  # each round is 4 messages: opened and closed, versions 5 and 4
        ider.append(registrer(kss, borger))
        kss.registrer(borger.cpr, Opdater(Art.KONTAKTGRUPPE, ider[-1], NU), Kanal.PVS)
    foerste = poller.opret()
    assert sum(antal for _, antal in foerste.poster) == 500
    hentet = poller.hent(foerste.id, V5)
    assert [besked.id for besked in hentet] == [id_ for id_ in ider[:125] for _ in range(2)]
    poller.afslut(foerste.id)
    rest = poller.opret()
    assert dict(rest.poster) == {V5: 2, "GetContactGroupVersion4": 2}
    assert [besked.id for besked in poller.hent(rest.id, V5)] == [ider[125]] * 2


def test_en_aaben_sekvens_kommer_igen_og_hentning_kan_gentages(
    kss: Aktoer, poller: WsrmPoller, ny_borger: Callable[..., Borger]
) -> None:
    registrer(kss, ny_borger())
    foerste = poller.opret()
    registrer(kss, ny_borger())
    assert poller.opret() == foerste
    assert poller.hent(foerste.id, V5) == poller.hent(foerste.id, V5)
    assert len(poller.hent(foerste.id, V5)) == 1


def test_close_giver_tilbage_og_terminate_sletter(
    kss: Aktoer, poller: WsrmPoller, ny_borger: Callable[..., Borger]
) -> None:
    registrer(kss, ny_borger())
    foerste = poller.opret()
    besked = poller.hent(foerste.id, V5)
    poller.luk(foerste.id)
    anden = poller.opret()
    assert anden.id != foerste.id
    assert poller.hent(anden.id, V5) == besked
    poller.afslut(anden.id)
    assert poller.opret().poster == ()


def test_to_pollere_af_en_tom_koe_goer_ikke_hinandens_sekvens_ukendt(
    kss: Aktoer, poller: WsrmPoller, ny_borger: Callable[..., Borger]
) -> None:
    tom = poller.opret()
    assert poller.opret() == tom, "the other poller gets the same one"
    id_ = registrer(kss, ny_borger())
    ny = poller.opret()
    assert ny.id != tom.id, "what came since does not go into one that was believed to be empty"
    assert [besked.id for besked in poller.hent(ny.id, V5)] == [id_]


def test_ukendt_fremmed_og_afsluttet_sekvens(
    kss: Aktoer, poller: WsrmPoller, transport: HttpTransport, ny_borger: Callable[..., Borger]
) -> None:
    registrer(kss, ny_borger())
    sekvens = poller.opret()
    fremmed = WsrmPoller(identitet(AKASSE), indlaes(), transport)
    for kald in (
        lambda: fremmed.hent(sekvens.id, V5), lambda: fremmed.afslut(sekvens.id), lambda: fremmed.luk(sekvens.id),
        lambda: poller.hent(ny_uuid(), V5),
    ):  # fmt: skip
        with pytest.raises(WsrmAfvist) as fanget:
            kald()
        assert kode(fanget) == 4589
    assert len(poller.hent(sekvens.id, V5)) == 1
    poller.afslut(sekvens.id)
    with pytest.raises(WsrmAfvist) as fanget:
        poller.afslut(sekvens.id)
    assert kode(fanget) == 4589


def test_hvert_abonneret_system_har_sin_egen_koe(
    kss: Aktoer, transport: HttpTransport, styring: Styring, ny_borger: Callable[..., Borger]
) -> None:
    styring.abonner(8, "10100", 1)
    styring.abonner(8, "10100", 2)
    id_ = registrer(kss, ny_borger())
    for system in (1, 2):
        egen = WsrmPoller(replace(identitet(JOBCENTER), system=system), indlaes(), transport)
        assert [(besked.id, besked.beskedtype) for besked in egen.toem()] == [
            (id_, V5), (id_, "GetContactGroupVersion4"),
        ]  # fmt: skip
    with pytest.raises(WsrmAfvist) as fanget:
        WsrmPoller(replace(identitet(JOBCENTER), system=3), indlaes(), transport).opret()
    assert kode(fanget) == 4575


def test_en_underkoe_faar_de_beskedtyper_der_er_lagt_i_den(
    kss: Aktoer, poller: WsrmPoller, styring: Styring, ny_borger: Callable[..., Borger]
) -> None:
    with pytest.raises(WsrmAfvist, match="underkøen visitation findes ikke") as fanget:
        poller.opret("visitation")
    assert kode(fanget) == 4589
    styring.laeg_i_underkoe(8, "10100", 0, "visitation", [V4])
    assert poller.opret("visitation").poster == ()
    id_ = registrer(kss, ny_borger())
    hoved, under = poller.opret(), poller.opret("visitation")
    assert (hoved.poster, under.poster) == (((V5, 1),), ((V4, 1),))
    assert [besked.id for besked in poller.hent(under.id, V4)] == [id_]
    poller.afslut(under.id)
    assert poller.opret() == hoved, "the other sequence of the same owner goes on"


def test_underkoeen_foelger_med_naar_et_system_overtager_koeen(
    kss: Aktoer, transport: HttpTransport, styring: Styring, ny_borger: Callable[..., Borger]
) -> None:
    styring.laeg_i_underkoe(8, "10100", 7, "visitation", [V4])
    registrer(kss, ny_borger())
    styring.abonner(8, "10100", 7)
    registrer(kss, ny_borger())
    egen = WsrmPoller(replace(identitet(JOBCENTER), system=7), indlaes(), transport)
    assert (egen.opret().poster, egen.opret("visitation").poster) == (((V5, 2),), ((V4, 2),))


def test_en_andens_koe_er_tom(transport: HttpTransport, kss: Aktoer, ny_borger: Callable[..., Borger]) -> None:
    registrer(kss, ny_borger())
    for organisation in (Organisation(8, "10200"), STAR, Organisation(2, "82")):
        assert WsrmPoller(identitet(organisation), indlaes(), transport).toem() == []


def test_wsrm_er_slut_i_2025_2(
    kss: Aktoer, poller: WsrmPoller, styring: Styring, ny_borger: Callable[..., Borger]
) -> None:
    styring.skift_udgave("2025-2")
    registrer(kss, ny_borger())
    with pytest.raises(WsrmAfvist, match="WSRM er udgået fra 2025-2"):
        poller.opret()
    styring.skift_udgave("2025-1")
    assert poller.opret().poster == ()


def test_beskeden_baerer_registreringen_hel(kss: Aktoer, poller: WsrmPoller, ny_borger: Callable[..., Borger]) -> None:
    borger = ny_borger()
    start = I_DAG + timedelta(hours=8)
    svar = kss.registrer(
        borger.cpr, Opret(Art.KONTAKTGRUPPE, 13, start, haendelse=I_DAG - timedelta(days=3)), Kanal.PRS
    )
    besked = poller.toem()[0]
    assert (besked.cpr, besked.id, besked.type, besked.start, besked.slut) == (borger.cpr, svar, 13, start, None)
    assert besked.haendelse == I_DAG - timedelta(days=3)
    assert besked.registrant == identitet(JOBCENTER)
