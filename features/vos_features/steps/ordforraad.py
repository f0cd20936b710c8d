"""How steps read their words: kinds of registration with and without the definite article, days, roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytest_bdd import given, parsers, then, when

from vos_contracts.operationer import Art

Dekoration = Callable[[Any], Any]

_ROLLE = (
    r"jobcentret|et andet jobcenter|kommunen|a-kassen|en anden a-kasse|STAR|KSD|planneren|Jobnet|VITAS|Landssupporten"
    r"|Datakanon|anden aktør|en fremmed aktør|AUB|UDK|STIL"
    r"|a-kassens sagsbehandler på Jobnet|jobcentrets sagsbehandler på Jobnet|et andet jobcenters sagsbehandler på Jobnet"
)
_ART = r"kontaktgruppe|personkategori"
_DAG = r"i går|i dag|i morgen|for \d+ dage siden|om \d+ dage"

_ORD = {
    "rolle": rf"(?P<rolle>{_ROLLE})",
    "registrant": rf"(?P<registrant>{_ROLLE})",
    "art": rf"(?P<art>{_ART})",
    "artn": rf"(?P<art>{_ART})e?n",
    "dag": rf"(?P<dag>{_DAG})",
    "kanal": r"(?P<kanal>PRS|PVS)",
    "type": r"(?P<type_>\d+)",
    "kode": r"(?P<kode>\d+)",
    "tal": r"(?P<tal>\d+)",
    "domaene": r"(?P<domaene>JobSearch|Kontaktforloeb|Virksomhedsindsats)",
    "besked": r"(?P<besked>\w+)",
    "udgave": r"(?P<udgave>\d{4}-\d)",
}
OMSAET: dict[str, Any] = {"art": Art, "type_": int, "kode": int, "tal": int}


def _trin(slags: Callable[..., Dekoration], tekst: str) -> Dekoration:
    moenster = tekst
    for ord_, udtryk in _ORD.items():
        moenster = moenster.replace(f"{{{ord_}}}", udtryk)
    return slags(parsers.re(rf"^{moenster}$"), converters=OMSAET)


def givet(tekst: str) -> Dekoration:
    """Make a "Givet" step from Danish text with `{words}`; everything else is literal, or a regular expression."""
    return _trin(given, tekst)


def naar(tekst: str) -> Dekoration:
    """Make a "Når" step, as `givet`."""
    return _trin(when, tekst)


def saa(tekst: str) -> Dekoration:
    """Make a "Så" step, as `givet`."""
    return _trin(then, tekst)
