"""How much a body may be, and how deep: the two limits that a reader of bodies holds, whatever the format."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from lxml import etree

_TEKST = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ANDET_END_PARENTESER = bytes(set(range(256)) - set(b"[]{}"))


@dataclass(frozen=True, slots=True)
class Kropsgraenser:
    """Bytes, and levels of elements, objects and lists."""

    krop: int = 1024 * 1024
    dybde: int = 64


STANDARD = Kropsgraenser()


def dyb_json(krop: bytes, dybde: int) -> bool:
    """Say whether objects and lists lie deeper than that; what is not JSON is for its reader to refuse."""
    if krop.count(b"[") + krop.count(b"{") <= dybde:
        return False
    skelet = _TEKST.sub(b"", krop).translate(None, _ANDET_END_PARENTESER)
    for _ in range(dybde):
        mindre = skelet.replace(b"[]", b"").replace(b"{}", b"")
        if mindre == skelet:
            return len(skelet) > dybde  # what opens and never closes
        skelet = mindre
    return bool(skelet)


def dyb_xml(rod: etree._Element, dybde: int) -> bool:
    """Say whether elements lie deeper than that."""
    return bool(_dybere(dybde)(rod))


@cache
def _dybere(dybde: int) -> etree.XPath:
    return etree.XPath(f"boolean({'/*' * (dybde + 1)})")
