"""Checks of a body that are independent of its contents: size, nesting, attributes, and no duplicate JSON fields.

Each takes time in proportion to the body, because it runs in the event loop before the caller is known.

A duplicate field is refused because two readers could each pick a different one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO

import msgspec
from lxml import etree

from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire.base import RemoteWireError

_TEXT = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
"""A string, or an unterminated one to the end of the body: otherwise each of its quotes would be tried as a new start."""
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """Limits of a request body: bytes, nesting levels of elements, objects and lists, and XML attributes.

    Attributes are those of the whole document, namespace declarations among them: libxml2 searches the declarations one by
    one for each name that it copies or validates.
    """

    body: int = 1024 * 1024
    depth: int = 64
    attributes: int = 1000


STANDARD = BodyLimits()
ANSWER = BodyLimits(attributes=10_000_000)
"""Limits of what a service answers: hundreds of messages may each declare their namespaces, and no schema is applied."""


def json_too_deep(body: bytes, depth: int) -> bool:
    """Return whether objects and lists are nested deeper than `depth`; invalid JSON is left to the decoder."""
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
    """Return whether elements are nested deeper than `depth`."""
    return bool(_deeper(depth)(root))


@cache
def _deeper(depth: int) -> etree.XPath:
    return etree.XPath(f"boolean({'/*' * (depth + 1)})")


def too_many_attributes(body: bytes, root: etree._Element, most: int) -> bool:
    """Return whether a document has more than `most` attributes and namespace declarations."""
    if body.count(b"=") <= most:
        return False
    declarations = 0
    if b"xmlns" in body:  # the tree does not tell where a namespace was declared, and a second parse does
        declarations = sum(1 for _ in etree.iterparse(BytesIO(body), events=("start-ns",), no_network=True))
    return bool(_MORE_ATTRIBUTES(root, most=most - declarations))


_MORE_ATTRIBUTES = etree.XPath("count(//@*) > $most")


def is_unambiguous(body: bytes, fields: Iterable[bytes]) -> bool:
    """Return whether a flat object with only these quoted field names certainly has no duplicate, without decoding it.

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
    seen: set[str] = set()
    for name, _ in pair:
        if name in seen:
            raise RemoteWireError(ServiceError(INVALID_REQUEST, f"{name}: feltet står to gange"))
        seen.add(name)


def in_our_spelling(names: Sequence[str], body: bytes) -> bytes:
    """Return the body with its names spelled as in `names` at every depth; the same body if they are, or unreadable.

    Raises:
        RemoteWireError: 1014, a name stands twice.
    """
    try:
        content = msgspec.json.decode(body.decode("utf-8"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return body
    known = {name.lower(): name for name in names}
    if _is_spelled(content, known):
        return body
    require_unambiguous(body)
    return msgspec.json.encode(_respelled(content, known))


def _is_spelled(value: object, known: Mapping[str, str]) -> bool:
    if isinstance(value, list):
        return all(_is_spelled(item, known) for item in value)
    if not isinstance(value, dict):
        return True
    return all(known.get(name.lower(), name) == name and _is_spelled(item, known) for name, item in value.items())


def _respelled(value: object, known: Mapping[str, str]) -> object:
    if isinstance(value, list):
        return [_respelled(item, known) for item in value]
    if not isinstance(value, dict):
        return value
    respelled: dict[str, object] = {}
    for name, item in value.items():
        ours = known.get(name.lower(), name)
        if ours in respelled:
            raise RemoteWireError(ServiceError(INVALID_REQUEST, f"{ours}: feltet står to gange"))
        respelled[ours] = _respelled(item, known)
    return respelled
