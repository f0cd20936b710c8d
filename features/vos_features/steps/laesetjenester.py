"""Så: what a party reads from PSS, PHS, the status service and the code lists.

"PSS", "PHS" and "statusservicen" are read whole by every step: both kinds of registration are asked for, and both lists must
be there. Not here: PersonVisiteringService (`steps.laesning`).
"""

from __future__ import annotations

from collections.abc import Mapping

from vos_contracts.laesninger import Kodeliste, Kollektioner, Laesetjeneste, Raekke, Status, raekke
from vos_contracts.operationer import Art
from vos_contracts.wire.rest import Afslag
from vos_features.forventning import afvist_med, lig
from vos_features.spil import Spil
from vos_features.steps.ordforraad import saa

STATUSSERVICEN = "statusservicen"
_SOAP: Mapping[str, Laesetjeneste] = {"PSS": Laesetjeneste.STATUS, "PHS": Laesetjeneste.HISTORIK}
_TJENESTE = r"(?P<tjeneste>PSS|PHS|statusservicen)"


@saa(r"læser {rolle} {art} (?P<typer>(?:\d+, ?)*\d+) i " + _TJENESTE)
def laeser(spil: Spil, rolle: str, art: Art, typer: str, tjeneste: str) -> None:
    """The list of that kind holds exactly these types, one for each row."""
    fundet = sorted(en.type for en in _liste(spil, rolle, art, tjeneste))
    lig(f"{rolle} læser i {tjeneste} {art}", fundet, sorted(int(en) for en in typer.split(",")))


@saa(r"læser {rolle} ingen {art} i " + _TJENESTE)
def laeser_ingen(spil: Spil, rolle: str, art: Art, tjeneste: str) -> None:
    """The list of that kind is there, and empty."""
    lig(f"{rolle} læser i {tjeneste} {art}", [en.type for en in _liste(spil, rolle, art, tjeneste)], [])


@saa(r"læser {rolle} historikken for {artn} i PHS:")
def laeser_historik(spil: Spil, rolle: str, art: Art, datatable: list[list[str]]) -> None:
    """The history has exactly these rows, newest first."""
    hoved, *forventet = datatable
    lig(f"{rolle} læser i PHS", [_celler(spil, en, hoved) for en in _liste(spil, rolle, art, "PHS")], forventet)


@saa(r"er {artn} den samme i PSS som i PersonVisiteringService for {rolle}")
def samme(spil: Spil, rolle: str, art: Art) -> None:
    """Both show the same current registrations, field by field."""
    rest = spil.rolle(rolle).laes(spil.cpr, art)
    assert isinstance(rest, tuple), f"{rolle} kunne ikke læse {art}: {rest}"
    lig(f"{rolle} læser i PSS", _liste(spil, rolle, art, "PSS"), tuple(raekke(en) for en in rest))


@saa(r"viser PSS {rolle} kun {art}, når der kun bedes om den")
def kun(spil: Spil, rolle: str, art: Art) -> None:
    """What was not asked for is an empty list."""
    spil.ensemble.kraev_tjeneste(Laesetjeneste.STATUS)
    svar = spil.rolle(rolle).laeser.kollektioner(Laesetjeneste.STATUS, spil.cpr, (art,))
    assert isinstance(svar, Kollektioner), f"{rolle} kunne ikke læse PSS: {svar}"
    for en in Art:
        assert bool(svar.af(en)) == (en is art), f"{en}: {svar.af(en)}"


@saa(r"kan {rolle} ikke læse i " + _TJENESTE + r": fejlkode {kode}")
def kan_ikke(spil: Spil, rolle: str, tjeneste: str, kode: int) -> None:
    """The read is refused with that number, and nothing else is told."""
    svar = _laes(spil, rolle, tjeneste)
    assert isinstance(svar, Afslag), f"{rolle} kunne læse i {tjeneste}: {svar}"
    afvist_med(svar.fejl, kode)


@saa(r"læser {rolle} (?P<antal>intet|ét) aktivitetstillæg i statusservicen")
def tillaeg(spil: Spil, rolle: str, antal: str) -> None:
    """The list of aktivitetstillaeg is there, with one that is in force or none."""
    status = _laes(spil, rolle, STATUSSERVICEN)
    assert isinstance(status, Status), f"{rolle} kunne ikke læse status: {status}"
    lig(f"{rolle} læser i status: antallet af aktivitetstillæg er", len(status.tillaeg), 1 if antal == "ét" else 0)
    udenfor = [en for en in status.tillaeg if en.start > spil.nu or (en.slut is not None and en.slut <= spil.nu)]
    lig("aktivitetstillæg, der ikke gælder nu:", udenfor, [])


