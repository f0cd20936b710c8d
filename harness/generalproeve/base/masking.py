"""Hide what identifies a citizen in everything that is printed or exported (DESIGN rule 6), and show what hides itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from vos_contracts.model.cpr import masked
from vos_contracts.wire.rest.registration import UUID

_CPR = re.compile(rf"\b{UUID.pattern}\b|(?<!\d)(\d{{6}})(-?)(\d{{4}})(?!\d)")

_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """Write out the characters that steer a terminal, begin a line or turn the direction of writing."""
    return _HIDDEN.sub(lambda finding: f"\\u{ord(finding[0]):04x}", text)


def substitute(text: str, new: Callable[[str, str], str]) -> str:
    """Put something else for everything that looks like a CPR number: `new` is given its ten digits and its hyphen, if any.

    The digits of a UUID are no CPR number: a call is not to be made again with a broken id.
    """
    return _CPR.sub(lambda finding: new(finding[1] + finding[3], finding[2]) if finding[1] else finding[0], text)


def mask(text: str) -> str:
    """Hide the serial number of everything that looks like a CPR number."""
    return substitute(text, lambda cpr, _: masked(cpr))


def masked_content(value: object) -> object:
    """Return a JSON value with every text of it masked, before its signs are written as escapes."""
    match value:
        case str():
            return mask(value)
        case Mapping():
            return {name: masked_content(item) for name, item in value.items()}
        case list() | tuple():
            return [masked_content(item) for item in value]
        case _:
            return value
