import pytest

from byggeklodser import NU, borger, kategori, kontrakt, raekke, vilkaar
from vos_contracts.koder.haendelse import Aendringstype
from vos_contracts.model.registration import Art, Opret
from vos_reference.domain.batchjob import Job
from vos_reference.domain.beslut import beslut, beslut_job
from vos_reference.domain.decision import Udfoert
from vos_reference.domain.domaenehaendelser import haendelsesudkast
from vos_reference.domain.haendelser import Aendret, Haendelse, Oprettet, Slettet

ALLE = ("JobSearch", "Kontaktforloeb", "Virksomhedsindsats")
MED_KATEGORI = ("JobSearch", "Kontaktforloeb")


@pytest.mark.parametrize(
    ("haendelse", "aendringstype", "domaener"),
    [
        (Oprettet(raekke(13)), Aendringstype.OPRETTET, ALLE),
        (Aendret(raekke(13, slut=NU)), Aendringstype.AENDRET, ALLE),
        (Slettet(raekke(13)), Aendringstype.SLETTET, ALLE),
        (Oprettet(kategori(8)), Aendringstype.OPRETTET, MED_KATEGORI),
        (Aendret(kategori(8)), Aendringstype.AENDRET, MED_KATEGORI),
        (Slettet(kategori(8)), Aendringstype.SLETTET, MED_KATEGORI),
    ],
)
def test_hver_slags_haendelse_til_hvert_domaene(
    haendelse: Haendelse, aendringstype: Aendringstype, domaener: tuple[str, ...]
) -> None:
    (udkast,) = haendelsesudkast([haendelse], kontrakt().haendelsesmodtagere)
    assert (udkast.aendringstype, udkast.registrering, udkast.domaener) == (
        aendringstype, haendelse.registrering, domaener,
    )  # fmt: skip


def test_ingen_domaener_ingen_haendelse() -> None:
    assert list(haendelsesudkast([Oprettet(kategori(8))], {"X": frozenset({Art.KONTAKTGRUPPE})})) == []


def sagt(udfoert: object) -> list[tuple[str, int, str]]:
    assert isinstance(udfoert, Udfoert)
    alle = haendelsesudkast(udfoert.haendelser, kontrakt().haendelsesmodtagere)
    return [(en.registrering.art.value, en.registrering.type, en.aendringstype.name) for en in alle]


def test_et_skift_og_det_afledte_fortaelles_i_den_orden_det_skete() -> None:
    person = borger(raekke(2), kategori(5))
    assert sagt(beslut(person, Opret(Art.KONTAKTGRUPPE, 4, NU.replace(hour=0)), vilkaar())) == [
        ("kontaktgruppe", 2, "AENDRET"), ("kontaktgruppe", 4, "OPRETTET"), ("personkategori", 5, "AENDRET"),
    ]  # fmt: skip


def test_et_natligt_job_fortaelles_som_en_kalders() -> None:
    """On the 30th birthday 12 becomes 2, and a category that 2 does not have becomes its default."""
    person = borger(raekke(12), kategori(6), alder=30)
    assert sagt(beslut_job(person, Job.TREDIVE_AAR, vilkaar())) == [
        ("kontaktgruppe", 12, "AENDRET"), ("kontaktgruppe", 2, "OPRETTET"),
        ("personkategori", 6, "AENDRET"), ("personkategori", 8, "OPRETTET"),
    ]  # fmt: skip
