"""Find what is accepted in a call although a real environment may refuse it or read it otherwise.

The rows of `leniency.csv` say what, and why a real environment differs. What one of our own documents forbids is refused
instead and is no row there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vos_contracts.contract import Contract
from vos_contracts.tables.table import Certainty
from vos_contracts.wire.base import Call
from vos_contracts.wire.soap.schemas import services

_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?"
_ELEMENT_WITHOUT_OFFSET = re.compile(rb">[ \t\r\n]*%b[ \t\r\n]*<" % _TIME.encode())
_WITHOUT_OFFSET = re.compile(_TIME, re.ASCII)


@dataclass(frozen=True, slots=True)
class Leniency:
    """One row: what is accepted, and what a real environment does with it, both in Danish."""

    key: str
    accepted: str
    real: str
    source: str
    certainty: Certainty


def leniencies(contract: Contract) -> Mapping[str, Leniency]:
    """Return the rows by key."""
    return {
        key: Leniency(key, row["accepted"], row["real"], row.source, row.certainty)
        for (key,), row in contract.tables["leniency"].items()
    }


class LeniencyFinder:
    """Finds the rows that calls under one contract use."""

    def __init__(self, contract: Contract) -> None:
        self._soap_paths = frozenset(path for service in services(contract).values() for path in service.paths)
        self._time_header = contract.names.header("registreringstidspunkt").lower()

    def find(self, call: Call) -> tuple[str, ...]:
        """Return the keys of the rows that the call uses, in the table's order; a truncated body is searched as it is."""
        return tuple(self._found(call))

    def _found(self, call: Call) -> Iterator[str]:
        is_soap = call.method == "POST" and call.path.partition("?")[0] in self._soap_paths
        if is_soap:
            media_type, _, parameters = call.headers.get("content-type", "").partition(";")
            if not call.headers.get("soapaction", "").strip('" '):
                yield "no_soapaction"
            if media_type.strip().lower() == "application/xml":
                yield "xml_media_type"
            if "charset" not in parameters.lower():
                yield "no_charset"
        in_header = _WITHOUT_OFFSET.fullmatch(call.headers.get(self._time_header, "")) is not None
        if in_header or (is_soap and _ELEMENT_WITHOUT_OFFSET.search(call.body)):
            yield "no_offset"
        if not all(value.isascii() for value in call.headers.values()):
            yield "raw_header_text"
