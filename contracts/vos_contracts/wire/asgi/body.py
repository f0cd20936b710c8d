"""What any reader demands of a body, whatever it says: its size, its depth, and in JSON no field twice.

A field that stands twice is refused, since two readers could take one each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from lxml import etree

from vos_contracts.tables.errors import VALIDATES_NOT, ServiceError
from vos_contracts.wire.base import RemoteWireError

_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_OTHER_END_PARENTHESES = bytes(set(range(256)) - set(b"[]{}"))


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """Bytes, and levels of elements, objects and lists."""

    body: int = 1024 * 1024
    depth: int = 64


STANDARD = BodyLimits()


def deep_json(body: bytes, depth: int) -> bool:
    """Say whether objects and lists lie deeper than that; what is not JSON is for its reader to refuse."""
    if body.count(b"[") + body.count(b"{") <= depth:
        return False
    skeleton = _TEXT.sub(b"", body).translate(None, _OTHER_END_PARENTHESES)
    for _ in range(depth):
        smaller = skeleton.replace(b"[]", b"").replace(b"{}", b"")
        if smaller == skeleton:
            return len(skeleton) > depth  # what opens and never closes
        skeleton = smaller
    return bool(skeleton)


def deep_xml(root: etree._Element, depth: int) -> bool:
    """Say whether elements lie deeper than that."""
    return bool(_deeper(depth)(root))


@cache
def _deeper(depth: int) -> etree.XPath:
    return etree.XPath(f"boolean({'/*' * (depth + 1)})")


def ses_unambiguous(body: bytes, fields: Iterable[bytes]) -> bool:
    """Say whether a flat object that has no other fields than these, in quotes, is seen to have none of them twice.

    A name can be written in another way only with a backslash.
    """
    return b"\\" not in body and all(body.count(field) < 2 for field in fields)


def require_unambiguous(body: bytes) -> None:
    """Refuse a body that was decoded already if a field of it stands twice; errors: RemoteWireError with 1014."""
    try:
        json.loads(body, object_pairs_hook=_each_one_time)
    except ValueError as exc:  # a number longer than Python reads: the decoder has let it through as none of the fields
        raise RemoteWireError(ServiceError(VALIDATES_NOT, "kroppen kan ikke læses")) from exc


def _each_one_time(pair: Sequence[tuple[str, object]]) -> None:
    names = [name for name, _ in pair]
    if len(set(names)) < len(names):
        double = next(name for number, name in enumerate(names) if name in names[:number])
        raise RemoteWireError(ServiceError(VALIDATES_NOT, f"{double}: feltet står to gange"))
