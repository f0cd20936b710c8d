"""Når: CPR tells of a new number. Så: what the old number and the new one answer, and who is told."""

from __future__ import annotations

from vos_contracts.koder.wsrm import Beskedtype
from vos_contracts.operationer import Art, Opret
from vos_contracts.wire.rest import Afslag
from vos_contracts.wire.wsrm import Besked
from vos_contracts.wire.wsrm_cpr import CprBesked
from vos_features.evner import Evne
from vos_features.forventning import lig
from vos_features.spil import Spil
from vos_features.steps.ordforraad import givet, naar, saa
from vos_simulators.aktoerer.aktoer import Kanal

_NUMMER = r"det (?P<nummer>gamle|nye) nummer"


@givet("{rolle} abonnerer på GetCprChanged")
def abonnerer(spil: Spil, rolle: str) -> None:
    """Let the party's system subscribe to the message."""
    spil.ensemble.kraev_wsrm()
    identitet = spil.rolle(rolle).identitet
    spil.ensemble.styring.abonner(
        identitet.aktiv.type, identitet.aktiv.kode, identitet.system, [Beskedtype.CPR_SKIFTET.value]
    )
    spil.cprabonnenter.add(identitet.aktiv)


@naar("CPR fortæller, at borgeren har fået et nyt nummer")
def nyt_nummer(spil: Spil) -> None:
    """Move the citizen, as the stage's release does."""
    spil.ensemble.kraev_pegepind()
    spil.skift_cpr()


@naar("CPR fortæller, at borgeren har fået et nyt nummer og fylder 30 {dag}")
def nyt_nummer_og_foedselsdag(spil: Spil, dag: str) -> None:
    """Move the citizen to a number with another birth date: that day the citizen is 30."""
    spil.ensemble.kraev_pegepind()
    fylder = spil.dag(dag).date()
    spil.skift_cpr(fylder.replace(year=fylder.year - 30))


@saa("er pegepinden flyttet")
def flyttet(spil: Spil) -> None:
    """The answer says so."""
    assert spil.cprskift is not None, "CPR har intet fortalt"
    assert spil.cprskift.flyttet, f"pegepinden blev ikke flyttet: {spil.cprskift.forklaring}"


@saa("er pegepinden ikke flyttet, og svaret nævner {udgave}")
def ikke_flyttet(spil: Spil, udgave: str) -> None:
    """The answer says so, and from which release it would be."""
    assert spil.cprskift is not None, "CPR har intet fortalt"
    assert not spil.cprskift.flyttet, "pegepinden blev flyttet"
    assert udgave in spil.cprskift.forklaring, f"svaret siger {spil.cprskift.forklaring!r}"


@saa(rf"får {{rolle}} fejlkode {{kode}} på {_NUMMER} ved læsning og registrering på begge kanaler")
def afvises(spil: Spil, rolle: str, kode: int, nummer: str) -> None:
    """Every way to read and to register is refused with that number."""
    spil.ensemble.kraev_soap_registrering()
    aktoer, cpr = spil.rolle(rolle), spil.nummer(nummer)
    svar: list[object] = []
    for art in Art:
        svar += [aktoer.laes(cpr, art), aktoer.historik(cpr, art)]
    svar += [aktoer.registrer(cpr, Opret(Art.KONTAKTGRUPPE, 4, spil.dag("i dag")), kanal) for kanal in Kanal]
    for en in svar:
        assert isinstance(en, Afslag), f"{rolle} blev ikke afvist på det {nummer} nummer"
        assert [fejl.kode for fejl in en.fejl] == [kode], f"{[fejl.kode for fejl in en.fejl]} i stedet for {kode}"


@saa("har {rolle} præcis én besked om CPR-skiftet, med begge numre")
def en_besked(spil: Spil, rolle: str) -> None:
    """The party's queue holds exactly one, and it names the old number and the new one."""
    fundet = [en for en in _alle(spil, rolle) if isinstance(en, CprBesked)]
    skulle = [(spil.nummer("gamle"), spil.nummer("nye"))]
    lig(f"{rolle} har besked om CPR-skift:", [(en.gammelt, en.nyt) for en in fundet], skulle)


@saa("har {rolle} ingen besked om CPR-skiftet")
def ingen_besked(spil: Spil, rolle: str) -> None:
    """The party's queue holds none."""
    spil.ensemble.kraev(Evne.RESET)  # else it may subscribe from before
    assert not [en for en in _alle(spil, rolle) if isinstance(en, CprBesked)], f"{rolle} fik besked"


@saa(rf"har {{rolle}} {{tal}} beskeder om registreringer under {_NUMMER}")
def beskeder_under(spil: Spil, rolle: str, tal: int, nummer: str) -> None:
    """So many messages about registrations were queued under that number."""
    cpr = spil.nummer(nummer)
    fundet = sum(en.cpr == cpr and not isinstance(en, CprBesked) for en in _alle(spil, rolle))
    lig(f"beskeder til {rolle} under det {nummer} nummer:", fundet, tal)


def _alle(spil: Spil, rolle: str) -> list[Besked]:
    spil.ensemble.kraev_wsrm()
    indbakke = spil.rolle(rolle).indbakke
    indbakke.toem()
    return indbakke.beskeder
