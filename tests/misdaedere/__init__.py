"""Misbehaving references, named for what they do: each builds the reference and bends one thing; closing it bends it back."""

from __future__ import annotations

from misdaedere import adgang, beskeder, drift, foelger, laesning, registrering
from misdaedere.boejning import MISDAEDERE, Bygger

__all__ = ["MISDAEDERE", "adgang", "beskeder", "drift", "foelger", "laesning", "registrering"]


def __getattr__(navn: str) -> Bygger:
    try:
        return MISDAEDERE[navn]
    except KeyError as fejl:
        raise AttributeError(navn) from fejl
