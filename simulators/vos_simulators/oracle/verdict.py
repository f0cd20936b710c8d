"""Hold what everybody has against what they must have, and name every difference with the request that caused it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from vos_simulators.oracle.expected import Kanal, Modtager, Ventet
from vos_simulators.oracle.received import Fik

T = TypeVar("T", Ventet, Fik)


class Afvigelsesart(StrEnum):
    """What is wrong with a message; a `gentagelse` is identified and is no breach where delivery is at least once."""

    MANGLER = "mangler"
    EKSTRA = "ekstra"
    FORKERT = "forkert"
    DUBLET = "dublet"
    UDE_AF_ORDEN = "ude af orden"
    GENTAGELSE = "gentagelse"


@dataclass(frozen=True, slots=True)
class Afvigelse:
    """One difference: whose, in which message about which registration, in which fields, and what caused it."""

    art: Afvigelsesart
    modtager: Modtager
    slags: str
    id: str
    aarsag: str
    felter: tuple[tuple[str, str, str], ...] = ()

    @property
    def brud(self) -> bool:
        """Whether it breaks what was promised."""
        return self.art is not Afvigelsesart.GENTAGELSE

    def __str__(self) -> str:
        felter = "".join(f"; {felt}: skulle være {skulle}, er {er}" for felt, skulle, er in self.felter)
        return f"{self.modtager}: {self.slags} om {self.id} er {self.art}{felter} - efter {self.aarsag}"


UKENDT = "intet, der er sket"


def bedoem(ventede: Iterable[Ventet], fik: Iterable[Fik]) -> list[Afvigelse]:
    """Compare, recipient by recipient; both sides in their order. The same message id again is a repeat."""
    alle = tuple(ventede)
    aarsager = _efter_id(alle)  # also of what its recipient should not have heard of
    skulle, er = _efter_modtager(alle), _efter_modtager(fik)
    afvigelser: list[Afvigelse] = []
    for modtager in sorted({*skulle, *er}):
        afvigelser += _bedoem_en(modtager, skulle.get(modtager, []), er.get(modtager, []), aarsager)
    return afvigelser


def _bedoem_en(
    modtager: Modtager, ventede: Sequence[Ventet], fik: Sequence[Fik], aarsager: Mapping[str, Sequence[Ventet]]
) -> Iterator[Afvigelse]:
    enkelte: list[Fik] = []
    sete: set[str] = set()
    for en in fik:
        if en.besked_id in sete:
            art = Afvigelsesart.GENTAGELSE if modtager.kanal is not Kanal.WSRM else Afvigelsesart.DUBLET
            yield Afvigelse(art, modtager, en.slags, en.id, _aarsag(en, aarsager))
        else:
            sete.add(en.besked_id)
            enkelte.append(en)
    par, uden_besked, uden_grund = _par(ventede, enkelte)
    yield from _ude_af_orden(modtager, par)
    kendte = {(en.slags, en.id, en.indhold) for en in ventede}
    for skulle, er in _naesten(uden_besked, uden_grund):
        felter = tuple((felt, a, b) for (felt, a), (_, b) in zip(skulle.indhold, er.indhold, strict=True) if a != b)
        yield Afvigelse(Afvigelsesart.FORKERT, modtager, skulle.slags, skulle.id, skulle.aarsag, felter)
    for skulle in uden_besked:
        yield Afvigelse(Afvigelsesart.MANGLER, modtager, skulle.slags, skulle.id, skulle.aarsag)
    for er in uden_grund:
        igen = (er.slags, er.id, er.indhold) in kendte
        art = Afvigelsesart.DUBLET if igen else Afvigelsesart.EKSTRA
        yield Afvigelse(art, modtager, er.slags, er.id, _aarsag(er, aarsager))


def _par(ventede: Sequence[Ventet], fik: Sequence[Fik]) -> tuple[list[tuple[int, Ventet]], list[Ventet], list[Fik]]:
    """Pair each message that must be there with the first that is exactly that; return the pairs and what is left of both."""
    ledige: dict[object, list[int]] = {}
    for plads, en in enumerate(fik):
        ledige.setdefault((en.slags, en.id, en.indhold), []).append(plads)
    par: list[tuple[int, Ventet]] = []
    uden_besked: list[Ventet] = []
    for skulle in ventede:
        pladser = ledige.get((skulle.slags, skulle.id, skulle.indhold))
        if pladser:
            par.append((pladser.pop(0), skulle))
        else:
            uden_besked.append(skulle)
    brugte = {plads for plads, _ in par}
    return par, uden_besked, [en for plads, en in enumerate(fik) if plads not in brugte]


def _naesten(uden_besked: list[Ventet], uden_grund: list[Fik]) -> Iterator[tuple[Ventet, Fik]]:
    """Pair what is left by kind and registration, those that are most alike first, and take it out of both lists."""
    mulige = [
        (skulle, er) for skulle in uden_besked for er in uden_grund if (er.slags, er.id) == (skulle.slags, skulle.id)
    ]
    for skulle, er in sorted(mulige, key=lambda par: -_lighed(*par)):
        if any(en is skulle for en in uden_besked) and any(en is er for en in uden_grund):
            uden_besked[:] = [en for en in uden_besked if en is not skulle]
            uden_grund[:] = [en for en in uden_grund if en is not er]
            yield skulle, er


def _lighed(skulle: Ventet, er: Fik) -> int:
    """Count the fields that say the same."""
    return len({*skulle.indhold} & {*er.indhold})


def _aarsag(er: Fik, aarsager: Mapping[str, Sequence[Ventet]]) -> str:
    """Name the cause of what is most like it: a registration is opened by one request and closed by another."""
    om_den = aarsager.get(er.id)
    return max(om_den, key=lambda en: _lighed(en, er)).aarsag if om_den else UKENDT


def _ude_af_orden(modtager: Modtager, par: Sequence[tuple[int, Ventet]]) -> Iterator[Afvigelse]:
    """Within each line, name the fewest messages that would have to move."""
    linjer: dict[str, list[tuple[int, Ventet]]] = {}
    for plads, skulle in par:
        linjer.setdefault(skulle.linje, []).append((plads, skulle))
    for linje in linjer.values():
        paa_plads = _laengste_stigende([plads for plads, _ in linje])
        for plads, skulle in linje:
            if plads not in paa_plads:
                yield Afvigelse(Afvigelsesart.UDE_AF_ORDEN, modtager, skulle.slags, skulle.id, skulle.aarsag)


def _laengste_stigende(tal: Sequence[int]) -> set[int]:
    """Return the members of a longest increasing subsequence of different numbers."""
    ender: list[int] = []
    forrige: dict[int, int | None] = {}
    for et in tal:
        plads = bisect_left(ender, et)
        forrige[et] = ender[plads - 1] if plads else None
        ender[plads : plads + 1] = [et]
    medlemmer: set[int] = set()
    naeste = ender[-1] if ender else None
    while naeste is not None:
        medlemmer.add(naeste)
        naeste = forrige[naeste]
    return medlemmer


def _efter_id(liste: Iterable[Ventet]) -> Mapping[str, list[Ventet]]:
    efter: dict[str, list[Ventet]] = {}
    for en in liste:
        efter.setdefault(en.id, []).append(en)
    return efter


def _efter_modtager(liste: Iterable[T]) -> Mapping[Modtager, list[T]]:
    efter: dict[Modtager, list[T]] = {}
    for en in liste:
        efter.setdefault(en.modtager, []).append(en)
    return efter
