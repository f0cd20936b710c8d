"""Every golden SOAP message is read and written again by our codecs, in both roles, to the same XML."""

from __future__ import annotations

from datetime import date

from lxml import etree
from support.each import check_each

from byggeklodser import kontrakt
from vos_contracts.eksempler import Eksempel, alle
from vos_contracts.koder.fejl import Fejl
from vos_contracts.laesninger import Laesetjeneste
from vos_contracts.model.neighbours import Raskmeld
from vos_contracts.wire import soap, soap_registrering
from vos_contracts.wire.soap_ksd import Ksdkrop
from vos_contracts.wire.soap_laesning import Laesekrop
from vos_contracts.wire.soap_skema import tjenester
from vos_contracts.wire.soap_sygdom import Sygdomskrop
from vos_contracts.wire.soap_tilmelding import Tilmeldingskrop
from vos_contracts.wire.wsrm import ENTITET, OPRET, Wsrm

EKSEMPLER = [en for en in alle() if en.kanal == "soap"]
PRS = tjenester(kontrakt())["PersonRegistrationService"]
NABOER = {krop.tjeneste: krop for krop in (Tilmeldingskrop(kontrakt()), Sygdomskrop(kontrakt()), Ksdkrop(kontrakt()))}

LAESNINGER = {tjeneste.value: Laesekrop(tjeneste, kontrakt()) for tjeneste in Laesetjeneste}


def kanonisk(xml: bytes) -> bytes:
    return etree.tostring(etree.fromstring(xml, etree.XMLParser(remove_blank_text=True)), method="c14n", exclusive=True)


def skrevet_igen(en: Eksempel) -> bytes:
    k, wsrm = kontrakt(), Wsrm(kontrakt())
    if en.is_refusal:
        fault = soap.laes_svar(en.indhold)
        assert isinstance(fault, soap.Fault)
        return soap.skriv_fault([Fejl(fejl.kode) for fejl in fault.fejl], k)
    tjeneste = next(t for t in tjenester(k).values() if en.operation in t.operationer and en.hoerer_til(t.navn))
    if en.navn == "request.xml":
        kald = soap.laes_kald(tjeneste, en.indhold, None, k, 1001)
        if tjeneste is PRS:
            _, element = soap_registrering.skriv_forespoergsel(
                *soap_registrering.laes_forespoergsel(kald.operation, kald.krop, k), k
            )
            return soap.skriv_kald(kald.identitet, element)
        if tjeneste.navn in LAESNINGER:
            laesekrop = LAESNINGER[tjeneste.navn]
            return soap.skriv_kald(
                kald.identitet, laesekrop.skriv_forespoergsel(*laesekrop.laes_forespoergsel(kald.krop))
            )
        if tjeneste.navn in NABOER:
            return soap.skriv_kald(kald.identitet, nabo_igen(NABOER[tjeneste.navn], kald))
        if en.operation in ENTITET:
            sekvens = wsrm.laes_sekvens_id(kald.headers[wsrm.sequence_request])
            return soap.skriv_kald(
                kald.identitet, wsrm.skriv_hent(en.operation), wsrm.sekvensheader("SequenceRequest", sekvens)
            )
        element = (
            wsrm.skriv_opret(wsrm.laes_underkoe(kald.krop))
            if en.operation == OPRET
            else wsrm.skriv_afslutning(en.operation, wsrm.laes_sekvens_id(kald.krop))
        )
        return soap.skriv_kald(kald.identitet, element)
    svar = soap.laes_svar(en.indhold)
    assert not isinstance(svar, soap.Fault)
    if tjeneste.navn in LAESNINGER:
        laesekrop = LAESNINGER[tjeneste.navn]
        return soap.skriv(laesekrop.skriv_svar(svar[0].text or "", laesekrop.laes_svar(svar)))
    if tjeneste.navn in NABOER:
        form = NABOER[tjeneste.navn].kvittering
        return soap.skriv(form.skriv(en.operation, form.laes(svar)))
    if tjeneste is PRS:
        return soap.skriv(soap_registrering.skriv_svar(en.operation, soap_registrering.laes_svar(svar, k), k))
    if en.operation in ENTITET:
        (header,) = soap.svar_headers(en.indhold).values()
        return soap.skriv(
            wsrm.skriv_beskeder(en.operation, wsrm.laes_beskeder(en.operation, svar)),
            wsrm.sekvensheader("SequenceResponse", wsrm.laes_sekvens_id(header)),
        )
    if en.operation == OPRET:
        endpoint = svar.findtext(".//{*}ServiceEndpoint") or ""
        return soap.skriv(wsrm.skriv_inventar(wsrm.laes_inventar(svar), endpoint))
    return soap.skriv(wsrm.skriv_slut(en.operation, wsrm.laes_sekvens_id(svar)))


def nabo_igen(krop: Tilmeldingskrop | Sygdomskrop | Ksdkrop, kald: soap.SoapKald) -> etree._Element:
    cpr, kommando = krop.laes(kald.operation, kald.krop, lambda: "no new id: the example has its own")
    if isinstance(krop, Sygdomskrop) and isinstance(kommando, Raskmeld):
        fra = date.fromisoformat((kald.krop.findtext(".//{*}StartDate") or "")[:10])
        return krop.skriv(cpr, kommando, fra)[1]
    return krop.skriv(cpr, kommando)[1]  # type: ignore[arg-type]  # a body reads what it can write


def test_rundt() -> None:
    def check(message: Eksempel) -> None:
        assert kanonisk(skrevet_igen(message)) == kanonisk(message.indhold)

    check_each(EKSEMPLER, check, lambda message: message.path)
