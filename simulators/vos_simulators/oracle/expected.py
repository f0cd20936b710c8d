"""Which messages everybody must have of what happened: the epic's rules, once more and by themselves.

- WSRM (AC 1005.17.28.10): the jobcentre gets versions 5 and 4 of every group and version 1 of every category; the fund gets
  version 5 when a member comes to group 13 or 23, and when a group 25 closes, altogether or for another group. Nothing else.
- WSB (AC 1005.17.28.19, starwiki FYS/4342317058): the same events, to those who subscribe.
- Business domains (AC 1005.17.28.11): JobSearch and Kontaktforloeb hear of both kinds, Virksomhedsindsats of groups only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Art
from vos_simulators.oracle.happened import Forfatter, Haendt

V5, V4, V1 = "GetContactGroupVersion5", "GetContactGroupVersion4", "GetPersonCategoryVersion1"
DOMAENER = {
    "JobSearch": (Art.KONTAKTGRUPPE, Art.PERSONKATEGORI),
    "Kontaktforloeb": (Art.KONTAKTGRUPPE, Art.PERSONKATEGORI),
    "Virksomhedsindsats": (Art.KONTAKTGRUPPE,),
}
OVERGAAR_TIL, LUKKER = (13, 23), 25
AABEN, INTET = "åben", "intet"


class Registreringslig(Protocol):
    """A registration as a row of the history or a message gives it."""

    @property
    def type(self) -> int:
        """Its code."""
        ...

    @property
    def haendelse(self) -> datetime | None:
        """When what it tells of took place, None if nobody has said."""
        ...

    @property
    def start(self) -> datetime:
        """Its first instant."""
        ...

    @property
    def slut(self) -> datetime | None:
        """Its end, None if it is open."""
        ...


class Sletbar(Registreringslig, Protocol):
    """One that says whether it was deleted."""

    @property
    def er_slettet(self) -> bool:
        """Whether it was deleted as erroneous."""
        ...


class Kanal(StrEnum):
    """How a message reaches its recipient."""

    WSRM = "WSRM"
    WSB = "WSB"
    HAENDELSE = "hændelse"


@dataclass(frozen=True, slots=True, order=True)
class Modtager:
    """A recipient on one channel, as reports name it."""

    kanal: Kanal
    navn: str

    def __str__(self) -> str:
        return f"{self.navn} ({self.kanal})"


Indhold = tuple[tuple[str, str], ...]
"""What a message says, field by field."""


@dataclass(frozen=True, slots=True)
class Ventet:
    """A message that the recipient must have; those of one `linje` must come in order."""

    modtager: Modtager
    slags: str
    id: str
    indhold: Indhold
    linje: str
    aarsag: str


@dataclass(frozen=True, slots=True)
class Wsbabonnent:
    """Who subscribes to webservice messages: a system on behalf of an authority, and to what."""

    system: str
    organisation: Organisation
    arter: frozenset[Art]

    @property
    def modtager(self) -> Modtager:
        """As reports name it."""
        return Modtager(Kanal.WSB, f"{self.system} for {self.organisation}")


def ventede(haendte: Iterable[Haendt], abonnenter: Sequence[Wsbabonnent] = (), *, wsrm: bool = True) -> list[Ventet]:
    """Say which messages must be there, in the order in which what they tell of happened.

    `wsrm` is False in a release that has no WSRM any more.
    """
    alle: list[Ventet] = []
    kendte: set[str] = set()
    for en in haendte:
        aendring = "slettet" if en.er_slettet else "aendret" if en.id in kendte else "oprettet"
        kendte.add(en.id)
        alle += _haendelser(en, aendring)
        if en.opsat:
            continue
        if wsrm:
            alle += _wsrm(en, aendring)
        alle += _wsb(en, aendring, abonnenter)
    return alle


def _akassens(en: Haendt, aendring: str) -> bool:
    """One of the four cases in which a fund is told of its member."""
    if en.art is not Art.KONTAKTGRUPPE:
        return False
    kommer_til = aendring == "oprettet" and en.type in OVERGAAR_TIL
    return kommer_til or (aendring == "aendret" and en.type == LUKKER and en.slut is not None)


def _wsrm(en: Haendt, aendring: str) -> Iterator[Ventet]:
    slags = (V5, V4) if en.art is Art.KONTAKTGRUPPE else (V1,)
    if en.jobcenter is not None:
        for besked in slags:
            yield _ventet(en, wsrm_modtager(en.jobcenter), besked, wsrm_indhold(en.cpr, en, en.forfatter), besked)
    if en.akasse is not None and _akassens(en, aendring):
        yield _ventet(en, wsrm_modtager(en.akasse), V5, wsrm_indhold(en.cpr, en, en.forfatter), V5)


def _wsb(en: Haendt, aendring: str, abonnenter: Iterable[Wsbabonnent]) -> Iterator[Ventet]:
    for abonnent in abonnenter:
        faar = abonnent.organisation == en.jobcenter or (abonnent.organisation == en.akasse and _akassens(en, aendring))
        if faar and en.art in abonnent.arter:
            yield _ventet(en, abonnent.modtager, en.art.navn, wsb_indhold(en.cpr, aendring), en.cpr)


def _haendelser(en: Haendt, aendring: str) -> Iterator[Ventet]:
    for domaene, arter in DOMAENER.items():
        if en.art in arter:
            modtager = Modtager(Kanal.HAENDELSE, domaene)
            indhold = haendelse_indhold(en.borger_id, en.cpr, en, aendring, en.forfatter.myndighed)
            yield _ventet(en, modtager, en.art.value, indhold, en.id)


def _ventet(en: Haendt, modtager: Modtager, slags: str, indhold: Indhold, linje: str) -> Ventet:
    return Ventet(modtager, slags, en.id, indhold, linje, en.aarsag)


# what a message says, in the words that both sides are compared in


def wsrm_modtager(organisation: Organisation) -> Modtager:
    """Name a queue by its owner."""
    return Modtager(Kanal.WSRM, str(organisation))


def wsrm_indhold(cpr: str, en: Sletbar, forfatter: Forfatter) -> Indhold:
    """Say what a WSRM message says."""
    return (
        ("cpr", cpr),
        ("type", str(en.type)),
        ("haendelse", _tid(en.haendelse, INTET)),
        ("start", _tid(en.start)),
        ("slut", _tid(en.slut)),
        ("slettet", "ja" if en.er_slettet else "nej"),
        ("myndighed", str(forfatter.myndighed)),
        ("system", str(forfatter.system)),
        ("bruger", forfatter.bruger),
    )


def wsb_indhold(cpr: str, aendring: str) -> Indhold:
    """Say what a webservice message says beside what it is about."""
    return (("cpr", cpr), ("aendring", aendring))


def haendelse_indhold(
    borger_id: str, cpr: str, en: Registreringslig, aendring: str, myndighed: Organisation
) -> Indhold:
    """Say what a domain event says."""
    return (
        ("borger", borger_id),
        ("cpr", cpr),
        ("type", str(en.type)),
        ("haendelse", _tid(en.haendelse, INTET)),
        ("start", _tid(en.start)),
        ("slut", _tid(en.slut)),
        ("aendring", aendring),
        ("myndighed", str(myndighed)),
    )


def _tid(tidspunkt: datetime | None, ellers: str = AABEN) -> str:
    return ellers if tidspunkt is None else tidspunkt.astimezone(UTC).isoformat(timespec="seconds")
