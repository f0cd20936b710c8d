"""A REST call made into another: its method, path, headers or body as it was but for something.

Not here: what may be answered (`variantdommer`).
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from generalproeve.fuzz.slump import MAERKELIGE, RAA, Slump
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.wire.base import Kald
from vos_contracts.wire.graenser import STANDARD

OVER_GRAENSEN = 60
"""One in so many is beyond what a stage reads, and else as it was."""
DYBT = 2000
LANGT = 12_000
"""Entries in a list that is too long for anything."""
METODER = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
MEDIETYPER = (
    "text/plain", "application/json; charset=latin-1", "application/xml", "application/json; charset=UTF-8", "APPLICATION/JSON",
    "application/json, text/plain", "", "multipart/form-data; boundary=x",
)  # fmt: skip


class Restvarianter:
    """Make variants under the header names of one contract."""

    def __init__(self, kontrakt: Kontrakt, slump: Slump) -> None:
        self._slump = slump
        self._kald_id = kontrakt.navne.header("requestId").lower()

    def af(self, froe: Kald, *, uroert: bool) -> Kald:
        """Make one of a recorded call; untouched, it is what it was, about a citizen who is there."""
        slump = self._slump
        headers = {navn: slump.paa_scenen(vaerdi) for navn, vaerdi in froe.headers.items()}
        if self._kald_id in headers:
            headers[self._kald_id] = slump.ny_id()
        krop = froe.krop
        if uroert or slump.en_af(2):
            krop = slump.paa_scenen(krop.decode("utf-8", "replace")).encode()
        kald = Kald(froe.metode, slump.paa_scenen(froe.sti), headers, krop)
        if uroert:
            return kald
        if slump.en_af(OVER_GRAENSEN):
            return replace(kald, krop=self._over_graensen(kald.krop))
        for _ in range(1 + slump.under(2)):
            kald = self._aendret(kald)
        return kald

    def _over_graensen(self, krop: bytes) -> bytes:
        """Make a body of the same meaning that is larger than any may be, or one that is deeper."""
        if self._slump.en_af(6):
            return (krop or b"{}") + b" " * STANDARD.krop
        return b"[" * (STANDARD.dybde + 1) + b"]" * (STANDARD.dybde + 1)

    def _aendret(self, kald: Kald) -> Kald:
        match self._slump.under(16):
            case 0:
                return replace(kald, metode=self._slump.vaelg(METODER))
            case 1 | 2:
                return replace(kald, sti=self._sti(kald.sti))
            case 3 | 4 | 5 | 6:
                return replace(kald, headers=self._headers(dict(kald.headers)))
            case 7 | 8:
                return replace(kald, krop=self._slump.byte(kald.krop))
            case _ if kald.krop:
                return replace(kald, krop=self._krop(kald.krop))
            case _:
                return replace(kald, headers=self._headers(dict(kald.headers)))

    def _sti(self, sti: str) -> str:
        if self._slump.en_af(4):
            return f"{sti}?{quote(self._slump.tekst('efter=1'), safe='=&')}"
        dele = sti.split("/")
        nummer = 1 + self._slump.under(len(dele) - 1)
        dele[nummer] = quote(self._slump.tekst(dele[nummer])[:2000], safe="")
        return "/".join(dele)

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        slump = self._slump
        if not headers or slump.en_af(12):
            headers["content-encoding"] = slump.vaelg(("gzip", "identity", "br", "x"))
            return headers
        navn = slump.vaelg(list(headers))
        match slump.under(6):
            case 0:
                del headers[navn]
            case 1 if navn == "content-type":
                headers[navn] = slump.vaelg(MEDIETYPER)
            case 2:
                headers[navn] = slump.vaelg(RAA) if slump.en_af(8) else f" {headers[navn]}\t"
            case 3:
                headers[navn] = headers[slump.vaelg(list(headers))]
            case _:
                headers[navn] = _paa_en_linje(slump.tekst(headers[navn]))
        return headers

    def _krop(self, krop: bytes) -> bytes:
        slump = self._slump
        try:
            indhold = json.loads(krop)
        except (ValueError, RecursionError):
            return slump.byte(krop)
        match slump.under(24):
            case 0:
                return b"[" * DYBT + b"]" * DYBT
            case 1:
                return json.dumps(indhold, separators=(",", ":")).replace("{", '{"x":1,', 1).encode()
            case 2 if isinstance(indhold, dict) and indhold:
                navn = slump.vaelg(list(indhold))  # a field that stands twice
                igen = json.dumps({navn: slump.vaelg(MAERKELIGE)})[1:-1]
                return json.dumps(indhold).replace("{", f"{{{igen}, ", 1).encode()
            case _:
                try:
                    return json.dumps(self._vaerdi(indhold), ensure_ascii=slump.en_af(2)).encode(
                        "utf-8", "surrogatepass"
                    )
                except (ValueError, RecursionError):
                    return slump.byte(krop)

    def _vaerdi(self, vaerdi: Any) -> Any:
        slump = self._slump
        if isinstance(vaerdi, dict) and vaerdi and not slump.en_af(10):
            navn = slump.vaelg(list(vaerdi))
            if slump.en_af(5):
                return {et: indhold for et, indhold in vaerdi.items() if et != navn}
            if slump.en_af(8):
                return {et if et != navn else slump.tekst(et): indhold for et, indhold in vaerdi.items()}
            return {**vaerdi, navn: self._vaerdi(vaerdi[navn])}
        if isinstance(vaerdi, list) and vaerdi and not slump.en_af(8):
            if slump.en_af(6):
                return vaerdi + [slump.vaelg(vaerdi)] * (LANGT if slump.en_af(20) else 1)
            nummer = slump.under(len(vaerdi))
            return [*vaerdi[:nummer], self._vaerdi(vaerdi[nummer]), *vaerdi[nummer + 1 :]]
        if isinstance(vaerdi, str) and not slump.en_af(4):
            return slump.tekst(vaerdi)
        if isinstance(vaerdi, int) and not isinstance(vaerdi, bool) and slump.en_af(2):
            return slump.under(30)
        return slump.vaelg(MAERKELIGE)


def _paa_en_linje(tekst: str) -> str:
    return tekst.replace("\r", "").replace("\n", "").replace("\x00", "")
