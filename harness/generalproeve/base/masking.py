"""Mask CPR numbers in everything that is printed or exported, and write out invisible characters (DECISIONS.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from vos_contracts.model.cpr import masked
from vos_contracts.wire.rest.registration import UUID

_CPR = re.compile(rf"\b{UUID.pattern}\b|(?<!\d)(\d{{6}})(-?)(\d{{4}})(?!\d)")

_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """Replace terminal controls, line separators and bidirectional controls by their `\\uXXXX` escapes."""
    return _INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def substitute(text: str, new: Callable[[str, str], str]) -> str:
    """Replace everything that looks like a CPR number by `new(digits, hyphen)`; the hyphen is "" where there is none.

    Digits inside a UUID are left alone: an id with replaced digits would break a call that is reproduced.
    """
    return _CPR.sub(lambda found: new(found[1] + found[3], found[2]) if found[1] else found[0], text)


def mask(text: str) -> str:
    """Mask the serial number of everything that looks like a CPR number."""
    return substitute(text, lambda cpr, _: masked(cpr))


def mask_json(value: object) -> object:
    """Return a JSON value with every string masked; to be done before encoding, which may split digits by escapes."""
    match value:
        case str():
            return mask(value)
        case Mapping():
            return {name: mask_json(item) for name, item in value.items()}
        case list() | tuple():
            return [mask_json(item) for item in value]
        case _:
            return value
