"""JSON that means one thing only: a field that stands twice is refused, since two readers could take one each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.wire.base import RemoteWireError


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
