"""Checks of a request body that are independent of its contents: size, nesting depth, and no duplicate JSON fields.

A duplicate field is refused because two readers could each pick a different one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from lxml import etree

from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire.base import RemoteWireError

_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """Limits of a request body: bytes, and nesting levels of elements, objects and lists."""

    body: int = 1024 * 1024
    depth: int = 64


STANDARD = BodyLimits()


def json_too_deep(body: bytes, depth: int) -> bool:
    """Say whether objects and lists are nested deeper than `depth`; invalid JSON is left to the decoder."""
    if body.count(b"[") + body.count(b"{") <= depth:
        return False
    skeleton = _TEXT.sub(b"", body).translate(None, _NOT_BRACKETS)
    for _ in range(depth):
        smaller = skeleton.replace(b"[]", b"").replace(b"{}", b"")
        if smaller == skeleton:
            return len(skeleton) > depth  # unbalanced brackets
        skeleton = smaller
    return bool(skeleton)


def xml_too_deep(root: etree._Element, depth: int) -> bool:
    """Say whether elements are nested deeper than `depth`."""
    return bool(_deeper(depth)(root))


@cache
def _deeper(depth: int) -> etree.XPath:
    return etree.XPath(f"boolean({'/*' * (depth + 1)})")


def is_unambiguous(body: bytes, fields: Iterable[bytes]) -> bool:
    """Say whether a flat object with only these quoted field names certainly has no duplicate, without decoding it.

    A name can be written differently only with a backslash escape, so bodies with one get the slow check.
    """
    return b"\\" not in body and all(body.count(field) < 2 for field in fields)


def require_unambiguous(body: bytes) -> None:
    """Refuse a decoded body that has a duplicate field.

    Raises:
        RemoteWireError: 1014.
    """
    try:
        json.loads(body, object_pairs_hook=_refuse_duplicates)
    except ValueError as exc:  # a number with more digits than Python converts, in a field that msgspec skipped
        raise RemoteWireError(ServiceError(INVALID_REQUEST, "kroppen kan ikke læses")) from exc


def _refuse_duplicates(pair: Sequence[tuple[str, object]]) -> None:
    names = [name for name, _ in pair]
    if len(set(names)) < len(names):
        duplicate = next(name for number, name in enumerate(names) if name in names[:number])
        raise RemoteWireError(ServiceError(INVALID_REQUEST, f"{duplicate}: feltet står to gange"))
