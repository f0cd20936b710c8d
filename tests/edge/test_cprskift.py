"""A CPR change through the control API: what it moves, whom it tells, what is refused; and zeep fetches the message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from zeepvaerk import SR, headers, klient

from byggeklodser import AKASSE, I_DAG, JOBCENTER, KOMMUNE, NU, STAR, identitet
from generalproeve.scene import Scene
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.stage import RegistreringDto
from vos_contracts.kontrakt import indlaes
from vos_contracts.model.cpr import maskeret
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Art, Opret, Slet
from vos_contracts.wire.wsrm import WsrmBesked
from vos_contracts.wire.wsrm_cpr import CprBesked
from vos_reference.domain import dfdg
from vos_simulators.control import Styring, StyringAfvist
from vos_simulators.inboxes.wsrm_poller import WsrmPoller
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Borger, Folk
from vos_simulators.transport import HttpTransport

BESKED = "GetCprChanged"
_folk = Folk(seed=1996)


@pytest.fixture
def nyt() -> str:
    return _folk.ny(40, NU.date()).cpr


@pytest.fixture
def kss(transport: HttpTransport) -> Aktoer:
    return Aktoer(identitet(JOBCENTER), indlaes(), transport, ny_uuid)


def hentet(transport: HttpTransport, organisation: Organisation, system: int = 1001) -> Sequence[object]:
    return WsrmPoller(replace(identitet(organisation), system=system), indlaes(), transport).toem()


def kode(svar: object) -> list[int]:
    return [fejl.kode for fejl in svar.fejl]  # type: ignore[attr-defined]  # a refusal


def test_alt_ligger_under_det_nye_nummer_og_intet_under_det_gamle(
    styring: Styring, kss: Aktoer, ny_borger: Callable[..., Borger], nyt: str
) -> None:
    borger = ny_borger(kontaktgrupper=(RegistreringDto(type=13, start=NU - timedelta(days=9)),))
    id_ = kss.registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, 4, I_DAG), Kanal.PVS)
    assert isinstance(id_, str)
    foer = kss.historik(borger.cpr, Art.KONTAKTGRUPPE)
    svar = styring.cprskift(borger.cpr, nyt)
    assert (svar.flyttet, svar.beskeder) == (True, 0)
    assert kss.historik(nyt, Art.KONTAKTGRUPPE) == foer
    assert kode(kss.laes(borger.cpr, Art.KONTAKTGRUPPE)) == [4404]
    for kanal in Kanal:
        assert kode(kss.registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, 13, I_DAG), kanal)) == [4404]
        assert isinstance(
            kss.registrer(nyt, Opret(Art.KONTAKTGRUPPE, 13 if kanal is Kanal.PRS else 4, I_DAG), kanal), str
        )
    assert kode(kss.registrer(borger.cpr, Slet(Art.KONTAKTGRUPPE, id_), Kanal.PVS)) == [4404]
    assert styring.status().personer == 1


def test_kun_abonnenter_hos_borgerens_egne_faar_en_besked(
    styring: Styring, transport: HttpTransport, ny_borger: Callable[..., Borger], nyt: str
) -> None:
    for organisation in (JOBCENTER, AKASSE, Organisation(8, "10200"), Organisation(2, "82")):
        styring.abonner(organisation.type, organisation.kode, 1001, [BESKED])
    borger = ny_borger()
    assert styring.cprskift(borger.cpr, nyt).beskeder == 2
    for organisation in (JOBCENTER, AKASSE):
        (besked,) = hentet(transport, organisation)
        assert isinstance(besked, CprBesked)
        assert (besked.gammelt, besked.nyt) == (borger.cpr, nyt)
        assert besked.registrant == dfdg.identitet("CPR-skift", NU)
    for organisation in (Organisation(8, "10200"), Organisation(2, "82"), KOMMUNE, STAR):
        assert hentet(transport, organisation) == []


def test_uden_abonnement_ingen_besked(
    styring: Styring, transport: HttpTransport, ny_borger: Callable[..., Borger], nyt: str
) -> None:
    styring.abonner(AKASSE.type, AKASSE.kode, 1001, [BESKED])
    assert styring.cprskift(ny_borger().cpr, nyt).beskeder == 1
    assert hentet(transport, JOBCENTER) == []


def test_abonnementet_laegger_beskeden_i_den_koe_som_systemet_har(
    styring: Styring, transport: HttpTransport, kss: Aktoer, ny_borger: Callable[..., Borger], nyt: str
) -> None:
    """Two systems with queues of their own, one of which subscribes; the other messages go to both as before."""
    styring.abonner(8, "10100", 1)
    styring.abonner(8, "10100", 2)
    styring.abonner(8, "10100", 2, [BESKED])
    borger = ny_borger()
    kss.registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, 13, I_DAG), Kanal.PVS)
    assert styring.cprskift(borger.cpr, nyt).beskeder == 1
    fik = {system: [en.beskedtype for en in hentet(transport, JOBCENTER, system)] for system in (1, 2)}  # type: ignore[attr-defined]  # messages
    assert fik == {
        1: ["GetContactGroupVersion5", "GetContactGroupVersion4"],
        2: ["GetContactGroupVersion5", "GetContactGroupVersion4", BESKED],
    }


def test_to_abonnenter_i_en_faelles_koe_er_en_besked(
    styring: Styring, transport: HttpTransport, kss: Aktoer, ny_borger: Callable[..., Borger], nyt: str
) -> None:
    for system in (1, 2, 2):
        styring.abonner(8, "10100", system, [BESKED])
    borger = ny_borger()
    kss.registrer(borger.cpr, Opret(Art.KONTAKTGRUPPE, 13, I_DAG), Kanal.PVS)
    assert styring.cprskift(borger.cpr, nyt).beskeder == 1
    beskeder = hentet(transport, JOBCENTER)
    assert len(beskeder) == 3
    gamle = [en for en in beskeder if isinstance(en, WsrmBesked)]
    assert {en.cpr for en in gamle} == {borger.cpr}, "what was queued before stays under the number it was queued under"


@pytest.mark.parametrize(
    ("udgave", "flyttet"), [("2024-3", False), ("2024-4", True), ("2025-1", True), ("2025-2", True)]
)
def test_pr_udgave(
    styring: Styring, kss: Aktoer, ny_borger: Callable[..., Borger], nyt: str, udgave: str, flyttet: bool
) -> None:
    styring.abonner(8, "10100", 1001, [BESKED])
    borger = ny_borger(kontaktgrupper=(RegistreringDto(type=13),))
    styring.skift_udgave(udgave)
    svar = styring.cprskift(borger.cpr, nyt)
    assert svar.flyttet is flyttet
    assert svar.beskeder == (1 if udgave in ("2024-4", "2025-1") else 0)
    assert ("2024-3" in svar.forklaring) is not flyttet
    gammelt, nye = kss.laes(borger.cpr, Art.KONTAKTGRUPPE), kss.laes(nyt, Art.KONTAKTGRUPPE)
    if flyttet:
        assert kode(gammelt) == [4404]
        assert isinstance(nye, tuple)
    else:
        assert isinstance(gammelt, tuple)
        assert kode(nye) == [1010]


def test_hvad_der_afvises_naevner_felt_og_regel(
    styring: Styring, scene: Scene, ny_borger: Callable[..., Borger], nyt: str
) -> None:
    borger, anden = ny_borger(), ny_borger()
    styring.opsaet(kendte_cpr=["0203840021"])
    m = maskeret
    for gammelt, ny_, regler in (
        (nyt, "0203840048", [(1010, f"gammelt: {m(nyt)} kendes ikke")]),
        ("0203840021", nyt, [(4404, f"gammelt: {m('0203840021')} er kendt, men har ingen borger")]),
        (borger.cpr, anden.cpr, [(4977, f"nyt: {m(anden.cpr)} har allerede en borger")]),
        (borger.cpr, borger.cpr, [(1014, "nyt: skal være et andet nummer end gammelt")]),
        (borger.cpr, "0101804321", [(1014, "nyt 010180xxxx: kan tilhøre et menneske")]),
        (borger.cpr, "3002840021", [(1001, "nyt 300284xxxx: skal være ti cifre, der begynder med en dato")]),
        ("x", "3002840021", [(1001, "gammelt x: skal"), (1001, "nyt 300284xxxx: skal"), (1010, "gammelt: x kendes ikke")]),
    ):  # fmt: skip
        svar = httpx.post(f"{scene.styring}/styring/cprskift", json={"gammelt": gammelt, "nyt": ny_})
        assert svar.status_code == 400
        fundne = [(en["fejlkode"], en["fejltekst"]) for en in svar.json()["fejl"]]
        assert len(fundne) == len(regler), fundne
        for (kode_, tekst), (ventet, begynder) in zip(fundne, regler, strict=True):
            assert kode_ == ventet
            assert tekst.startswith(begynder)
    with pytest.raises(StyringAfvist, match="gammelt"):
        styring.cprskift(nyt, borger.cpr)
    assert styring.cprskift(borger.cpr, "0203840021").flyttet, "a number that is known without a citizen is free"


@pytest.mark.parametrize(
    ("krop", "regel"),
    [
        ({"beskedtyper": ["GetContactGroupVersion5"]}, "beskedtyper: GetContactGroupVersion5 sendes ikke på abonnement; det"),
        ({"beskedtyper": ["Get"]}, "beskedtyper: Get sendes ikke på abonnement; det gør GetCprChanged"),
        ({"beskedtyper": [BESKED], "organisationType": 7}, "GetCprChanged kan kun abonneres af jobcenter, akasse"),
        ({"beskedtyper": [BESKED], "system": 9}, "system: 8/10100 har køer pr. system, og 9 har ingen"),
        ({"beskedtyper": BESKED}, "$.beskedtyper"),
        ({"organisationType": 99}, "organisationType: 99 findes ikke"),
        ({"system": 99999999999999999999}, "$.system"),
        ({"system": -1}, "$.system"),
        ({"underkoe": "x"}, "beskedtyper: skal nævne dem, der lægges i underkøen"),
        ({"underkoe": "x", "beskedtyper": ["Get"]}, "beskedtyper: Get findes ikke; kendte er GetContactGroupVersion5"),
        ({"underkoe": "x", "beskedtyper": [BESKED], "system": 9}, "system: 8/10100 har køer pr. system, og 9 har ingen"),
        ({"underkoe": " x", "beskedtyper": [BESKED]}, "$.underkoe"),
    ],
)  # fmt: skip
def test_abonnement_der_ikke_kan_tegnes(styring: Styring, scene: Scene, krop: dict[str, object], regel: str) -> None:
    styring.abonner(8, "10100", 1)
    alt = {"organisationType": 8, "organisationKode": "10100", "system": 1, **krop}
    svar = httpx.post(f"{scene.styring}/styring/abonnementer", json=alt)
    assert svar.status_code == 400
    assert regel in svar.json()["fejl"][0]["fejltekst"]


def test_zeep_henter_beskeden(scene: Scene, styring: Styring, ny_borger: Callable[..., Borger], nyt: str) -> None:
    styring.abonner(8, "10100", 0, [BESKED])
    borger = ny_borger()
    styring.cprskift(borger.cpr, nyt)
    wsrm, beskeder = klient(scene, "WsrmService", 3), klient(scene, "WsrmMessageService", 10)
    sekvens = wsrm.service.CreateSequence(_soapheaders=headers(wsrm))
    assert [(en.ServiceName, en.MessageCount) for en in sekvens.ServiceInventoryCollection.ServiceItem] == [(BESKED, 1)]
    med_sekvens = [*headers(beskeder), beskeder.get_element(SR)(Identifier=sekvens.Identifier)]
    (besked,) = beskeder.service.GetCprChanged(_soapheaders=med_sekvens).body.CprChanged
    assert (besked.OldPersonCivilRegistrationIdentifier, besked.NewPersonCivilRegistrationIdentifier) == (
        borger.cpr,
        nyt,
    )
    metadata = besked.WSRMMetadata
    assert metadata.RegisteringUser.RequestUserStructure.UserFullName == "DFDG CPR-skift"
    assert metadata.RegisteringUser.RequestUserStructure.RequestUserTypeIdentifier.CodeListItemIdentifier == 3
    assert metadata.ClientSystemTypeIdentifier.CodeListItemIdentifier == 3006


def test_foedselsdagen_foelger_nummeret(styring: Styring, ny_borger: Callable[..., Borger]) -> None:
    """A citizen whose number was wrong by a year turns 30 on the new number's day."""
    borger = ny_borger(alder=25, kontaktgrupper=(RegistreringDto(type=12),))
    foedt = (NU + timedelta(days=1)).date().replace(year=NU.year - 30)
    nyt = _folk.foedt(foedt).cpr
    styring.cprskift(borger.cpr, nyt)
    styring.flyt_ur(frem="P1D")
    rapport = styring.seneste_batch()
    assert rapport is not None
    assert rapport.aendrede == 1
