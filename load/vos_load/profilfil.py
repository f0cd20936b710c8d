"""A load profile's file: those that come with the package, and one's own; errors: ProfilFejl naming file, key and rule."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from vos_load.profil import Profil
from vos_load.profilregler import brudte

MAPPE = Path(__file__).parent / "profiler"
_NOEGLE = re.compile(r"key. in |\$\.|`|\[\.\.\.\]")
"""What msgspec puts around the key that is wrong."""


class ProfilFejl(Exception):
    """A profile that cannot be played; the message names file, key and rule."""


def navne() -> Sequence[str]:
    """Name the profiles that come with the package."""
    return tuple(sorted(fil.stem for fil in MAPPE.glob("*.toml")))


def indlaes(navn: str) -> Profil:
    """Read a profile of the package by its name, or one of your own by its file."""
    fil = Path(navn)
    if fil.suffix != ".toml":
        fil = MAPPE / f"{navn}.toml"
        if navn not in navne():
            raise ProfilFejl(f"profile {navn!r}: unknown; known are {', '.join(navne())}, or give a TOML file")
    try:
        tekst = fil.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as brud:
        raise ProfilFejl(f"{fil}: {brud}") from brud
    return laes(tekst, str(fil) if fil.parent != MAPPE else navn)


def laes(tekst: str, hvor: str) -> Profil:
    """Read a profile's text; `hvor` is what it is called in errors."""
    try:
        profil = msgspec.convert(_tabeller(tekst, hvor), Profil)
    except tomllib.TOMLDecodeError as brud:
        raise ProfilFejl(f"{hvor}: {brud}") from brud
    except msgspec.ValidationError as brud:
        regel, _, sted = str(brud).partition(" - at ")
        noegle = _NOEGLE.sub("", sted)
        raise ProfilFejl(f"{hvor}: {f'{noegle}: ' if noegle else ''}{regel}") from None
    for noegle, regel in brudte(profil):
        raise ProfilFejl(f"{hvor}: {noegle}: {regel}")
    return profil


def _tabeller(tekst: str, hvor: str) -> dict[str, Any]:
    """Read the keys, laid over those of the profile that it is `like`: a table's keys one by one, anything else whole."""
    egne = tomllib.loads(tekst)
    ligner = egne.pop("like", None)
    if ligner is None:
        return egne
    if ligner not in navne():
        raise ProfilFejl(f"{hvor}: like: must be one of {', '.join(navne())}, not {ligner!r}")
    faelles = _tabeller((MAPPE / f"{ligner}.toml").read_text("utf-8"), ligner)
    for noegle, vaerdi in egne.items():
        under = faelles.get(noegle)
        faelles[noegle] = {**under, **vaerdi} if isinstance(under, dict) and isinstance(vaerdi, dict) else vaerdi
    return faelles
