"""What a name or a status must be to be usable: checked when an overlay is loaded, before anything is built on it.

Only rows that the overlay changed are looked at. Not here: whether it may change them (`vos_contracts.tabel`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from vos_contracts.tabel import FORMER, Tabel, TabelFejl, indlaes

_Regel = tuple[Callable[[str], object], str]
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NCNAME = re.compile(r"[^\W\d][\w.\-]*")
_STI = re.compile(r"/[A-Za-z0-9._~/-]*[A-Za-z0-9._~-]")
_SEGMENT = re.compile(r"[A-Za-z0-9._~-]+")
_NAVNERUM = re.compile(r"[^\s<>\"{}|\\^`]+")
_MAEGLER = re.compile(r"(?!amq\.)[A-Za-z0-9._:-]{1,120}")
_NAVNE: Mapping[str, _Regel] = MappingProxyType(
    {
        "header": (_TOKEN.fullmatch, "must be an HTTP header name (RFC 9110 token)"),
        "json": (re.compile(r"[A-Za-z_][\w-]*").fullmatch, "must be a JSON member name of letters, digits, _ and -"),
        "namespace": (_NAVNERUM.fullmatch, "must be a URI"),
        "element": (_NCNAME.fullmatch, "must be an XML name without a colon"),
        "maegler": (
            _MAEGLER.fullmatch,
            "must be a name on a broker: letters, digits and ._:- and not beginning with amq.",
        ),
        "emne": (re.compile(r"[A-Za-z0-9_-]{1,40}").fullmatch, "must be one word of a routing key"),
    }
)


def kontroller(tabeller: Mapping[str, Tabel]) -> None:
    """Look at every changed row; errors: TabelFejl naming table, key, value and rule."""
    for brud in (*_navnebrud(tabeller["navne"]), *_statusbrud(tabeller["fejl"])):
        raise TabelFejl(brud)


def _navnebrud(tabel: Tabel) -> Iterator[str]:
    for (noegle,), raekke in tabel.items():
        if not raekke.overlagt:
            continue
        slags, vaerdi = noegle.partition(".")[0], raekke["vaerdi"]
        hvor = f"{raekke.kilde}: navne/{noegle}: {vaerdi!r}"
        passer, regel = _regel(noegle)
        if not passer(vaerdi):
            yield f"{hvor} {regel}"
        for (anden,), en in tabel.items():
            if anden != noegle and _samme_rum(noegle, anden) and en["vaerdi"].lower() == vaerdi.lower():
                yield f"{hvor} is the name of {anden} already"
        if slags == "raekkefoelge" and set(vaerdi.split()) != set(_afsendt(noegle).split()):
            yield f"{hvor} must hold the same names in another order: {_afsendt(noegle)}"


def _regel(noegle: str) -> _Regel:
    slags = noegle.partition(".")[0]
    if slags == "sti":
        if _afsendt(noegle).startswith("/"):
            return _STI.fullmatch, "must be a path that begins with / and has no variable in it"
        return _SEGMENT.fullmatch, "must be one segment of a path"
    return _NAVNE.get(slags, (bool, "must not be empty"))


def _samme_rum(en: str, anden: str) -> bool:
    """Names of one kind must differ; elements within their service."""
    slags = en.partition(".")[0]
    if slags == "raekkefoelge":
        return False
    if slags == "element":
        return en.rpartition(".")[0] == anden.rpartition(".")[0]
    return slags == anden.partition(".")[0]


def _afsendt(noegle: str) -> str:
    return indlaes(FORMER["navne"])[(noegle,)]["vaerdi"]


def _statusbrud(tabel: Tabel) -> Iterator[str]:
    for (kode,), raekke in tabel.items():
        status = raekke["http_status"]
        if "http_status" in raekke.overlagt and not (status.isdigit() and 400 <= int(status) <= 599):
            yield f"{raekke.kilde}: fejl/{kode}.http_status: {status!r} must be a number 400-599"
