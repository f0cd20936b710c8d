from dataclasses import replace
from datetime import date

import pytest

from byggeklodser import AKASSE, JOBCENTER, borger, identitet, raekke, vilkaar
from vos_contracts.koder.wsrm import Beskedtype, Modtagerrolle, abonnerbare
from vos_contracts.model.identity import Organisation
from vos_reference.domain import cprskift
from vos_reference.domain.haendelser import CprSkiftet, Oprettet
from vos_reference.domain.modtagere import udkast
from vos_reference.domain.person import Tilknytning

NYT = "0404850000"


def test_pegepinden_flyttes_og_alt_andet_haenger_ved() -> None:
    person = borger(raekke(13))
    flyttet = cprskift.flyt(person, NYT, vilkaar())
    assert flyttet is not None
    assert flyttet.person == replace(person, cpr=NYT, foedt=date(1985, 4, 4))
    assert flyttet.haendelse == CprSkiftet(person.cpr, NYT, identitet())


@pytest.mark.parametrize(
    ("udgave", "flytter"), [("2024-3", False), ("2024-4", True), ("2025-1", True), ("2025-2", True)]
)
def test_udgaven_afgoer_det(udgave: str, flytter: bool) -> None:
    assert (cprskift.flyt(borger(), NYT, vilkaar(udgave=udgave)) is not None) is flytter


def test_modtagere_er_dagens_jobcenter_og_akasse_og_ingen_andre() -> None:
    assert list(cprskift.modtagere(borger(), vilkaar())) == [JOBCENTER, AKASSE]
    tidligere = replace(
        borger(),
        tilknytninger=(
            Tilknytning(Organisation(8, "10200"), date(2000, 1, 1), date(2024, 11, 18)),
            Tilknytning(JOBCENTER, date(2024, 11, 18)),
        ),
    )
    assert list(cprskift.modtagere(tidligere, vilkaar())) == [JOBCENTER]


def test_ingen_registrering_giver_en_besked_om_cpr() -> None:
    regler = vilkaar().kontrakt.wsrm_modtagere
    beskeder = {en.besked for en in udkast([Oprettet(raekke(13))], borger(), vilkaar().dag, regler)}
    assert Beskedtype.CPR_SKIFTET not in beskeder
    assert abonnerbare(regler) == {Beskedtype.CPR_SKIFTET: {Modtagerrolle.JOBCENTER, Modtagerrolle.AKASSE}}
