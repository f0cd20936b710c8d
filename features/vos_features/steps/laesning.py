"""Så: what a party reads from PersonVisiteringService."""

from __future__ import annotations

from datetime import datetime

from vos_contracts.operationer import Art, Visning
from vos_contracts.wire.rest import Afslag
from vos_contracts.wire.tid import DANSK_TID
from vos_features.forventning import afvist_med, lig
from vos_features.spil import DAGE, Spil
from vos_features.steps.ordforraad import saa

KODE_UKENDT_ID = 4589


@saa("læser {rolle} {art} {type} som aktuel")
def aktuel(spil: Spil, rolle: str, art: Art, type_: int) -> None:
    """The current ones are exactly that one."""
    lig(f"{rolle} læser som aktuel {art}", [en.type for en in _laest(spil, rolle, art)], [type_])


@saa("læser {rolle} ingen aktuel {art}")
def ingen_aktuel(spil: Spil, rolle: str, art: Art) -> None:
    """The list is there, and empty."""
    lig(f"{rolle} læser som aktuel {art}", [en.type for en in _laest(spil, rolle, art)], [])


@saa("kan {rolle} ikke læse {art}: fejlkode {kode}")
def kan_ikke_laese(spil: Spil, rolle: str, art: Art, kode: int) -> None:
    """Every way to read is refused with that number."""
    aktoer = spil.rolle(rolle)
    for svar in (aktoer.laes(spil.cpr, art), aktoer.historik(spil.cpr, art)):
        assert isinstance(svar, Afslag), f"{rolle} kunne læse {art}: {svar}"
        afvist_med(svar.fejl, kode)


@saa("kan {rolle} hente {artn} på dens id")
def hente(spil: Spil, rolle: str, art: Art) -> None:
    """Reading one by CPR and id gives the registration that was just made or changed."""
    svar = spil.rolle(rolle).laes(spil.cpr, art, spil.id_af(art))
    assert isinstance(svar, tuple), f"{rolle} kunne ikke hente registreringen: {svar}"
    lig(f"{rolle} henter {art} med id", [en.id for en in svar], [spil.id_af(art)])


@saa("henter {rolle} {artn} på dens id:")
def henter(spil: Spil, rolle: str, art: Art, datatable: list[list[str]]) -> None:
    """Reading one by CPR and id gives exactly this row."""
    svar = spil.rolle(rolle).laes(spil.cpr, art, spil.id_af(art))
    assert isinstance(svar, tuple), f"{rolle} kunne ikke hente registreringen: {svar}"
    hoved, *forventet = datatable
    lig(f"{rolle} henter", [_raekke(spil, en, hoved) for en in svar], forventet)


@saa("kan {rolle} ikke hente en {art} på den andens id")
def andens_id(spil: Spil, rolle: str, art: Art) -> None:
    """The id of a registration of the other kind is unknown here."""
    anden = next(en for en in Art if en is not art)
    svar = spil.rolle(rolle).laes(spil.cpr, art, spil.id_af(anden))
    assert isinstance(svar, Afslag), f"{rolle} kunne hente en {art} på id'et på en {anden}: {svar}"
    afvist_med(svar.fejl, KODE_UKENDT_ID)


@saa("kan {rolle} ikke hente {artn} på dens id")
def ikke_hente(spil: Spil, rolle: str, art: Art) -> None:
    """Reading one by its id gives the error for an unknown identifier."""
    svar = spil.rolle(rolle).laes(spil.cpr, art, spil.id_af(art))
    assert isinstance(svar, Afslag), f"{rolle} kunne hente registreringen: {svar}"
    afvist_med(svar.fejl, KODE_UKENDT_ID)


@saa("læser {rolle} historikken for {artn}:")
def historik(spil: Spil, rolle: str, art: Art, datatable: list[list[str]]) -> None:
    """The history has exactly these rows, newest first."""
    svar = spil.rolle(rolle).historik(spil.cpr, art)
    assert isinstance(svar, tuple), f"{rolle} kunne ikke læse historikken: {svar}"
    hoved, *forventet = datatable
    lig(f"{rolle} læser i historikken", [_raekke(spil, en, hoved) for en in svar if en.id not in spil.foer], forventet)


@saa(r"læser {rolle} (?P<vist>ingen|(?:\d+, ?)*\d+) i historikken for kontaktgruppen")
def grupper_i_historikken(spil: Spil, rolle: str, vist: str) -> None:
    """The history holds exactly these groups."""
    svar = spil.rolle(rolle).historik(spil.cpr, Art.KONTAKTGRUPPE)
    assert isinstance(svar, tuple), f"{rolle} kunne ikke læse historikken: {svar}"
    forventet = [] if vist == "ingen" else sorted(int(gruppe) for gruppe in vist.split(","))
    lig(f"{rolle} læser i historikken", sorted(en.type for en in svar if en.id not in spil.foer), forventet)


def _laest(spil: Spil, rolle: str, art: Art) -> tuple[Visning, ...]:
    svar = spil.rolle(rolle).laes(spil.cpr, art)
    assert isinstance(svar, tuple), f"{rolle} kunne ikke læse {art}: {svar}"
    return svar


def _raekke(spil: Spil, en: Visning, hoved: list[str]) -> list[str]:
    celler = {
        "type": str(en.type),
        "hændelse": "" if en.haendelse is None else _dagord(spil, en.haendelse),
        "start": _dagord(spil, spil.ment_start(en)),
        "slut": "" if en.slut is None else _dagord(spil, en.slut),
        "slettet": "ja" if en.er_slettet else "nej",
        "aktuel": "ja" if en.er_aktuel else "nej",
        "registreret": _dagord(spil, en.registreret),
        "registreret af": spil.ensemble.besaetning.myndighed(en.myndighed) or "opsætningen",
    }
    return [celler[kolonne] for kolonne in hoved]


def _dagord(spil: Spil, tid: datetime) -> str:
    dage = (tid.astimezone(DANSK_TID).date() - spil.dag("i dag").date()).days
    korte = {antal: ord_ for ord_, antal in DAGE.items()}
    return korte.get(dage) or (f"om {dage} dage" if dage > 0 else f"for {-dage} dage siden")