@saa(r"viser statusservicen {rolle} et aktivitetstillæg fra {dag} til (?P<til>.+)")
def tillaeggets_periode(spil: Spil, rolle: str, dag: str, til: str) -> None:
    """The one aktivitetstillaeg in the list begins and ends on these days."""
    status = _laes(spil, rolle, STATUSSERVICEN)
    assert isinstance(status, Status), f"{rolle} kunne ikke læse status: {status}"
    perioder = [(en.start, en.slut) for en in status.tillaeg]
    lig(f"{rolle} læser i status: aktivitetstillæggets periode er", perioder, [(spil.dag(dag), spil.dag(til))])


@saa(r"er kodelisterne (?P<navne>\w+ og \w+) udstillet for {rolle}")
def udstillet(spil: Spil, navne: str, rolle: str) -> None:
    """These lists are published, and no others."""
    svar = spil.rolle(rolle).laeser.kodelister()
    assert isinstance(svar, tuple), f"kodelisterne kunne ikke læses: {svar}"
    lig("kodelisterne er", [en.navn for en in svar], navne.split(" og "))


@saa(r"har kodelisten (?P<navn>\w+) værdierne (?P<koder>[\d, ]+)")
def har_vaerdier(spil: Spil, navn: str, koder: str) -> None:
    """The list holds exactly these codes, each with a name and a period of validity that ends after it begins."""
    liste = _kodeliste(spil, navn)
    lig(f"værdierne i {navn} er", [en.kode for en in liste.vaerdier], [int(kode) for kode in koder.split(",")])
    gale = [en for en in liste.vaerdier if not en.navn or (en.gyldig_til and en.gyldig_til <= en.gyldig_fra)]
    lig(f"værdier i {navn} uden navn eller gyldighed:", gale, [])


@saa(r"hedder værdierne i kodelisten (?P<navn>\w+):")
def hedder(spil: Spil, navn: str, datatable: list[list[str]]) -> None:
    """These codes have these names and may be used today."""
    vaerdier = {en.kode: en for en in _kodeliste(spil, navn).vaerdier}
    for kode, kodenavn in datatable[1:]:
        en = vaerdier[int(kode)]
        lig(f"værdi {kode} i {navn} er", (en.navn, en.gyldig(spil.nu.date())), (kodenavn, True))


@saa(r"findes kodelisten (?P<navn>\w+) ikke: fejlkode {kode}")
def findes_ikke(spil: Spil, navn: str, kode: int) -> None:
    """An unknown name is refused with that number."""
    svar = spil.rolle("jobcentret").laeser.kodelister(navn)
    assert isinstance(svar, Afslag), f"kodelisten {navn} findes: {svar}"
    afvist_med(svar.fejl, kode)


def _kodeliste(spil: Spil, navn: str) -> Kodeliste:
    svar = spil.rolle("jobcentret").laeser.kodelister(navn)
    assert isinstance(svar, tuple), f"kodelisten {navn} kunne ikke læses: {svar}"
    (liste,) = svar
    return liste


def _laes(spil: Spil, rolle: str, tjeneste: str) -> Kollektioner | Status | Afslag:
    laeser = spil.rolle(rolle).laeser
    if tjeneste == STATUSSERVICEN:
        return laeser.status(spil.cpr)
    spil.ensemble.kraev_tjeneste(_SOAP[tjeneste])
    return laeser.kollektioner(_SOAP[tjeneste], spil.cpr)


def _liste(spil: Spil, rolle: str, art: Art, tjeneste: str) -> tuple[Raekke, ...]:
    svar = _laes(spil, rolle, tjeneste)
    assert not isinstance(svar, Afslag), f"{rolle} kunne ikke læse i {tjeneste}: {svar}"
    if isinstance(svar, Kollektioner):
        return tuple(en for en in svar.af(art) if en.id not in spil.foer)
    visninger = svar.kontaktgrupper if art is Art.KONTAKTGRUPPE else svar.personkategorier
    return tuple(raekke(en) for en in visninger)


def _celler(spil: Spil, en: Raekke, hoved: list[str]) -> list[str]:
    celler = {
        "type": str(en.type),
        "slut": "ja" if en.slut else "",
        "aktuel": "ja" if en.er_aktuel else "nej",
        "slettet": "ja" if en.er_slettet else "nej",
        "registreret af": spil.ensemble.besaetning.myndighed(en.myndighed) or "opsætningen",
    }
    return [celler[kolonne] for kolonne in hoved]
