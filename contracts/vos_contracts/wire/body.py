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

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.wire.base import RemoteWireError

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


def ses_entydig(krop: bytes, felter: Iterable[bytes]) -> bool:
    """Say whether a flat object that has no other fields than these, in quotes, is seen to have none of them twice.

    A name can be written in another way only with a backslash.
    """
    return b"\\" not in krop and all(krop.count(felt) < 2 for felt in felter)


def kraev_entydig(krop: bytes) -> None:
    """Refuse a body that was decoded already if a field of it stands twice; errors: RemoteWireError with 1014."""
    try:
        json.loads(krop, object_pairs_hook=_hver_en_gang)
    except (
        ValueError
    ) as brud:  # a number longer than Python reads: the decoder has let it through as none of the fields
        raise RemoteWireError(Fejl(VALIDERER_IKKE, "kroppen kan ikke læses")) from brud


def _hver_en_gang(par: Sequence[tuple[str, object]]) -> None:
    navne = [navn for navn, _ in par]
    if len(set(navne)) < len(navne):
        dobbelt = next(navn for nummer, navn in enumerate(navne) if navn in navne[:nummer])
        raise RemoteWireError(Fejl(VALIDERER_IKKE, f"{dobbelt}: feltet står to gange"))
