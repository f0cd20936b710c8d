"""AbonnementService's sync call through its front door: whole list, all or nothing, idempotent, only what one may have."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest

from byggeklodser import AKASSE, JOBCENTER, KOMMUNE, NU, STAR, identitet, kontrakt
from vos_contracts.base.ids import ny_uuid
from vos_contracts.koder.wsb import Wsbtilstand
from vos_contracts.model.identity import Organisation
from vos_contracts.wire.abonnement import Abonnementer, Abonnementsoenske, Synkroniseret
from vos_contracts.wire.base import Kald
from vos_contracts.wire.rest import Afslag, Rest
from vos_simulators.control import Styring, StyringAfvist
from vos_simulators.transport import HttpTransport

SYSTEM = "0193e6a0-0000-7000-8000-00000000000a"
KG, PC = 100008, 100009
DAG = NU.date()
REST = Rest(kontrakt())
WIRE = Abonnementer(kontrakt(), REST)


@pytest.fixture
def system(styring: Styring) -> str:
    styring.subscribersystem(SYSTEM, "http://127.0.0.1:9/hook", JOBCENTER, AKASSE)
    return SYSTEM


def oenske(organisation: Organisation = JOBCENTER, entitet: int = KG, til: date | None = None) -> Abonnementsoenske:
    return Abonnementsoenske(organisation, entitet, "/webhook", DAG, til)


def synk(
    transport: HttpTransport, *oensker: Abonnementsoenske, kalder: Organisation = JOBCENTER, system: str = SYSTEM
) -> Synkroniseret | Afslag:
    return WIRE.forstaa(transport.send(WIRE.kald(system, oensker, identitet(kalder), ny_uuid())))


def test_hele_listen_traeder_i_stedet_og_samme_liste_igen_aendrer_intet(
    transport: HttpTransport, styring: Styring, system: str
) -> None:
    liste = oenske(), oenske(entitet=PC), oenske(AKASSE)
    assert synk(transport, *liste) == Synkroniseret(3, 0, 0)
    assert synk(transport, *liste) == Synkroniseret(0, 0, 3)
    assert synk(transport, oenske(), replace(oenske(AKASSE), webhook="/andet")) == Synkroniseret(1, 2, 1)
    assert [en.organisation_type for en in styring.wsb().modtagere] == [AKASSE.type, JOBCENTER.type]
    assert synk(transport) == Synkroniseret(0, 2, 0)
    assert styring.wsb().modtagere == ()


@pytest.mark.parametrize(
    ("oensker", "felt"),
    [
        ((oenske(AKASSE, PC),), "abonnementer[0].entityType: Personkategori (100009) kan ikke abonneres"),
        ((oenske(), oenske(KOMMUNE)), "abonnementer[1].orgCode: systemet kan ikke abonnere for 7/101"),
        ((oenske(entitet=7),), "abonnementer[0].entityType: 7 findes ikke"),
        ((oenske(), oenske()), "abonnementer[0].entityType: samme organisation og entitet står to gange"),
        ((oenske(til=DAG - timedelta(days=1)),), "abonnementer[0].slutDato: må ikke ligge før startDato"),
        (
            (replace(oenske(til=DAG - timedelta(days=1)), fra=date(2024, 1, 1)),),
            "abonnementer[0].slutDato: skal være i dag eller senere",
        ),
        ((replace(oenske(), webhook="https://andre.example/x"),), "abonnementer[0].webhookUrl"),
        ((replace(oenske(), webhook="//andre.example/x"),), "abonnementer[0].webhookUrl"),
        ((replace(oenske(), webhook="/a/../b"),), "abonnementer[0].webhookUrl"),
        ((replace(oenske(), webhook="/a/%2e%2e/b"),), "abonnementer[0].webhookUrl"),
        ((replace(oenske(), webhook="/a b"),), "abonnementer[0].webhookUrl"),
    ],
)
def test_en_fejl_afviser_hele_listen(
    transport: HttpTransport,
    styring: Styring,
    system: str,
    oensker: tuple[Abonnementsoenske, ...],
    felt: str,
) -> None:
    assert synk(transport, oenske()) == Synkroniseret(1, 0, 0)
    svar = synk(transport, oenske(entitet=PC), *oensker)
    assert isinstance(svar, Afslag)
    assert svar.status == 400
    assert any(felt.partition("].")[2] in en.beskrivelse for en in svar.fejl), svar
    assert synk(transport, oenske()) == Synkroniseret(0, 0, 1)


def test_alle_fejl_siges_paa_en_gang(transport: HttpTransport, system: str) -> None:
    svar = synk(transport, oenske(KOMMUNE, 7), replace(oenske(), webhook="#"))
    assert isinstance(svar, Afslag)
    assert len(svar.fejl) == 3


@pytest.mark.parametrize("kalder", [KOMMUNE, Organisation(8, "10200")])
def test_kun_egne_systemer(transport: HttpTransport, system: str, kalder: Organisation) -> None:
    svar = synk(transport, oenske(), kalder=kalder)
    assert isinstance(svar, Afslag)
    assert [en.kode for en in svar.fejl] == [4575]
    assert synk(transport, oenske(), kalder=STAR) == Synkroniseret(1, 0, 0)


def test_et_ukendt_system_afvises(transport: HttpTransport) -> None:
    svar = synk(transport, oenske(), system=ny_uuid())
    assert isinstance(svar, Afslag)
    assert [en.kode for en in svar.fejl] == [4575]


@pytest.mark.parametrize(
    ("krop", "regel"),
    [
        (b"{}", "systemIdentifier"),
        (b'{"systemIdentifier":"x","abonnementer":[]}', "systemIdentifier: skal være en uuid"),
        (b'{"systemIdentifier":"x","abonnementer":[],"andet":1}', "andet"),
        (b"\xff", ""),
        (b'{"systemIdentifier":"x","abonnementer":[{"orgType":"8"}]}', "orgType"),
    ],
)
def test_en_ulaeselig_liste_navngiver_feltet(transport: HttpTransport, krop: bytes, regel: str) -> None:
    headers = {**REST.headers.skriv(identitet()), "content-type": "application/json"}
    svar = WIRE.forstaa(transport.send(Kald("POST", WIRE.sti, headers, krop)))
    assert isinstance(svar, Afslag)
    assert [en.kode for en in svar.fejl] == [1014]
    assert regel in svar.fejl[0].beskrivelse


def test_eksemplet_fra_star_laeses(transport: HttpTransport, styring: Styring) -> None:
    styring.subscribersystem(SYSTEM, "http://localhost:9", Organisation(8, "101"))
    krop = msgspec.json.encode(
        {
            "systemIdentifier": SYSTEM.upper(),
            "abonnementer": [
                {
                    "orgType": 8,
                    "orgCode": 101,
                    "entityType": KG,
                    "webhookUrl": "/webhook",
                    "startDato": "2024-01-01T00:00:00",
                    "slutDato": "2024-12-31T23:59:59",
                }
            ],
        }
    )
    headers = {**REST.headers.skriv(identitet(STAR)), "content-type": "application/json"}
    assert WIRE.forstaa(transport.send(Kald("POST", WIRE.sti, headers, krop))) == Synkroniseret(1, 0, 0)


@pytest.mark.parametrize(
    "base_url",
    ["http://example.dk/", "ftp://127.0.0.1/", "http://u@127.0.0.1/", "http://10.0.0.1/", "127.0.0.1", "http://[::1"],
)
def test_der_sendes_kun_til_loopback(styring: Styring, base_url: str) -> None:
    with pytest.raises(StyringAfvist, match="baseUrl"):
        styring.subscribersystem(SYSTEM, base_url, JOBCENTER)


def test_et_system_uden_organisation_eller_id_afvises(styring: Styring) -> None:
    with pytest.raises(StyringAfvist, match=r"organisationer.*systemIdentifier"):
        styring.subscribersystem("x", "http://127.0.0.1:9")


def test_tilstanden_kan_skiftes(styring: Styring) -> None:
    assert styring.wsb().tilstand is Wsbtilstand.OBSERVERET
    assert styring.wsb(Wsbtilstand.DESIGNET).tilstand is Wsbtilstand.DESIGNET
    assert styring.wsb(Wsbtilstand.OBSERVERET).tilstand is Wsbtilstand.OBSERVERET
    assert styring.genspil() == 0
