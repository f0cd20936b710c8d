"""Hide what identifies a citizen in everything that is printed or exported (DESIGN rule 6), and show what hides itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from vos_contracts.model.cpr import maskeret
from vos_contracts.wire.rest import UUID

_CPR = re.compile(rf"\b{UUID.pattern}\b|(?<!\d)(\d{{6}})(-?)(\d{{4}})(?!\d)")

_SKJULTE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def synlig(tekst: str) -> str:
    """Write out the characters that steer a terminal, begin a line or turn the direction of writing."""
    return _SKJULTE.sub(lambda fund: f"\\u{ord(fund[0]):04x}", tekst)


def erstat(tekst: str, ny: Callable[[str, str], str]) -> str:
    """Put something else for everything that looks like a CPR number: `ny` is given its ten digits and its hyphen, if any.

    The digits of a UUID are no CPR number: a call is not to be made again with a broken id.
    """
    return _CPR.sub(lambda fund: ny(fund[1] + fund[3], fund[2]) if fund[1] else fund[0], tekst)


def masker(tekst: str) -> str:
    """Hide the serial number of everything that looks like a CPR number."""
    return erstat(tekst, lambda cpr, _: maskeret(cpr))


def maskeret_indhold(vaerdi: object) -> object:
    """Return a JSON value with every text of it masked, before its signs are written as escapes."""
    match vaerdi:
        case str():
            return masker(vaerdi)
        case Mapping():
            return {navn: maskeret_indhold(en) for navn, en in vaerdi.items()}
        case list() | tuple():
            return [maskeret_indhold(en) for en in vaerdi]
        case _:
            return vaerdi
