"""Make a call that breaks smaller for as long as it breaks in the same way: fewer headers, elements, members and bytes.

General shrinking cannot do it: what a variant came of was recorded, not made up. Not here: what breaks (`loeb`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TypeVar

from lxml import etree

from generalproeve.fuzz.budget import Budget
from vos_contracts.wire.base import Kald

S = TypeVar("S", list[str], list[int], bytes)
FINT = 500
"""A body is taken in pieces of one in so many, at the smallest."""
Sti = tuple[str | int, ...]
_LAESER = etree.XMLParser(resolve_entities=False, huge_tree=True)


class _Nok(Exception):
    """The budget is spent."""


def krympet(kald: Kald, bryder: Callable[[Kald], bool], budget: Budget) -> Kald:
    """Return the smallest call found within the budget that `bryder` says yes to, as it does to this one."""
    bedst = kald

    def proev(en: Kald) -> bool:
        nonlocal bedst
        if budget.opbrugt:
            raise _Nok
        budget.brug()
        bedst = en if (brudt := bryder(en)) else bedst
        return brudt

    foer = None
    with suppress(_Nok):
        while kald != foer:
            foer = kald
            kald = _headere(kald, proev)
            kald = _krop(kald, proev)
    return bedst


def faerrest(dele: S, bryder: Callable[[S], bool], mindst: int = 1) -> S:
    """Leave out as much as can be, long runs first, down to runs of so many; no run of those that are left can be spared."""
    tilbage, laengde = dele, len(dele)
    while laengde >= mindst:
        nummer = 0
        while nummer < len(tilbage):
            uden = tilbage[:nummer] + tilbage[nummer + laengde :]
            if bryder(uden):
                tilbage = uden
            else:
                nummer += laengde
        laengde //= 2
    return tilbage


def _headere(kald: Kald, bryder: Callable[[Kald], bool]) -> Kald:
    def med(navne: list[str]) -> Kald:
        return replace(kald, headers={navn: kald.headers[navn] for navn in navne})

    return med(faerrest([*kald.headers], lambda navne: bryder(med(navne))))


def _krop(kald: Kald, bryder: Callable[[Kald], bool]) -> Kald:
    if not kald.krop:
        return kald
    if bryder(replace(kald, krop=b"")):
        return replace(kald, krop=b"")
    rod, indhold = _som_xml(kald.krop), _som_json(kald.krop)
    if rod is not None:
        laest = _uden(kald, sum(1 for _ in rod.iter()), partial(_uden_elementer, rod), bryder)
    else:
        laest = None
        with suppress(RecursionError):  # the library reads deeper than we do
            stier = [] if indhold is None else [*_poster(indhold)]
            laest = _uden(
                kald, len(stier), lambda ude: _uden_poster(indhold, {stier[nummer] for nummer in ude}), bryder
            )
    if laest is not None:
        return laest
    mindst = 1 + len(kald.krop) // FINT
    return replace(kald, krop=faerrest(kald.krop, lambda tegn: bryder(replace(kald, krop=tegn)), mindst))


def _uden(kald: Kald, antal: int, uden: Callable[[set[int]], bytes], bryder: Callable[[Kald], bool]) -> Kald | None:
    """Leave out parts of the body that was read; None if it does not break, read and written again."""
    alle = [*range(antal)]

    def med(tilbage: list[int]) -> Kald:
        return replace(kald, krop=uden({*alle} - {*tilbage}))

    return med(faerrest(alle, lambda tilbage: bryder(med(tilbage)))) if antal and bryder(med(alle)) else None


def _som_xml(krop: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(krop, _LAESER)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _uden_elementer(rod: etree._Element, numre: set[int]) -> bytes:
    kopi = etree.fromstring(etree.tostring(rod), _LAESER)
    for nummer, en in enumerate([*kopi.iter()]):
        foraelder = en.getparent()
        if nummer in numre and foraelder is not None:
            foraelder.remove(en)
    return etree.tostring(kopi)


def _som_json(krop: bytes) -> object:
    try:
        return json.loads(krop)
    except (ValueError, RecursionError):
        return None


def _poster(indhold: object, her: Sti = ()) -> Iterator[Sti]:
    poster = indhold.items() if isinstance(indhold, dict) else enumerate(indhold) if isinstance(indhold, list) else ()
    for navn, vaerdi in poster:
        yield (*her, navn)
        yield from _poster(vaerdi, (*her, navn))


def _uden_poster(indhold: object, stier: set[Sti]) -> bytes:
    def af(en: object, her: Sti) -> object:
        if isinstance(en, dict):
            return {navn: af(et, (*her, navn)) for navn, et in en.items() if (*her, navn) not in stier}
        if isinstance(en, list):
            return [af(et, (*her, nummer)) for nummer, et in enumerate(en) if (*her, nummer) not in stier]
        return en

    return json.dumps(af(indhold, ()), ensure_ascii=False).encode("utf-8", "surrogatepass")
