"""Does a business domain believe what we know? Every divergence, pure: our truth against its view (epic AC 1005.17.28.14/.15).

Here: the comparison of one citizen at one instant. Not here: where the two come from (`vos_simulators.monitor`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum

import msgspec

from vos_contracts.control.operations import Borgerstand, LagtHaendelse, Stand
from vos_contracts.model.cpr import maskeret
from vos_contracts.model.registration import Art


class Slags(StrEnum):
    """The four ways to diverge."""

    MANGLER = "missing"
    EKSTRA = "extra"
    ANDEN = "different"
    FORAELDET = "stale"

    @property
    def dansk(self) -> str:
        """The word in a report."""
        return {"missing": "mangler", "extra": "ekstra", "different": "anden", "stale": "forældet"}[self.value]


class Afvigelse(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One divergence: the citizen masked, the registration, both types, and the event that should have told, if any did."""

    domaene: str
    art: Art
    slags: Slags
    borger: str
    registrering: str
    vores: int | None
    deres: int | None
    haendelse_nr: int | None
    haendelse_id: str | None


def sammenlign(
    domaene: str, arter: Collection[Art], vores: Borgerstand, deres: Borgerstand, fortalt: Sequence[LagtHaendelse]
) -> Iterator[Afvigelse]:
    """Say each divergence for one citizen; `fortalt` is every event about the citizen that the domain was sent, in order.

    *missing*: we have one, it has none. *extra*: it has one more than we. *stale*: it has what an earlier event said.
    *different*: it has what no event ever said.
    """
    for art in Art:
        if art not in arter:
            continue
        sand = next(iter(vores.stande(art)), None)
        kendte = deres.stande(art)
        svarer_til = _svarer_til(sand, kendte)
        if sand is not None and svarer_til is None:
            yield _afvigelse(domaene, art, Slags.MANGLER, vores, sand, None, fortalt)
        for kendt in kendte:
            if kendt is not svarer_til:
                yield _afvigelse(domaene, art, Slags.EKSTRA, vores, None, kendt, fortalt)
            elif sand is not None and not _ens(sand, kendt):
                slags = Slags.FORAELDET if _er_sagt(kendt, art, fortalt) else Slags.ANDEN
                yield _afvigelse(domaene, art, slags, vores, sand, kendt, fortalt)


def _svarer_til(sand: Stand | None, kendte: Sequence[Stand]) -> Stand | None:
    """Find what the domain has in place of ours: the same registration, else the same type, else what it heard last."""
    if sand is None or not kendte:
        return None
    samme_id = (en for en in kendte if en.id == sand.id)
    samme_type = (en for en in kendte if en.type == sand.type)
    return next(samme_id, None) or next(samme_type, None) or kendte[-1]


def _ens(sand: Stand, kendt: Stand) -> bool:
    """Hold what the domain knows against ours; what it does not know cannot diverge."""
    return (
        kendt.type == sand.type
        and kendt.id in {"", sand.id}
        and kendt.start in {None, sand.start}
        and (kendt.slut == sand.slut or (kendt.slut is None and not kendt.id))
    )


def _er_sagt(kendt: Stand, art: Art, fortalt: Sequence[LagtHaendelse]) -> bool:
    sagte = (en.haendelse for en in fortalt if en.haendelse.entitet is art)
    return any(_ens(Stand(type=en.type, id=en.id, start=en.start, slut=en.slut), kendt) for en in sagte)


def _afvigelse(
    domaene: str,
    art: Art,
    slags: Slags,
    borger: Borgerstand,
    sand: Stand | None,
    kendt: Stand | None,
    fortalt: Sequence[LagtHaendelse],
) -> Afvigelse:
    """Name the event that should have told: the last about our registration, or the last about the one that is not ours."""
    om = sand or kendt
    assert om is not None, "there is nothing to diverge about"
    passer = [
        en
        for en in fortalt
        if en.haendelse.entitet is art and (en.haendelse.id == om.id if om.id else en.haendelse.type == om.type)
    ]
    sidste = passer[-1] if passer else None
    return Afvigelse(
        domaene=domaene,
        art=art,
        slags=slags,
        borger=maskeret(borger.cpr),
        registrering=om.id,
        vores=None if sand is None else sand.type,
        deres=None if kendt is None else kendt.type,
        haendelse_nr=None if sidste is None else sidste.nr,
        haendelse_id=None if sidste is None else sidste.haendelse.haendelse_id,
    )
