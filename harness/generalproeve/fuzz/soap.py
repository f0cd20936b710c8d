"""The hunt by SOAP: for every operation of every service a message from its schema, valid or wrong at one place, in an envelope
that may be odd; a wrong one must be refused, and no answer is anything but the operation's own or the documented fault.

Not here: how messages are made up (`skemastrategi`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st
from lxml import etree

from generalproeve.fuzz import hunts
from generalproeve.fuzz.findings import Kaldsfund, call_finding
from generalproeve.fuzz.hunts import Budget
from generalproeve.fuzz.lines import Linjer, UbesvaretError, borgere
from generalproeve.fuzz.rest_judges import Efterladt, efterlod
from generalproeve.fuzz.schema_strategy import FORVANSKNINGER, Skemastrategi, forvansk
from generalproeve.fuzz.soap_judges import FaultJudge
from vos_contracts.wire import soap
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_contracts.wire.soap import SOAP
from vos_contracts.wire.soap_skema import Operation, Tjeneste, tjenester
from vos_contracts.wire.tid import midnat

KUVERTER = (
    *["almindelig"] * 8, "andet præfiks", "default namespace", "uden citationstegn", "uden SOAPAction",
    "headere i omvendt orden", "forkert SOAPAction", "SOAP 1.2", "to elementer i Body", "en header to gange", "uden headere",
)  # fmt: skip
AFVISES = frozenset({"forkert SOAPAction", "SOAP 1.2", "to elementer i Body", "en header to gange", "uden headere"})
"""The envelopes that must be refused; the others say the same as the plain one."""
KUVERT, SKEMA = "kuvert", "skema"


@dataclass(frozen=True, slots=True)
class SchemaCall:
    """A call that was made up: what it is of, what is odd about it, and whether it must be refused."""

    operation: str
    saert: str
    skal_afvises: bool
    kald: Kald


def jag(linjer: Linjer, budget: Budget) -> Iterator[Kaldsfund]:
    """Hunt until the budget is spent or a call is answered as it must not be, then give the simplest such call."""
    dommer = _SchemaJudge(linjer)

    def doem(en: SchemaCall) -> tuple[str, int] | None:
        budget.spend()
        try:
            svar = linjer.tjenester.send(en.kald)
        except UbesvaretError as ubesvaret:
            return str(ubesvaret), 0
        brud = dommer.doem(en, svar)
        return (brud, svar.status) if brud else None

    fundet = hunts.hunt(_alle(linjer), doem, lambda en: en.kald.sti.encode() + en.kald.krop, linjer.seed, budget)
    if fundet is not None:
        en, (brud, status) = fundet
        rule = KUVERT if en.skal_afvises else SKEMA
        yield call_finding(linjer, en.operation, rule, f"{brud} ({en.saert})", en.kald, status)


def genspil(linjer: Linjer, fund: Kaldsfund) -> Kaldsfund | None:
    """Make the call again; None if it is answered rightly now."""
    borgere(linjer)
    en = SchemaCall(fund.operation, "", fund.regel == KUVERT, fund.kald.kald())
    dommer = _SchemaJudge(linjer)
    try:
        svar = linjer.tjenester.send(en.kald)
    except UbesvaretError:
        return fund
    return fund if dommer.doem(en, svar) else None


def _alle(linjer: Linjer) -> st.SearchStrategy[SchemaCall]:
    cpr = borgere(linjer)
    operationer = [
        (tjeneste, operation, Skemastrategi(tjeneste, cpr, midnat(linjer.ur)).element(operation.request))
        for tjeneste in tjenester(linjer.kontrakt).values()
        for operation in tjeneste.operationer.values()
    ]

    @st.composite
    def kald(draw: st.DrawFn) -> SchemaCall:
        tjeneste, operation, strategi = draw(st.sampled_from(operationer))
        krop = draw(strategi)
        galt = ""
        if draw(st.booleans()):
            galt = forvansk(krop, draw(st.sampled_from(sorted(FORVANSKNINGER))), draw(st.integers(0, 30)))
        kuvert = draw(st.sampled_from(KUVERTER))
        krop = etree.fromstring(etree.tostring(krop))  # as it is sent: an empty text is no content there
        skal_afvises = kuvert in AFVISES or bool(tjeneste.brud(krop))
        return SchemaCall(
            f"{tjeneste.navn}.{operation.navn}",
            ", ".join(filter(None, [galt, kuvert])),
            skal_afvises,
            _i_kuvert(linjer, tjeneste, operation, krop, kuvert),
        )

    return kald()


def _i_kuvert(linjer: Linjer, tjeneste: Tjeneste, operation: Operation, krop: etree._Element, kuvert: str) -> Kald:
    rod = etree.fromstring(soap.skriv_kald(linjer.kalder, krop))
    header, body = rod[0], rod[1]
    handling = f'"{operation.soapaction}"'
    match kuvert:
        case "headere i omvendt orden":
            header[:] = list(reversed(header))
        case "en header to gange":
            header.append(etree.fromstring(etree.tostring(header[0])))
        case "to elementer i Body":
            body.append(etree.fromstring(etree.tostring(body[0])))
        case "uden headere":
            rod.remove(header)
        case "uden citationstegn":
            handling = operation.soapaction
        case "uden SOAPAction":
            handling = ""
        case "forkert SOAPAction":
            handling = f'"{operation.soapaction}X"'
        case _:
            pass
    tekst = etree.tostring(rod, encoding="utf-8")
    match kuvert:
        case "andet præfiks":
            tekst = (
                tekst.replace(b"<s:", b"<q-1.x:").replace(b"</s:", b"</q-1.x:").replace(b"xmlns:s=", b"xmlns:q-1.x=")
            )
        case "default namespace":
            tekst = tekst.replace(b"<s:", b"<").replace(b"</s:", b"</").replace(b"xmlns:s=", b"xmlns=")
        case "SOAP 1.2":
            tekst = tekst.replace(SOAP.encode(), b"http://www.w3.org/2003/05/soap-envelope")
        case _:
            pass
    headers = {"content-type": "text/xml; charset=utf-8", **({"soapaction": handling} if handling else {})}
    return Kald("POST", tjeneste.sti, headers, tekst)


class _SchemaJudge:
    def __init__(self, linjer: Linjer) -> None:
        self._efterladt = Efterladt(linjer)
        self._faults = FaultJudge(linjer.kontrakt)

    def doem(self, call: SchemaCall, answer: Svar) -> str:
        """Say what is wrong with the answer; empty if nothing is."""
        rows, messages = self._efterladt.nyt()
        try:
            content = soap.laes_svar(answer.krop)
        except RemoteWireError as error:
            return f"svaret {answer.status} kan ikke forstås: {error}"
        if not isinstance(content, soap.Fault):
            return "et kald, der skal afvises, blev udført" if call.skal_afvises else ""
        for breach in self._faults.breaches(call.operation, content, answer.status):
            return breach
        return efterlod(answer.status, rows, messages) if rows or messages else ""
