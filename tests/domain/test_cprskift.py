from dataclasses import replace
from datetime import date

import pytest

from byggeklodser import AKASSE, JOBCENTER, borger, identitet, raekke, vilkaar
from vos_contracts.koder.recipients import Beskedtype, Modtagerrolle, subscribable
from vos_contracts.model.identity import Organisation
from vos_reference.domain import cprskift
from vos_reference.domain.decision import CprSkiftet, Oprettet
from vos_reference.domain.person import Person, Tilknytning
from vos_reference.domain.recipients import wsrm_drafts

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


def fortalte(person: Person) -> list[Organisation]:
    haendelse = CprSkiftet(person.cpr, NYT, identitet())
    alle = wsrm_drafts([haendelse], person, vilkaar().dag, vilkaar().kontrakt.wsrm_recipients)
    return [en.recipient for en in alle if en.subject is Beskedtype.CPR_SKIFTET]


def test_modtagere_er_dagens_jobcenter_og_akasse_og_ingen_andre() -> None:
    assert fortalte(borger()) == [JOBCENTER, AKASSE]
    tidligere = replace(
        borger(),
        tilknytninger=(
            Tilknytning(Organisation(8, "10200"), date(2000, 1, 1), date(2024, 11, 18)),
            Tilknytning(JOBCENTER, date(2024, 11, 18)),
        ),
    )
    assert fortalte(tidligere) == [JOBCENTER]


def test_ingen_registrering_giver_en_besked_om_cpr() -> None:
    regler = vilkaar().kontrakt.wsrm_recipients
    beskeder = {en.subject for en in wsrm_drafts([Oprettet(raekke(13))], borger(), vilkaar().dag, regler)}
    assert Beskedtype.CPR_SKIFTET not in beskeder
    assert subscribable(regler) == {Beskedtype.CPR_SKIFTET: {Modtagerrolle.JOBCENTER, Modtagerrolle.AKASSE}}
