"""Misbehaving references, named for what they do: each builds the reference and bends one thing; closing it bends it back."""

from __future__ import annotations

from support.misbehaving import access, consequences, messages, reading, registration, runtime
from support.misbehaving.bending import MISBEHAVING, Builder

__all__ = ["MISBEHAVING", "access", "consequences", "messages", "reading", "registration", "runtime"]


def __getattr__(name: str) -> Builder:
    try:
        return MISBEHAVING[name]
    except KeyError as exc:
        raise AttributeError(name) from exc
