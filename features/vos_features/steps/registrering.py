"""Når: a party registers, changes or deletes. Så: how the call was answered."""

from __future__ import annotations

from vos_contracts.idkilde import ny_uuid
from vos_contracts.operationer import Art, Opdater, Opret, Slet
from vos_contracts.wire.rest import Afslag
from vos_features.forventning import lig
from vos_features.spil import Spil
from vos_features.steps.ordforraad import naar, saa
from vos_simulators.aktoerer.aktoer import Kanal


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


@naar("{rolle} registrerer {art} {type} med hændelsestidspunkt {dag} via {kanal}")
def registrerer_haendt(spil: Spil, rolle: str, art: Art, type_: int, dag: str, kanal: str) -> None:
    """Register from today what happened on another day."""
    spil.registrer(rolle, Opret(art, type_, spil.dag("i dag"), haendelse=spil.dag(dag)), kanal)


@naar("{rolle} registrerer {art} {type} med slutdato {dag} via {kanal}")
def registrerer_til(spil: Spil, rolle: str, art: Art, type_: int, dag: str, kanal: str) -> None:
    """Register from today what ends on that day."""
    spil.registrer(rolle, Opret(art, type_, spil.dag("i dag"), slut=spil.dag(dag)), kanal)


@naar("{rolle} afslutter {artn} {dag} via {kanal}")
def afslutter(spil: Spil, rolle: str, art: Art, dag: str, kanal: str) -> None:
    """Set the end of the citizen's latest registration."""
    cpr = spil.cpr
    assert cpr
    spil.registrer(rolle, Opdater(art, spil.id_af(art), spil.dag(dag)), kanal)


@naar("{rolle} afslutter {artn} uden slutdato via {kanal}")
def afslutter_uden_slut(spil: Spil, rolle: str, art: Art, kanal: str) -> None:
    """Update the citizen's latest registration, and leave the end out."""
    spil.registrer(rolle, Opdater(art, spil.id_af(art), None), kanal)


@naar("{rolle} afslutter en {art}, som ingen har registreret,(?P<uden> uden slutdato)? via {kanal}")
def afslutter_ukendt(spil: Spil, rolle: str, art: Art, kanal: str, uden: str | None) -> None:
    """Update what is not there."""
    spil.registrer(rolle, Opdater(art, ny_uuid(), None if uden else spil.dag("i dag")), kanal)


@naar("{rolle} sletter {artn}")
def sletter(spil: Spil, rolle: str, art: Art) -> None:
    """Delete the citizen's latest registration, over REST."""
    cpr = spil.cpr
    assert cpr
    spil.registrer(rolle, Slet(art, spil.id_af(art)), "PVS")


@naar("{rolle} sender den samme registrering af {art} {type} to gange")
def registrerer_to_gange(spil: Spil, rolle: str, art: Art, type_: int) -> None:
    """Send one call twice, request id and all; the first must be answered."""
    foerste, spil.svar = spil.rolle(rolle).registrer_to_gange(spil.cpr, Opret(art, type_, spil.dag("i dag")))
    assert isinstance(foerste, str), f"det første kald blev afvist: {foerste}"
    spil.ider[art] = foerste


@naar("{rolle} sletter en {art}, som ingen har registreret")
def sletter_ukendt(spil: Spil, rolle: str, art: Art) -> None:
    """Delete what is not there."""
    cpr = spil.cpr
    assert cpr
    spil.svar = spil.over_rest = spil.rolle(rolle).registrer(cpr, Slet(art, ny_uuid()), Kanal.PVS)


@saa("er registreringen modtaget")
def modtaget(spil: Spil) -> None:
    """The call was answered with the registration's id."""
    assert isinstance(spil.svar, str), f"kaldet blev afvist: {spil.svar}"


@saa("har registreringen det id, som kalderen gav")
def eget_id(spil: Spil) -> None:
    """The answer names the caller's own identifier."""
    lig("registreringens id er", spil.svar, spil.eget_id)


@saa("bliver kaldet afvist med fejlkode {kode}")
def afvist(spil: Spil, kode: int) -> None:
    """The call was refused with that number, and no other."""
    assert isinstance(spil.svar, Afslag), f"kaldet blev modtaget og skulle have været afvist med {kode}"
    fundet = sorted({fejl.kode for fejl in spil.svar.fejl})
    assert fundet == [kode], f"kaldet blev afvist med {fundet} og skulle have været afvist med {kode}"
    if spil.svar is spil.over_rest:
        lig(f"HTTP-status for {kode} er", spil.svar.status, spil.ensemble.kontrakt.fejl[kode].http_status)


@saa(r"bliver kaldet afvist med fejlkoderne (?P<koder>\d+ og \d+)")
def afvist_med_flere(spil: Spil, koder: str) -> None:
    """The call was refused with these numbers and no other, sorted."""
    assert isinstance(spil.svar, Afslag), f"kaldet blev modtaget og skulle have været afvist med {koder}"
    lig("fejlkoderne er", [fejl.kode for fejl in spil.svar.fejl], [int(kode) for kode in koder.split(" og ")])


@saa("er svarets HTTP-status {tal}")
def har_status(spil: Spil, tal: int) -> None:
    """The refusal has that status."""
    assert isinstance(spil.svar, Afslag), "kaldet blev modtaget"
    lig("HTTP-status er", spil.svar.status, tal)


@saa("nævner afvisningen feltet (?P<felt>\\w+)")
def naevner_felt(spil: Spil, felt: str) -> None:
    """The refusal names the field, by its name on the wire."""
    naevner(spil, spil.ensemble.feltnavn(felt))


@saa('nævner afvisningen "(?P<tekst>[^"]+)"')
def naevner(spil: Spil, tekst: str) -> None:
    """The refusal says what is wrong in words."""
    assert isinstance(spil.svar, Afslag), "kaldet blev modtaget"
    sagt = "; ".join(fejl.beskrivelse for fejl in spil.svar.fejl)
    assert tekst in sagt, f"afvisningen siger {sagt!r} og skulle nævne {tekst!r}"


@naar("{rolle} kalder CreatePersonCategoryAndInterview")
def kalder_udgaaet(spil: Spil, rolle: str) -> None:
    """Call the method that was withdrawn in 2023-4."""
    assert spil.cpr
    spil.svar = spil.rolle(rolle).kald_udgaaet()


@naar("{rolle} afslutter kontaktgruppen {dag} via {kanal} og angiver type {type}")
def afslutter_og_aendrer(spil: Spil, rolle: str, dag: str, kanal: str, type_: int) -> None:
    """Set the end, and try to change what cannot be changed."""
    assert spil.cpr
    if Kanal(kanal) is Kanal.PRS:
        spil.ensemble.kraev_soap_registrering()
    kommando = Opdater(Art.KONTAKTGRUPPE, spil.id_af(Art.KONTAKTGRUPPE), spil.dag(dag))
    spil.svar = spil.rolle(rolle).opdater_med_type(spil.cpr, kommando, type_, spil.dag(dag), Kanal(kanal))
