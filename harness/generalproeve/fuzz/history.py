"""A history of commands as values: what is done to a citizen, by whom, in an order; the same for both twins, and as JSON.

A registration is named by the order in which the citizen got it, for its id is another for each twin. What histories come
to is in `twins`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from hypothesis import strategies as st

from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.identity import Identitet, Organisation
from vos_contracts.model.neighbours import Sygekilde
from vos_contracts.model.registration import Art
from vos_contracts.wire.tid import DANSK_TID, midnat
from vos_simulators import parties
from vos_simulators.parties import AKASSE, JOBCENTER, KOMMUNE

FREMMED_JOBCENTER = Organisation(8, "20200")


class Hvem(StrEnum):
    """Who calls."""

    JOBCENTRET = "jobcentret"
    FREMMED_JOBCENTER = "et fremmed jobcenter"
    KOMMUNEN = "kommunen"
    AKASSEN = "a-kassen"
    FREMMED_AKASSE = "en fremmed a-kasse"
    OPERATOEREN = "anden aktør"
    JOBNET = "jobcentret på Jobnet"
    STAR = "STAR"
    UKENDT_ORGANISATIONSTYPE = "en ukendt organisationstype"
    UKENDT_BRUGERTYPE = "en ukendt brugertype"


KALDERE: Mapping[Hvem, Callable[[datetime], Identitet]] = {
    Hvem.JOBCENTRET: lambda nu: parties.KSS.identity(JOBCENTER, nu),
    Hvem.FREMMED_JOBCENTER: lambda nu: parties.KSS.identity(FREMMED_JOBCENTER, nu),
    Hvem.KOMMUNEN: lambda nu: parties.KOMMUNENS_KSS.identity(KOMMUNE, nu),
    Hvem.AKASSEN: lambda nu: parties.AKASSESYSTEM.identity(AKASSE, nu),
    Hvem.FREMMED_AKASSE: lambda nu: parties.AKASSESYSTEM.identity(parties.OTHER_AKASSE, nu),
    Hvem.OPERATOEREN: parties.ROLES["anden aktør"].identity,
    Hvem.JOBNET: parties.ROLES["Jobnet"].identity,
    Hvem.STAR: parties.ROLES["STAR"].identity,
    Hvem.UKENDT_ORGANISATIONSTYPE: lambda nu: parties.KSS.identity(Organisation(99, "1"), nu),
    Hvem.UKENDT_BRUGERTYPE: lambda nu: _med_brugertype(parties.KSS.identity(JOBCENTER, nu), 77),
}


def _med_brugertype(identitet: Identitet, type_: int) -> Identitet:
    return replace(identitet, bruger=replace(identitet.bruger, type=type_))


class Andet(StrEnum):
    """An id that is not one of the citizen's own registrations."""

    UKENDT = "ukendt"
    EN_ANDENS = "en andens"
    NYT = "nyt"
    NYT_MED_STORT = "nyt med store bogstaver"


Id = int | Andet
"""A registration: the citizen's n-th, counted round, or another id."""


class Borgeren(StrEnum):
    """Which CPR number the call is about."""

    TVILLINGEN = "tvillingen"
    UKENDT = "ukendt"
    UGYLDIG = "ugyldig"


