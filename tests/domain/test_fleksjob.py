from dataclasses import replace
from datetime import timedelta

from byggeklodser import NU, borger, raekke, vilkaar
from vos_contracts.model.neighbours import AfslutFleksjob, Nabokommando, RegistrerFleksjob
from vos_reference.domain.beslut import beslut
from vos_reference.domain.decision import Afvist, Udfoert
from vos_reference.domain.person import Forloeb, Person

DAG = NU.date()
ID = "00000000-0000-0000-0000-00000000000b"


def svar(person: Person, kommando: Nabokommando) -> Person | list[int]:
    beslutning = beslut(person, kommando, vilkaar())
    if isinstance(beslutning, Afvist):
        return [fejl.kode for fejl in beslutning.fejl]
    assert isinstance(beslutning, Udfoert)
    assert beslutning.haendelser == ()
    return beslutning.person


def test_en_aktivitet_aendrer_ikke_selv_gruppen() -> None:
    person = borger(raekke(7))
    assert svar(person, RegistrerFleksjob(id=ID, fra=DAG)) == replace(person, fleksjob=(Forloeb(ID, DAG),))


def test_id_og_slut() -> None:
    person = replace(borger(), fleksjob=(Forloeb(ID, DAG),))
    assert svar(person, RegistrerFleksjob(id=ID, fra=DAG, til=DAG - timedelta(days=1))) == [4636, 4977]
    assert svar(person, AfslutFleksjob(id="a" * 8 + ID[8:], til=DAG)) == [4589]
    assert svar(person, AfslutFleksjob(id=ID, til=DAG - timedelta(days=1))) == [4636]
    afsluttet = DAG + timedelta(days=3)
    assert svar(person, AfslutFleksjob(id=ID, til=afsluttet)) == replace(
        person, fleksjob=(Forloeb(ID, DAG, afsluttet),)
    )
