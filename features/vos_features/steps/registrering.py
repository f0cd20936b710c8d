"""Når: a party registers, changes or deletes. Så: how the call was answered."""

from __future__ import annotations

from vos_contracts.idkilde import ny_uuid
from vos_contracts.operationer import Art, Opdater, Opret, Slet
from vos_contracts.wire.rest import Afslag
from vos_features.spil import Spil
from vos_features.steps.typer import naar, saa


@naar("{rolle} registrerer {art} {type} via {kanal}")
def registrerer(spil: Spil, rolle: str, art: Art, type_: int, kanal: str) -> None:
    """Register from today, the event this morning."""
    spil.registrer(rolle, Opret(art, type_, spil.dag("i dag"), haendelse=spil.dag("i dag")), kanal)


@naar("{rolle} registrerer {art} {type} med eget id via {kanal}")
def registrerer_med_id(spil: Spil, rolle: str, art: Art, type_: int, kanal: str) -> None:
    """Register with an identifier of the caller's own."""
    spil.eget_id = ny_uuid()
    spil.registrer(rolle, Opret(art, type_, spil.dag("i dag"), id=spil.eget_id), kanal)


@naar("{rolle} registrerer {art} {type} igen med det samme id via {kanal}")
def registrerer_samme_id(spil: Spil, rolle: str, art: Art, type_: int, kanal: str) -> None:
    """Register with the identifier that was used before."""
    spil.registrer(rolle, Opret(art, type_, spil.dag("i dag"), id=spil.eget_id), kanal)


@naar("{rolle} registrerer {art} {type} med startdato {dag} via {kanal}")
def registrerer_fra(spil: Spil, rolle: str, art: Art, type_: int, dag: str, kanal: str) -> None:
    """Register from another day."""
    spil.registrer(rolle, Opret(art, type_, spil.dag(dag)), kanal)


@naar("{rolle} afslutter {artn} {dag} via {kanal}")
def afslutter(spil: Spil, rolle: str, art: Art, dag: str, kanal: str) -> None:
    """Set the end of the citizen's latest registration."""
    cpr = spil.cpr
    assert cpr
    spil.registrer(rolle, Opdater(art, spil.ider[art], spil.dag(dag)), kanal)


@naar("{rolle} sletter {artn}")
def sletter(spil: Spil, rolle: str, art: Art) -> None:
    """Delete the citizen's latest registration, over REST."""
    cpr = spil.cpr
    assert cpr
    spil.registrer(rolle, Slet(art, spil.ider[art]), "PVS")


@saa("er registreringen modtaget")
def modtaget(spil: Spil) -> None:
    """The call was answered with the registration's id."""
    assert isinstance(spil.svar, str), f"kaldet blev afvist: {spil.svar}"


@saa("har registreringen det id, som kalderen gav")
def eget_id(spil: Spil) -> None:
    """The answer names the caller's own identifier."""
    assert spil.svar == spil.eget_id


@saa("bliver kaldet afvist med fejlkode {kode}")
def afvist(spil: Spil, kode: int) -> None:
    """The call was refused with that number, and no other."""
    assert isinstance(spil.svar, Afslag), f"kaldet blev modtaget og skulle have været afvist med {kode}"
    fundet = [fejl.kode for fejl in spil.svar.fejl]
    assert fundet == [kode], f"kaldet blev afvist med {fundet} og skulle have været afvist med {kode}"