class Tid(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An instant: days from midnight of the stage's day, seconds after it, or 1 January of a year."""

    dage: int = 0
    sekunder: float = 0
    aar: int | None = None

    def __call__(self, nu: datetime) -> datetime:
        """Return it, at the stage's time."""
        if self.aar is not None:
            return datetime(self.aar, 1, 1, tzinfo=DANSK_TID)
        return midnat(nu) + timedelta(days=self.dage, seconds=self.sekunder)


class _Trin(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="trin"):
    """What all steps have in common."""


class _Kald(_Trin, frozen=True, kw_only=True):
    hvem: Hvem = Hvem.JOBCENTRET


class Registrer(_Kald, frozen=True, kw_only=True, tag="registrer"):
    """Register a contact group or a category."""

    art: Art
    type: int
    start: Tid = Tid()
    haendelse: Tid | None = None
    slut: Tid | None = None
    id: Id | None = None
    borger: Borgeren = Borgeren.TVILLINGEN


class Afslut(_Kald, frozen=True, kw_only=True, tag="afslut"):
    """Set the end of a registration."""

    art: Art
    id: Id
    slut: Tid | None = None
    borger: Borgeren = Borgeren.TVILLINGEN


class Slettet(_Kald, frozen=True, kw_only=True, tag="slet"):
    """Delete a registration, by REST for both: SOAP has no deletion."""

    art: Art
    id: Id


class Tilmeldt(_Kald, frozen=True, kw_only=True, tag="tilmeld"):
    """Enrol."""

    kategori: int
    dage: int = 0


class Afmeldt(_Kald, frozen=True, kw_only=True, tag="afmeld"):
    """End the enrolment."""

    dage: int = 0


class Syg(_Kald, frozen=True, kw_only=True, tag="sygemeld"):
    """Report illness."""

    kilde: Sygekilde
    fra: int = 0


class Rask(_Kald, frozen=True, kw_only=True, tag="raskmeld"):
    """Report recovery from the latest illness that was accepted."""

    dage: int = 0
    gruppe: int | None = None


class Dage(_Trin, frozen=True, kw_only=True, tag="dage"):
    """Let days pass, with their nightly jobs."""

    antal: int = 1


Trin = Registrer | Afslut | Slettet | Tilmeldt | Afmeldt | Syg | Rask | Dage


class Historie(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Twins of an age, and what happens to them."""

    alder: int = 40
    tilmeldt: int | None = None
    trin: tuple[Trin, ...] = ()


kod = msgspec.json.Encoder(order="deterministic").encode


def beskriv(trin: Trin) -> str:
    """Say what the step is, in a line; what is as it usually is, is left out."""
    felter = {
        navn: getattr(trin, navn)
        for navn, standard in zip(trin.__struct_fields__, _standarder(type(trin)), strict=True)
        if getattr(trin, navn) != standard or standard is msgspec.NODEFAULT
    }
    navn = str(trin.__struct_config__.tag)
    return " ".join([navn, *(f"{felt}={_kort(vaerdi)}" for felt, vaerdi in felter.items())])


def _standarder(type_: type[msgspec.Struct]) -> tuple[object, ...]:
    return tuple(felt.default for felt in msgspec.structs.fields(type_))


def _kort(vaerdi: object) -> str:
    match vaerdi:
        case Tid(aar=int(aar)):
            return f"år {aar}"
        case Tid(dage=dage, sekunder=sekunder):
            return f"{dage:+d} dage" + (f" {sekunder:g} s" if sekunder else "")
        case _:
            return str(vaerdi)


LAENGST = 8
"""Steps in one history at most; what takes more is found as a shorter one from another start."""
_HVEM = st.sampled_from([Hvem.JOBCENTRET] * 60 + list(Hvem))
"""Those who may, more often than those who may not: where most is refused, little is seen."""
_TIDER = st.sampled_from(
    [Tid()] * 32
    + [Tid(sekunder=32400), Tid(dage=-1), Tid(dage=1), Tid(dage=-40), Tid(dage=400)]
    + [Tid(sekunder=32400.000001), Tid(sekunder=32399), Tid(aar=1901), Tid(aar=1900), Tid(aar=9997), Tid(aar=9998)]
)
_MAASKE = st.sampled_from([None, None, None]) | _TIDER
_IDER = st.sampled_from([*range(5), *range(5), *range(5), *Andet])
_DAGE = st.sampled_from([0, 0, 0, 0, -1, -9, 1, 5])
_BORGER = st.sampled_from([Borgeren.TVILLINGEN] * 40 + list(Borgeren))
_UMULIGE = [0, 9, 99, 10000, -1]
"""Larger ones are within the schema of SOAP and without REST's; both are documented."""


def historier(kontrakt: Kontrakt) -> st.SearchStrategy[Historie]:
    """Return the strategy of whole histories on that contract."""
    return st.builds(
        Historie,
        alder=st.sampled_from([40, 18, 29, 30, 65]),
        tilmeldt=st.sampled_from([None] * 20 + sorted(kontrakt.tilmeldekategorier)),
        trin=st.lists(_trin(kontrakt), min_size=1, max_size=LAENGST).map(tuple),
    )


def _trin(kontrakt: Kontrakt) -> st.SearchStrategy[Trin]:
    grupper, kategorier = sorted(kontrakt.kontaktgrupper), sorted(kontrakt.personkategorier)
    gruppe = _registrer(Art.KONTAKTGRUPPE, [2, 13, 23, 12], grupper)
    afslut = st.builds(Afslut, hvem=_HVEM, art=st.sampled_from(Art), id=_IDER, slut=_TIDER | _MAASKE, borger=_BORGER)
    kategori = st.sampled_from(sorted(kontrakt.tilmeldekategorier))
    return st.one_of(
        *[gruppe] * 6,
        _registrer(Art.PERSONKATEGORI, [5, 8, 4], kategorier),
        afslut,
        afslut,
        st.builds(Slettet, hvem=_HVEM, art=st.sampled_from(Art), id=_IDER),
        st.builds(Tilmeldt, hvem=_HVEM, kategori=kategori, dage=_DAGE),
        st.builds(Afmeldt, hvem=_HVEM, dage=_DAGE),
        st.builds(Syg, hvem=_HVEM, kilde=st.just(Sygekilde.FRAVAER), fra=_DAGE),
        st.builds(Syg, hvem=st.just(Hvem.KOMMUNEN), kilde=st.sampled_from(Sygekilde), fra=_DAGE),
        st.builds(Rask, hvem=_HVEM, dage=_DAGE, gruppe=st.sampled_from([None, None, *grupper])),
        st.builds(Dage, antal=st.sampled_from([1, 1, 8])),
    )


def _registrer(art: Art, ofte: list[int], alle: list[int]) -> st.SearchStrategy[Trin]:
    """Choose among those with most rules most of the time, so that histories come back to the same one."""
    return st.builds(
        Registrer,
        hvem=_HVEM,
        art=st.just(art),
        type=st.sampled_from(ofte * 20 + alle + _UMULIGE),
        start=_TIDER,
        haendelse=_MAASKE,
        slut=st.sampled_from([None] * 5) | _MAASKE,
        id=st.sampled_from([None] * 5) | _IDER,
        borger=_BORGER,
    )
