from byggeklodser import AKASSE, I_DAG, JOBCENTER, NU, borger, kontrakt, raekke
from vos_contracts.koder.wsrm import Beskedtype
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Art
from vos_reference.domain.haendelser import Aendret, Haendelse, Oprettet, Slettet
from vos_reference.domain.modtagere import udkast
from vos_reference.domain.person import Person

V5, V4, PC1 = Beskedtype.KONTAKTGRUPPE_V5, Beskedtype.KONTAKTGRUPPE_V4, Beskedtype.PERSONKATEGORI_V1


def fortalt(*haendelser: Haendelse, person: Person | None = None) -> list[tuple[Beskedtype, Organisation]]:
    return [
        (en.besked, en.modtager) for en in udkast(haendelser, person or borger(), NU.date(), kontrakt().wsrm_modtagere)
    ]


JOBCENTRETS = [(V5, JOBCENTER), (V4, JOBCENTER)]


def test_jobcentret_faar_alle_kontaktgrupper() -> None:
    for haendelse in (Oprettet(raekke(2)), Aendret(raekke(2, slut=I_DAG)), Slettet(raekke(2))):
        assert fortalt(haendelse) == JOBCENTRETS


def test_jobcentret_faar_alle_kategorier_og_akassen_ingen() -> None:
    for type_ in range(4, 16):
        assert fortalt(Oprettet(raekke(type_, art=Art.PERSONKATEGORI))) == [(PC1, JOBCENTER)]
        assert fortalt(Aendret(raekke(type_, art=Art.PERSONKATEGORI, slut=I_DAG))) == [(PC1, JOBCENTER)]


def test_akassens_fire_tilfaelde_og_ingen_andre() -> None:
    """Every event on every group; only the epic's four reach the fund, and only as version 5."""
    ny = raekke(4, "ny")
    fundet = set()
    for gruppe in kontrakt().kontaktgrupper:
        lukket = raekke(gruppe, slut=I_DAG)
        for navn, haendelse in (
            ("opret", Oprettet(raekke(gruppe))),
            ("luk", Aendret(lukket)),
            ("skift", Aendret(lukket, efterfoelger=ny)),
            ("slet", Slettet(raekke(gruppe))),
        ):
            til_akassen = [besked for besked, modtager in fortalt(haendelse) if modtager == AKASSE]
            assert til_akassen in ([], [V5])
            if til_akassen:
                fundet.add((gruppe, navn))
    assert fundet == {
        (13, "opret"),
        (23, "opret"),
        (25, "luk"),
        (25, "skift"),
    }


def test_uden_medlemskab_faar_ingen_akasse_besked() -> None:
    person = borger()
    uden = [en for en in person.tilknytninger if en.organisation != AKASSE]
    assert fortalt(Oprettet(raekke(13)), person=Person("p", person.cpr, person.foedt, tilknytninger=tuple(uden))) == (
        JOBCENTRETS
    )


def test_beskeder_kommer_i_haendelsernes_orden() -> None:
    gammel, ny = raekke(25, slut=I_DAG), raekke(13, "ny")
    par = [
        (en.besked, en.registrering.id, en.modtager)
        for en in udkast((Aendret(gammel, ny), Oprettet(ny)), borger(), NU.date(), kontrakt().wsrm_modtagere)
    ]
    assert par == [
        (V5, "gammel", JOBCENTER),
        (V4, "gammel", JOBCENTER),
        (V5, "gammel", AKASSE),
        (V5, "ny", JOBCENTER),
        (V4, "ny", JOBCENTER),
        (V5, "ny", AKASSE),
    ]
