"""A SOAP call made into another: something in its message, its headers, its envelope or its bytes is not as it was.

Whether what comes of it must be refused is said of the bytes that are sent, by a parser and the schema that know nothing of how
it was made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml import etree

from generalproeve.fuzz.schema_strategy import FORVANSKNINGER, forvansk
from generalproeve.fuzz.slump import TEKSTER, Slump
from generalproeve.fuzz.variantrest import OVER_GRAENSEN
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.wire.base import Kald
from vos_contracts.wire.graenser import STANDARD, dyb_xml
from vos_contracts.wire.soap import SOAP
from vos_contracts.wire.soap_skema import Operation, Tjeneste, tjenester

_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
)
_MAADER = sorted(FORVANSKNINGER)
_DYBT = 300
_INDSKUD = (
    b"<!-- x -->", b"<?x y?>", b"<![CDATA[x]]>", b"&x;", b"&#x41;", b"&#0;", b"<x/>", b"</x>", b"\x00", b"\xff",
    b"\xef\xbb\xbf", b"<a>" * _DYBT + b"</a>" * _DYBT,
)  # fmt: skip
_DOCTYPE = b'<!DOCTYPE x [<!ENTITY x "y"><!ENTITY z SYSTEM "file:///x">]>'


class Soapvarianter:
    """Make variants of one contract's messages."""

    def __init__(self, kontrakt: Kontrakt, slump: Slump) -> None:
        self._slump = slump

    def af(self, froe: Kald, *, uroert: bool) -> Kald:
        """Make one of a recorded call; untouched, it is what it was, about a citizen who is there."""
        slump = self._slump
        tekst = slump.paa_scenen(froe.krop.decode("utf-8", "replace"))
        kald = replace(froe, krop=tekst.encode())
        if uroert:
            return kald
        if slump.en_af(OVER_GRAENSEN):
            return replace(kald, krop=self._over_graensen(kald.krop))
        match slump.under(12):
            case 0 | 1:
                return replace(kald, krop=slump.byte(kald.krop))
            case 2:
                return replace(kald, krop=self._indskud(kald.krop))
            case 3:
                return replace(kald, headers=self._headers(dict(kald.headers)))
            case _:
                return replace(kald, krop=self._element(kald.krop))

    def _over_graensen(self, krop: bytes) -> bytes:
        """Make an envelope that says the same, and is larger than any may be, or has a header of nobody's that is deeper."""
        hoved = krop.find(b":Header>") + len(b":Header>")
        if self._slump.en_af(6) or hoved < len(b":Header>"):
            return krop + b" " * STANDARD.krop
        dybt = b'<x xmlns="urn:fremmed">' + b"<a>" * STANDARD.dybde + b"</a>" * STANDARD.dybde + b"</x>"
        return krop[:hoved] + dybt + krop[hoved:]

    def _indskud(self, krop: bytes) -> bytes:
        if self._slump.en_af(6):
            return _DOCTYPE + krop[krop.find(b"?>") + 2 if krop.startswith(b"<?xml") else 0 :]
        steder = [nummer for nummer, et in enumerate(krop) if et == ord(">")]
        if not steder:
            return krop
        sted = self._slump.vaelg(steder) + 1
        return krop[:sted] + self._slump.vaelg(_INDSKUD) + krop[sted:]

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        slump = self._slump
        navn = slump.vaelg(sorted({*headers, "soapaction", "content-type", "content-encoding"}))
        if slump.en_af(3):
            headers.pop(navn, None)
        else:
            vaerdi = slump.tekst(headers.get(navn, ""))
            headers[navn] = vaerdi.replace("\r", "").replace("\n", "").replace("\x00", "")
        return headers

    def _element(self, krop: bytes) -> bytes:
        """Change one or two elements, mostly of the message."""
        slump = self._slump
        try:
            rod = etree.fromstring(krop, _PARSER)
        except (etree.XMLSyntaxError, ValueError):
            return slump.byte(krop)
        del_ = rod[-1] if len(rod) and not slump.en_af(6) else rod
        for _ in range(1 + slump.en_af(3)):
            blade = [et for et in del_.iterdescendants() if isinstance(et.tag, str)]
            if not blade:
                break
            if slump.en_af(2):
                et = slump.vaelg(blade)
                self._tekst(et)
            else:
                forvansk(del_, slump.vaelg(_MAADER), slump.under(60))
        return etree.tostring(rod, encoding="utf-8")

    def _tekst(self, et: etree._Element) -> None:
        tekst = (
            self._slump.tekst(et.text or "")
            if self._slump.en_af(2)
            else self._slump.vaelg((*TEKSTER, "1", "2", "13", "8"))
        )
        try:
            et.text = tekst
        except ValueError:  # characters that XML does not have
            et.text = "?"


class Soapregler:
    """What the contract says of a call, from its bytes alone."""

    def __init__(self, kontrakt: Kontrakt) -> None:
        self._efter_sti: Mapping[str, Tjeneste] = {en.sti: en for en in tjenester(kontrakt).values()}

    def laest(self, kald: Kald) -> tuple[Tjeneste, Operation | None, bool]:
        """Say which service and operation it is of, and whether it must be refused whatever the stage holds."""
        tjeneste = self._efter_sti[kald.sti]
        krop = next(_besked(kald.krop), None)
        if krop is None:
            return tjeneste, None, True
        operation = tjeneste.efter_request.get(str(krop.tag))
        return tjeneste, operation, operation is None or bool(tjeneste.brud(krop))


def _besked(krop: bytes) -> Iterator[etree._Element]:
    """Give the message, where the bytes are an envelope of SOAP 1.1 with one, within the limits and with no DOCTYPE."""
    if len(krop) > STANDARD.krop:
        return
    try:
        rod = etree.fromstring(krop, _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        return
    body = rod.find(f"{{{SOAP}}}Body")
    er_konvolut = rod.tag == f"{{{SOAP}}}Envelope" and b"<!DOCTYPE" not in krop
    if er_konvolut and body is not None and len(body) == 1 and not dyb_xml(rod, STANDARD.dybde):
        yield body[0]
