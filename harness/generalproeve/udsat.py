"""Where a stage may be reached from: loopback, unless it is said that more is meant; then its control API needs a token."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from generalproeve.udgang import KanIkkeKoere
from generalproeve.vaerdier import LOOPBACK, tekst

KORTESTE_TOKEN = 16


def kraev_lov(vaerter: Iterable[tuple[str, str]], *, lov: bool) -> None:
    """Refuse to bind a host that is not loopback, unless that is meant; each comes with its key; errors: KanIkkeKoere."""
    for noegle, vaert in vaerter:
        if vaert not in LOOPBACK and not lov:
            raise KanIkkeKoere(f"{noegle} {vaert}: is not on this machine; --allow-remote says that it is meant")


def laes_token(hvor: str, vaerdi: object) -> str:
    """Read a token; what is refused is not repeated; errors: KanIkkeKoere."""
    token = tekst(hvor, vaerdi)
    if len(token) < KORTESTE_TOKEN or not token.isascii() or not token.replace("-", "").replace("_", "").isalnum():
        raise KanIkkeKoere(f"{hvor}: must be at least {KORTESTE_TOKEN} letters, digits, - and _")
    return token


def tokenet(givet: str | None, *vaerter: str) -> str | None:
    """Return the token that the control API asks for: the given one, a new one where a host is not loopback, else none."""
    return givet or (None if set(vaerter) <= set(LOOPBACK) else secrets.token_urlsafe(24))
