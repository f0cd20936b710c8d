"""Når: Datakanon registers in bulk through the public services. Så: what came of it."""

from __future__ import annotations

import pytest

from vos_contracts.operationer import Art
from vos_contracts.wire.wsrm import WsrmBesked
from vos_features.ensemble import Ensemble
from vos_features.evner import Evne
from vos_features.forventning import lig
from vos_features.steps.ordforraad import naar, saa
from vos_simulators.aktoerer import datakanon
from vos_simulators.aktoerer.aktoer import Kanal
from vos_simulators.masseopret import Optaelling, masseopret

SEED = 13013


@pytest.fixture
def optaellinger() -> list[Optaelling]:
    """What bulk registrations of this scene have come to."""
    return []


@naar("Datakanon opretter {tal} testborgere via {kanal}")
def opretter(ensemble: Ensemble, tal: int, kanal: str, optaellinger: list[Optaelling]) -> None:
    """Register that many citizens, four calls at a time."""
    ensemble.kraev(Evne.RESET)  # the citizens are the same every time
    valgt = Kanal(kanal)
    if valgt is Kanal.PRS:
        ensemble.kraev_soap_registrering()
    optaellinger.append(
        masseopret(
            ensemble.styring,
            ensemble.tjenester("Datakanon"),
            ensemble.kontrakt,
            antal=tal,
            seed=SEED,
            kanal=valgt,
            forbindelser=4,
        )
    )


@saa("er ingen registrering afvist")
def ingen_afvist(optaellinger: list[Optaelling]) -> None:
    """Every call was answered with an id."""
    afslag = dict(optaellinger[-1].afslag)
    assert not afslag, f"afvist efter fejlkode: {afslag}"
    sidste = optaellinger[-1]
    lig("registrerede kontaktgrupper:", sidste.registreringer["CreateKontaktgruppe"], sidste.personer)


@saa("læser STAR for hver testborger den kontaktgruppe og kategori, som Datakanon registrerede")
def laeses(ensemble: Ensemble, optaellinger: list[Optaelling]) -> None:
    """Each citizen has exactly the planned group and category, or the group's default, and nothing else."""
    star = ensemble.aktoer("STAR")
    for en in _planlagte(ensemble, optaellinger):
        standard = ensemble.kontrakt.grupperegler[en.kontaktgruppe].standardkategori
        forventet = {Art.KONTAKTGRUPPE: en.kontaktgruppe, Art.PERSONKATEGORI: en.personkategori or standard}
        for art, type_ in forventet.items():
            svar = star.laes(en.borger.cpr, art)
            assert isinstance(svar, tuple), f"STAR kunne ikke læse {art}: {svar}"
            lig(f"STAR læser {art}", [vist.type for vist in svar], [] if type_ is None else [type_])


@saa("har jobcentret besked om hver testborger, registreret af Datakanon")
def besked(ensemble: Ensemble, optaellinger: list[Optaelling]) -> None:
    """The queue names Datakanon's whole identity, system and user included, and no one else's."""
    ensemble.kraev_wsrm()
    indbakke = ensemble.aktoer("jobcentret").indbakke
    indbakke.toem()
    beskeder = [besked for besked in indbakke.beskeder if isinstance(besked, WsrmBesked)]
    planlagte = {en.borger.cpr: en for en in _planlagte(ensemble, optaellinger)}
    lig("borgere, som jobcentret har besked om:", {besked.cpr for besked in beskeder}, set(planlagte))
    for besked in beskeder:
        assert besked.registrant == ensemble.aktoer("Datakanon").identitet, f"registreret af {besked.registrant}"
    sagt = [(besked.cpr, besked.beskedtype, besked.type, besked.slut is None) for besked in beskeder]
    assert len(set(sagt)) == len(sagt), "en besked kom to gange"
    grupper = {besked.cpr: besked.type for besked in beskeder if besked.beskedtype.startswith("GetContact")}
    lig("beskedernes kontaktgrupper er", grupper, {cpr: en.kontaktgruppe for cpr, en in planlagte.items()})


def _planlagte(ensemble: Ensemble, optaellinger: list[Optaelling]) -> list[datakanon.Testborger]:
    alle = datakanon.testborgere(SEED, ensemble.nu.date(), ensemble.kontrakt)
    return [next(alle) for _ in range(optaellinger[-1].personer)]
