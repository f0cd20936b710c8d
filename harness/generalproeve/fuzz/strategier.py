"""How histories are made up: what is usual often, what is odd now and then, what cannot be seldom.

Not here: what a step means (`historie`).
"""

from __future__ import annotations

from hypothesis import strategies as st

from generalproeve.fuzz.history import (
    Afmeldt,
    Afslut,
    Andet,
    Borgeren,
    Dage,
    Historie,
    Hvem,
    Rask,
    Registrer,
    Slettet,
    Syg,
    Tid,
    Tilmeldt,
    Trin,
)
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.neighbours import Sygekilde
from vos_contracts.model.registration import Art

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
