"""The neighbour services in front of a reference that cannot answer, or answers what it may not."""

from __future__ import annotations

import asyncio

import pytest

from byggeklodser import NU, identitet, kontrakt
from vos_contracts.control import neighbours as control
from vos_contracts.control.neighbours import Nabofejl, Nabosvar
from vos_contracts.model import neighbours
from vos_contracts.model.neighbours import TJENESTER, Tilmeld
from vos_contracts.wire import soap
from vos_contracts.wire.asgi import AsgiTransport
from vos_contracts.wire.base import Kald, Svar
from vos_contracts.wire.soap_skema import tjenester
from vos_contracts.wire.soap_tilmelding import Tilmeldingskrop
from vos_simulators.neighbours.services import Naboer

CPR = "0203840021"
TILMELD = Tilmeld(kategori=1, ledighedsgrad=1, dato=NU.date())


class Reference:
    """An internal interface that always gives the same answer, and remembers what it was told."""

    def __init__(self, svar: Svar) -> None:
        self._svar = svar
        self.kald: list[Kald] = []

    async def send(self, kald: Kald) -> Svar:
        self.kald.append(kald)
        return self._svar


def kald(internt: Reference) -> Svar:
    en = tjenester(kontrakt())[TJENESTER[0]]
    _, krop = Tilmeldingskrop(kontrakt()).skriv(CPR, TILMELD)
    naboer = Naboer(kontrakt(), internt, lambda: "nyt-id")
    post = Kald("POST", en.sti, {"content-type": "text/xml"}, soap.skriv_kald(identitet(), krop))
    return asyncio.run(AsgiTransport(naboer).send(post))


def koder(svar: Svar) -> list[int]:
    fault = soap.laes_svar(svar.krop)
    assert isinstance(fault, soap.Fault)
    return [fejl.kode for fejl in fault.fejl]


def test_kaldet_fortaelles_med_hele_identiteten() -> None:
    internt = Reference(Svar(200, krop=control.encode_answer(Nabosvar(id="id", tidspunkt=NU))))
    svar = kald(internt)
    assert svar.status == 200
    (fortalt,) = internt.kald
    assert (fortalt.metode, fortalt.sti) == ("POST", control.STI)
    assert control.decode_call(fortalt.krop) == neighbours.Nabokald(
        tjeneste="UnemploymentEnrollmentService.UnemploymentEnrollment",
        cpr=CPR,
        identitet=control.decode_call(fortalt.krop).identitet,
        kommando=TILMELD,
    )
    # the system is the line's, not the header's: a plain call without it is unknown, 0
    hvem = control.decode_call(fortalt.krop).identitet
    assert (hvem.aktiv, hvem.bruger, hvem.system) == (identitet().aktiv, identitet().bruger, 0)


def test_et_afslag_bliver_en_fault_med_alle_numre() -> None:
    fejl = (Nabofejl(4313), Nabofejl(4338, "i morgen"))
    svar = kald(Reference(Svar(200, krop=control.encode_answer(Nabosvar(fejl=fejl)))))
    assert (svar.status, koder(svar)) == (500, [4313, 4338])
    assert "i morgen" in svar.krop.decode()


def test_en_database_der_er_vaek_kan_proeves_igen() -> None:
    svar = kald(Reference(Svar(503)))
    assert (koder(svar), svar.headers["retry-after"]) == ([1011], "1")


GODT = control.encode_answer(Nabosvar(id="id", tidspunkt=NU))


@pytest.mark.parametrize(
    ("internt", "grund"),
    [
        (Svar(400, krop=GODT), "answered 400 to UnemploymentEnrollmentService.UnemploymentEnrollment"),
        (Svar(500, krop=GODT), "answered 500 to UnemploymentEnrollmentService.UnemploymentEnrollment"),
        (Svar(200, krop=control.encode_answer(Nabosvar(id="id"))), "did not say when it was carried out"),
        (Svar(200), "Input data was truncated"),
    ],
)
def test_noget_andet_er_vores_fejl_og_grunden_staar_kun_i_loggen(
    internt: Svar, grund: str, caplog: pytest.LogCaptureFixture
) -> None:
    svar = kald(Reference(internt))
    assert (svar.status, koder(svar)) == (500, [1011])
    assert grund in caplog.text
    assert grund.encode() not in svar.krop
